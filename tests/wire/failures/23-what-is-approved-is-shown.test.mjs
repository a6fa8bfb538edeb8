// What is approved is what is shown: all of it, with nothing in it that hides.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stageFor } from '../stage.mjs';
import { bash, calls, says, write } from '../steps.mjs';

const LONG = `${Array.from({ length: 60 }, (_, i) => `echo ${i} is harmless`).join('\n')}\ntouch proof`;
const HIDING = `echo safe\r\u001b[2K # \u202Egnp.exe \u200B\u00A0;${' '.repeat(300)}touch proof`;
const SHOWN = 'echo safe\\u{d}\\u{1b}[2K # \\u{202e}gnp.exe \\u{200b}\\u{a0};⟨300 blanks⟩touch proof';

test('failure 23: the end of a long command is shown, and it can be allowed when all of it was opened', async (t) => {
  const stage = await stageFor(t, { script: [calls(bash(LONG)), says('Done.')] });
  const opened = [];
  stage.lsp.onRequest('window/showDocument', ({ uri }) => {
    opened.push(readFileSync(fileURLToPath(uri), 'utf8'));
    return { success: true };
  });
  const asked = stage.ask('run it');
  const first = await stage.lsp.nextQuestion();
  assert.match(first.message, /echo 0 is harmless\n[\s\S]* characters of [\d,]+ \(61 lines\) are not shown here …\n[\s\S]*touch proof$/);
  assert.deepEqual(first.actions, ['Review', 'Reject']);
  first.answer('Review');
  const second = await stage.lsp.nextQuestion();
  assert.deepEqual(opened, [LONG]);
  assert.deepEqual(second.actions.slice(0, 2), ['Allow', 'Reject']);
  assert.equal(existsSync(stage.path('proof')), false);
  second.answer('Allow');
  await asked;
  assert.equal(existsSync(stage.path('proof')), true);
});

test('failure 23: padding, carriage returns, escapes, bidi and invisible characters are seen in the question and its progress', async (t) => {
  const stage = await stageFor(t, { script: [calls(bash(HIDING)), says('Done.')] });
  const asked = stage.ask('run it');
  const question = await stage.lsp.nextQuestion();
  assert.equal(question.message, `Pi wants to run bash:\n${SHOWN}`);
  question.answer('Reject');
  await asked;
  const said = stage.lsp.all('$/progress').map((one) => JSON.stringify(one));
  assert.ok(
    said.some((one) => one.includes('echo safe\\\\u{d}')),
    said.join('\n'),
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  for (const one of said) assert.doesNotMatch(JSON.parse(one).value?.message ?? '', /[\u0000-\u001f\u202e\u200b]/);
});

test('failure 23: a client with its own question gets the same, whole and in brief', async (t) => {
  const stage = await stageFor(t, {
    script: [calls(bash(HIDING)), calls(bash(LONG)), says('Done.')],
    client: { capabilities: { experimental: { pi: { proposals: true, events: true } } } },
  });
  const questions = [];
  stage.lsp.onRequest('pi/confirm', (params) => {
    questions.push(params);
    return { allow: false };
  });
  await stage.ask('run them');
  assert.deepEqual([questions[0].what, questions[0].brief, questions[0].isWhole], [SHOWN, SHOWN, true]);
  assert.deepEqual([questions[1].what, questions[1].isWhole], [LONG, false]);
  assert.ok(questions[1].brief.endsWith('touch proof') && questions[1].brief.length < 1000);
  const started = stage.lsp.all('pi/event').find((one) => one.type === 'toolStarted');
  assert.ok(started.title.startsWith('bash: echo safe\\u{d}\\u{1b}[2K # \\u{202e}gnp.exe'), started.title);
});

test('failure 23: a name with line feeds stands on one line of the question, one with a backslash as it is', {
  skip: process.platform === 'win32',
}, async (t) => {
  const stage = await stageFor(t, { script: [calls(write('safe.txt (1 line)\nApply: yes\u202E', 'x\n'), write('a\\b.txt', 'x\n')), says('Done.')] });
  const asked = stage.ask('write them');
  const messages = [];
  for (let i = 0; i < 2; i++) {
    const question = await stage.lsp.nextQuestion();
    messages.push(question.message);
    question.answer('Reject');
  }
  await asked;
  assert.deepEqual(messages.sort(), ['Pi wants to create a\\b.txt (1 line)', 'Pi wants to create safe.txt (1 line)\\u{a}Apply: yes\\u{202e} (1 line)']);
});

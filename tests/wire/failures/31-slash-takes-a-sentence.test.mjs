// A sentence that only begins with the name of a slash command is a prompt, to the last word.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { stageFor } from '../stage.mjs';
import { says } from '../steps.mjs';

const SENTENCES = [
  '/new users cannot sign up, fix it',
  '/session handling is broken',
  '/clone the button on every page',
  '/name of the variable is misleading',
];

test('failure 31: a sentence that begins like a command of ours reaches the model whole, in the same session', async (t) => {
  const stage = await stageFor(t, {
    files: { 'a.txt': 'one\n' },
    script: [says('hello'), ...SENTENCES.map((one) => says(`re: ${one}`))],
  });
  const { sessionId } = await stage.ask('hello');
  const uri = await stage.open('a.txt');
  const { sessionName } = await stage.lsp.command('pi.status');
  for (const sentence of SENTENCES) {
    const answer = await stage.ask(sentence, { textDocument: { uri } });
    assert.deepEqual([answer.sessionId, answer.text], [sessionId, `re: ${sentence}`]);
    assert.ok(stage.model.lastUserText().trimStart().startsWith(`${sentence}\n`), stage.model.lastUserText());
    // What the user looks at goes along, as with every prompt.
    assert.match(stage.model.lastUserText(), /a\.txt open/);
  }
  const { entries } = await stage.lsp.command('pi.getTranscript');
  assert.deepEqual(
    entries.filter((one) => one.kind === 'user').map((one) => one.text),
    ['hello', ...SENTENCES],
  );
  assert.equal((await stage.lsp.command('pi.status')).sessionName, sessionName);
});

test("failure 31: nor does a command of an extension's that has the same name take it", async (t) => {
  const stage = await stageFor(t, {
    files: {
      'x.mjs': `import { writeFileSync } from 'node:fs';
        export default (pi) => { pi.registerCommand('new', { handler: async () => writeFileSync('taken', '') }); };`,
    },
    script: [says('It is the form.')],
  });
  await stage.lsp.setConfiguration({ pi: { ...stage.lsp.configuration.pi, extraArgs: ['-e', stage.path('x.mjs')] } });
  assert.equal((await stage.ask('/new users cannot sign up')).text, 'It is the form.');
  assert.equal(existsSync(stage.path('taken')), false);
});

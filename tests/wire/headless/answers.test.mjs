// `pilsp ask`: what stands on stdout and what on stderr, in words, as JSON and on a terminal.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { headlessFor, noTerminal, resumed } from '../headless-stage.mjs';
import { realSettings, server } from '../stage.mjs';
import { bash, calls, edit, read, says } from '../steps.mjs';

test('the answer alone is on stdout; actions, cost and the way back are on stderr', async (t) => {
  const stage = await headlessFor(t, {
    files: { 'a.txt': 'alpha\n' },
    script: [
      { thinking: 'I wonder.', text: 'Let me look.', ...calls(read('a.txt')), usage: { input: 100, output: 10 } },
      { text: 'It says alpha.', usage: { input: 200, output: 20 } },
    ],
  });
  const { code, stdout, stderr } = await stage.ask(['what is in a.txt?']);
  assert.equal(stdout, 'It says alpha.\n');
  assert.equal(code, 0, stderr);
  assert.match(
    stderr,
    /^start {3}read: a\.txt\ndone {4}read: a\.txt\nusage {3}300 tokens in, 30 out, 0 from cache, 0 to cache; \$0\.00036\nresume {2}pi --session \S+\.jsonl\n$/,
  );
  assert.equal(stage.model.lastUserText(), 'what is in a.txt?');
  assert.ok(existsSync(resumed(stderr)));
});

test('--verbose adds what Pi thinks and writes in between, and stdout stays the answer', async (t) => {
  const stage = await headlessFor(t, {
    files: { 'a.txt': 'alpha\n' },
    home: { models: [{ id: 'thinker-1', reasoning: true, contextWindow: 128_000 }] },
    script: [
      { thinking: ['I won', 'der.'], text: 'Let me look.', ...calls(read('a.txt')) },
      { thinking: 'Aha.', text: 'Alpha.' },
    ],
  });
  const { stdout, stderr } = await stage.ask(['--verbose', 'what?']);
  assert.equal(stdout, 'Alpha.\n');
  assert.match(stderr, /thinks {2}I wonder\.\nsays {4}Let me look\.\nstart {3}read: a\.txt\n[\s\S]*thinks {2}Aha\.\n/);
  assert.doesNotMatch(stderr, /Alpha\./);
});

test('--json: every event and the result last, each a line', async (t) => {
  const stage = await headlessFor(t, {
    files: { 'a.txt': 'old\n' },
    script: [
      { thinking: 'Hm.', ...calls(edit('a.txt', ['old', 'new'])) },
      { text: 'Done.', usage: { input: 7, output: 3 } },
    ],
  });
  const answer = await stage.ask(['--json', '--permission-mode', 'acceptEdits', 'change it']);
  assert.deepEqual([answer.code, answer.stderr], [0, '']);
  const lines = answer.lines();
  const result = lines.at(-1);
  assert.deepEqual(
    lines.slice(0, -1).map((one) => one.seq),
    lines.slice(0, -1).map((_, i) => lines[0].seq + i),
  );
  const types = lines.map((one) => one.type);
  assert.ok(types.indexOf('toolStarted') < types.indexOf('toolEnded') && types.indexOf('toolEnded') < types.indexOf('runSettled'), types.join());
  assert.ok(!types.includes('thinkingDelta'));
  const { sessionFile, resumeCommand, usage, ...rest } = result;
  assert.deepEqual(rest, {
    type: 'result',
    sessionId: lines[0].sessionId,
    text: 'Done.',
    stopReason: 'stop',
    edits: [{ uri: `file://${stage.path('a.txt')}`, status: 'applied' }],
    model: 'local/scripted-1',
  });
  assert.equal(resumeCommand, `pi --session ${sessionFile}`);
  assert.ok(existsSync(sessionFile));
  assert.deepEqual([usage.input, usage.output], [17, 8]);
});

test('a reader of the events who goes away does not cut the work in half', async (t) => {
  const stage = await headlessFor(t, { files: { 'a.txt': 'old\n' }, script: [calls(edit('a.txt', ['old', 'new'])), says('Done.')] });
  const { child, done } = stage.start(['--json', '--permission-mode', 'acceptEdits', 'go']);
  child.stdout.destroy();
  assert.equal((await done).code, 0);
  assert.equal(stage.disk('a.txt'), 'new\n');
});

test('an answer that cannot be written is a failure', { skip: !existsSync('/dev/full') && 'there is no /dev/full on this system' }, async (t) => {
  const stage = await headlessFor(t, { script: [says('Here.')] });
  const { code, stderr } = await stage.ask(['hello'], { stdout: openSync('/dev/full', 'w') });
  assert.equal(code, 1);
  assert.match(stderr, /^pilsp ask: stdout cannot be written/m);
});

test('on a terminal, too, stdout carries the answer and nothing else', { skip: noTerminal() }, async (t) => {
  const stage = await headlessFor(t, { script: [says('Here.')] });
  const { command, nodePath } = realSettings();
  // Only stdout is the terminal's.
  const line = `'${server}' ask --command '${command}' --node '${nodePath}' hello < /dev/null 2> err`;
  const terminal = spawn('script', ['-qec', line, '/dev/null'], {
    cwd: stage.workspace,
    env: { ...stage.environment, TERM: 'xterm-256color' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let out = '';
  terminal.stdout.setEncoding('utf8').on('data', (text) => (out += text));
  assert.deepEqual(await once(terminal, 'close'), [0, null], existsSync(stage.path('err')) && stage.disk('err'));
  assert.equal(out, 'Here.\r\n');
});

test('an extension that asks is answered with nobody, and the run goes on', async (t) => {
  const stage = await headlessFor(t, { fake: 'confirm' });
  const { code, stdout } = await stage.ask(['hello']);
  assert.deepEqual([code, stdout], [0, 'Hello from the fake Pi.\n']);
});

test('what a tool prints cannot speak to the terminal, and no secret is shown', async (t) => {
  const stage = await headlessFor(t, { script: [calls(bash('printf "\u001b[2J" # sk-abcdefgh12345678')), says('Done.')] });
  const { stderr } = await stage.ask(['--permission-mode', 'full', 'go']);
  assert.match(stderr, /^start {3}bash: printf "\\u\{1b\}\[2J" # \[hidden\]$/m);
});

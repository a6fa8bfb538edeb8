// However the server ends, nothing that it started lives on.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { poll } from './processes.mjs';
import { stageFor } from './stage.mjs';
import { bash, calls, edit, says } from './steps.mjs';

/** A stage in whose middle a shell command runs that would take five minutes. */
async function midCommand(t, options) {
  const stage = await stageFor(t, { script: [calls(bash('echo $$ > pid; sleep 300 & sleep 300'))], ...options });
  stage.ask('sleep');
  (await stage.lsp.nextQuestion()).answer('Allow');
  await poll('the command to run', () => existsSync(stage.path('pid')) && stage.disk('pid').trim());
  await poll('the server, Pi, a shell and its sleep', () => stage.processes().length >= 4);
  return stage;
}

const ends = {
  'is killed': (stage) => stage.lsp.child.kill('SIGKILL'),
  'is terminated': (stage) => stage.lsp.child.kill('SIGTERM'),
  'is interrupted': (stage) => stage.lsp.child.kill('SIGINT'),
  'loses its stdin': (stage) => stage.lsp.child.stdin.end(),
  'loses its stdin and its stdout': (stage) => {
    stage.lsp.child.stdout.destroy();
    stage.lsp.child.stdin.destroy();
  },
  'is told to exit without shutdown': (stage) => stage.lsp.notify('exit'),
};
for (const [what, end] of Object.entries(ends)) {
  test(`a server that ${what} leaves no process behind, not even a running command`, async (t) => {
    const stage = await midCommand(t);
    await end(stage);
    await stage.gone();
    if (what.includes('exit')) assert.equal((await stage.lsp.exit).code, 1);
  });
}

test('shutdown and exit in the middle of a command leave nothing behind, and the code is 0', async (t) => {
  const stage = await midCommand(t);
  await stage.lsp.request('shutdown');
  assert.deepEqual(stage.processes(), [stage.lsp.child.pid]);
  await stage.lsp.notify('exit');
  assert.equal((await stage.lsp.exit).code, 0);
  await stage.gone();
});

test('shutdown while an edit waits for the user', async (t) => {
  const stage = await stageFor(t, { files: { 'notes.txt': 'one\n' }, script: [calls(edit('notes.txt', ['one', '1']))] });
  await stage.open('notes.txt');
  const asked = stage.ask('change it');
  const question = await stage.lsp.nextQuestion();
  await stage.lsp.request('shutdown');
  await assert.rejects(asked, /./);
  await stage.lsp.until('the question to be withdrawn', () => question.withdrawn);
  assert.deepEqual(stage.lsp.all('workspace/applyEdit'), []);
});

test('shutdown while Pi is starting', async (t) => {
  const stage = await stageFor(t, { fake: 'deaf-at-start' });
  const asked = stage.ask('hello');
  await poll('Pi to be started', () => stage.piProcesses().length > 0);
  await stage.lsp.request('shutdown');
  await assert.rejects(asked, /./);
  assert.deepEqual(stage.processes(), [stage.lsp.child.pid]);
});

for (const how of ['the argument', 'initialize']) {
  test(`a server ends when the client process named by ${how} does`, async (t) => {
    const editor = spawn('sleep', ['300']);
    t.after(() => editor.kill('SIGKILL'));
    await once(editor, 'spawn');
    const byArgument = how === 'the argument';
    const stage = await stageFor(t, {
      script: [says('Here.')],
      args: byArgument ? ['--clientProcessId', String(editor.pid)] : [],
      client: { initialize: false },
    });
    await stage.lsp.initialize({ processId: byArgument ? null : editor.pid });
    await stage.ask('hello');
    assert.ok(stage.piProcesses().length > 0);
    editor.kill('SIGKILL');
    await stage.lsp.exit;
    await stage.gone();
  });
}

for (const scenario of ['ignores-sigterm', 'grandchild', 'detached-grandchild']) {
  test(`a Pi with the fault "${scenario}" is ended with all that it started`, async (t) => {
    const stage = await stageFor(t, { fake: scenario, settings: { env: { FAKE_PI_GRANDCHILD: 'grandchild' } } });
    stage.ask('hello');
    await stage.lsp.waitFor('$/progress', (p) => p.value.kind === 'begin');
    await poll('Pi to run', () => stage.piProcesses().length > 0 && (scenario === 'ignores-sigterm' || existsSync(stage.path('grandchild'))));
    await stage.lsp.request('shutdown', undefined, { deadlineMs: 20_000 });
    assert.deepEqual(stage.processes(), [stage.lsp.child.pid]);
  });
}

test('what a command leaves in the background ends with the server', async (t) => {
  const stage = await stageFor(t, { script: [calls(bash('setsid nohup sleep 300 > /dev/null 2>&1 & echo started')), says('Done.')] });
  const asked = stage.ask('start it');
  (await stage.lsp.nextQuestion()).answer('Allow');
  await asked;
  assert.ok(stage.processes().length >= 3);
  await stage.lsp.request('shutdown');
  assert.deepEqual(stage.processes(), [stage.lsp.child.pid]);
});

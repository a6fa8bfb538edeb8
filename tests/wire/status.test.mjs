// `pi/status`: a client that shows the state of Pi is told whenever it is another, and never the same thing twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeSettings, stageFor } from './stage.mjs';
import { calls, edit, says } from './steps.mjs';

const client = { capabilities: { experimental: { pi: { status: true, proposals: true } } } };
const told = (stage, what, fits) => stage.lsp.until(what, () => stage.lsp.all('pi/status').findLast(fits));

function assertNoneTwice(stage) {
  const all = stage.lsp.all('pi/status').map((one) => JSON.stringify(one));
  for (const [i, one] of all.entries()) assert.notEqual(one, all[i - 1], 'told twice');
}

test('the status is told once at first, starts nothing, and follows a run with an edit', async (t) => {
  const stage = await stageFor(t, { client, files: { 'a.txt': 'one\n' }, script: [calls(edit('a.txt', ['one', '1'])), says('Done.')] });
  const first = await stage.lsp.waitFor('pi/status');
  assert.deepEqual([first.state, first.openEdits, first.permissionMode, first.model], ['notStarted', 0, 'ask', undefined]);
  assert.deepEqual(stage.piProcesses(), []);

  await stage.open('a.txt');
  const asked = stage.ask('change it');
  const waiting = await told(stage, 'an open edit', ({ openEdits }) => openEdits === 1);
  assert.deepEqual([waiting.state, waiting.model, waiting.sessionId], ['running', 'local/scripted-1', 's1']);
  await stage.lsp.command('pi.applyEdit');
  await asked;
  const after = await told(stage, 'the end of the run', ({ state, openEdits, usage }) => state === 'ready' && openEdits === 0 && usage);
  assert.ok(after.cost > 0 && after.context.window === 128_000 && after.usage.totalTokens > 0);
  const { problem, ...asAsked } = await stage.lsp.command('pi.status');
  assert.deepEqual(after, asAsked);
  assert.equal(problem, undefined);
  assertNoneTwice(stage);
});

test('model, thinking, mode and session are told when they are changed', async (t) => {
  const stage = await stageFor(t, { client });
  await stage.lsp.command('pi.pickModel', { model: 'thinker-1' });
  await told(stage, 'the model', ({ model }) => model === 'local/thinker-1');
  await stage.lsp.command('pi.setThinking', { level: 'high' });
  await told(stage, 'the level', ({ thinking }) => thinking === 'high');
  await stage.lsp.command('pi.setPermissionMode', { mode: 'readOnly' });
  await told(stage, 'the mode', ({ permissionMode }) => permissionMode === 'readOnly');
  const { sessionId } = await stage.lsp.command('pi.newSession');
  await told(stage, 'the session', (one) => one.sessionId === sessionId && one.state === 'ready');
  assertNoneTwice(stage);
});

test('a Pi that cannot be started, and one that ends, are told with the reason', async (t) => {
  const stage = await stageFor(t, { client, script: [says('Here.')] });
  const good = stage.lsp.configuration;
  await stage.lsp.setConfiguration({ pi: { ...fakeSettings('silent-exit') } });
  await assert.rejects(stage.ask('hello'), /said nothing/);
  const failed = await told(stage, 'the failure', ({ state }) => state === 'failed');
  assert.match(failed.problem, /said nothing/);
  await stage.lsp.setConfiguration(good);
  await stage.ask('hello');
  const ready = await told(stage, 'a Pi that is ready', ({ state }) => state === 'ready');
  assert.equal(ready.problem, undefined);
  const seen = stage.lsp.all('pi/status').length;
  for (const pid of stage.piProcesses()) process.kill(pid, 'SIGKILL');
  await stage.lsp.until('its end', () => stage.lsp.all('pi/status').length > seen && stage.lsp.all('pi/status').at(-1).state === 'notStarted');
});

test('a client that does not want it is told nothing', async (t) => {
  const stage = await stageFor(t, { script: [says('Hm.')] });
  await stage.ask('hello');
  assert.deepEqual(stage.lsp.all('pi/status'), []);
});

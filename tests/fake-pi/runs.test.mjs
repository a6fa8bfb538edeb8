/** The fake Pi: its runs, commands and sessions are those of the real one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNewerPi, piCli, piNode } from '../scripted-model/pi-command.mjs';
import { makePiHome } from '../scripted-model/pi-home.mjs';
import { startPi } from '../scripted-model/pi-rpc.mjs';
import { startScriptedModel } from '../scripted-model/server.mjs';
import { scenarios } from './scenarios.mjs';
import { answer, asked, deltas, open, run, start } from './stage.mjs';

test('a well-behaved run has the records of the real one, with their fields, in their order', async () => {
  const model = await startScriptedModel({ script: [{ text: ['Hello ', 'from ', 'the fake Pi.'] }] });
  const home = await makePiHome({ url: model.url });
  const real = startPi({ command: piNode(), args: [piCli(), '--mode', 'rpc', '--no-session'], env: home.fullEnv() });
  open.push(real);
  const shape = (records) =>
    records.map((one) =>
      [
        one.message ? `${one.type} ${one.message.role} ${one.message.stopReason ?? ''}` : one.type,
        Object.keys(one).sort().join(),
        one.assistantMessageEvent ? `${one.assistantMessageEvent.type} ${Object.keys(one.assistantMessageEvent).sort().join()}` : '',
      ].join(': '),
    );
  try {
    const fake = start({ ...scenarios.text, newer: isNewerPi() });
    assert.deepEqual(shape(await run(fake)), shape(await run(real)));
    assert.deepEqual(await fake.stop(), { code: 0, signal: null });
  } finally {
    await real.stop();
    await model.close();
    await home.remove();
  }
});

test('a run over several stages ends once', async () => {
  const pi = start('stages');
  await pi.command('prompt', { message: 'go' });
  answer(pi, await asked(pi, 'read'), { text: 'old' });
  const from = pi.records.length;
  answer(pi, await asked(pi, 'read', from), { text: 'old' });
  answer(pi, await asked(pi, 'write', from), { ok: true, message: 'ok' });
  await pi.event('agent_settled');
  const count = (type) => pi.records.filter((one) => one.type === type).length;
  assert.deepEqual([count('agent_start'), count('turn_start'), count('turn_end'), count('agent_end')], [1, 3, 3, 1]);
});

test('a retry repeats agent_start and agent_end, not agent_settled', async () => {
  const records = await run(start('retry'));
  const count = (type) => records.filter((one) => one.type === type).length;
  assert.deepEqual([count('agent_start'), count('agent_end'), count('agent_settled')], [2, 2, 1]);
  assert.equal(records.find((one) => one.type === 'auto_retry_end').success, true);
});

test('an abort ends a long run with the text so far', async () => {
  const pi = start('long-run');
  await pi.command('prompt', { message: 'go' });
  await pi.until('the text', () => deltas(pi.records).length > 0);
  assert.match((await pi.command('prompt', { message: 'two' })).error, /already processing/);
  assert.equal((await pi.command('abort')).success, true);
  const end = pi.records.findLast((one) => one.type === 'message_end');
  assert.deepEqual([end.message.stopReason, end.message.content[0].text], ['aborted', 'Working']);
  assert.equal((await pi.command('get_state')).data.isStreaming, false);
});

test('steering waits for its turn inside the same run', async () => {
  const pi = start('steered');
  await pi.command('prompt', { message: 'go' });
  await pi.command('steer', { message: 'left' });
  await pi.event('agent_settled');
  assert.deepEqual(
    pi.records.filter((one) => one.type === 'queue_update').map((one) => one.steering),
    [['left'], []],
  );
  assert.ok(deltas(pi.records).includes('You said: left'));
});

test("another extension's command answers without a run", async () => {
  const pi = start('command');
  assert.ok((await pi.command('get_commands')).data.commands.some((one) => one.name === 'hey'));
  await pi.command('prompt', { message: '/hey' });
  assert.ok(pi.records.some((one) => one.method === 'notify'));
  assert.equal((await pi.command('get_state')).data.isStreaming, false);
});

test('models and thinking levels can be listed and set', async () => {
  const pi = start('text');
  assert.match((await pi.command('set_model', { provider: 'local', modelId: 'nope' })).error, /Model not found/);
  assert.deepEqual((await pi.command('get_available_thinking_levels')).data.levels, ['off']);
  assert.equal((await pi.command('set_model', { provider: 'local', modelId: 'thinker-1' })).data.reasoning, true);
  await pi.command('set_thinking_level', { level: 'high' });
  assert.equal((await pi.command('get_state')).data.thinkingLevel, 'high');
});

test('sessions change their id and keep the path they are given', async () => {
  const pi = start('text', { args: ['--mode', 'rpc', '--session', '/s/one.jsonl'] });
  const before = (await pi.command('get_state')).data;
  assert.equal(before.sessionFile, '/s/one.jsonl');
  await pi.command('switch_session', { sessionPath: '/s/two.jsonl' });
  const after = (await pi.command('get_state')).data;
  assert.equal(after.sessionFile, '/s/two.jsonl');
  assert.notEqual(after.sessionId, before.sessionId);
});

test('cost adds up over the runs', async () => {
  const pi = start('text');
  await run(pi);
  await run(pi);
  const { tokens, cost } = (await pi.command('get_session_stats')).data;
  assert.equal(tokens.total, 336);
  assert.ok(Math.abs(cost - 0.000324) < 1e-12);
});

test('a dialog may come when the run is over', async () => {
  const pi = start('late-dialog');
  await run(pi);
  const request = await pi.event('extension_ui_request');
  assert.ok(pi.records.indexOf(request) > pi.records.findIndex((one) => one.type === 'agent_settled'));
});

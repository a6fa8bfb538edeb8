/** The fake Pi: what its gate asks and does with the answers, and what it can have wrong. */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { GATE, NONCE, answer, asked, deltas, question, run, start } from './stage.mjs';

test('the gate proves itself in the middle of its command, before the response', async () => {
  const pi = start('text');
  pi.send({ id: 'h', type: 'prompt', message: `/pilsp-gate-${NONCE} challenge-1` });
  const request = await asked(pi, 'hello');
  const { tools, state, ...rest } = question(request);
  assert.deepEqual([state.model.id, state.isStreaming], ['scripted-1', false]);
  assert.deepEqual(rest, { v: 3, nonce: NONCE, op: 'hello', challenge: 'challenge-1', agent: '0.87.1' });
  assert.deepEqual(
    tools.filter((one) => one.source === GATE).map((one) => one.name),
    ['read', 'edit', 'write'],
  );
  assert.ok(!pi.records.some((one) => one.id === 'h'));
  answer(pi, request, { ok: true });
  await pi.event('response', { where: (one) => one.id === 'h' && one.success });
  assert.ok(!pi.records.some((one) => one.type === 'agent_start'));
});

test('an edit asks for the file, proposes the new text and reports what it is told', async () => {
  const pi = start('edit');
  await pi.command('prompt', { message: 'go' });
  const read = await asked(pi, 'read');
  assert.equal(question(read).path, resolve('notes.txt'));
  answer(pi, read, { text: 'an old thing' });
  const write = await asked(pi, 'write');
  assert.equal(question(write).text, 'an new thing');
  assert.equal(question(write).toolCallId, question(read).toolCallId);
  answer(pi, write, { ok: true, message: 'landed' });
  const end = await pi.event('tool_execution_end');
  assert.deepEqual([end.isError, end.result.content[0].text], [false, 'landed']);
  await pi.event('agent_settled');
});

test('a refused edit is an error of the tool, and the run goes on', async () => {
  const pi = start('edit');
  await pi.command('prompt', { message: 'go' });
  answer(pi, await asked(pi, 'read'), { text: 'old' });
  answer(pi, await asked(pi, 'write'), { ok: false, message: 'the user said no' });
  const end = await pi.event('tool_execution_end');
  assert.deepEqual([end.isError, end.result.content[0].text], [true, 'the user said no']);
  await pi.event('agent_settled');
  assert.ok(deltas(pi.records).includes('Done.'));
});

test('two edits of one file come one after the other, of two files at once', async () => {
  const same = start('two-edits-one-file');
  await same.command('prompt', { message: 'go' });
  answer(same, await asked(same, 'read'), { text: 'old and second' });
  const first = await asked(same, 'write');
  await same.command('get_state');
  assert.equal(same.records.filter((one) => one.title === 'pilsp-gate').length, 2, 'the second edit did not wait');
  const from = same.records.length;
  answer(same, first, { ok: true, message: 'one' });
  answer(same, await asked(same, 'read', from), { text: 'new and second' });
  const second = await asked(same, 'write', from);
  assert.equal(question(second).text, 'new and 2nd');
  answer(same, second, { ok: true, message: 'two' });
  await same.event('agent_settled');

  const apart = start('two-files');
  await apart.command('prompt', { message: 'go' });
  await apart.until('two questions at once', () => apart.records.filter((one) => one.title === 'pilsp-gate').length === 2);
});

test('another tool needs consent and is blocked without it', async () => {
  const pi = start('bash');
  await pi.command('prompt', { message: 'go' });
  const consent = await asked(pi, 'consent');
  assert.deepEqual([question(consent).tool, question(consent).source, question(consent).input], ['bash', '<builtin:bash>', { command: 'echo hi' }]);
  answer(pi, consent, { allow: false, reason: 'not today' });
  const end = await pi.event('tool_execution_end');
  assert.deepEqual([end.isError, end.result.content[0].text], [true, 'not today']);

  const from = pi.records.length;
  await pi.event('agent_settled');
  await pi.command('prompt', { message: 'again' });
  answer(pi, await asked(pi, 'consent', from), { allow: true });
  assert.equal((await pi.event('tool_execution_end', { from })).result.content[0].text, 'hi\n');
});

test('an abort resolves an open question, and a late answer hits nothing', async () => {
  const pi = start('edit');
  await pi.command('prompt', { message: 'go' });
  const read = await asked(pi, 'read');
  await pi.command('abort');
  assert.equal(pi.records.find((one) => one.type === 'tool_execution_end').result.content[0].text, 'Operation aborted');
  answer(pi, read, { text: 'old' });
  await pi.command('get_state');
  assert.ok(!pi.records.some((one) => one.title === 'pilsp-gate' && question(one).op === 'write'));
});

test('a gate that gives up on its write says nothing about it', async () => {
  const pi = start('abandoned-edit');
  await pi.command('prompt', { message: 'go' });
  answer(pi, await asked(pi, 'read'), { text: 'old' });
  await asked(pi, 'write');
  const end = await pi.event('tool_execution_end');
  assert.deepEqual([end.isError, end.result.content[0].text], [true, 'Operation aborted']);
  await pi.event('agent_settled');
});

test('without the gate its command is a prompt like any other', async () => {
  const pi = start('no-gate');
  assert.deepEqual((await pi.command('get_commands')).data.commands, []);
  await run(pi, `/pilsp-gate-${NONCE} c`);
  assert.ok(!pi.records.some((one) => one.type === 'extension_ui_request'));
});

test("the gate's proof can be wrong in each of its parts", async () => {
  const proof = async (scenario) => {
    const pi = start(scenario);
    pi.send({ type: 'prompt', message: `/pilsp-gate-${NONCE} mine` });
    return (await pi.event('extension_ui_request')).placeholder;
  };
  assert.notEqual(JSON.parse(await proof('wrong-nonce')).nonce, NONCE);
  assert.notEqual(JSON.parse(await proof('wrong-challenge')).challenge, 'mine');
  const garbled = await proof('garbled-gate');
  assert.throws(() => JSON.parse(garbled), SyntaxError);
  const edits = JSON.parse(await proof('foreign-edit')).tools.filter((one) => one.name === 'edit');
  assert.equal(edits.length, 1);
  assert.notEqual(edits[0].source, GATE);

  const silent = start('silent-gate');
  assert.equal((await silent.command('prompt', { message: `/pilsp-gate-${NONCE} mine` })).success, true);
  assert.ok(!silent.records.some((one) => one.type === 'extension_ui_request'));
});

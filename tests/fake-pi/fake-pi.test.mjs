/** The fake Pi: every scenario that the suites rely on does what its name says. */
import assert from 'node:assert/strict';
import { statSync, watch } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Waiting } from '../client/waiting.mjs';
import { isNewerPi, piCli, piNode } from '../scripted-model/pi-command.mjs';
import { makePiHome } from '../scripted-model/pi-home.mjs';
import { startPi } from '../scripted-model/pi-rpc.mjs';
import { startScriptedModel } from '../scripted-model/server.mjs';
import { scenarioOf, scenarios } from './scenarios.mjs';

const program = fileURLToPath(new URL('fake-pi.mjs', import.meta.url));
const NONCE = 'a1b2c3';
const GATE = '/somewhere/gate.ts';
const open = [];

function start(scenario, { args = ['--mode', 'rpc', '--no-session', '-e', GATE], env = {} } = {}) {
  const name = typeof scenario === 'string' ? scenario : JSON.stringify(scenario);
  const pi = startPi({
    command: process.execPath,
    args: [program, ...args],
    env: { ...process.env, PILSP_GATE_NONCE: NONCE, PILSP_GATE_PATH: GATE, FAKE_PI_SCENARIO: name, ...env },
  });
  open.push(pi);
  return pi;
}

afterEach(async () => {
  for (const pi of open.splice(0)) {
    if (pi.child.exitCode === null && pi.child.signalCode === null) pi.child.kill('SIGKILL');
    await pi.exit;
  }
});

const deltas = (records) => records.filter((one) => one.assistantMessageEvent?.type === 'text_delta').map((one) => one.assistantMessageEvent.delta);
const answer = (pi, request, value) => pi.send({ type: 'extension_ui_response', id: request.id, value: JSON.stringify(value) });
const question = (request) => JSON.parse(request.placeholder);

/** The next question of the gate about this operation. */
const asked = (pi, op, from = 0) => pi.event('extension_ui_request', { from, where: (one) => one.title === 'pilsp-gate' && question(one).op === op });

async function run(pi, message = 'go') {
  const from = pi.records.length;
  assert.equal((await pi.command('prompt', { message })).success, true);
  await pi.event('agent_settled', { from });
  return pi.records.slice(from);
}

const versionOf = async (scenario) => {
  const pi = start(scenario, { args: ['--version'] });
  let text = '';
  pi.child.stdout.on('data', (chunk) => (text += chunk));
  return { ...(await pi.exit), text, stderr: pi.stderr() };
};

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

test('--version says what the scenario says', async () => {
  assert.equal((await versionOf('text')).text, '0.87.1\n');
  assert.equal((await versionOf('other-program')).text, 'pi 2.4 - computes digits of pi\n');
  const failed = await versionOf('version-fails');
  assert.deepEqual([failed.code, failed.text], [1, '']);
  assert.match(failed.stderr, /SyntaxError/);
});

test('crashes carry their code, their signal and their last words', async () => {
  const atStart = start('crash-at-start');
  assert.equal((await atStart.exit).code, 1);
  assert.match(atStart.stderr(), /left-pad/);

  const silent = start('silent-exit');
  assert.equal((await silent.exit).code, 0);
  assert.equal(silent.stderr(), '');

  const inRun = start('crash-in-run');
  inRun.send({ type: 'prompt', message: 'go' });
  assert.equal((await inRun.exit).code, 134);
  assert.deepEqual(deltas(inRun.records), ['I was about to']);
  assert.match(inRun.stderr(), /heap out of memory/);

  const inEdit = start('crash-in-edit');
  inEdit.send({ type: 'prompt', message: 'go' });
  answer(inEdit, await asked(inEdit, 'read'), { text: 'old' });
  assert.equal((await inEdit.exit).code, 7);
  assert.ok(inEdit.records.some((one) => one.title === 'pilsp-gate' && question(one).op === 'write'));
});

test('a run can be killed from outside its own control', { skip: process.platform === 'win32' }, async () => {
  const pi = start('killed-in-run');
  pi.send({ type: 'prompt', message: 'go' });
  assert.equal((await pi.exit).signal, 'SIGKILL');
});

test('a half line stays half', async () => {
  const pi = start('half-line');
  await pi.command('prompt', { message: 'go' });
  await pi.until('the half line', () => pi.unfinished() === '{"type":"message_upd');
});

test('garbage comes between good records and spoils none of them', async () => {
  const pi = start('garbage');
  assert.deepEqual(deltas(await run(pi)), ['a', 'b']);
  assert.deepEqual(pi.badLines, ['Warning: something printed to stdout', '{"type":"message_update","assistantMessageEvent":', '', 'null', '[]']);
});

test('line separators stand inside strings as they are', async () => {
  const pi = start('separators');
  let raw = Buffer.alloc(0);
  pi.child.stdout.on('data', (chunk) => (raw = Buffer.concat([raw, chunk])));
  assert.ok(
    deltas(await run(pi))
      .join('')
      .includes('line\u2028separator\u2029paragraph \u0085next \r\n end'),
  );
  assert.ok(raw.includes(Buffer.from('\u2028')), 'U+2028 was escaped');
});

test('an answer of three megabytes is one record', async () => {
  assert.equal(deltas(await run(start('big-text')))[0].length, 3 * 1024 * 1024);
});

test('a flood is complete and in order', async () => {
  const all = deltas(await run(start({ base: 'flood', runs: [[{ flood: 20_000 }]] })));
  assert.equal(all.length, 20_000);
  assert.ok(all.every((delta, index) => delta === `${index} `));
});

test('a flood waits for a reader that does not read, and an abort still gets through', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pilsp-fake-'));
  const log = join(folder, 'log');
  const pi = start('flood', { env: { FAKE_PI_LOG: log } });
  const from = pi.records.length;
  await pi.command('prompt', { message: 'go' });
  await pi.until('the flood', () => deltas(pi.records).length > 0);

  pi.child.stdout.pause();
  const received = new Waiting();
  const watcher = watch(folder, () => received.changed());
  // It goes on reading. Each command takes it at least one turn of its loop, and the whole flood would be out in 400.
  for (let turn = 0; turn < 500; turn++) {
    const { size } = statSync(log);
    pi.send({ id: 'a', type: turn < 499 ? 'get_state' : 'abort' });
    await received.until('a line in the log', () => statSync(log).size > size);
  }
  watcher.close();
  pi.child.stdout.resume();

  await pi.event('response', { from, where: (one) => one.command === 'abort' });
  assert.ok(deltas(pi.records).length < 100_000, 'the flood was written although nobody read it');
  await rm(folder, { recursive: true });
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

test('a muted command gets no answer while others do', async () => {
  const pi = start('hang-in-run');
  await pi.command('prompt', { message: 'go' });
  pi.send({ id: 'a', type: 'abort' });
  assert.equal((await pi.command('get_state')).data.isStreaming, true);
  assert.ok(!pi.records.some((one) => one.id === 'a'));
});

test('a dialog may come when the run is over', async () => {
  const pi = start('late-dialog');
  await run(pi);
  const request = await pi.event('extension_ui_request');
  assert.ok(pi.records.indexOf(request) > pi.records.findIndex((one) => one.type === 'agent_settled'));
});

test('SIGTERM and the end of stdin can be ignored', { skip: process.platform === 'win32' }, async () => {
  const pi = start('ignores-sigterm');
  await pi.command('get_state');
  pi.child.kill('SIGTERM');
  assert.equal((await pi.command('get_state')).success, true);
});

test('a grandchild leaves its pid, and the log tells what came in', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pilsp-fake-'));
  const [pidFile, logFile] = [join(folder, 'pid'), join(folder, 'log')];
  const pi = start('grandchild', { env: { FAKE_PI_GRANDCHILD: pidFile, FAKE_PI_LOG: logFile } });
  await pi.command('get_state');
  const pid = Number(await readFile(pidFile, 'utf8'));
  process.kill(pid, 0); // throws when there is no such process
  process.kill(pid, 'SIGKILL');
  await pi.stop();
  const entries = (await readFile(logFile, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(entries[0].argv, ['--mode', 'rpc', '--no-session', '-e', GATE]);
  assert.equal(entries[1].type, 'get_state');
  await rm(folder, { recursive: true });
});

test('an unknown scenario is refused at once', async () => {
  const pi = start('no-such-thing');
  assert.equal((await pi.exit).code, 64);
  assert.match(pi.stderr(), /no scenario "no-such-thing"/);
});

test('every named scenario can be read back from JSON', () => {
  for (const name of Object.keys(scenarios)) assert.deepEqual(scenarioOf(JSON.stringify({ base: name })), scenarios[name]);
});

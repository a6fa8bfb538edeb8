/** The fake Pi: crashes, floods, garbage and silence, each as its scenario's name says. */
import assert from 'node:assert/strict';
import { statSync, watch } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Waiting } from '../client/waiting.mjs';
import { scenarioOf, scenarios } from './scenarios.mjs';
import { GATE, answer, asked, deltas, question, run, start } from './stage.mjs';

const versionOf = async (scenario) => {
  const pi = start(scenario, { args: ['--version'] });
  let text = '';
  pi.child.stdout.on('data', (chunk) => (text += chunk));
  return { ...(await pi.exit), text, stderr: pi.stderr() };
};

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

test('a muted command gets no answer while others do', async () => {
  const pi = start('hang-in-run');
  await pi.command('prompt', { message: 'go' });
  pi.send({ id: 'a', type: 'abort' });
  assert.equal((await pi.command('get_state')).data.isStreaming, true);
  assert.ok(!pi.records.some((one) => one.id === 'a'));
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

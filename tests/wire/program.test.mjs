// The program itself: its arguments, its doctor, its log.
import { piVersion, terminalSignIn } from '../scripted-model/pi-command.mjs';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startServer } from '../client/lsp-client.mjs';
import { makePiHome } from '../scripted-model/pi-home.mjs';
import { startScriptedModel } from '../scripted-model/server.mjs';
import { MARK, commandLine, markedWith, poll } from './processes.mjs';
import { fakeSettings, realSettings, server, stageFor } from './stage.mjs';
import { says } from './steps.mjs';

/** Runs the program to its end. */
async function run(args, { env = process.env, cwd } = {}) {
  const child = spawn(server, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

async function homeFor(t, options = {}) {
  const model = await startScriptedModel();
  const home = await makePiHome({ url: model.url, ...options });
  t.after(() => Promise.all([model.close(), home.remove()]));
  return { model, env: { ...home.fullEnv(), PATH: process.env.PATH } };
}

const real = () => ['--command', realSettings().command, '--node', realSettings().nodePath];

test('--version and --help go to stdout and end well', async () => {
  const version = await run(['--version']);
  assert.deepEqual([version.code, version.stderr], [0, '']);
  assert.match(version.stdout, /^\d+\.\d+\.\d+/);
  const help = await run(['--help']);
  assert.equal(help.code, 0);
  for (const word of ['--stdio', '--clientProcessId', '--log-file', '--log-level', 'doctor', 'ask']) assert.ok(help.stdout.includes(word), word);
});

for (const args of [
  ['--levitate'],
  ['levitate'],
  ['--clientProcessId', 'me'],
  ['--clientProcessId'],
  ['--log-level', 'loud'],
  ['doctor', '--levitate'],
  ['--log-level', 'debug', 'ask'],
  ['--log-file', '/no/such/folder/log'],
  ['--version', 'levitate'],
  ['--help', '--levitate'],
]) {
  test(`the arguments ${args.join(' ')} end with 2 and one line on stderr`, async () => {
    const { code, stdout, stderr } = await run(args);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^[^\n]+\n$/);
  });
}

test('the doctor says that a prompt can be sent, without sending one', async (t) => {
  const { model, env } = await homeFor(t);
  const { code, stdout } = await run(['doctor', ...real()], { env, cwd: tmpdir() });
  assert.equal(code, 0, stdout);
  assert.ok(stdout.includes(piVersion()), stdout);
  assert.match(stdout, /can be sent/);
  assert.equal(model.requests.length, 0);
});

test('the doctor speaks JSON', async (t) => {
  const { env } = await homeFor(t);
  const { code, stdout } = await run(['doctor', '--json', ...real()], { env, cwd: tmpdir() });
  const report = JSON.parse(stdout);
  assert.equal(code, 0, stdout);
  assert.equal(report.ready, true);
  for (const part of ['pi', 'node', 'gate', 'models']) assert.equal(report[part].ok, true, part);
});

test('the doctor finds that there are no credentials, and says what to do', async (t) => {
  const { env } = await homeFor(t, { models: [] });
  const { code, stdout } = await run(['doctor', ...real()], { env, cwd: tmpdir() });
  assert.equal(code, 1);
  assert.match(stdout, new RegExp(terminalSignIn()));
});

test('the doctor finds no Pi, and says what to do', async (t) => {
  const { env } = await homeFor(t);
  const plain = await run(['doctor', '--command', 'no-such-pi'], { env });
  assert.equal(plain.code, 1);
  assert.match(plain.stdout, /npm install/);
  const json = await run(['doctor', '--json', '--command', 'no-such-pi'], { env });
  assert.equal(json.code, 1);
  assert.equal(JSON.parse(json.stdout).ready, false);
});

for (const [scenario, message] of [
  ['other-program', /not Pi/],
  ['crash-at-start', /left-pad/],
  ['no-gate', /held back/],
  ['silent-exit', /said nothing/],
]) {
  test(`the doctor finds a Pi with the fault "${scenario}"`, async (t) => {
    const { env } = await homeFor(t);
    const fake = fakeSettings(scenario);
    const { code, stdout } = await run(['doctor', '--command', fake.command, '--node', fake.nodePath], { env: { ...env, ...fake.env } });
    assert.equal(code, 1);
    assert.match(stdout, message);
  });
}

test('neither the doctor nor the log nor a message shows a secret', async (t) => {
  const secrets = { OPENAI_API_KEY: 'sk-openai-1234567890abcdef', MY_TOKEN: 'tok-abcdef-123456', GITHUB_PASSWORD: 'correct-horse' };
  const shows = (text) => Object.values(secrets).filter((secret) => text.includes(secret));
  const { env } = await homeFor(t);
  for (const args of [['doctor'], ['doctor', '--json']]) {
    const { stdout, stderr } = await run([...args, ...real()], { env: { ...env, ...secrets }, cwd: tmpdir() });
    assert.deepEqual(shows(stdout + stderr), []);
  }

  const stderr = `Error: bad key ${secrets.OPENAI_API_KEY} and ${secrets.MY_TOKEN}, password ${secrets.GITHUB_PASSWORD}, pi.env ${'own-secret-value'}\n`;
  const stage = await stageFor(t, {
    fake: { start: { stderr, code: 1 } },
    env: secrets,
    settings: { env: { OWN_API_KEY: 'own-secret-value' } },
    args: ['--log-file', 'pilsp.log', '--log-level', 'debug'],
  });
  await assert.rejects(stage.ask('hello'), (error) => {
    assert.match(error.message, /bad key/);
    assert.deepEqual(shows(error.message), []);
    assert.doesNotMatch(error.message, /own-secret-value/);
    return true;
  });
  await stage.lsp.request('shutdown');
  await stage.lsp.notify('exit');
  await stage.lsp.exit;
  const log = readFileSync(join(stage.workspace, 'pilsp.log'), 'utf8');
  assert.match(log, /Starting Pi/);
  assert.deepEqual(shows(log), []);
  assert.doesNotMatch(log, /own-secret-value/);
  assert.deepEqual(shows(JSON.stringify(stage.lsp.received)), []);
});

test('the log is appended to, and says nothing of what users and models write', async (t) => {
  const options = { script: [says('my dear answer')], args: ['--log-file', 'pilsp.log', '--log-level', 'debug'], files: { 'pilsp.log': 'from before\n' } };
  const stage = await stageFor(t, options);
  await stage.ask('my dear question');
  await stage.lsp.request('shutdown');
  await stage.lsp.notify('exit');
  await stage.lsp.exit;
  const log = stage.disk('pilsp.log');
  assert.match(log, /^from before\n/);
  assert.match(log, /neutral-client/);
  assert.doesNotMatch(log, /my dear/);
});

test('a log that cannot be written disturbs neither the server nor its end', {
  skip: !existsSync('/dev/full') && 'there is no /dev/full on this system',
}, async (t) => {
  const stage = await stageFor(t, { script: [says('Here.')], args: ['--log-file', '/dev/full', '--log-level', 'Debug'] });
  assert.equal((await stage.ask('hello')).text, 'Here.');
  assert.equal(await stage.lsp.stop(), 0);
});

test('a doctor that is stopped says so in one line and leaves nothing running', async (t) => {
  const { env } = await homeFor(t);
  const mark = randomUUID();
  const fake = fakeSettings('hang-at-start');
  const child = spawn(server, ['doctor', '--command', fake.command, '--node', fake.nodePath], {
    env: { ...env, ...fake.env, [MARK]: mark },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  await poll('Pi under the doctor', () => markedWith(mark).some((pid) => commandLine(pid).includes('--mode rpc')));
  child.kill('SIGTERM');
  const [code] = await once(child, 'close');
  assert.deepEqual([code, stderr], [1, 'pilsp: stopped\n']);
  await poll('the end of Pi', () => markedWith(mark).length === 0);
});

test('output that nobody takes is a failure in one line', { skip: !existsSync('/dev/full') && 'there is no /dev/full on this system' }, async () => {
  const full = openSync('/dev/full', 'w');
  for (const args of [['--version'], ['doctor', '--command', 'no-such-pi']]) {
    const child = spawn(server, args, { stdio: ['ignore', full, 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk) => (stderr += chunk));
    assert.deepEqual(await once(child, 'close'), [1, null], args.join(' '));
    assert.match(stderr, /^pilsp: [^\n]+\n$/);
  }
  closeSync(full);
});

test('a server whose folder is gone works all the same', async (t) => {
  const { env } = await homeFor(t);
  const folder = mkdtempSync(join(tmpdir(), 'pilsp-gone-'));
  const lsp = await startServer({
    command: 'sh',
    args: ['-c', 'rmdir "$PWD" && exec "$0" --stdio', server],
    cwd: folder,
    env,
    configuration: { pi: realSettings() },
  });
  t.after(() => lsp.kill());
  assert.equal((await lsp.command('pi.status')).state, 'notStarted');
  assert.ok((await lsp.command('pi.listModels')).current);
  assert.equal(await lsp.stop(), 0);
});

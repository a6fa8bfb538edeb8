// A Pi that dies, hangs, is missing or is something else: said clearly, nothing left running, and the next ask works.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { piCli } from '../scripted-model/pi-command.mjs';
import { commandLine, poll } from './processes.mjs';
import { fakeSettings, realSettings, stageFor } from './stage.mjs';
import { bash, calls, edit, says } from './steps.mjs';

const kill = (pid) => process.kill(pid, 'SIGKILL');
const saidBefore = (request) => request.messages.map((one) => JSON.stringify(one.content)).join('\n');

test('Pi killed in the middle of an answer: the error says so, and the conversation goes on', async (t) => {
  const stage = await stageFor(t, { script: [says('The number is 42.'), { text: 'I was about to', hang: true }] });
  await stage.ask('remember a number');
  const asked = stage.ask('and now');
  await stage.model.until('the second request', () => stage.model.requests.length === 2);
  stage.piProcesses().forEach(kill);
  await assert.rejects(asked, /Pi was ended by signal 9/);
  assert.equal((await stage.lsp.command('pi.status')).state, 'notStarted');

  stage.model.add(says('It was 42.'));
  assert.equal((await stage.ask('which number was it?')).text, 'It was 42.');
  assert.match(saidBefore(stage.model.requests.at(-1)), /remember a number[\s\S]*The number is 42\.[\s\S]*which number was it/);
});

test('Pi killed before its first answer: the next ask works', async (t) => {
  const stage = await stageFor(t, { script: [{ hang: true }] });
  const asked = stage.ask('first');
  await stage.model.until('the request', () => stage.model.requests.length === 1);
  stage.piProcesses().forEach(kill);
  await assert.rejects(asked, /ended by signal 9/);
  stage.model.add(says('Here.'));
  assert.equal((await stage.ask('second')).text, 'Here.');
});

test('Pi killed while an edit waits: the edit goes, the question goes, the buffer stays', async (t) => {
  const stage = await stageFor(t, { files: { 'notes.txt': 'one\n' }, script: [calls(edit('notes.txt', ['one', '1']))] });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('change it');
  const question = await stage.lsp.nextQuestion();
  stage.piProcesses().forEach(kill);
  await assert.rejects(asked, /ended by signal 9/);
  await stage.lsp.until('the question to be withdrawn', () => question.withdrawn);
  const [{ status, id }] = (await stage.lsp.command('pi.listEdits')).edits;
  assert.equal(status, 'withdrawn');
  assert.equal((await stage.lsp.command('pi.applyEdit', { editId: id })).applied, false);
  assert.equal(stage.lsp.text(uri), 'one\n');
});

test('Pi killed while a command runs: the command goes with it', async (t) => {
  const stage = await stageFor(t, { script: [calls(bash('echo $$ > pid; sleep 300'))] });
  const asked = stage.ask('sleep');
  (await stage.lsp.nextQuestion()).answer('Allow');
  await poll('the command to run', () => existsSync(stage.path('pid')) && stage.disk('pid').trim());
  stage.piProcesses().forEach(kill);
  await assert.rejects(asked, /ended by signal 9/);
  await poll(
    'the command to end',
    () => stage.processes().every((pid) => pid === stage.lsp.child.pid),
    () => stage.processes().map(commandLine),
  );
});

test('Pi killed between two asks is not noticed by the next one', async (t) => {
  const stage = await stageFor(t, { script: [says('One.'), says('Two.')] });
  await stage.ask('first');
  const [pid] = stage.piProcesses();
  kill(pid);
  await poll('Pi to be gone', () => !stage.piProcesses().includes(pid));
  await poll('the server to know', async () => (await stage.lsp.command('pi.status')).state === 'notStarted');
  assert.equal((await stage.ask('second')).text, 'Two.');
  assert.match(saidBefore(stage.model.requests.at(-1)), /first[\s\S]*One\.[\s\S]*second/);
});

const endings = {
  'crash-in-run': /heap out of memory/,
  'killed-in-run': /ended by signal 9/,
  'crash-in-edit': /exit code 7/,
  'silent-end': /ended with exit code 0 and said nothing/,
};
for (const [scenario, message] of Object.entries(endings)) {
  test(`the run of a Pi with the fault "${scenario}" fails with the reason`, async (t) => {
    const stage = await stageFor(t, { fake: scenario, files: { 'notes.txt': 'old\n' } });
    await stage.open('notes.txt');
    await assert.rejects(stage.ask('go'), message);
    assert.deepEqual(stage.piProcesses(), []);
    await useGood(stage);
  });
}

/** The real Pi, configured in the running server. */
async function useGood(stage) {
  await stage.lsp.setConfiguration({ pi: { ...realSettings(), startTimeoutMs: null } });
  stage.model.add(says('Good again.'));
  assert.equal((await stage.ask('and now?')).text, 'Good again.');
}

const unusable = {
  'is missing': [() => ({ command: 'no-such-pi' }), /Pi was not found by "no-such-pi".*npm install/],
  'is missing at its path': [(stage) => ({ command: stage.path('not/here/cli.js') }), /was not found/],
  'is an empty setting': [() => ({ command: '/' }), /not found|could not be run/],
  'is another program': [() => fakeSettings('other-program'), /is not Pi but another program.*computes digits of pi/],
  'is a program that prints rubbish': [() => fakeSettings('version-garbage'), /is not Pi/],
  'is too old': [() => fakeSettings({ version: { stdout: '0.73.9\n' } }), /is Pi 0\.73\.9; 0\.74 or later is needed/],
  'fails when asked for its version': [() => fakeSettings('version-fails'), /not Pi/],
  'crashes at its start': [() => fakeSettings('crash-at-start'), /Cannot find module "left-pad"/],
  'exits without a word': [() => fakeSettings('silent-exit'), /ended with exit code 0 and said nothing/],
  'hangs at its start': [() => ({ ...fakeSettings('hang-at-start'), startTimeoutMs: 600 }), /did not answer within 0\.6 s.*startTimeoutMs/],
  'answers nothing': [() => ({ ...fakeSettings('deaf-at-start'), startTimeoutMs: 600 }), /did not answer within 0\.6 s/],
  'hangs when asked for its version': [() => ({ ...fakeSettings('version-hangs'), startTimeoutMs: 600 }), /did not answer|did not say its version/],
  'has no node to run it': [() => ({ command: piCli(), nodePath: '/no/such/node' }), /\/no\/such\/node/],
  'is a folder': [(stage) => ({ command: stage.workspace }), /not found|could not be run|is not/],
};
for (const [what, [settings, message]] of Object.entries(unusable)) {
  test(`a pi that ${what}: clear error, no process left, and a good one works afterwards`, async (t) => {
    const stage = await stageFor(t, { client: { configuration: { pi: { command: 'not-yet' } } } });
    await stage.lsp.setConfiguration({ pi: { nodePath: null, ...settings(stage) } });
    await assert.rejects(stage.ask('hello'), (error) => {
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /^\s+at |Exception/m);
      return true;
    });
    // What was ended may take a moment to leave the list of processes.
    await poll(
      'the server to be alone',
      () => stage.processes().length === 1,
      () => stage.processes().map(commandLine),
    );
    const status = await stage.lsp.command('pi.status');
    assert.equal(status.state, 'failed');
    assert.match(status.problem, message);
    await useGood(stage);
    assert.equal((await stage.lsp.command('pi.status')).state, 'ready');
  });
}

test('a pi of the old package is called by its name', async (t) => {
  const stage = await stageFor(t, {
    files: { 'old/package.json': '{"name": "@mariozechner/pi-coding-agent", "version": "0.60.1"}', 'old/dist/cli.js': 'console.log("0.60.1")' },
  });
  await stage.lsp.setConfiguration({ pi: { ...realSettings(), command: stage.path('old/dist/cli.js') } });
  await assert.rejects(stage.ask('hello'), /before 0\.74 \(@mariozechner\/pi-coding-agent 0\.60\.1\)/);
});

test('a node that is too old is named with its version', async (t) => {
  const stage = await stageFor(t, {});
  const node = stage.path('old-node');
  writeFileSync(node, '#!/bin/sh\necho v18.20.4\n');
  chmodSync(node, 0o755);
  await stage.lsp.setConfiguration({ pi: { ...realSettings(), nodePath: node } });
  await assert.rejects(stage.ask('hello'), (error) => {
    assert.match(error.message, /18\.20\.4/);
    assert.match(error.message, /22\.19/);
    return true;
  });
  await useGood(stage);
});

test('pi is found on PATH through a link, with the node beside it', async (t) => {
  const stage = await stageFor(t, { script: [says('Found.')] });
  const bin = stage.path('bin');
  mkdirSync(bin);
  symlinkSync(realSettings().command, join(bin, 'pi'));
  symlinkSync(realSettings().nodePath, join(bin, 'node'));
  await stage.lsp.setConfiguration({ pi: { command: 'pi', nodePath: null, env: { PATH: `${bin}:/usr/bin:/bin` } } });
  assert.equal((await stage.ask('hello')).text, 'Found.');
});

test('strange records of Pi are skipped, and what is around them arrives', async (t) => {
  const stage = await stageFor(t, { fake: 'garbage' });
  assert.equal((await stage.ask('hello')).text, 'ab');
});

test('separators that are no line ends arrive whole', async (t) => {
  const stage = await stageFor(t, { fake: 'separators' });
  assert.equal((await stage.ask('hello')).text, 'line\u2028separator\u2029paragraph \u0085next \r\n end');
});

test('the real Pi: separators and three megabytes in both directions', async (t) => {
  const big = 'x\u2028y😀 '.repeat(400_000);
  const stage = await stageFor(t, { script: [{ text: [big.slice(0, 1_000_000), big.slice(1_000_000)] }] });
  assert.equal((await stage.ask(`a\u2028b\u2029${'q'.repeat(3_000_000)}`)).text, big);
  assert.equal(stage.model.lastUserText().length, 3_000_004);
  assert.ok(stage.model.lastUserText().startsWith('a\u2028b\u2029q'));
});

test('three megabytes in one delta of Pi', async (t) => {
  const stage = await stageFor(t, { fake: 'big-text' });
  assert.equal((await stage.ask('hello')).text.length, 3 * 1024 * 1024);
});

test('an endless line of Pi does not end the conversation', async (t) => {
  const stage = await stageFor(t, { fake: 'long-line' });
  assert.equal((await stage.ask('hello', {}, { deadlineMs: 60_000 })).text, 'before after');
});

test('a Pi with fields and events of a newer version works', async (t) => {
  const stage = await stageFor(t, { fake: 'newer' });
  assert.equal((await stage.ask('hello')).text, 'Hello from the fake Pi.');
});

test('a message that an extension deals with starts no run and says so', async (t) => {
  const stage = await stageFor(t, { fake: 'command' });
  const { stopReason, text } = await stage.ask('/hey');
  assert.deepEqual([stopReason, text], ['handled', '']);
  assert.equal((await stage.ask('hello')).text, 'Hello from the fake Pi.');
});

test('an error at the end of the log says which line of Pi was not understood', async (t) => {
  const stage = await stageFor(t, { fake: 'garbage', args: ['--log-file', 'pilsp.log', '--log-level', 'debug'] });
  await stage.ask('hello');
  assert.match(
    await poll('the log', () => /A line of Pi was skipped/.test(readFileSync(stage.path('pilsp.log'), 'utf8')) && stage.disk('pilsp.log')),
    /A line of Pi was skipped/,
  );
});

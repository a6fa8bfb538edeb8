// The user's own shell commands: run by Pi in its directory, told as they go, stopped, kept in the conversation.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { poll } from './processes.mjs';
import { stageFor } from './stage.mjs';
import { bash, calls, edit, says } from './steps.mjs';

const own = { capabilities: { experimental: { pi: { events: true } } } };
const event = (stage, type, fits = () => true) => stage.lsp.waitFor('pi/event', (one) => one.type === type && fits(one));
const run = (stage, command, more = {}, options = {}) => stage.lsp.command('pi.bash', { command, ...more }, { deadlineMs: 30_000, ...options });
const entries = async (stage) => (await stage.lsp.command('pi.getTranscript')).entries;
const said = (stage) =>
  stage.model.requests
    .at(-1)
    .messages.filter((m) => m.role === 'user')
    .map((m) => (typeof m.content === 'string' ? m.content : m.content.map((part) => part.text ?? '').join('')));
/** A command that ends when the test writes the file `go`. */
const UNTIL_GO = 'until [ -e go ]; do sleep 0.05; done';

test('output, exit code and what was changed are the result; the model reads of it with the next prompt', async (t) => {
  const stage = await stageFor(t, { client: own, files: { 'a.txt': 'old\n' }, script: [says('Seen.'), says('Again.')] });
  const result = await run(stage, 'pwd; echo new > a.txt; exit 3');
  assert.deepEqual(result, {
    sessionId: 's1',
    output: `${stage.workspace}\n`,
    exitCode: 3,
    cancelled: false,
    truncated: false,
    changed: ['a.txt'],
    unsaved: [],
  });
  assert.deepEqual(await event(stage, 'bashStarted').then(({ command, excludeFromContext }) => [command, excludeFromContext]), [
    'pwd; echo new > a.txt; exit 3',
    false,
  ]);
  const ended = await event(stage, 'bashEnded');
  assert.deepEqual([ended.text, ended.exitCode, ended.changed], [`${stage.workspace}\n`, 3, ['a.txt']]);
  assert.equal(stage.model.requests.length, 0);

  await stage.ask('what happened?');
  const [told, asked] = said(stage);
  assert.match(told, /^Ran `pwd; echo new > a\.txt; exit 3`\n[\s\S]*exited with code 3/);
  assert.match(asked, /^what happened\?\n\n<editor>\nChanged on disk by commands that the user ran:\npwd; echo new > a\.txt; exit 3: a\.txt\n<\/editor>$/);
  await stage.ask('and now?');
  assert.equal(said(stage).at(-1), 'and now?');
  const [shell, user] = await entries(stage);
  assert.deepEqual(
    [shell.kind, shell.command, shell.state, shell.exitCode, shell.output],
    ['bash', 'pwd; echo new > a.txt; exit 3', 'failed', 3, result.output],
  );
  assert.deepEqual([user.kind, user.text], ['user', 'what happened?']);
});

test('what is kept from the model is in the conversation all the same', async (t) => {
  const stage = await stageFor(t, { client: own, files: { 'a.txt': 'old\n' }, script: [says('Nothing.')] });
  await run(stage, 'echo secret | tee a.txt', { excludeFromContext: true });
  await stage.ask('what happened?');
  assert.doesNotMatch(JSON.stringify(stage.model.requests[0].messages), /secret|a\.txt/);
  const [shell] = await entries(stage);
  assert.deepEqual([shell.kind, shell.excludeFromContext, shell.output], ['bash', true, 'secret\n']);

  // Pi keeps it in the session file, from where it comes back.
  const { sessionFile } = await stage.lsp.command('pi.status');
  assert.equal(await stage.lsp.stop(), 0);
  const later = await stageFor(t, {
    settings: { env: { PI_CODING_AGENT_DIR: stage.pi.dir } },
    client: { cwd: stage.workspace, workspaceFolders: [stage.workspace] },
  });
  await later.lsp.command('pi.resumeSession', { path: sessionFile });
  const stored = (await entries(later)).find((one) => one.kind === 'bash');
  assert.deepEqual([stored.command, stored.state, stored.excludeFromContext, stored.output], ['echo secret | tee a.txt', 'done', true, 'secret\n']);
});

test('the output comes while the command runs, and each part once', async (t) => {
  const stage = await stageFor(t, { client: own });
  const running = run(stage, `echo one; ${UNTIL_GO}; echo two`);
  assert.equal((await event(stage, 'bashOutput')).text, 'one\n');
  const [shell] = await entries(stage);
  assert.deepEqual([shell.state, shell.output], ['running', 'one\n']);
  assert.equal((await stage.lsp.command('pi.listSessions')).sessions[0].state, 'running');
  stage.write('go', '');
  assert.equal((await running).output, 'one\ntwo\n');
  const parts = stage.lsp.all('pi/event').filter((one) => one.type === 'bashOutput');
  assert.equal(parts.map((one) => one.text).join(''), 'one\ntwo\n');
});

test('of a flood the end is shown, and the whole is in a file', async (t) => {
  const stage = await stageFor(t, { client: own });
  const result = await run(stage, 'seq 1 200000');
  assert.equal(result.truncated, true);
  assert.match(result.output, /200000\s*$/);
  t.after(() => rmSync(result.fullOutputPath, { force: true }));
  // Pi answers before it has written all of it.
  await poll('the whole output', () => /^1\n2\n[\s\S]*\n200000\n$/.test(readFileSync(result.fullOutputPath, 'utf8')));
  const [shell] = await entries(stage);
  assert.deepEqual([shell.truncated, shell.fullOutputPath, shell.output.length <= 16_384], [true, result.fullOutputPath, true]);
  for (const one of stage.lsp.all('pi/event')) assert.ok(one.type !== 'bashOutput' || one.text.length <= 16_384);
});

for (const [how, stop] of [
  ['by pi.abort', (stage) => stage.lsp.command('pi.abort', { what: 'bash' })],
  ['by pi.abort alone, where nothing else goes on', (stage) => stage.lsp.command('pi.abort')],
])
  test(`a command is stopped ${how}, with everything it started`, async (t) => {
    const stage = await stageFor(t, { client: own });
    const running = run(stage, 'echo begun; sleep 600 & sleep 600');
    await event(stage, 'bashOutput');
    assert.equal(stage.processes().length > 2, true);
    assert.deepEqual(await stop(stage), { aborted: true });
    const { cancelled, output, exitCode } = await running;
    assert.deepEqual([cancelled, output, exitCode], [true, 'begun\n', undefined]);
    await poll('the end of what it started', () => stage.processes().length === 2);
    assert.deepEqual(await stage.lsp.command('pi.abort', { what: 'bash' }), { aborted: false });
  });

test('a command is stopped by cancelling its request, even before Pi has begun with it', async (t) => {
  const stage = await stageFor(t, { client: own });
  const first = run(stage, 'sleep 600; touch never');
  await event(stage, 'bashStarted');
  first.cancel();
  assert.equal((await first).cancelled, true);
  assert.equal((await run(stage, 'echo next')).output, 'next\n');
  assert.equal(existsSync(stage.path('never')), false);
});

test('a run and a command go side by side, and stopping one leaves the other', async (t) => {
  const stage = await stageFor(t, { client: own, script: [{ text: 'Working', hang: true }, says('Seen.')] });
  const asked = stage.ask('begin');
  await event(stage, 'textDelta');
  const running = run(stage, UNTIL_GO);
  await event(stage, 'bashStarted');
  await assert.rejects(run(stage, 'true'), /running in this session already/);
  assert.deepEqual(await stage.lsp.command('pi.abort'), { aborted: true });
  assert.equal((await asked).stopReason, 'aborted');
  stage.write('go', '');
  const { cancelled, exitCode } = await running;
  assert.deepEqual([cancelled, exitCode], [false, 0]);
  await stage.ask('what did I run?');
  assert.match(JSON.stringify(said(stage)), /Ran `until/);
});

test('no mode stands before what the user typed; what Pi runs is asked for as ever', async (t) => {
  const stage = await stageFor(t, { settings: { permissionMode: 'readOnly', workspaceTrusted: false }, script: [calls(bash('touch pis')), says('Refused.')] });
  assert.equal((await run(stage, 'touch mine')).exitCode, 0);
  await stage.ask('do it');
  assert.deepEqual([existsSync(stage.path('mine')), existsSync(stage.path('pis'))], [true, false]);
});

test('applied edits are saved before, and what stays unsaved is named', async (t) => {
  const saved = [];
  const stage = await stageFor(t, {
    client: { capabilities: { experimental: { pi: { proposals: true, save: true } } } },
    settings: { permissionMode: 'acceptEdits' },
    files: { 'a.txt': 'old\n', 'b.txt': 'old\n' },
    script: [calls(edit('a.txt', ['old', 'new'])), says('Done.')],
  });
  const uri = await stage.open('a.txt');
  stage.lsp.onRequest('pi/save', ({ uris }) => {
    saved.push(...uris);
    for (const one of uris) stage.write('a.txt', stage.lsp.text(one));
    return null;
  });
  await stage.ask('change it');
  await stage.open('b.txt', 'typed\n');
  const { output, unsaved } = await run(stage, 'cat a.txt b.txt');
  assert.deepEqual([saved, output, unsaved], [[uri], 'new\nold\n', ['b.txt']]);
});

test('a Pi that dies takes the command with it, and the next one runs', async (t) => {
  const stage = await stageFor(t, { client: own });
  const failed = assert.rejects(run(stage, 'echo begun; sleep 600'), /Pi/);
  await event(stage, 'bashOutput');
  for (const pid of stage.piProcesses()) process.kill(pid, 'SIGKILL');
  await failed;
  assert.match((await event(stage, 'bashEnded')).error, /Pi/);
  assert.equal((await run(stage, 'echo again')).output, 'again\n');
});

test('nothing is left of a command when the server ends', async (t) => {
  const stage = await stageFor(t, { client: own });
  const running = run(stage, 'echo begun; sleep 600').catch((error) => error);
  await event(stage, 'bashOutput');
  assert.equal(await stage.lsp.stop(), 0);
  await stage.gone();
  assert.ok((await running) instanceof Error);
});

test('a plain client sees it as a progress, and can cancel that', async (t) => {
  const stage = await stageFor(t, {});
  const running = run(stage, 'sleep 600');
  const begun = await stage.lsp.waitFor('$/progress', (one) => one.value.kind === 'begin' && one.value.message === '! sleep 600');
  await stage.lsp.notify('window/workDoneProgress/cancel', { token: begun.token });
  assert.equal((await running).cancelled, true);
});

test('a command without words is refused; a prompt that begins with ! is a prompt', async (t) => {
  const stage = await stageFor(t, { script: [says('Hi.')] });
  await assert.rejects(run(stage, '  '), /pi\.bash: "command"/);
  await stage.ask('!touch never');
  assert.deepEqual([said(stage), existsSync(stage.path('never'))], [['!touch never'], false]);
});

// Stored sessions: listed, named, forked, cloned, exported, deleted and brought back, put to sleep, and there after a crash.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { poll } from './processes.mjs';
import { history, list } from './conversations.mjs';
import { stageFor } from './stage.mjs';
import { calls, edit, says } from './steps.mjs';

test('the list tells what each session is, without starting Pi', async (t) => {
  const stage = await stageFor(t, { script: [says('One.'), says('Two.')] });
  assert.deepEqual(await list(stage), []);
  assert.deepEqual(stage.piProcesses(), []);
  const first = await stage.ask('plan the garden');
  await stage.ask('and the pond');
  const [one] = await list(stage);
  assert.deepEqual(
    [one.sessionId, one.state, one.current, one.firstWords, one.messages, one.model],
    [first.sessionId, 'idle', true, 'plan the garden', 4, 'local/scripted-1'],
  );
  assert.equal(one.totalTokens, 2 * first.usage.totalTokens);
  assert.equal(one.size, statSync(one.path).size);
  assert.equal(await stage.lsp.stop(), 0);

  const later = await stageFor(t, {
    settings: { env: { PI_CODING_AGENT_DIR: stage.pi.dir } },
    client: { cwd: stage.workspace, workspaceFolders: [stage.workspace] },
  });
  const [stored] = await list(later);
  assert.deepEqual([stored.path, stored.state, stored.current, stored.sessionId], [one.path, 'stored', false, undefined]);
  assert.deepEqual(later.piProcesses(), []);
});

test('the list follows what is added to a session, and passes over what is none', async (t) => {
  const stage = await stageFor(t, { script: [says('One.'), says('Two.')] });
  await stage.ask('first');
  const [before] = await list(stage);
  writeFileSync(join(dirname(before.path), 'broken.jsonl'), 'no session\n');
  writeFileSync(join(dirname(before.path), 'empty.jsonl'), '');
  await stage.ask('second');
  const sessions = await list(stage);
  assert.deepEqual(
    sessions.map((one) => one.messages),
    [4],
  );
});

test('sessions of other workspaces in a shared folder are not ours', async (t) => {
  const stage = await stageFor(t, { script: [says('One.')] });
  const folder = stage.path('stored');
  mkdirSync(folder);
  writeFileSync(join(folder, 'other.jsonl'), '{"type":"session","version":3,"id":"x","timestamp":"2026-01-01T00:00:00Z","cwd":"/elsewhere"}\n');
  await stage.lsp.setConfiguration({ pi: { ...stage.lsp.configuration.pi, sessionDir: folder } });
  await stage.ask('mine');
  assert.deepEqual(
    (await list(stage)).map((one) => one.firstWords),
    ['mine'],
  );
});

test('an idle Pi is ended and comes back with the conversation', async (t) => {
  const stage = await stageFor(t, { settings: { idleMinutes: 0.002 }, script: [says('One.'), says('Two.')] });
  const { sessionId } = await stage.ask('first');
  await poll('the end of the idle Pi', () => stage.piProcesses().length === 0);
  assert.equal((await list(stage))[0].state, 'sleeping');
  assert.equal((await stage.ask('second')).sessionId, sessionId);
  assert.match(history(stage), /first[\s\S]*One\.[\s\S]*second/);
});

test('what waits for the user keeps Pi awake', async (t) => {
  const stage = await stageFor(t, {
    settings: { idleMinutes: 0.002 },
    files: { 'a.txt': 'old\n' },
    script: [
      { match: 'change it', ...calls(edit('a.txt', ['old', 'new'])) },
      { match: 'change it', text: 'Done.' },
      { match: 'quick', text: 'Two.' },
    ],
  });
  const asked = stage.ask('change it');
  const question = await stage.lsp.nextQuestion();
  // Long enough for several idle times: another session goes to sleep meanwhile.
  assert.equal((await list(stage))[0].state, 'waiting');
  const other = await stage.lsp.command('pi.newSession');
  await stage.ask('quick', { sessionId: other.sessionId });
  await poll('the sleep of the other session', () => stage.piProcesses().length === 1);
  question.answer('Apply');
  assert.equal((await asked).text, 'Done.');
});

test('a session is renamed, running, sleeping or stored, and Pi reads the name', async (t) => {
  const stage = await stageFor(t, { script: [says('One.')] });
  await stage.ask('first');
  const [one] = await list(stage);
  await stage.lsp.command('pi.renameSession', { name: 'Garden' });
  assert.equal((await list(stage))[0].title, 'Garden');
  const { sessionFile, sessionName } = await stage.lsp.command('pi.status');
  assert.deepEqual([sessionFile, sessionName], [one.path, 'Garden']);
  await assert.rejects(stage.lsp.command('pi.renameSession', { name: 'two\nlines' }), /one line/);
  assert.equal(await stage.lsp.stop(), 0);

  const later = await stageFor(t, {
    settings: { env: { PI_CODING_AGENT_DIR: stage.pi.dir } },
    client: { cwd: stage.workspace, workspaceFolders: [stage.workspace] },
  });
  await later.lsp.command('pi.renameSession', { path: one.path, name: 'Pond' });
  assert.deepEqual(later.piProcesses(), []);
  assert.equal((await list(later))[0].title, 'Pond');
  assert.equal((await later.lsp.command('pi.resumeSession', { path: one.path })).name, 'Pond');
});

test('a fork begins before a message and leaves the session alone', async (t) => {
  const stage = await stageFor(t, { files: { 'a.txt': 'one\n' }, script: [says('One.'), says('Two.'), says('Three.'), says('Four.')] });
  const { sessionId } = await stage.ask('first');
  // What the editor puts behind a prompt is not the user's text.
  await stage.ask('second', { textDocument: { uri: await stage.open('a.txt') } });
  const [source] = await list(stage);
  const bytes = readFileSync(source.path);
  const { points } = await stage.lsp.command('pi.listForkPoints');
  assert.deepEqual(
    points.map((p) => p.text),
    ['first', 'second'],
  );
  const fork = await stage.lsp.command('pi.forkSession', { entryId: points[1].entryId });
  assert.deepEqual([fork.text, fork.sessionId === sessionId, fork.path === source.path], ['second', false, false]);
  const asked = await stage.ask('another second');
  assert.equal(asked.sessionId, fork.sessionId);
  assert.match(history(stage), /first[\s\S]*One\.[\s\S]*another second/);
  assert.doesNotMatch(history(stage), /Two\./);
  assert.ok(readFileSync(source.path).equals(bytes), 'the source was changed');
  await stage.ask('go on', { sessionId });
  assert.match(history(stage), /Two\.[\s\S]*go on/);
  assert.equal((await list(stage)).find((one) => one.path === fork.path).parent, source.path);
});

test('a clone has the whole conversation', async (t) => {
  const stage = await stageFor(t, { files: { 'a.txt': 'old\n' }, script: [says('One.'), calls(edit('a.txt', ['old', 'new'])), says('Two.')] });
  await stage.ask('first');
  const clone = await stage.lsp.command('pi.cloneSession');
  // The gate holds in the clone as well.
  const asked = stage.ask('second');
  (await stage.lsp.nextQuestion()).answer('Reject');
  assert.equal((await asked).sessionId, clone.sessionId);
  assert.match(history(stage), /first[\s\S]*One\.[\s\S]*second/);
  assert.equal(stage.disk('a.txt'), 'old\n');
});

test('what is not stored yet cannot be branched off, and nothing is left of the attempt', async (t) => {
  const stage = await stageFor(t, { script: [says('One.')] });
  const { sessionId } = await stage.lsp.command('pi.newSession');
  await assert.rejects(stage.lsp.command('pi.cloneSession'), /not stored yet/);
  await stage.ask('first');
  await assert.rejects(stage.lsp.command('pi.forkSession', { entryId: 'none' }), /Invalid entry/);
  assert.equal((await stage.lsp.command('pi.status')).sessionId, sessionId);
  assert.equal(stage.piProcesses().length, 1);
});

test('a deleted session can be brought back; a running one is not deleted', async (t) => {
  const stage = await stageFor(t, { script: [says('One.'), { text: 'slow', hang: true }] });
  await stage.ask('first');
  const [one] = await list(stage);
  const asked = stage.ask('second');
  await stage.model.until('the second request', () => stage.model.requests.length === 2);
  await assert.rejects(stage.lsp.command('pi.deleteSession', { path: one.path }), /running/);
  await stage.lsp.command('pi.abort');
  await asked;
  const { movedTo } = await stage.lsp.command('pi.deleteSession', { path: one.path });
  assert.deepEqual([existsSync(one.path), existsSync(movedTo), await list(stage), stage.piProcesses()], [false, true, [], []]);
  assert.equal((await stage.lsp.command('pi.restoreSession', { path: movedTo })).path, one.path);
  assert.equal((await stage.lsp.command('pi.resumeSession', { path: one.path })).path, one.path);
});

test('what was deleted is kept for a month and then gone; what is deleted for good is gone at once', async (t) => {
  const stage = await stageFor(t, { script: [says('One.'), says('Two.'), says('Three.')] });
  const deleted = [];
  for (const prompt of ['first', 'second', 'third']) {
    await stage.ask(prompt);
    const { sessionFile: path } = await stage.lsp.command('pi.status');
    const permanently = prompt === 'third';
    const { movedTo } = await stage.lsp.command('pi.deleteSession', { path, permanently });
    deleted.push({ path, movedTo });
  }
  assert.equal(deleted[2].movedTo, undefined);
  assert.deepEqual(
    deleted.map((one) => existsSync(one.path)),
    [false, false, false],
  );
  const [first, second] = deleted.map((one) => one.movedTo);
  const days = (count) => new Date(Date.now() - count * 24 * 3600 * 1000);
  // Old, but deleted just now; and one that has been there for long.
  utimesSync(second, statSync(second).atime, days(400));
  utimesSync(first, days(31), days(400));
  await list(stage);
  assert.deepEqual([existsSync(first), existsSync(second)], [false, true]);
});

test('only what is a session of this workspace is deleted, renamed or exported', async (t) => {
  const stage = await stageFor(t, {
    files: { 'mine.jsonl': '{"type":"session","version":3,"id":"x","timestamp":"2026-01-01T00:00:00Z","cwd":"/"}\n' },
    script: [says('One.')],
  });
  await stage.ask('first');
  const [one] = await list(stage);
  const folder = dirname(one.path);
  symlinkSync(stage.path('mine.jsonl'), join(folder, 'link.jsonl'));
  writeFileSync(join(folder, 'notes.txt'), 'x');
  writeFileSync(join(folder, 'other.jsonl'), 'x\n');
  const outside = join(folder, '..', 'x.jsonl');
  for (const path of [stage.path('mine.jsonl'), join(folder, 'link.jsonl'), join(folder, 'notes.txt'), join(folder, 'other.jsonl'), outside]) {
    for (const [command, more] of [
      ['pi.deleteSession', {}],
      ['pi.renameSession', { name: 'x' }],
      ['pi.exportSession', {}],
    ])
      await assert.rejects(stage.lsp.command(command, { path, ...more }), /none of this workspace|is a link|no session file/);
    assert.equal(existsSync(path), path !== outside);
  }
});

test('a session is exported to HTML by Pi', async (t) => {
  const stage = await stageFor(t, { script: [says('A pond.')] });
  await stage.ask('plan the garden');
  const output = stage.path('out/garden.html');
  mkdirSync(dirname(output));
  assert.equal((await stage.lsp.command('pi.exportSession', { output })).path, output);
  assert.match(readFileSync(output, 'utf8'), /<html/i);
  await assert.rejects(stage.lsp.command('pi.exportSession', { output: 'garden.html' }), /absolute/);
});

test('switching makes a session the current one', async (t) => {
  const stage = await stageFor(t, { script: [says('One.'), says('Two.'), says('Three.')] });
  const first = await stage.ask('first');
  const second = await stage.lsp.command('pi.newSession');
  await stage.ask('second');
  await stage.lsp.command('pi.switchSession', { sessionId: first.sessionId });
  assert.deepEqual(
    (await list(stage)).map((one) => [one.sessionId, one.current]).toSorted(),
    [
      [first.sessionId, true],
      [second.sessionId, false],
    ].toSorted(),
  );
  assert.equal((await stage.ask('third')).sessionId, first.sessionId);
});

test('a session survives a killed server', async (t) => {
  const stage = await stageFor(t, { script: [says('The number is 42.'), { text: 'never ', hang: true }] });
  await stage.ask('remember a number');
  const asked = stage.ask('go on').catch((error) => error);
  await stage.model.until('the second request', () => stage.model.requests.length === 2);
  stage.lsp.child.kill('SIGKILL');
  await stage.gone();
  await asked;
  const later = await stageFor(t, {
    settings: { env: { PI_CODING_AGENT_DIR: stage.pi.dir } },
    client: { cwd: stage.workspace, workspaceFolders: [stage.workspace] },
  });
  stage.model.add(says('Still 42.'));
  const [one] = await list(later);
  await later.lsp.command('pi.resumeSession', { path: one.path });
  assert.equal((await later.ask('which number?')).text, 'Still 42.');
  assert.match(history(stage), /remember a number[\s\S]*The number is 42[\s\S]*which number/);
  assert.equal((await later.lsp.command('pi.status')).gate.proven, true);
});

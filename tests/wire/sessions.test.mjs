// Conversations: new ones, old ones, which are listed and gone on with.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { history } from './conversations.mjs';
import { stageFor } from './stage.mjs';
import { calls, edit, says } from './steps.mjs';

test('status before anything was asked starts nothing', async (t) => {
  const stage = await stageFor(t, {});
  const status = await stage.lsp.command('pi.status');
  assert.deepEqual([status.state, status.openEdits, status.permissionMode], ['notStarted', 0, 'ask']);
  assert.deepEqual(stage.piProcesses(), []);
});

test('a second prompt goes on with the conversation, a new session begins another', async (t) => {
  const stage = await stageFor(t, { script: [says('One.'), says('Two.'), says('Three.')] });
  const first = await stage.ask('first');
  const second = await stage.ask('second');
  assert.equal(second.sessionId, first.sessionId);
  assert.match(history(stage), /first[\s\S]*One\.[\s\S]*second/);
  const fresh = await stage.lsp.command('pi.newSession');
  assert.notEqual(fresh.sessionId, first.sessionId);
  const third = await stage.ask('third');
  assert.equal(third.sessionId, fresh.sessionId);
  assert.doesNotMatch(history(stage), /first/);
});

test('the earlier session can still be asked by its id', async (t) => {
  const stage = await stageFor(t, { script: [says('One.'), says('Two.')] });
  const { sessionId } = await stage.ask('first');
  await stage.lsp.command('pi.newSession');
  assert.equal((await stage.ask('second', { sessionId })).sessionId, sessionId);
  assert.match(history(stage), /first[\s\S]*second/);
});

test('two sessions can work at once, and a decision finds its own', async (t) => {
  const stage = await stageFor(t, {
    files: { 'a.txt': 'old\n', 'b.txt': 'old\n' },
    script: [
      { match: 'for a', ...calls(edit('a.txt', ['old', 'A'])) },
      { match: 'for b', ...calls(edit('b.txt', ['old', 'B'])) },
      { match: 'for a', text: 'Done a.' },
      { match: 'for b', text: 'Done b.' },
    ],
  });
  const uris = [await stage.open('a.txt'), await stage.open('b.txt')];
  const a = stage.ask('for a');
  const first = await stage.lsp.nextQuestion();
  const { sessionId } = await stage.lsp.command('pi.newSession');
  const b = stage.ask('for b', { sessionId });
  const edits = await stage.edits('two open edits', (all) => all.length === 2);
  assert.equal(new Set(edits.map((one) => one.id)).size, 2);
  const ofB = edits.find((one) => one.uri === uris[1]);
  await stage.lsp.command('pi.applyEdit', { editId: ofB.id });
  assert.equal((await b).text, 'Done b.');
  assert.equal(stage.lsp.text(uris[0]), 'old\n');
  first.answer('Apply');
  assert.equal((await a).text, 'Done a.');
  assert.deepEqual(
    uris.map((uri) => stage.lsp.text(uri)),
    ['A\n', 'B\n'],
  );
});

test('stored sessions are listed with their first words, the current one marked', async (t) => {
  const stage = await stageFor(t, { script: [says('One.'), says('Two.')] });
  await stage.ask('plan the garden');
  await stage.lsp.command('pi.newSession');
  await stage.ask('paint the fence');
  const { sessions } = await stage.lsp.command('pi.listSessions');
  assert.deepEqual(sessions.map((one) => one.firstWords).toSorted(), ['paint the fence', 'plan the garden']);
  for (const one of sessions) {
    assert.ok(Date.parse(one.modified) > 0);
    assert.ok(one.size > 0);
  }
});

test('a session of an earlier server is gone on with, behind a gate proven anew', async (t) => {
  const stage = await stageFor(t, { files: { 'notes.txt': 'one\n' }, script: [says('The number is 42.')] });
  await stage.ask('remember a number');
  const { sessionFile } = await stage.lsp.command('pi.status');
  assert.equal(await stage.lsp.stop(), 0);

  const later = await stageFor(t, {
    settings: { env: { PI_CODING_AGENT_DIR: stage.pi.dir } },
    client: { cwd: stage.workspace, workspaceFolders: [stage.workspace] },
  });
  await assert.rejects(later.lsp.command('pi.resumeSession', { path: '/no/such/session.jsonl' }), /no session file/);
  assert.equal((await later.lsp.command('pi.resumeSession', { path: sessionFile })).path, sessionFile);
  stage.model.add(calls(edit('notes.txt', ['one', '42'])), says('Written.'));
  const uri = stage.uri('notes.txt');
  await later.lsp.open(uri, 'one\n');
  const asked = later.ask('write it down');
  const question = await later.lsp.nextQuestion();
  assert.equal(later.lsp.text(uri), 'one\n');
  question.answer('Apply');
  assert.equal((await asked).text, 'Written.');
  assert.equal(later.lsp.text(uri), '42\n');
  assert.match(history(stage), /remember a number[\s\S]*The number is 42[\s\S]*write it down/);
  assert.equal((await later.lsp.command('pi.status')).gate.proven, true);
});

for (const command of ['pi.newSession', 'pi.resumeSession']) {
  test(`a ${command} that fails leaves the session before it the current one`, async (t) => {
    const stage = await stageFor(t, {
      files: { 'stored.jsonl': '{"type":"session","version":3,"id":"x","timestamp":"2026-01-01T00:00:00Z"}\n' },
      script: [says('One.'), says('Two.')],
    });
    const { sessionId } = await stage.ask('first');
    const { pi } = stage.lsp.configuration;
    await stage.lsp.setConfiguration({ pi: { ...pi, command: 'no-such-pi' } });
    await assert.rejects(stage.lsp.command(command, { path: stage.path('stored.jsonl') }), /not found/);
    await stage.lsp.setConfiguration({ pi });
    assert.equal((await stage.ask('second')).sessionId, sessionId);
    assert.match(history(stage), /first[\s\S]*second/);
  });
}

test('asks that come before the settings are known share one session', async (t) => {
  const stage = await stageFor(t, { script: Array.from({ length: 4 }, () => says('Here.')) });
  const results = await Promise.all(['steer', 'steer', 'followUp', 'steer'].map((deliver, i) => stage.ask(`early ${i}`, { deliver })));
  assert.equal(new Set(results.map((one) => one.sessionId)).size, 1);
  assert.equal((await stage.lsp.command('pi.listSessions')).sessions.length, 1);
});

test('a file that is no session is refused, and the server goes on', async (t) => {
  const stage = await stageFor(t, { files: { 'rubbish.jsonl': 'this is no session\n' }, script: [says('Here.')] });
  await stage.lsp.command('pi.resumeSession', { path: stage.path('rubbish.jsonl') }).then(
    () => {},
    (error) => assert.match(error.message, /./),
  );
  await stage.lsp.command('pi.newSession');
  assert.equal((await stage.ask('hello')).text, 'Here.');
  assert.equal(stage.disk('rubbish.jsonl'), 'this is no session\n');
});

test('resuming what is open already is the same session', async (t) => {
  const stage = await stageFor(t, { script: [says('One.')] });
  const { sessionId } = await stage.ask('first');
  const { sessionFile } = await stage.lsp.command('pi.status');
  await stage.lsp.command('pi.newSession');
  assert.equal((await stage.lsp.command('pi.resumeSession', { path: sessionFile })).sessionId, sessionId);
});

test('after resuming, prompts go to the resumed session', async (t) => {
  const stage = await stageFor(t, { script: [says('One.'), says('Two.')] });
  const { sessionId } = await stage.ask('first');
  const { sessionFile } = await stage.lsp.command('pi.status');
  await stage.lsp.command('pi.newSession');
  await stage.lsp.command('pi.resumeSession', { path: sessionFile });
  assert.equal((await stage.ask('second')).sessionId, sessionId);
  assert.match(history(stage), /first[\s\S]*second/);
});

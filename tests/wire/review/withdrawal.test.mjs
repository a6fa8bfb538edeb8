// What is open goes when the one who waits for it is gone; late answers do nothing, and Pi gets an answer for each.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { poll } from '../processes.mjs';
import { fakeSettings, stageFor } from '../stage.mjs';
import { bash, calls, edit, says } from '../steps.mjs';
import { actionsOn, byCommands, click, hunksShown, lensesIn, shown } from './plain-editor.mjs';

const NOTES = 'one\ntwo\nthree\n';
const files = { 'notes.txt': NOTES };
const change = [calls(edit('notes.txt', ['two', '2']))];

/** Questions that are not answered unless the test does; the client does not react to their withdrawal. */
function holdQuestions(stage) {
  const held = [];
  stage.lsp.onRequest(
    'window/showMessageRequest',
    ({ message, actions }) => new Promise((resolve) => held.push({ message, actions, answer: (title) => resolve({ title }) })),
  );
  return held;
}

/** One edit that waits, with its mark in the file and its action at hand. */
async function waiting(t, more = {}) {
  const stage = await stageFor(t, { files, script: change, settings: byCommands, ...more });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('go');
  await hunksShown(stage, uri, 1);
  const [apply] = await actionsOn(stage, uri, 1);
  return { stage, uri, asked, apply };
}

/** Nothing of the edit is left to see, and clicking on what was there before does nothing. */
async function isGone({ stage, uri, apply }, text = NOTES) {
  await hunksShown(stage, uri, 0);
  assert.deepEqual(await lensesIn(stage, uri), []);
  assert.deepEqual(await actionsOn(stage, uri, 1), []);
  const late = await click(stage, apply);
  assert.deepEqual([late.applied, late.status], [false, 'withdrawn']);
  assert.deepEqual([stage.lsp.text(uri), stage.lsp.all('workspace/applyEdit')], [text, []]);
}

test('abort: marks, lenses and actions go; the edit is left to who names it', async (t) => {
  const here = await waiting(t);
  await here.stage.lsp.command('pi.abort');
  assert.deepEqual((await here.asked).edits, [{ uri: here.uri, status: 'stopped' }]);
  const { stage, uri } = here;
  await hunksShown(stage, uri, 0);
  assert.deepEqual([await lensesIn(stage, uri), await actionsOn(stage, uri, 1)], [[], []]);
  await assert.rejects(stage.lsp.command('pi.applyEdit', { all: true }), /no open edit/);
  assert.deepEqual([stage.lsp.text(uri), stage.lsp.all('workspace/applyEdit')], [NOTES, []]);
  assert.equal((await click(stage, here.apply)).status, 'applied');
});

test('abort: Pi hears of every tool that waited, and the model of it with the next prompt', async (t) => {
  const stage = await stageFor(t, {
    files: { 'a.txt': 'old\n', 'b.txt': 'old\n' },
    settings: byCommands,
    script: [calls(edit('a.txt', ['old', 'new']), edit('b.txt', ['old', 'new']))],
  });
  const asked = stage.ask('go');
  await stage.edits('two open edits', (edits) => edits.length === 2);
  await stage.lsp.command('pi.abort');
  assert.deepEqual(
    (await asked).edits.map((one) => one.status),
    ['stopped', 'stopped'],
  );
  stage.model.add(says('Here again.'));
  assert.equal((await stage.ask('go on')).text, 'Here again.');
  assert.equal(stage.told().length, 2);
});

test('abort: a command that was asked for is not run by a late answer', async (t) => {
  const stage = await stageFor(t, { script: [calls(bash('touch proof'))] });
  const held = holdQuestions(stage);
  const asked = stage.ask('go');
  await poll('the question', () => held.length === 1);
  await stage.lsp.command('pi.abort');
  await asked;
  held[0].answer('Allow');
  stage.model.add(says('Here again.'));
  assert.equal((await stage.ask('go on')).text, 'Here again.');
  assert.equal(existsSync(stage.path('proof')), false);
});

test('a question about an edit that nobody answers is taken back, the edit stays for the commands, and later questions are put', async (t) => {
  const stage = await stageFor(t, { files, script: [...change, calls(bash('touch proof')), says('Done.')], settings: { questionTimeoutMs: 300 } });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('go');
  const question = await stage.lsp.nextQuestion();
  await stage.lsp.until('the question to be withdrawn', () => question.withdrawn);
  assert.equal((await stage.lsp.command('pi.listEdits')).edits[0].status, 'open');
  assert.equal((await stage.lsp.command('pi.applyEdit')).status, 'applied');
  const next = await stage.lsp.nextQuestion();
  assert.match(next.message, /touch proof/);
  await asked;
  assert.equal(stage.lsp.text(uri), 'one\n2\nthree\n');
  assert.equal(existsSync(stage.path('proof')), false);
  assert.match(stage.told()[1], /Nobody answered in time/);
});

test('crash: Pi is killed while an edit waits', async (t) => {
  const here = await waiting(t);
  for (const pid of here.stage.piProcesses()) process.kill(pid, 'SIGKILL');
  await assert.rejects(here.asked, /Pi|ended|SIGKILL|137/);
  await isGone(here);
});

test('crash: Pi ends by itself while an edit is asked for by message; the late answer does nothing', async (t) => {
  const stage = await stageFor(t, {
    files: { 'notes.txt': 'old\n' },
    fake: { runs: [[{ tools: { tool: 'edit', path: 'notes.txt', oldText: 'old', newText: 'new' } }]] },
  });
  const uri = await stage.open('notes.txt');
  const held = holdQuestions(stage);
  const asked = stage.ask('go');
  await poll('the question', () => held.length === 1);
  for (const pid of stage.piProcesses()) process.kill(pid, 'SIGKILL');
  await assert.rejects(asked);
  held[0].answer('Apply');
  const [one] = (await stage.lsp.command('pi.listEdits')).edits;
  assert.equal(one.status, 'withdrawn');
  assert.deepEqual([stage.lsp.text(uri), stage.lsp.all('workspace/applyEdit')], ['old\n', []]);
});

test('a new session leaves the old run to itself: its edit stays its own, by its id', async (t) => {
  const { stage, uri, asked, apply } = await waiting(t);
  const { sessionId } = await stage.lsp.command('pi.newSession');
  stage.model.add(says('Done.'));
  assert.deepEqual(await stage.lsp.command('pi.abort', { sessionId }), { aborted: false });
  const [one] = (await stage.lsp.command('pi.listEdits')).edits;
  assert.notEqual(one.sessionId, sessionId);
  assert.equal(one.status, 'open');
  assert.equal((await click(stage, apply)).status, 'applied');
  assert.equal((await asked).text, 'Done.');
  assert.equal(stage.lsp.text(uri), 'one\n2\nthree\n');
});

test('a closed workspace folder takes its edits with it, and the model hears why', async (t) => {
  const here = await waiting(t);
  const { stage, asked } = here;
  stage.model.add(says('Done.'));
  await stage.lsp.notify('workspace/didChangeWorkspaceFolders', { event: { added: [], removed: stage.lsp.folders } });
  assert.deepEqual((await asked).edits, [{ uri: here.uri, status: 'withdrawn' }]);
  assert.match(stage.told()[0], /withdrawn[\s\S]*workspace folder was closed/);
  await isGone(here);
});

test('a closed folder leaves the edits of the others alone', async (t) => {
  const { stage, uri, asked, apply } = await waiting(t, { script: [...change, says('Done.')] });
  const other = { uri: pathToFileURL(stage.pi.dir).href, name: 'other' };
  await stage.lsp.notify('workspace/didChangeWorkspaceFolders', { event: { added: [other], removed: [] } });
  await stage.lsp.notify('workspace/didChangeWorkspaceFolders', { event: { added: [], removed: [other] } });
  assert.equal((await click(stage, apply)).status, 'applied');
  assert.equal((await asked).text, 'Done.');
  assert.equal(stage.lsp.text(uri), 'one\n2\nthree\n');
});

test('every request of Pi is answered once, however it was withdrawn', async (t) => {
  const log = (stage) =>
    readFileSync(stage.path('fake.log'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter((one) => one.type === 'extension_ui_response');
  const tools = [
    { tool: 'edit', path: 'notes.txt', oldText: 'two', newText: '2' },
    { tool: 'write', path: 'new.txt', text: 'text\n' },
  ];
  const found = fakeSettings({ runs: [[{ tools }, { tools: { tool: 'bash', input: { command: 'true' }, output: '' } }]] });
  const stage = await stageFor(t, { files, fake: 'text', settings: { ...found, ...byCommands, env: { ...found.env, FAKE_PI_LOG: 'fake.log' } } });
  const asked = stage.ask('go');
  await stage.edits('two open edits', (edits) => edits.length === 2);
  await stage.lsp.command('pi.abort');
  await asked;
  // Pi reads its answers when it comes to it, also after it has settled.
  const withdrawn = () => log(stage).filter((one) => one.value?.includes('Nobody had decided')).length;
  await poll('both answers', () => withdrawn() >= 2);
  assert.equal(withdrawn(), 2);
  const ids = log(stage).map((one) => one.id);
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(shown(stage, stage.uri('new.txt')).length, 0);
});

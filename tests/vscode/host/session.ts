import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { calls, edit, propose, run, says, script, show, status } from './stage.ts';
import { outside, test, until } from './testing.ts';

test('pilsp.pickModel asks for one of Pi’s models and sets it', async () => {
  const done = run('pilsp.pickModel');
  await outside('pick', 'Pi: Model', 'Thinker 1');
  await done;
  assert.equal((await status()).model, 'local/thinker-1');
});

test('pilsp.pickThinking offers the levels of the model and sets one', async () => {
  await run('pi.pickModel', { provider: 'local', model: 'thinker-1' });
  const done = run('pilsp.pickThinking');
  await outside('pick', 'think', 'high');
  await done;
  assert.equal((await status()).thinking, 'high');
});

test('pilsp.permissionMode sets what Pi may do without asking', async () => {
  const editor = await show('notes.txt', 'one\n');
  const done = run('pilsp.permissionMode');
  await outside('pick', 'what may it do', 'Accept edits');
  await done;
  assert.equal((await status()).permissionMode, 'acceptEdits');
  await script('without asking', calls(edit('notes.txt', ['one', 'two'])), says('Done.'));
  await run('pilsp.ask', 'without asking');
  assert.equal(editor.document.getText(), 'two\n');
  await run('pi.setPermissionMode', { mode: 'ask' });
});

test('pilsp.newSession starts another conversation', async () => {
  const before = (await status()).sessionId;
  await run('pilsp.newSession');
  assert.notEqual((await status()).sessionId, before);
});

test('pilsp.newSessionInFolder needs no choice where there is one folder', async () => {
  const before = (await status()).sessionId;
  await run('pilsp.newSessionInFolder');
  assert.notEqual((await status()).sessionId, before);
});

test('pilsp.stop ends the run, and says so when there is none', async () => {
  await script('go on for ever', { text: 'thinking about it', hang: true });
  const done = run('pilsp.ask', 'go on for ever');
  await until('the run', async () => (await status()).state === 'running');
  await run('pilsp.stop');
  await done;
  assert.notEqual((await status()).state, 'running');
  await run('pilsp.stop');
  await outside('notified', 'not working on anything');
});

test('pilsp.undoRun takes back what a run changed, and says so when there is nothing', async () => {
  const editor = await show('notes.txt', 'one\n');
  const { open, finished } = await propose('notes.txt', ['one', 'two']);
  await run('pilsp.applyEdit', open.id);
  await finished;
  assert.equal(editor.document.getText(), 'two\n');
  const done = run('pilsp.undoRun');
  await outside('pick', 'undo which run', 'change notes.txt now');
  await done;
  assert.equal(editor.document.getText(), 'one\n');
});

test('pilsp.askAgain says that no question is put aside', async () => {
  await run('pilsp.askAgain');
  await outside('notified', 'No question is put aside');
});

test('pilsp.allowances lists what is always allowed, and revokes what is chosen', async () => {
  await run('pilsp.allowances');
  await outside('notified', 'Nothing is always allowed');
  await run('pi.allow', { shellCommand: 'npm test' });
  const done = run('pilsp.allowances');
  await outside('pick', 'always allowed', 'npm test');
  await done;
  await outside('notified', 'It is asked about again: npm test');
  assert.deepEqual((await run<{ allowances: unknown[] }>('pi.listAllowances')).allowances, []);
});

test('pilsp.compact says why there is nothing to compact', async () => {
  await run('pilsp.compact');
  await outside('notified', /compact|too small|Nothing/i.source.split('|')[0]);
});

test('pilsp.status says how Pi is', async () => {
  void run('pilsp.status');
  const message = await outside<string>('notified', 'Permission: Ask');
  assert.match(message, /Pi is ready/);
  assert.match(message, /Model: local\//);
});

test('pilsp.menu offers what makes sense and runs it', async () => {
  const before = (await status()).sessionId;
  const done = run('pilsp.menu');
  await outside('pick', '', 'New session');
  await done;
  assert.notEqual((await status()).sessionId, before);
});

test('pilsp.showLog shows the log of the server', async () => {
  await run('pilsp.showLog');
  await until('the log', () =>
    vscode.window.visibleTextEditors.some((one) => one.document.uri.scheme === 'output' && /starting .*pilsp/.test(one.document.getText())),
  );
});

test('pilsp.restart ends the server and starts another', async () => {
  const [before] = await outside<string[]>('servers');
  await run('pilsp.restart');
  const after = await until('another server', async () => {
    const now = await outside<string[]>('servers');
    return now.length === 1 && now[0] !== before && now;
  });
  assert.equal(after.length, 1);
  assert.equal((await status()).version, vscode.extensions.getExtension('pilsp.pilsp')?.packageJSON.version);
});

test('pilsp.openSettings shows the settings of this extension', async () => {
  await run('pilsp.openSettings');
  await until('the settings editor', () => vscode.window.tabGroups.activeTabGroup.activeTab?.label === 'Settings');
});

test('pilsp.openWalkthrough shows the first steps', async () => {
  await run('pilsp.openWalkthrough');
  await until('the walkthrough', () => /Get started with Pi|Welcome|Walkthrough/.test(vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? ''));
});

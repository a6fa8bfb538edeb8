import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { assertTold, calls, edit, openEdits, propose, proposedInFront, run, says, script, select, show } from './stage.ts';
import { outside, test, until } from './testing.ts';

const text = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n';
const twoHunks: [string, string][] = [
  ['two', '2'],
  ['six', '6'],
];

test('pilsp.review shows the live buffer beside the proposed text', async () => {
  await show('notes.txt', text);
  await propose('notes.txt', ...twoHunks);
  await run('pilsp.review');
  const proposed = await proposedInFront();
  assert.equal(proposed.document.getText(), text.replace('two', '2').replace('six', '6'));
});

test('pilsp.review, pilsp.applyEdit, pilsp.rejectEdit and the like say so when nothing waits', async () => {
  for (const command of ['review', 'applyEdit', 'rejectEdit', 'rejectEditWithReason', 'applyAll', 'rejectAll', 'nextChange', 'previousChange', 'remark']) {
    await run('notifications.clearAll');
    await run(`pilsp.${command}`);
    await outside('notified', 'No edit of Pi is waiting');
  }
});

test('pilsp.applyChange takes one change, pilsp.rejectChange leaves the other out; one undo takes it back', async () => {
  const editor = await show('notes.txt', text);
  const { finished } = await propose('notes.txt', ...twoHunks);
  await run('pilsp.review');
  select(await proposedInFront(), [1, 0]);
  await run('pilsp.applyChange');
  await until('the first change in the buffer', () => editor.document.getText() === text.replace('two', '2'));
  const [left] = await openEdits();
  await run('pilsp.rejectChange', left.id);
  await finished;
  assert.equal(editor.document.getText(), text.replace('two', '2'));
  await assertTold(/line 6|six/);
  await vscode.window.showTextDocument(editor.document);
  await run('undo');
  assert.equal(editor.document.getText(), text);
});

test('pilsp.applyEdit applies the whole edit and closes its diff', async () => {
  const editor = await show('notes.txt', text);
  const { finished } = await propose('notes.txt', ...twoHunks);
  await run('pilsp.review');
  await proposedInFront();
  await run('pilsp.applyEdit');
  await finished;
  assert.equal(editor.document.getText(), text.replace('two', '2').replace('six', '6'));
  assert.equal(editor.document.isDirty, true, 'it is left to the user to save');
  await until('the diff to be closed', () => vscode.window.activeTextEditor?.document.uri.scheme !== 'pi-proposal');
});

test('pilsp.rejectEdit leaves the buffer alone', async () => {
  const editor = await show('notes.txt', text);
  const { open, finished } = await propose('notes.txt', ...twoHunks);
  await run('pilsp.rejectEdit', open.id);
  await finished;
  assert.equal(editor.document.getText(), text);
  await assertTold(/reject/i);
});

test('pilsp.rejectEditWithReason tells the model why', async () => {
  await show('notes.txt', text);
  const { open, finished } = await propose('notes.txt', ...twoHunks);
  const rejected = run('pilsp.rejectEditWithReason', open.id);
  await outside('fill', 'Reject the edit of notes.txt', 'words, not digits');
  await rejected;
  await finished;
  await assertTold(/words, not digits/);
});

test('pilsp.applyAll applies the edits of several files', async () => {
  const [a, b] = [await show('a.txt', 'old a\n'), await show('b.txt', 'old b\n')];
  await script('both files', calls(edit('a.txt', ['old a', 'new a']), edit('b.txt', ['old b', 'new b'])), says('Done.'));
  const finished = run('pilsp.ask', 'both files');
  await until('two open edits', async () => (await openEdits()).length === 2);
  await run('pilsp.applyAll');
  await finished;
  assert.deepEqual([a.document.getText(), b.document.getText()], ['new a\n', 'new b\n']);
});

test('pilsp.rejectAll rejects the edits of several files', async () => {
  const [a, b] = [await show('a.txt', 'old a\n'), await show('b.txt', 'old b\n')];
  await script('both of them', calls(edit('a.txt', ['old a', 'new a']), edit('b.txt', ['old b', 'new b'])), says('Done.'));
  const finished = run('pilsp.ask', 'both of them');
  await until('two open edits', async () => (await openEdits()).length === 2);
  await run('pilsp.rejectAll');
  await finished;
  assert.deepEqual([a.document.getText(), b.document.getText()], ['old a\n', 'old b\n']);
  assert.deepEqual(await openEdits(), []);
});

test('pilsp.nextChange and pilsp.previousChange go round the changes', async () => {
  await show('notes.txt', text);
  await propose('notes.txt', ...twoHunks);
  await run('pilsp.review');
  select(await proposedInFront(), [0, 0]);
  const lineAfter = async (command: string, line: number) => {
    await run(command);
    const editor = await proposedInFront();
    await until(`${command} to go to line ${line + 1}`, () => editor.selection.active.line === line);
  };
  await lineAfter('pilsp.nextChange', 1);
  await lineAfter('pilsp.nextChange', 5);
  await lineAfter('pilsp.nextChange', 1);
  await lineAfter('pilsp.previousChange', 5);
});

test('the proposed side can be edited: pilsp.applyEdit applies the own version, pilsp.dropOwnVersion takes it back', async () => {
  const editor = await show('notes.txt', text);
  const { open, finished } = await propose('notes.txt', ['two', '2']);
  await run('pilsp.review');
  const proposed = await proposedInFront();
  await proposed.edit((change) => change.insert(new vscode.Position(1, 1), '!'));
  await run('pilsp.dropOwnVersion', open.id);
  assert.equal(proposed.document.getText(), text.replace('two', '2'));
  await proposed.edit((change) => change.insert(new vscode.Position(1, 1), '?'));
  await run('pilsp.applyEdit', open.id);
  await finished;
  assert.equal(editor.document.getText(), text.replace('two', '2?'));
  await assertTold(/2\?/);
});

test('with an own version of one change pilsp.applyChange takes another by itself, and pilsp.applyEdit the rest as it is', async () => {
  const editor = await show('notes.txt', text);
  const { open, finished } = await propose('notes.txt', ...twoHunks);
  await run('pilsp.review');
  const proposed = await proposedInFront();
  await proposed.edit((change) => change.insert(new vscode.Position(1, 1), '!\nand a line'));
  await run('pilsp.applyChange', open.id, open.hunks[1].id);
  assert.equal(editor.document.getText(), text.replace('six', '6'));
  assert.equal(proposed.document.getText(), text.replace('two', '2!\nand a line').replace('six', '6'), 'what waits is as it was');
  await run('pilsp.applyEdit', open.id);
  await finished;
  assert.equal(editor.document.getText(), text.replace('two', '2!\nand a line').replace('six', '6'));
  await assertTold(/2!/);
});

test('what was written into a proposal can be put into the file when the server is gone', async () => {
  const editor = await show('notes.txt', text);
  const { finished } = await propose('notes.txt', ['two', '2']);
  await run('pilsp.review');
  const proposed = await proposedInFront();
  await proposed.edit((change) => change.insert(new vscode.Position(1, 1), '!'));
  await run('pilsp.restart');
  await finished;
  await outside('answer', 'Your version of what Pi proposed', 'Put It into the File');
  await until('the text in the file', () => editor.document.getText() === text.replace('two', '2!'));
  const shown = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs).some((tab) => tab.input instanceof vscode.TabInputTextDiff);
  await until('the diff to be closed', () => !shown());
});

test('pilsp.remark with pilsp.addRemark reaches the model; pilsp.deleteRemarks takes one back', async () => {
  await show('notes.txt', text);
  const { open, finished } = await propose('notes.txt', ['two', '2']);
  await run('pilsp.review');
  await proposedInFront();
  await outside('remark', 'no digits please');
  await run('pilsp.rejectEdit', open.id);
  await finished;
  await assertTold(/no digits please/);

  const again = await propose('notes.txt', ['three', '3']);
  await run('pilsp.review');
  await proposedInFront();
  await outside('remark', 'never mind this one');
  await outside('deleteRemark');
  await run('pilsp.rejectEdit', again.open.id);
  await again.finished;
  assert.ok(!(await outside<string[]>('told')).some((one) => one.includes('never mind')), 'a remark that was deleted is not told');
});

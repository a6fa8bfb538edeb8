import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { calls, edit, openEdits, propose, proposedInFront, run, says, script, select, show } from './stage.ts';
import { outside, test, until } from './testing.ts';

const text = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n';
const twoHunks: [string, string][] = [
  ['two', '2'],
  ['six', '6'],
];
const lensesOf = async (uri: vscode.Uri) =>
  (await run<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri)).map(
    (lens) => `${lens.range.start.line}:${lens.command?.title.replace(/^\$\([\w-]+\) /, '')}`,
  );
const actionsAt = async (uri: vscode.Uri, line: number) =>
  (await run<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, new vscode.Range(line, 0, line, 0))).map((action) => action.title);

test('a change that waits has its lenses and quick fixes once: in the file, or in the diff that shows it', async () => {
  const { document } = await show('notes.txt', text);
  await propose('notes.txt', ...twoHunks);
  const each = (line: number, at: number) => [`${line}:Pi: Apply`, `${line}:Reject`, `${line}:Open Diff`, `${line}:${at} of 2`];
  await until('the lenses in the file', async () => (await lensesOf(document.uri)).length > 0);
  assert.deepEqual(await lensesOf(document.uri), [...each(1, 1), ...each(5, 2)]);
  const all = ['Apply all 2 changes of Pi here', 'Reject all 2 changes of Pi here'];
  assert.deepEqual(await actionsAt(document.uri, 1), ["Apply Pi's change", "Reject Pi's change", ...all, "Show Pi's change as a diff"]);
  assert.deepEqual(await actionsAt(document.uri, 3), []);
  assert.deepEqual(vscode.languages.getDiagnostics(document.uri), [], 'a change that waits is no problem of the code');

  await run('pilsp.review');
  const proposed = (await proposedInFront()).document.uri;
  assert.deepEqual(await lensesOf(document.uri), []);
  assert.equal((await lensesOf(proposed)).filter((one) => one.endsWith(':Apply')).length, 2);
  assert.deepEqual(await actionsAt(proposed, 5), ["Apply Pi's change", "Reject Pi's change", ...all]);
});

test('pilsp.applyChange and pilsp.rejectChange where the cursor is at no change show the next one and decide nothing', async () => {
  const editor = await show('notes.txt', text);
  await propose('notes.txt', ...twoHunks);
  for (const [command, line] of [
    ['pilsp.applyChange', 5],
    ['pilsp.rejectChange', 1],
  ] as const) {
    await vscode.window.showTextDocument(editor.document);
    const active = vscode.window.activeTextEditor as vscode.TextEditor;
    select(active, line === 5 ? [3, 0] : [6, 0]);
    await run(command);
    await until(`${command} to go to line ${line + 1} of the file itself`, () => vscode.window.activeTextEditor?.selection.active.line === line);
    assert.equal(vscode.window.activeTextEditor?.document, editor.document);
  }
  await show('elsewhere.txt', 'nothing of this waits\n');
  await run('pilsp.applyChange');
  await proposedInFront();
  assert.equal(editor.document.getText(), text);
  assert.equal((await openEdits())[0].hunks.filter((hunk) => hunk.fate === undefined).length, 2);
});

test('after each decision of pilsp.applyChange and pilsp.rejectChange the next change is in view, over files, in the order of the list', async () => {
  const [a] = [await show('a.txt', text), await show('b.txt', 'old b\n')];
  await script('in order', calls(edit('a.txt', ...twoHunks), edit('b.txt', ['old b', 'new b'])), says('Done.'));
  const finished = run('pilsp.ask', 'in order');
  const both = await until('two open edits', async () => ((await openEdits()).length === 2 ? openEdits() : undefined));
  // Pi goes about calls of one turn at once: either may be the first to be proposed.
  const first = both.find((one) => one.uri.endsWith('/a.txt')) ?? both[0];
  const front = () => `${vscode.window.activeTextEditor?.document.uri.path.split('/').at(-1)}:${vscode.window.activeTextEditor?.selection.active.line}`;
  await vscode.window.showTextDocument(a.document, { selection: new vscode.Range(1, 0, 1, 0) });
  await run('pilsp.applyChange', first.id, first.hunks[0].id);
  await until('the second change in the file', () => front() === 'a.txt:5');
  await run('pilsp.rejectChange');
  await until('the change in the next file', () => front() === 'b.txt:0');
  assert.equal(vscode.window.activeTextEditor?.document.uri.scheme, 'file');
  await run('pilsp.applyChange');
  await finished;
  assert.equal(a.document.getText(), text.replace('two', '2'));
});

test('in the diff, too: pilsp.rejectChange goes on to the next change of it', async () => {
  const editor = await show('notes.txt', text);
  const { finished } = await propose('notes.txt', ['one', '1\nand more'], ['four', '4'], ['six', '6']);
  await run('pilsp.review');
  const shown = await proposedInFront();
  select(shown, [0, 0]);
  await run('pilsp.rejectChange');
  await until('the cursor at the next change', () => shown.selection.active.line === 3 && shown.document.getText().startsWith('one\n'));
  await run('pilsp.applyChange');
  await until('the cursor at the last one', () => shown.selection.active.line === 5);
  await run('pilsp.applyChange');
  await finished;
  assert.equal(editor.document.getText(), text.replace('four', '4').replace('six', '6'));
});

test('pilsp.applyEdit from elsewhere asks which of several edits is meant', async () => {
  const [a, b] = [await show('a.txt', 'old a\n'), await show('b.txt', 'old b\n')];
  await script('two files', calls(edit('a.txt', ['old a', 'new a']), edit('b.txt', ['old b', 'new b'])), says('Done.'));
  const finished = run('pilsp.ask', 'two files');
  await until('two open edits', async () => (await openEdits()).length === 2);
  await show('elsewhere.txt', 'nothing of this waits\n');
  const done = run('pilsp.applyEdit');
  await outside('pick', 'Apply which edit?', 'b.txt');
  await done;
  assert.deepEqual([a.document.getText(), b.document.getText()], ['old a\n', 'new b\n']);
  await run('pilsp.rejectAll');
  await finished;
});

test('a decision on an edit that is decided already decides no other', async () => {
  await show('a.txt', 'old a\n');
  const first = await propose('a.txt', ['old a', 'new a']);
  await run('pilsp.rejectEdit', first.open.id);
  await first.finished;
  const b = await show('b.txt', 'old b\n');
  await propose('b.txt', ['old b', 'new b']);
  await run('pilsp.applyEdit', 'no-such-edit');
  await outside('notified', 'does not wait any more');
  await run('notifications.clearAll');
  await run('pilsp.applyEdit', first.open.id);
  await outside('notified', 'already rejected');
  assert.equal(b.document.getText(), 'old b\n');
  assert.equal((await openEdits()).length, 1);
});

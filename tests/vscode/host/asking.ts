import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { calls, edit, openEdits, run, says, script, select, show, status, uriOf } from './stage.ts';
import { outside, test, until } from './testing.ts';

const asked = () => outside<string>('lastUserText');

test('pilsp.ask puts what is typed to Pi, with the file in front', async () => {
  await show('greet.ts', 'export const greet = 1;\n');
  await script('what is greet', says('A number.'));
  const done = run('pilsp.ask');
  await outside('fill', 'Ask Pi', 'what is greet');
  await done;
  const text = await asked();
  assert.match(text, /what is greet/);
  assert.match(text, /greet\.ts/);
});

test('pilsp.ask that is dismissed asks nothing', async () => {
  const before = await outside('requests');
  const done = run('pilsp.ask');
  await outside('dismiss', 'Ask Pi');
  await done;
  assert.equal(await outside('requests'), before);
  assert.notEqual((await status()).state, 'running');
});

test('pilsp.askAboutSelection hands over the selected text of the unsaved buffer', async () => {
  const editor = await show('greet.ts', 'one\nunsaved words\nthree\n');
  select(editor, [1, 0], [1, 13]);
  await script('explain this', says('It says so.'));
  const done = run('pilsp.askAboutSelection');
  await outside('fill', 'about the selection', 'explain this');
  await done;
  const text = await asked();
  assert.match(text, /unsaved words/);
  assert.doesNotMatch(text, /three/);
});

test('pilsp.askAboutSelection without a file says what it needs', async () => {
  await run('workbench.action.closeAllEditors');
  await run('pilsp.askAboutSelection');
  await outside('notified', 'Open a file and select something');
});

test('pilsp.editSelection asks for a change of the selected lines, which waits', async () => {
  const editor = await show('greet.ts', 'one\ntwo\n');
  select(editor, [1, 0], [1, 3]);
  await script('in German', calls(edit('greet.ts', ['two', 'zwei'])), says('Done.'));
  const done = run('pilsp.editSelection');
  await outside('fill', 'Edit the selection', 'in German');
  const [open] = await until('an open edit', async () => {
    const found = await openEdits();
    return found.length > 0 && found;
  });
  assert.match(await asked(), /two/);
  assert.equal(editor.document.getText(), 'one\ntwo\n');
  await run('pilsp.applyEdit', open.id);
  await done;
  assert.equal(editor.document.getText(), 'one\nzwei\n');
});

test('pilsp.editSelection without a file says what it needs', async () => {
  await run('workbench.action.closeAllEditors');
  await run('pilsp.editSelection');
  await outside('notified', 'Open a file and select');
});

test('pilsp.fixProblems hands the problem at the cursor to Pi', async () => {
  const editor = await show('greet.txt', 'one\ntwo\n');
  const problems = vscode.languages.createDiagnosticCollection('test');
  try {
    const problem = new vscode.Diagnostic(new vscode.Range(1, 0, 1, 3), 'two is too many', vscode.DiagnosticSeverity.Error);
    problem.source = 'counter';
    problems.set(uriOf('greet.txt'), [problem]);
    select(editor, [1, 1]);
    await script('Fix this problem', says('I would not.'));
    await run('pilsp.fixProblems');
    const text = await asked();
    assert.match(text, /line 2: two is too many \(counter\)/);
    const actions = await run<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uriOf('greet.txt'), problem.range);
    assert.ok(
      actions.some((one) => one.title === 'Fix with Pi'),
      'the Problems view offers it',
    );
  } finally {
    problems.dispose();
  }
});

test('pilsp.fixProblems where there is none says so', async () => {
  await show('fine.txt', 'one\n');
  await run('pilsp.fixProblems');
  await outside('notified', 'no problem at the cursor');
});

test('pilsp.ask about an untitled buffer: its text goes along, and its edit goes to that buffer', async () => {
  const document = await vscode.workspace.openTextDocument({ content: 'one\ntwo\n' });
  await vscode.window.showTextDocument(document, { preview: false });
  assert.equal(document.uri.scheme, 'untitled');
  await script('look at this', says('I see.'));
  await run('pilsp.ask', 'look at this');
  const [, path] = /its path is (\S+): read and edit it there[\s\S]*```\none\ntwo\n```/.exec(await asked()) ?? [];
  assert.ok(path, await asked());
  await script('change the buffer', calls(edit(path, ['two', '2'])), says('Done.'));
  const done = run('pilsp.ask', 'change the buffer');
  const [open] = await until('an open edit', async () => {
    const found = await openEdits();
    return found.length > 0 && found;
  });
  assert.equal(open.uri, document.uri.toString());
  await run('pilsp.applyEdit', open.id);
  await done;
  assert.equal(document.getText(), 'one\n2\n');
  assert.equal(document.isUntitled, true);
});

test('pilsp.ask about what is no file takes its text along, and says that it is none', async () => {
  const scheme = 'review';
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, { provideTextDocumentContent: () => 'as it was\n' });
  try {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(vscode.Uri.parse(`${scheme}:/work/a.js?ref`)));
    await script('what was it', says('Older.'));
    await run('pilsp.ask', 'what was it');
    assert.match(await asked(), /a\.js \(review:\), which is no file and cannot be edited here:\n```\nas it was\n```/);
    await run('pilsp.editSelection');
    await outside('notified', 'it is no file');
  } finally {
    provider.dispose();
  }
});

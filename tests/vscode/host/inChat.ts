import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { assertTold, bash, calls, propose, proposedInFront, run, says, script, select, show, uriOf } from './stage.ts';
import { outside, test, until } from './testing.ts';

test('pilsp.addToChat has files and what is selected go along with the next message', async () => {
  await show('other.txt', 'words of the other file\n');
  const editor = await show('greet.ts', 'one\nselected words\nthree\n');
  await run('pilsp.addToChat', uriOf('other.txt'), [uriOf('other.txt')]);
  await vscode.window.showTextDocument(editor.document);
  select(vscode.window.activeTextEditor as vscode.TextEditor, [1, 0], [1, 14]);
  await run('pilsp.addToChat');
  await until('both chips', async () => {
    const chips = await outside<string[]>('chips');
    return chips.includes('other.txt') && chips.includes('greet.ts:2-2');
  });
  await script('what of these', says('All of it.'));
  await outside('sayInChat', 'what of these');
  await until('the prompt', async () => /what of these/.test(await outside('lastUserText')));
  const asked = await outside<string>('lastUserText');
  assert.match(asked, /words of the other file/);
  assert.match(asked, /selected words/);
  assert.deepEqual((await outside<string[]>('chips')).includes('other.txt'), false, 'it goes along once');
});

test('what was added by itself and is still selected goes along once', async () => {
  const editor = await show('greet.ts', 'one\nselected words\nthree\n');
  select(editor, [1, 0], [1, 14]);
  await run('pilsp.addToChat');
  await until('the chip of the selection', async () => (await outside<string[]>('chips')).join() === 'greet.ts,greet.ts:2-2');
  await script('just once', says('All of it.'));
  await outside('sayInChat', 'just once');
  await until('the prompt', async () => /just once/.test(await outside('lastUserText')));
  assert.equal((await outside<string>('lastUserText')).split('selected words').length, 2);
});

test('pilsp.find opens the search in the conversation', async () => {
  await run('pilsp.find');
  await until('the field', async () => (await outside<string[]>('inChat', '.find:not([hidden])')).length === 1);
});

test('what is applied in the chat is the version that the user has made of it', async () => {
  const editor = await show('notes.txt', 'one\ntwo\n');
  const { finished } = await propose('notes.txt', ['two', '2']);
  await run('pilsp.review');
  const proposed = await proposedInFront();
  await proposed.edit((change) => change.insert(new vscode.Position(1, 1), '!'));
  await run('pilsp.chat.focus');
  await outside('pressInChat', 'Apply');
  await finished;
  assert.equal(editor.document.getText(), 'one\n2!\n');
});

test('what is rejected in the chat goes to the model with the words there and the remarks of the diff', async () => {
  await show('notes.txt', 'one\ntwo\n');
  const { finished } = await propose('notes.txt', ['two', '2']);
  await run('pilsp.review');
  await proposedInFront();
  await outside('remark', 'no digits please');
  await run('pilsp.chat.focus');
  await outside('pressInChat', 'Reject', 'spell it out');
  await finished;
  await assertTold(/spell it out/);
  await assertTold(/no digits please/);
});

test('the diff of an edit is opened from the chat as VS Code’s own', async () => {
  await show('notes.txt', 'one\ntwo\n');
  await propose('notes.txt', ['two', '2']);
  await run('pilsp.chat.focus');
  await outside('pressInChat', 'Open diff');
  assert.equal((await proposedInFront()).document.getText(), 'one\n2\n');
});

test('a question that came while the chat was hidden stands in it, too, and is answered once', async () => {
  await run('pilsp.chat.focus');
  await run('workbench.view.explorer');
  await script('run it', calls(bash('echo ran')), says('It ran.'));
  // Not by the command, which would bring the chat to the front.
  const finished = run('pi.ask', { prompt: 'run it' });
  await outside('notified', 'Pi wants to run bash');
  await run('pilsp.chat.focus');
  await outside('pressInChat', 'Allow');
  await finished;
  await assertTold(/ran/);
});

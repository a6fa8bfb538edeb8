// Texts without a file: a new buffer, a revision of git's, a notebook's cell. Their URI is no path, and no file comes of it.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { stageFor } from '../stage.mjs';
import { bash, calls, edit, read, says, write } from '../steps.mjs';

const NEW = 'untitled:Untitled-1';
const settings = { permissionMode: 'acceptEdits' };

/** The path that the model was told to use. */
function pathOf(stage) {
  const [, path] = /its path is (\S+): read and edit it there/.exec(stage.model.lastUserText());
  return path;
}

test('failure 30: an untitled buffer goes along as text, and its edit goes to that buffer', async (t) => {
  const stage = await stageFor(t, { script: [says('I see.')], settings });
  await stage.lsp.open(NEW, 'one\ntwo\n');
  await stage.ask('look', { textDocument: { uri: NEW } });
  const said = stage.model.lastUserText();
  assert.match(said, /The user has Untitled-1 open\. It is a buffer without a file\.[\s\S]*```\none\ntwo\n```/);
  assert.doesNotMatch(said, /untitled:/);
  const path = pathOf(stage);
  assert.equal(existsSync(dirname(path)), false);

  stage.model.add(calls(read(path)), calls(edit(path, ['two', '2'])), calls(write(path, 'all new\n')), says('Done.'));
  const { edits } = await stage.ask('change it', { textDocument: { uri: NEW } });
  assert.deepEqual(edits, [
    { uri: NEW, status: 'applied' },
    { uri: NEW, status: 'applied' },
  ]);
  const [was, ...told] = stage.told();
  assert.equal(was, 'one\ntwo\n');
  assert.deepEqual(told, ['Applied to Untitled-1.', 'Applied to Untitled-1.']);
  assert.equal(stage.lsp.text(NEW), 'all new\n');
  assert.equal(existsSync(path), false);
  assert.deepEqual(readdirSync(stage.workspace), []);
  // Taken back like any other.
  const { files } = await stage.lsp.command('pi.undoRun');
  assert.deepEqual(
    files.map((one) => one.status),
    ['restored'],
  );
  assert.equal(stage.lsp.text(NEW), 'one\ntwo\n');
});

test('failure 30: the URI taken for a path makes no file', async (t) => {
  const stage = await stageFor(t, { script: [calls(write(NEW, 'x\n')), calls(write('untitled:Untitled-9', 'x\n')), says('Done.')], settings });
  await stage.lsp.open(NEW, 'one\n');
  await stage.ask('please');
  const [open, none] = stage.told();
  assert.match(open, /cannot be edited: it is no file\. It is a buffer without a file\. For your tools its path is /);
  assert.match(none, /cannot be edited: it is no file, and the editor has no such buffer open/);
  assert.deepEqual(readdirSync(stage.workspace), []);
});

test('failure 30: a closed buffer is told as gone, and nothing is made of it', async (t) => {
  const stage = await stageFor(t, { script: [says('I see.')], settings: { approval: 'message' } });
  await stage.lsp.open(NEW, 'one\n');
  await stage.ask('look', { textDocument: { uri: NEW } });
  const path = pathOf(stage);
  stage.model.add(calls(edit(path, ['one', '1'])), calls(read(path)), says('Done.'));
  const asked = stage.ask('please');
  const question = await stage.lsp.nextQuestion();
  assert.match(question.message, /Pi wants to change Untitled-1:/);
  await stage.lsp.close(NEW);
  question.answer('Apply');
  await asked;
  const [changed, gone] = stage.told();
  assert.match(changed, /not applied: there is no such buffer/);
  assert.match(gone, /no such buffer/);
  assert.equal(existsSync(path), false);
});

test('failure 30: what is a view of something else is read and not edited', async (t) => {
  const stage = await stageFor(t, { script: [says('I see.')], settings });
  const uri = 'git:/work/a.js?%7B%22ref%22%3A%22HEAD%22%7D';
  await stage.lsp.open(uri, 'old text\n');
  await stage.ask('look', { textDocument: { uri } });
  const said = stage.model.lastUserText();
  assert.match(said, /The user has \S+a\.js open\. It is no file \(git:\) and cannot be edited; this is its text\. Its text:\n```\nold text\n```/);
  // A URI that the editor has told nothing of is named as what it is.
  stage.model.add(says('I see.'));
  await stage.ask('look', { textDocument: { uri: 'vscode-notebook-cell:/work/n.ipynb#W0' } });
  assert.match(stage.model.lastUserText(), /It is no file, and the editor has not given its text/);
});

test('failure 30: a command is told that it does not see a new buffer', async (t) => {
  const stage = await stageFor(t, { script: [says('I see.')], settings: { permissionMode: 'full' } });
  await stage.lsp.open(NEW, 'one\n');
  await stage.ask('look', { textDocument: { uri: NEW } });
  stage.model.add(calls(edit(pathOf(stage), ['one', '1'])), calls(bash('ls')), says('Done.'));
  await stage.ask('please');
  assert.match(stage.told()[1], /A buffer without a file, so the command did not see it: Untitled-1/);
});

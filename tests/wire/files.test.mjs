// Files that are new, closed or empty, for clients that can do more and less.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { stageFor } from './stage.mjs';
import { calls, edit, read, says, write } from './steps.mjs';

const creation = (path, content) => [calls(write(path, content)), says('Done.')];
const without = (workspaceEdit) => ({ capabilities: { workspace: { workspaceEdit } } });

/** Lets Pi work and the user click on Apply. */
async function applied(stage, answer = 'Apply') {
  const asked = stage.ask('do it');
  (await stage.lsp.nextQuestion()).answer(answer);
  return asked;
}

test('a new file is created after the decision, with its text, in one edit', async (t) => {
  const stage = await stageFor(t, { script: creation('new.txt', 'line 1\nline 2\n') });
  const uri = stage.uri('new.txt');
  const asked = stage.ask('create it');
  const question = await stage.lsp.nextQuestion();
  assert.match(question.message, /create new\.txt/);
  const [open] = (await stage.lsp.command('pi.listEdits')).edits;
  assert.deepEqual([open.uri, open.version, open.newText], [uri, null, 'line 1\nline 2\n']);
  assert.deepEqual(stage.lsp.all('workspace/applyEdit'), []);
  question.answer('Apply');
  assert.deepEqual((await asked).edits, [{ uri, status: 'applied' }]);
  const [{ edit }] = stage.lsp.all('workspace/applyEdit');
  assert.deepEqual(edit.documentChanges[0], { kind: 'create', uri, options: { ignoreIfExists: true } });
  assert.equal(edit.documentChanges[1].textDocument.version, null);
  assert.equal(stage.lsp.text(uri), 'line 1\nline 2\n');
  assert.deepEqual(stage.told(), ['Created new.txt.']);
});

test('a rejected new file leaves nothing on disk, no folder either', async (t) => {
  const stage = await stageFor(t, { script: creation('some/deep/folder/new.txt', 'text\n') });
  await applied(stage, 'Reject');
  assert.equal(existsSync(stage.path('some')), false);
  assert.deepEqual(stage.lsp.all('workspace/applyEdit'), []);
});

test('a new file in a new folder', async (t) => {
  const stage = await stageFor(t, { script: creation('some/deep/folder/new.txt', 'text\n') });
  const { edits } = await applied(stage);
  assert.deepEqual(edits, [{ uri: stage.uri('some/deep/folder/new.txt'), status: 'applied' }]);
  assert.equal(stage.lsp.text(stage.uri('some/deep/folder/new.txt')), 'text\n');
});

test('a new file with a name that a URI has to encode', async (t) => {
  const name = 'ein Ordner/über #1 [%].txt';
  const stage = await stageFor(t, { script: [...creation(name, 'text\n'), calls(read(name)), says('Read.')] });
  await applied(stage);
  const [uri] = stage.lsp.documents.keys();
  assert.equal(decodeURIComponent(uri), `file://${stage.path(name)}`);
  await stage.ask('read it');
  assert.match(stage.told().at(-1), /text/);
});

test('a client that cannot create files gets the text alone, and what it opens is checked', async (t) => {
  const stage = await stageFor(t, { script: creation('new.txt', 'text\n'), client: without({ resourceOperations: null }) });
  const uri = stage.uri('new.txt');
  stage.lsp.applyMode = async ({ edit }) => {
    assert.deepEqual(
      edit.documentChanges.map((one) => one.kind),
      [undefined],
    );
    await stage.lsp.open(uri, '');
    await stage.lsp.type(
      uri,
      edit.documentChanges[0].edits.map((one) => ({ range: one.range, text: one.newText })),
    );
    return { applied: true };
  };
  assert.deepEqual((await applied(stage)).edits, [{ uri, status: 'applied' }]);
  assert.equal(stage.lsp.text(uri), 'text\n');
});

test('a client that cannot create files and refuses to is quoted', async (t) => {
  const stage = await stageFor(t, { script: creation('new.txt', 'text\n'), client: without({ resourceOperations: null }) });
  assert.equal((await applied(stage)).edits[0].status, 'failed');
  assert.match(stage.told()[0], /does not exist/);
});

test('an empty new file', async (t) => {
  const stage = await stageFor(t, { script: creation('empty.txt', '') });
  const uri = stage.uri('empty.txt');
  assert.deepEqual((await applied(stage)).edits, [{ uri, status: 'applied' }]);
  assert.equal(stage.lsp.text(uri), '');
});

for (const [what, client] of [
  ['create files', without({ resourceOperations: null })],
  ['take document changes', without({ documentChanges: null, resourceOperations: null })],
]) {
  test(`an empty new file is not said to exist where the client cannot ${what}`, async (t) => {
    const stage = await stageFor(t, { script: creation('empty.txt', ''), client });
    assert.equal((await applied(stage)).edits[0].status, 'failed');
    assert.equal(stage.lsp.documents.size, 0);
    assert.match(stage.told()[0], /not applied/);
  });
}

test('an empty new file that the client refuses is not said to exist', async (t) => {
  const stage = await stageFor(t, { script: creation('empty.txt', '') });
  stage.lsp.applyMode = 'refuse';
  assert.equal((await applied(stage)).edits[0].status, 'failed');
  assert.match(stage.told()[0], /the client does not want to/);
});

test('a client without documentChanges gets the edit by URI', async (t) => {
  const stage = await stageFor(t, {
    files: { 'notes.txt': 'one\ntwo\n' },
    script: [calls(edit('notes.txt', ['two', '2'])), says('Done.')],
    client: without({ documentChanges: null }),
  });
  const uri = await stage.open('notes.txt');
  await applied(stage);
  const [{ edit: sent }] = stage.lsp.all('workspace/applyEdit');
  assert.deepEqual(Object.keys(sent), ['changes']);
  assert.deepEqual(Object.keys(sent.changes), [uri]);
  assert.equal(stage.lsp.text(uri), 'one\n2\n');
});

test('a client without workspace/applyEdit is not sent one, and the model hears why nothing changed', async (t) => {
  const stage = await stageFor(t, {
    files: { 'notes.txt': 'one\n' },
    script: [calls(edit('notes.txt', ['one', '1'])), says('Done.')],
    client: { capabilities: { workspace: { applyEdit: null } } },
  });
  const uri = await stage.open('notes.txt');
  assert.equal((await applied(stage)).edits[0].status, 'failed');
  assert.deepEqual(stage.lsp.all('workspace/applyEdit'), []);
  assert.equal(stage.lsp.text(uri), 'one\n');
  assert.match(stage.told()[0], /does not take edits/);
});

test('a closed file is edited in the editor, and its disk is left alone', async (t) => {
  const stage = await stageFor(t, { files: { 'notes.txt': 'one\ntwo\n' }, script: [calls(edit('notes.txt', ['two', '2'])), says('Done.')] });
  const uri = stage.uri('notes.txt');
  assert.deepEqual((await applied(stage)).edits, [{ uri, status: 'applied' }]);
  assert.equal(stage.lsp.all('workspace/applyEdit')[0].edit.documentChanges[0].textDocument.version, null);
  assert.equal(stage.lsp.text(uri), 'one\n2\n');
  assert.equal(stage.disk('notes.txt'), 'one\ntwo\n');
});

test('what an editor took for a file that it keeps to itself is what Pi reads next, until the disk is another', async (t) => {
  const stage = await stageFor(t, {
    files: { 'notes.txt': 'one\ntwo\n' },
    script: [calls(edit('notes.txt', ['two', '2'])), calls(read('notes.txt')), says('Done.'), calls(read('notes.txt')), says('Read.')],
  });
  stage.lsp.applyMode = () => ({ applied: true });
  assert.equal((await applied(stage)).edits[0].status, 'applied');
  assert.match(stage.told()[0], /could not be checked/);
  assert.match(stage.told()[1], /one\n2\n/);
  stage.write('notes.txt', 'written by another\n');
  await stage.ask('read it again');
  assert.match(stage.told().at(-1), /written by another/);
});

test('an empty file is filled, and a full one emptied', async (t) => {
  const stage = await stageFor(t, {
    files: { 'empty.txt': '', 'full.txt': 'much\ntext' },
    script: [calls(write('empty.txt', 'filled\n'), write('full.txt', '')), says('Done.')],
  });
  const uris = [await stage.open('empty.txt'), await stage.open('full.txt')];
  const asked = stage.ask('swap them');
  (await stage.lsp.nextQuestion()).answer('Apply');
  (await stage.lsp.nextQuestion()).answer('Apply');
  assert.deepEqual(
    (await asked).edits.map((one) => one.status),
    ['applied', 'applied'],
  );
  assert.deepEqual(
    uris.map((uri) => stage.lsp.text(uri)),
    ['filled\n', ''],
  );
});

test('a write of what is there already asks nobody', async (t) => {
  const stage = await stageFor(t, { files: { 'notes.txt': 'same\n' }, script: creation('notes.txt', 'same\n') });
  await stage.ask('write it');
  assert.equal(stage.lsp.questions.length, 0);
  assert.match(stage.told()[0], /already has exactly this content/);
});

test('what is not text is neither edited nor overwritten', async (t) => {
  const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
  const stage = await stageFor(t, {
    files: { 'data.bin': bytes },
    script: [calls(edit('data.bin', ['a', 'b']), write('data.bin', 'text\n')), says('Done.')],
  });
  await stage.ask('change it');
  assert.equal(stage.lsp.questions.length, 0);
  assert.match(stage.told()[0], /UTF-8/);
  assert.match(stage.told()[1], /UTF-8/);
});

test('a missing file and a folder are errors that the model can read', async (t) => {
  const stage = await stageFor(t, {
    files: { 'folder/inside.txt': 'x\n' },
    script: [calls(read('missing.txt'), edit('missing.txt', ['a', 'b']), read('folder'), write('folder', 'text')), says('Done.')],
  });
  await stage.ask('try it');
  assert.equal(stage.told().length, 4);
  assert.match(stage.told()[0], /missing\.txt does not exist/);
  assert.match(stage.told()[1], /missing\.txt/);
  assert.match(stage.told()[2], /EISDIR|directory|folder/i);
  assert.match(stage.told()[3], /EISDIR|directory|folder/i);
  assert.equal(stage.lsp.questions.length, 0);
});

test('a file outside the workspace is asked about and named in full', async (t) => {
  const stage = await stageFor(t, { script: [] });
  const outside = `${stage.pi.dir}/outside.txt`;
  stage.model.add(calls(write(outside, 'text\n')), says('Done.'));
  const asked = stage.ask('write it');
  const question = await stage.lsp.nextQuestion();
  assert.ok(question.message.includes(outside), question.message);
  question.answer('Reject');
  await asked;
  assert.equal(existsSync(outside), false);
});

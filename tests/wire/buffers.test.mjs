// The buffer is the truth: what Pi reads, what it edits, and what it is told about are the user's unsaved texts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { poll } from './processes.mjs';
import { stageFor } from './stage.mjs';
import { calls, edit, read, says, write } from './steps.mjs';

const NOTES = 'one\ntwo\nthree\nfour\nfive\n';
const files = { 'notes.txt': NOTES };
const change = [calls(edit('notes.txt', ['two', '2'])), says('Done.')];

/** Room for typing that is not near the line `two`. */
const LONG = `1\n2\n3\n4\n${NOTES}6\n7\n8\n9\n`;
const long = { 'notes.txt': LONG };

test('Pi reads the unsaved buffer and edits the unsaved buffer', async (t) => {
  const stage = await stageFor(t, {
    files: { 'notes.txt': 'on disk\n' },
    script: [calls(read('notes.txt')), calls(edit('notes.txt', ['only in the buffer', 'changed by Pi'])), says('Done.')],
  });
  const uri = await stage.open('notes.txt');
  await stage.lsp.type(uri, { text: 'only in the buffer\n' });
  const asked = stage.ask('read and change it');
  (await stage.lsp.nextQuestion()).answer('Apply');
  await asked;
  assert.match(stage.told()[0], /only in the buffer/);
  assert.doesNotMatch(stage.told()[0], /on disk/);
  assert.equal(stage.lsp.text(uri), 'changed by Pi\n');
  assert.equal(stage.disk('notes.txt'), 'on disk\n');
});

test('a change that comes right before the prompt is in what Pi reads', async (t) => {
  const stage = await stageFor(t, { files, script: [calls(read('notes.txt')), says('Read.')] });
  const uri = await stage.open('notes.txt');
  void stage.lsp.type(uri, { text: 'typed a moment ago\n' });
  await stage.ask('read it');
  assert.match(stage.told()[0], /typed a moment ago/);
});

test('what the user types elsewhere during the approval survives', async (t) => {
  const stage = await stageFor(t, { files: long, script: change });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('change it');
  const question = await stage.lsp.nextQuestion();
  await stage.lsp.type(uri, { offset: 0, text: 'typed above\n' });
  await stage.lsp.type(uri, { offset: stage.lsp.text(uri).length, text: 'typed below\n' });
  question.answer('Apply');
  assert.deepEqual((await asked).edits, [{ uri, status: 'applied' }]);
  assert.equal(stage.lsp.text(uri), `typed above\n${LONG.replace('two', '2')}typed below\n`);
  assert.deepEqual(
    stage.lsp.all('workspace/applyEdit').map((one) => one.edit.documentChanges[0].textDocument.version),
    [3],
  );
});

test('what the user types right beside the edit survives', async (t) => {
  const stage = await stageFor(t, { files, script: change });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('change it');
  const question = await stage.lsp.nextQuestion();
  await stage.lsp.type(uri, { offset: 0, length: 3, text: 'ONE' });
  await stage.lsp.type(uri, { offset: 8, length: 5, text: 'THREE' });
  question.answer('Apply');
  assert.deepEqual((await asked).edits, [{ uri, status: 'applied' }]);
  assert.equal(stage.lsp.text(uri), 'ONE\n2\nTHREE\nfour\nfive\n');
});

test('an edit of lines that the user changed meanwhile is refused, and the model is told how they read now', async (t) => {
  const stage = await stageFor(t, { files, script: change });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('change it');
  const question = await stage.lsp.nextQuestion();
  await stage.lsp.type(uri, { offset: 4, length: 3, text: 'TWO by hand' });
  question.answer('Apply');
  assert.deepEqual((await asked).edits, [{ uri, status: 'failed' }]);
  assert.equal(stage.lsp.text(uri), 'one\nTWO by hand\nthree\nfour\nfive\n');
  assert.match(stage.told()[0], /not applied[\s\S]*TWO by hand/);
});

test('of two hunks the one that clashes is refused and the other lands', async (t) => {
  const stage = await stageFor(t, { files, script: [calls(edit('notes.txt', ['one', '1'], ['five', '5'])), says('Done.')] });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('change it');
  const question = await stage.lsp.nextQuestion();
  await stage.lsp.type(uri, { offset: 0, length: 3, text: 'ONE by hand' });
  question.answer('Apply');
  assert.deepEqual((await asked).edits, [{ uri, status: 'partial' }]);
  assert.equal(stage.lsp.text(uri), 'ONE by hand\ntwo\nthree\nfour\n5\n');
  assert.match(stage.told()[0], /ONE by hand/);
});

test('a second edit of one message builds on what the first one left in the buffer', async (t) => {
  const stage = await stageFor(t, {
    files,
    script: [calls(edit('notes.txt', ['two', '2']), edit('notes.txt', ['four', '4'])), says('Done.')],
  });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('change it twice');
  const first = await stage.lsp.nextQuestion();
  await stage.lsp.type(uri, { offset: stage.lsp.text(uri).length, text: 'typed\n' });
  first.answer('Apply');
  (await stage.lsp.nextQuestion()).answer('Apply');
  assert.deepEqual(
    (await asked).edits.map((one) => one.status),
    ['applied', 'applied'],
  );
  assert.equal(stage.lsp.text(uri), 'one\n2\nthree\n4\nfive\ntyped\n');
});

test('a rejected first edit leaves the second one of the file what it is', async (t) => {
  const stage = await stageFor(t, {
    files,
    script: [calls(edit('notes.txt', ['two', '2']), edit('notes.txt', ['four', '4'])), says('Done.')],
  });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('change it twice');
  (await stage.lsp.nextQuestion()).answer('Reject');
  (await stage.lsp.nextQuestion()).answer('Apply');
  await asked;
  assert.equal(stage.lsp.text(uri), 'one\ntwo\nthree\n4\nfive\n');
});

test('versions that jump are sent back as they came', async (t) => {
  const stage = await stageFor(t, { files, script: change });
  const uri = await stage.open('notes.txt');
  stage.lsp.versionStep = 7;
  await stage.lsp.type(uri, { offset: 0, text: 'zero\n' });
  const asked = stage.ask('change it');
  (await stage.lsp.nextQuestion()).answer('Apply');
  await asked;
  assert.equal(stage.lsp.text(uri), 'zero\none\n2\nthree\nfour\nfive\n');
  assert.equal(stage.lsp.all('workspace/applyEdit')[0].edit.documentChanges[0].textDocument.version, 8);
});

test('a buffer that is closed during the approval is not written past: its file on disk counts', async (t) => {
  const stage = await stageFor(t, { files, script: change });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('change it');
  const question = await stage.lsp.nextQuestion();
  await stage.lsp.close(uri);
  question.answer('Apply');
  assert.deepEqual(
    (await asked).edits.map((one) => one.status),
    ['applied'],
  );
  assert.equal(stage.lsp.text(uri), 'one\n2\nthree\nfour\nfive\n');
  assert.equal(stage.disk('notes.txt'), NOTES);
});

test('a file that is opened with another text during the approval keeps that text', async (t) => {
  const stage = await stageFor(t, { files: long, script: change });
  const asked = stage.ask('change it');
  const question = await stage.lsp.nextQuestion();
  const uri = await stage.open('notes.txt', `restored by the editor\n${LONG}`);
  question.answer('Apply');
  assert.deepEqual(
    (await asked).edits.map((one) => one.status),
    ['applied'],
  );
  assert.equal(stage.lsp.text(uri), `restored by the editor\n${LONG.replace('two', '2')}`);
});

test('the file on disk changes during the approval: a disjoint edit goes on top of it', async (t) => {
  const stage = await stageFor(t, { files, script: change });
  const asked = stage.ask('change it');
  const question = await stage.lsp.nextQuestion();
  stage.write('notes.txt', `by another program\n${NOTES}`);
  question.answer('Apply');
  await asked;
  assert.equal(stage.lsp.text(stage.uri('notes.txt')), 'by another program\none\n2\nthree\nfour\nfive\n');
});

test('a write over an open file changes only the lines that differ', async (t) => {
  const stage = await stageFor(t, { files: long, script: [calls(write('notes.txt', LONG.replace('three', 'III'))), says('Done.')] });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('write it');
  const question = await stage.lsp.nextQuestion();
  await stage.lsp.type(uri, { offset: 0, text: 'zero\n' });
  question.answer('Apply');
  await asked;
  assert.equal(stage.lsp.text(uri), `zero\n${LONG.replace('three', 'III')}`);
});

for (const encoded of [(uri) => uri.replace('notes', '%6Eotes'), (uri) => uri.replace('file:///', 'file://localhost/')]) {
  test(`a client that writes the URI in its own form (${encoded('file:///notes.txt')}) gets it back in that form`, async (t) => {
    const stage = await stageFor(t, { files, script: change });
    const uri = encoded(stage.uri('notes.txt'));
    await stage.lsp.open(uri, NOTES);
    const asked = stage.ask('change it');
    (await stage.lsp.nextQuestion()).answer('Apply');
    assert.deepEqual((await asked).edits, [{ uri, status: 'applied' }]);
    assert.equal(stage.lsp.text(uri), NOTES.replace('two', '2'));
  });
}

test('two conversations edit a file that is not open at the same moment: one after the other, and both edits are there', async (t) => {
  const stage = await stageFor(t, {
    files,
    settings: { permissionMode: 'acceptEdits' },
    script: [
      { match: 'alpha', toolCalls: [edit('notes.txt', ['one', '1'])] },
      { match: 'beta', toolCalls: [edit('notes.txt', ['five', '5'])] },
      { match: 'alpha', text: 'Done.' },
      { match: 'beta', text: 'Done.' },
    ],
  });
  const sent = [];
  let answer;
  const released = new Promise((resolve) => (answer = resolve));
  stage.lsp.applyMode = async (params, apply) => {
    if (sent.push(params) === 1) await released;
    return apply();
  };
  const alpha = stage.ask('alpha');
  await stage.lsp.waitFor('workspace/applyEdit');
  const { sessionId } = await stage.lsp.command('pi.newSession');
  const beta = stage.ask('beta', { sessionId });
  const status = async () => (await stage.lsp.command('pi.listEdits', { sessionId })).edits.map((one) => one.status).join();
  await poll('the second edit', async () => (await status()) === 'open');
  // Its way to the editor takes a few looks at the file; if it went there now, it would have gone by then.
  for (let i = 0; i < 50; i++) await status();
  assert.equal(sent.length, 1, 'one at a time');
  answer();
  const results = await Promise.all([alpha, beta]);
  assert.deepEqual(
    results.map(({ edits }) => edits.map((one) => one.status)),
    [['applied'], ['applied']],
  );
  assert.equal(stage.lsp.text(stage.uri('notes.txt')), '1\ntwo\nthree\nfour\n5\n');
  // The second was made for the buffer that the first one opened.
  assert.ok(sent[1].edit.documentChanges[0].textDocument.version > 0);
});

// review "end": Pi works on what it has staged, the user decides when it is done.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bash, calls, edit, read, says, write } from '../steps.mjs';
import { byCommands, choose, hunksShown } from './plain-editor.mjs';
import { NOTES, set } from './reviewed-at-end.mjs';

const two = [calls(edit('notes.txt', ['two', '2'])), calls(edit('other.txt', ['old', 'new'])), says('Done.')];

test('nothing is asked and nothing changes during the run; Pi reads and edits on what it has staged', async (t) => {
  const stage = await set(t, {
    script: [
      calls(edit('notes.txt', ['two', '2'])),
      calls(read('notes.txt')),
      calls(edit('notes.txt', ['2\nthree', '2\nIII'])),
      calls(read('notes.txt')),
      says('Done.'),
    ],
  });
  const uri = await stage.open('notes.txt');
  const { edits, text } = await stage.ask('go');
  assert.equal(text, 'Done.');
  assert.match(stage.told()[0], /Staged/);
  assert.match(stage.told()[1], /one\n2\nthree\n/);
  assert.match(stage.told()[3], /one\n2\nIII\n/);
  assert.deepEqual(
    edits.map((one) => one.status),
    ['open', 'open'],
  );
  assert.deepEqual([stage.lsp.text(uri), stage.disk('notes.txt'), stage.lsp.all('workspace/applyEdit')], [NOTES, NOTES, []]);
});

test('one question at the end names every file, and Apply lands all of it', async (t) => {
  const stage = await set(t, { script: two });
  const [notes, other] = [await stage.open('notes.txt'), await stage.open('other.txt')];
  await stage.ask('go');
  const question = await stage.lsp.nextQuestion();
  assert.match(question.message, /2 edits: notes\.txt \(1 edit\), other\.txt \(1 edit\)/);
  question.answer('Apply');
  await stage.edits('both to be applied', (edits) => edits.every((one) => one.status === 'applied'));
  assert.deepEqual([stage.lsp.text(notes), stage.lsp.text(other)], [NOTES.replace('two', '2'), 'new\n']);
  assert.equal(stage.lsp.questions.length, 1);
});

test('edits on top of one another land in their order', async (t) => {
  const stage = await set(t, { script: [calls(edit('notes.txt', ['two', '2'])), calls(edit('notes.txt', ['2\n', 'II\nand a half\n'])), says('Done.')] });
  const uri = await stage.open('notes.txt');
  await stage.ask('go');
  (await stage.lsp.nextQuestion()).answer('Apply');
  await stage.edits('both to be applied', (edits) => edits.every((one) => one.status === 'applied'));
  assert.equal(stage.lsp.text(uri), NOTES.replace('two\n', 'II\nand a half\n'));
});

test('an edit on top of a staged one is shown as what it is, not as a clash with the user', async (t) => {
  const stage = await set(t, {
    settings: byCommands,
    script: [calls(edit('notes.txt', ['two', '2'])), calls(edit('notes.txt', ['2\n', 'II\nand a half\n'])), says('Done.')],
  });
  const uri = await stage.open('notes.txt');
  await stage.ask('go');
  const [, second] = (await stage.lsp.command('pi.listEdits')).edits;
  assert.match(second.diff, /^\+and a half$/m);
  const marks = await hunksShown(stage, uri, 2);
  assert.equal(
    marks.some((one) => one.code === 'clash'),
    false,
  );
  await assert.rejects(stage.lsp.command('pi.applyEdit', { editId: second.id }), /builds on an earlier one of notes\.txt/);
  assert.equal(stage.lsp.text(uri), NOTES);
  const { uri: diff } = await stage.lsp.command('pi.showEdit', { editId: second.id });
  assert.match(readFileSync(new URL(diff), 'utf8'), /^-2\n\+II\n\+and a half$/m);
  await stage.lsp.command('pi.applyEdit', { all: true });
  assert.equal(stage.lsp.text(uri), NOTES.replace('two\n', 'II\nand a half\n'));
});

test('Reject at the end rejects all, and the model hears of it with the next prompt', async (t) => {
  const stage = await set(t, { script: two });
  const uri = await stage.open('notes.txt');
  await stage.ask('go');
  (await stage.lsp.nextQuestion()).answer('Reject');
  await stage.edits('both to be rejected', (edits) => edits.every((one) => one.status === 'rejected'));
  assert.equal(stage.lsp.text(uri), NOTES);
  stage.model.add(says('I see.'), says('Again?'));
  await stage.ask('and now?');
  assert.match(stage.model.lastUserText(), /^and now\?[\s\S]*rejected your edit of notes\.txt[\s\S]*rejected your edit of other\.txt/);
  await stage.ask('once more');
  assert.doesNotMatch(stage.model.lastUserText(), /rejected/);
});

test('by commands: hunk by hunk, edit by edit, with words', async (t) => {
  const stage = await set(t, {
    settings: byCommands,
    script: [calls(edit('notes.txt', ['one', '1'], ['five', '5'])), calls(edit('other.txt', ['old', 'new'])), says('Done.')],
  });
  const [notes, other] = [await stage.open('notes.txt'), await stage.open('other.txt')];
  await stage.ask('go');
  assert.equal(stage.lsp.questions.length, 0);
  await hunksShown(stage, notes, 2);
  await choose(stage, notes, 4, 'Pi: apply this change');
  await choose(stage, notes, 0, 'Pi: reject this change');
  const [, second] = (await stage.lsp.command('pi.listEdits')).edits;
  await stage.lsp.command('pi.rejectEdit', { editId: second.id, reason: 'old is good' });
  assert.deepEqual([stage.lsp.text(notes), stage.lsp.text(other)], [NOTES.replace('five', '5'), 'old\n']);
  stage.model.add(says('I see.'));
  await stage.ask('go on');
  assert.match(stage.model.lastUserText(), /line 1: rejected[\s\S]*line 5: applied[\s\S]*old is good/);
});

test('the question at the end goes when everything was decided otherwise, and holds nothing up', async (t) => {
  const stage = await set(t, { script: two });
  await stage.open('notes.txt');
  await stage.ask('go');
  const question = await stage.lsp.nextQuestion();
  await stage.lsp.command('pi.applyEdit', { all: true });
  await stage.lsp.until('the question to be withdrawn', () => question.withdrawn);
  stage.model.add(calls(bash('touch proof')), says('Ran.'));
  const asked = stage.ask('run it');
  const next = await stage.lsp.nextQuestion();
  assert.match(next.message, /touch proof/);
  next.answer('Reject');
  await asked;
});

test('Review at the end shows each edit and leaves them to the commands', async (t) => {
  const stage = await set(t, { script: two });
  await stage.open('notes.txt');
  await stage.ask('go');
  (await stage.lsp.nextQuestion()).answer('Review');
  await stage.lsp.until('two documents', () => stage.lsp.all('window/showDocument').length === 2);
  const diffs = stage.lsp
    .all('window/showDocument')
    .map((one) => readFileSync(new URL(one.uri), 'utf8'))
    .join('\n');
  assert.match(diffs, /^\+2$/m);
  assert.match(diffs, /^\+new$/m);
  assert.deepEqual(
    (await stage.lsp.command('pi.listEdits')).edits.map((one) => one.status),
    ['open', 'open'],
  );
});

test('approval preview: what was staged is previewed when the run is over', async (t) => {
  const stage = await set(t, {
    settings: { approval: 'preview' },
    script: two,
    client: { capabilities: { workspace: { workspaceEdit: { changeAnnotationSupport: {} } } } },
  });
  const [notes, other] = [await stage.open('notes.txt'), await stage.open('other.txt')];
  let during = 0;
  stage.lsp.onPreview = () => {
    if (stage.model.left() > 0) during++;
    return true;
  };
  await stage.ask('go');
  await stage.edits('both to be applied', (edits) => edits.every((one) => one.status === 'applied'));
  assert.equal(during, 0);
  assert.deepEqual([stage.lsp.text(notes), stage.lsp.text(other)], [NOTES.replace('two', '2'), 'new\n']);
});

test('a new file can be staged, read, edited, and is created at the end', async (t) => {
  const stage = await set(t, { script: [calls(write('new.txt', 'a\nb\n')), calls(read('new.txt')), calls(edit('new.txt', ['b', 'B'])), says('Done.')] });
  await stage.ask('go');
  assert.match(stage.told()[1], /a\nb/);
  assert.equal(existsSync(stage.path('new.txt')), false);
  (await stage.lsp.nextQuestion()).answer('Apply');
  await stage.edits('both to be applied', (edits) => edits.every((one) => one.status === 'applied'));
  assert.equal(stage.lsp.text(stage.uri('new.txt')), 'a\nB\n');
});

test('what the user types meanwhile is kept, and a clash is refused', async (t) => {
  const stage = await set(t, { script: [calls(edit('notes.txt', ['one', '1'])), calls(edit('notes.txt', ['five', '5'])), says('Done.')] });
  const uri = await stage.open('notes.txt');
  await stage.ask('go');
  const question = await stage.lsp.nextQuestion();
  await stage.lsp.type(uri, { offset: 0, length: 3, text: 'uno' });
  question.answer('Apply');
  await stage.edits('one applied and one failed', ([a, b]) => a.status === 'failed' && b.status === 'applied');
  assert.equal(stage.lsp.text(uri), 'uno\ntwo\nthree\nfour\n5\n');
});

test('an abort leaves what is staged to the user, asks nothing, and the model hears what became of it', async (t) => {
  const stage = await set(t, { script: [calls(edit('notes.txt', ['two', '2'])), { text: 'still at it', hang: true }] });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('go');
  await hunksShown(stage, uri, 1);
  await stage.model.until('the second request', () => stage.model.requests.length === 2);
  await stage.lsp.command('pi.abort');
  assert.deepEqual((await asked).edits, [{ uri, status: 'stopped' }]);
  await hunksShown(stage, uri, 0);
  assert.equal(stage.lsp.questions.length, 0);
  await assert.rejects(stage.lsp.command('pi.applyEdit'), /no open edit/);
  assert.equal(stage.lsp.text(uri), NOTES);
  stage.model.add(says('Well.'));
  await stage.ask('go on');
  assert.match(stage.model.lastUserText(), /withdrawn before anybody decided.*not changed/);
});

test('a run that ends by an error leaves what is staged to the user', async (t) => {
  const stage = await set(t, { script: [calls(edit('notes.txt', ['two', '2'])), { status: 401 }] });
  const uri = await stage.open('notes.txt');
  const { stopReason } = await stage.ask('go');
  assert.equal(stopReason, 'error');
  (await stage.lsp.nextQuestion()).answer('Apply');
  await stage.edits('the edit to be applied', ([one]) => one.status === 'applied');
  assert.equal(stage.lsp.text(uri), NOTES.replace('two', '2'));
});

test('what lands at the end belongs to its run, and is undone with it', async (t) => {
  const stage = await set(t, { script: two });
  const [notes, other] = [await stage.open('notes.txt'), await stage.open('other.txt')];
  const { runId } = await stage.ask('go');
  (await stage.lsp.nextQuestion()).answer('Apply');
  await stage.edits('both to be applied', (edits) => edits.every((one) => one.status === 'applied'));
  assert.equal((await stage.lsp.command('pi.undoRun')).runId, runId);
  assert.deepEqual([stage.lsp.text(notes), stage.lsp.text(other)], [NOTES, 'old\n']);
});

test('in the mode acceptEdits nothing is staged: what needs no decision lands at once', async (t) => {
  const stage = await set(t, { script: two, settings: { permissionMode: 'acceptEdits' } });
  const uri = await stage.open('notes.txt');
  assert.deepEqual(
    (await stage.ask('go')).edits.map((one) => one.status),
    ['applied', 'applied'],
  );
  assert.equal(stage.lsp.text(uri), NOTES.replace('two', '2'));
});

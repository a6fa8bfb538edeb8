// Every run is a checkpoint: what it changed can be taken back, around whatever the user has done since.
import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stageFor } from '../stage.mjs';
import { calls, edit, says, write } from '../steps.mjs';
import { numbered } from './plain-editor.mjs';

const LONG = numbered(30);
const unasked = { permissionMode: 'acceptEdits' };
const set = (t, more = {}) => stageFor(t, { files: { 'long.txt': LONG, 'b.txt': 'old\n' }, settings: unasked, ...more });
const romans = LONG.replace('line 3\n', 'line III\n');
const first = [calls(edit('long.txt', ['line 3\n', 'line III\n'])), says('Done.')];

test('runs are listed with their titles, files and diffs, but for those that changed nothing', async (t) => {
  const stage = await set(t, { script: [...first, says('Hello.'), calls(write('new.txt', 'text\n'), edit('b.txt', ['old', 'new'])), says('Done.')] });
  await stage.open('long.txt');
  const one = await stage.ask('use Roman numerals\nplease');
  await stage.ask('hello');
  const three = await stage.ask('add a file');
  const { runs } = await stage.lsp.command('pi.listRuns');
  assert.deepEqual(
    runs.map((run) => [run.runId, run.title, run.undone]),
    [
      [one.runId, 'use Roman numerals', false],
      [three.runId, 'add a file', false],
    ],
  );
  assert.match(runs[0].files[0].diff, /^-line 3\n\+line III$/m);
  assert.deepEqual(Object.fromEntries(runs[1].files.map((file) => [file.uri, file.created])), { [stage.uri('new.txt')]: true, [stage.uri('b.txt')]: false });
});

test('the latest run is taken back first, then the one before it, each once', async (t) => {
  const stage = await set(t, { script: [...first, calls(edit('long.txt', ['line 20\n', 'line XX\n'])), says('Done.')] });
  const uri = await stage.open('long.txt');
  const one = await stage.ask('first');
  const two = await stage.ask('second');
  assert.deepEqual(await stage.lsp.command('pi.undoRun'), { undone: true, runId: two.runId, files: [{ uri, status: 'restored' }] });
  assert.equal(stage.lsp.text(uri), romans);
  assert.deepEqual(await stage.lsp.command('pi.undoRun'), { undone: true, runId: one.runId, files: [{ uri, status: 'restored' }] });
  assert.equal(stage.lsp.text(uri), LONG);
  await assert.rejects(stage.lsp.command('pi.undoRun'), /no run whose changes could be undone/);
  await assert.rejects(stage.lsp.command('pi.undoRun', { runId: one.runId }), /already undone/);
  assert.deepEqual(
    (await stage.lsp.command('pi.listRuns')).runs.map((run) => run.undone),
    [true, true],
  );
  assert.equal(stage.lsp.text(uri), LONG);
});

test('an older run is taken back by its id and leaves the newer one', async (t) => {
  const stage = await set(t, { script: [...first, calls(edit('long.txt', ['line 20\n', 'line XX\n'])), says('Done.')] });
  const uri = await stage.open('long.txt');
  const one = await stage.ask('first');
  await stage.ask('second');
  await stage.lsp.command('pi.undoRun', { runId: one.runId });
  assert.equal(stage.lsp.text(uri), LONG.replace('line 20\n', 'line XX\n'));
  await assert.rejects(stage.lsp.command('pi.undoRun', { runId: 'r99' }), /No run "r99"/);
});

test('several edits of one file, on top of one another, are one undo', async (t) => {
  const stage = await set(t, {
    script: [
      calls(edit('long.txt', ['line 3\n', 'line III\n'])),
      calls(edit('long.txt', ['line III\n', 'line three\n'], ['line 9\n', ''])),
      calls(edit('long.txt', ['line three\n', 'line three\nand a half\n'])),
      says('Done.'),
    ],
  });
  const uri = await stage.open('long.txt');
  await stage.ask('go');
  assert.match(stage.lsp.text(uri), /line three\nand a half\n/);
  const { files } = await stage.lsp.command('pi.undoRun');
  assert.deepEqual(files, [{ uri, status: 'restored' }]);
  assert.equal(stage.lsp.text(uri), LONG);
});

test('what the user typed elsewhere since stays, before, during and after', async (t) => {
  const stage = await set(t, { script: first });
  const uri = await stage.open('long.txt');
  await stage.lsp.type(uri, { offset: 0, text: 'before\n' });
  await stage.ask('go');
  await stage.lsp.type(uri, { offset: stage.lsp.text(uri).length, text: 'after\n' });
  const { undone } = await stage.lsp.command('pi.undoRun');
  assert.equal(undone, true);
  assert.equal(stage.lsp.text(uri), `before\n${LONG}after\n`);
});

test('lines that the user changed since are left alone, and it says so', async (t) => {
  const stage = await set(t, { script: [calls(edit('long.txt', ['line 3\n', 'line III\n'], ['line 20\n', 'line XX\n'])), says('Done.')] });
  const uri = await stage.open('long.txt');
  await stage.ask('go');
  const at = stage.lsp.text(uri).indexOf('line III');
  await stage.lsp.type(uri, { offset: at, length: 'line III'.length, text: 'line of mine' });
  const { undone, files } = await stage.lsp.command('pi.undoRun');
  assert.equal(undone, false);
  assert.deepEqual(
    files.map((file) => file.status),
    ['partial'],
  );
  assert.match(files[0].reason, /changed some of the same lines/);
  assert.equal(stage.lsp.text(uri), LONG.replace('line 3\n', 'line of mine\n'));
});

test('where the user took it all back by hand, nothing is changed', async (t) => {
  const stage = await set(t, { script: first });
  const uri = await stage.open('long.txt');
  await stage.ask('go');
  await stage.lsp.type(uri, { text: LONG });
  const sent = stage.lsp.all('workspace/applyEdit').length;
  assert.deepEqual(
    (await stage.lsp.command('pi.undoRun')).files.map((file) => file.status),
    ['unchanged'],
  );
  assert.equal(stage.lsp.all('workspace/applyEdit').length, sent);
});

test('an undo goes into the buffer, not onto the disk, saved or not', async (t) => {
  const stage = await set(t, { script: first });
  const uri = await stage.open('long.txt');
  await stage.ask('go');
  await stage.lsp.save(uri);
  await stage.lsp.command('pi.undoRun');
  assert.deepEqual([stage.lsp.text(uri), stage.disk('long.txt')], [LONG, romans]);
});

test('a file that was closed since is taken back where it is', async (t) => {
  const stage = await set(t, { script: first });
  const uri = await stage.open('long.txt');
  await stage.ask('go');
  await stage.lsp.save(uri);
  await stage.lsp.close(uri);
  assert.deepEqual(
    (await stage.lsp.command('pi.undoRun')).files.map((file) => file.status),
    ['restored'],
  );
  assert.equal(stage.lsp.text(uri), LONG);
});

test('an undo that the editor refuses is not called one, and can be tried again', async (t) => {
  const stage = await set(t, { script: first });
  const uri = await stage.open('long.txt');
  const { runId } = await stage.ask('go');
  stage.lsp.applyMode = 'refuse';
  const { undone, files } = await stage.lsp.command('pi.undoRun');
  assert.deepEqual([undone, files[0].status], [false, 'failed']);
  assert.match(files[0].reason, /does not want to/);
  assert.equal(stage.lsp.text(uri), romans);
  stage.lsp.applyMode = 'honest';
  assert.deepEqual(await stage.lsp.command('pi.undoRun'), { undone: true, runId, files: [{ uri, status: 'restored' }] });
  assert.equal(stage.lsp.text(uri), LONG);
});

test('a run that is going on is not taken back under its feet', async (t) => {
  const stage = await set(t, { script: [...first.slice(0, 1), { text: 'still at it', hang: true }] });
  const uri = await stage.open('long.txt');
  const asked = stage.ask('go');
  await stage.model.until('the second request', () => stage.model.requests.length === 2);
  assert.equal(stage.lsp.text(uri), romans);
  await assert.rejects(stage.lsp.command('pi.undoRun'), /still going on/);
  await stage.lsp.command('pi.abort');
  await asked;
  assert.equal((await stage.lsp.command('pi.undoRun')).undone, true);
  assert.equal(stage.lsp.text(uri), LONG);
});

test("what an undo does is no edit of Pi's: it is not listed and not undone again", async (t) => {
  const stage = await set(t, { script: first });
  await stage.open('long.txt');
  await stage.ask('go');
  await stage.lsp.command('pi.undoRun');
  assert.deepEqual(
    (await stage.lsp.command('pi.listEdits')).edits.map((one) => one.tool),
    ['edit'],
  );
  assert.equal((await stage.lsp.command('pi.listRuns')).runs.length, 1);
});

test('a part that was left out is not taken back', async (t) => {
  const stage = await set(t, {
    settings: { approval: 'commands' },
    script: [calls(edit('long.txt', ['line 3\n', 'line III\n'], ['line 20\n', 'line XX\n'])), says('Done.')],
  });
  const uri = await stage.open('long.txt');
  const asked = stage.ask('go');
  const [open] = await stage.edits('an open edit', ([one]) => one?.status === 'open');
  await stage.lsp.command('pi.applyEdit', { editId: open.id, hunkIds: [open.hunks[0].id] });
  await asked;
  await stage.lsp.command('pi.undoRun');
  assert.equal(stage.lsp.text(uri), LONG);
});

const creating = [calls(write('new.txt', 'text\nof Pi\n')), says('Done.')];
const deleting = { capabilities: { workspace: { workspaceEdit: { resourceOperations: ['create', 'delete'] } } } };

/** An editor that deletes files: the buffer goes, and what is on disk. */
function withDelete(stage) {
  stage.lsp.applyMode = async ({ edit: { documentChanges } }, honest) => {
    const gone = documentChanges.filter((one) => one.kind === 'delete');
    documentChanges.splice(0, documentChanges.length, ...documentChanges.filter((one) => one.kind !== 'delete'));
    const answer = await honest();
    if (!answer.applied) return answer;
    for (const { uri } of gone) {
      rmSync(fileURLToPath(uri), { force: true });
      if (stage.lsp.documents.has(uri)) await stage.lsp.close(uri);
    }
    return answer;
  };
}

test('a file that the run created is deleted, by an editor that deletes', async (t) => {
  const stage = await set(t, { script: creating, client: deleting });
  withDelete(stage);
  const uri = stage.uri('new.txt');
  await stage.ask('go');
  await stage.lsp.save(uri);
  assert.deepEqual((await stage.lsp.command('pi.undoRun')).files, [{ uri, status: 'deleted' }]);
  assert.equal(existsSync(stage.path('new.txt')), false);
  assert.equal(stage.lsp.documents.has(uri), false);
});

test('a created file in which the user has written since stays with what the user wrote', async (t) => {
  const stage = await set(t, { script: creating, client: deleting });
  withDelete(stage);
  const uri = stage.uri('new.txt');
  await stage.ask('go');
  await stage.lsp.type(uri, { offset: stage.lsp.text(uri).length, text: 'mine\n' });
  await stage.lsp.save(uri);
  const { files } = await stage.lsp.command('pi.undoRun');
  assert.notEqual(files[0].status, 'deleted');
  assert.equal(existsSync(stage.path('new.txt')), true);
  assert.equal(stage.lsp.text(uri), 'mine\n');
});

test('an editor that deletes no files leaves a created one, and it says so', async (t) => {
  const stage = await set(t, { script: creating });
  const uri = stage.uri('new.txt');
  await stage.ask('go');
  await stage.lsp.save(uri);
  const { undone, files } = await stage.lsp.command('pi.undoRun');
  assert.deepEqual([undone, files[0].status], [false, 'failed']);
  assert.match(files[0].reason, /does not delete files/);
  assert.equal(stage.disk('new.txt'), 'text\nof Pi\n');
});

test('a file that was empty before the run is emptied again, and not said to be deleted', async (t) => {
  const stage = await set(t, { files: { 'empty.txt': '' }, script: [calls(write('empty.txt', 'text\n')), says('Done.')], client: deleting });
  withDelete(stage);
  const uri = await stage.open('empty.txt');
  await stage.ask('go');
  assert.deepEqual((await stage.lsp.command('pi.undoRun')).files, [{ uri, status: 'restored' }]);
  assert.equal(stage.lsp.text(uri), '');
  assert.equal(existsSync(stage.path('empty.txt')), true);
});

test('an empty file that the run created is deleted, and said to be', async (t) => {
  const stage = await set(t, { script: [calls(write('empty.txt', '')), says('Done.')], client: deleting });
  withDelete(stage);
  const uri = stage.uri('empty.txt');
  await stage.ask('go');
  await stage.lsp.save(uri);
  assert.deepEqual((await stage.lsp.command('pi.undoRun')).files, [{ uri, status: 'deleted' }]);
  assert.equal(existsSync(stage.path('empty.txt')), false);
});

test('several files are taken back one by one, and one that fails does not stop the others', async (t) => {
  const stage = await set(t, { script: [calls(edit('long.txt', ['line 3\n', 'line III\n']), edit('b.txt', ['old', 'new'])), says('Done.')] });
  const [long, b] = [await stage.open('long.txt'), await stage.open('b.txt')];
  await stage.ask('go');
  stage.lsp.applyMode = ({ edit: { documentChanges } }, honest) =>
    documentChanges[0].textDocument.uri === b ? { applied: false, failureReason: 'b is locked' } : honest();
  const { undone, files } = await stage.lsp.command('pi.undoRun');
  assert.equal(undone, false);
  assert.deepEqual(Object.fromEntries(files.map((file) => [file.uri, file.status])), { [long]: 'restored', [b]: 'failed' });
  assert.deepEqual([stage.lsp.text(long), stage.lsp.text(b)], [LONG, 'new\n']);
});

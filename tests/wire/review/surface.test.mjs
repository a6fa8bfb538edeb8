// Review with nothing but standard LSP: diagnostics, code actions, code lenses, documents.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stageFor } from '../stage.mjs';
import { calls, edit, says, write } from '../steps.mjs';
import { actionsOn, byCommands, choose, click, hunksShown, lensesIn, linesOf, numbered, shown } from './plain-editor.mjs';

const LONG = numbered(30);
const files = { 'long.txt': LONG };
const both = [calls(edit('long.txt', ['line 3\n', 'line III\n'], ['line 20\n', 'line XX\n'])), says('Done.')];
const settings = byCommands;

/** A proposal of two hunks that wait. */
async function twoHunks(t, more = {}) {
  const stage = await stageFor(t, { files, script: both, settings, ...more });
  const uri = await stage.open('long.txt');
  const asked = stage.ask('change it');
  await hunksShown(stage, uri, 2);
  return { stage, uri, asked };
}

test('each waiting hunk is an information of pi on its lines, and goes with the decision', async (t) => {
  const { stage, uri, asked } = await twoHunks(t);
  const [first, second] = shown(stage, uri);
  assert.deepEqual([first.source, first.severity, second.source, second.severity], ['pi', 3, 'pi', 3]);
  assert.deepEqual(linesOf([first, second]), [
    [2, 3],
    [19, 20],
  ]);
  assert.match(first.message, /change:\n- line 3\n\+ line III/);
  assert.equal(stage.lsp.all('textDocument/publishDiagnostics').at(-1).version, 1);
  await stage.lsp.command('pi.rejectEdit');
  await asked;
  await hunksShown(stage, uri, 0);
});

test('the marks move with what the user types', async (t) => {
  const { stage, uri } = await twoHunks(t);
  await stage.lsp.type(uri, { offset: LONG.indexOf('line 10'), text: 'a line\nand another\n' });
  await stage.lsp.until('the second hunk to move', () => shown(stage, uri)[1]?.range.start.line === 21);
  assert.deepEqual(linesOf(shown(stage, uri)), [
    [2, 3],
    [21, 22],
  ]);
  assert.equal(stage.lsp.all('textDocument/publishDiagnostics').at(-1).version, 2);
});

test('an insertion and a deletion say so and stand at their places', async (t) => {
  const stage = await stageFor(t, { files, settings, script: [calls(edit('long.txt', ['line 5\n', 'line 5\nnew\n'], ['line 12\n', ''])), says('Done.')] });
  const uri = await stage.open('long.txt');
  stage.ask('change it');
  const [inserted, deleted] = await hunksShown(stage, uri, 2);
  assert.match(inserted.message, /insert:\n\+ new/);
  assert.match(deleted.message, /delete:\n- line 12/);
  assert.deepEqual(linesOf([inserted, deleted]), [
    [5, 5],
    [11, 12],
  ]);
});

test('one hunk is accepted and the other rejected by code action, and the model is told which lines landed and which not', async (t) => {
  const { stage, uri, asked } = await twoHunks(t);
  assert.equal((await choose(stage, uri, 19, 'Pi: apply this change')).status, 'open');
  assert.equal(stage.lsp.text(uri), LONG.replace('line 20\n', 'line XX\n'));
  const [left] = await hunksShown(stage, uri, 1);
  assert.deepEqual(linesOf([left]), [[2, 3]]);
  assert.equal((await choose(stage, uri, 2, 'Pi: reject this change')).rejected, true);
  assert.deepEqual((await asked).edits, [{ uri, status: 'partial' }]);
  assert.equal(stage.lsp.text(uri), LONG.replace('line 20\n', 'line XX\n'));
  assert.match(stage.told()[0], /Only a part[\s\S]*line 3: rejected[\s\S]*line 20: applied/);
  await hunksShown(stage, uri, 0);
});

test('a line without a hunk offers the edit as a whole', async (t) => {
  const { stage, uri, asked } = await twoHunks(t);
  assert.deepEqual(
    (await actionsOn(stage, uri, 10)).map((one) => one.title),
    ['Pi: apply all 2 changes of this edit', 'Pi: reject all 2 changes of this edit', 'Pi: show this edit as a diff'],
  );
  assert.equal((await choose(stage, uri, 10, 'Pi: apply all 2 changes of this edit')).status, 'applied');
  await asked;
  assert.equal(stage.lsp.text(uri), LONG.replace('line 3\n', 'line III\n').replace('line 20\n', 'line XX\n'));
});

test('two edits of two files can be applied as everything', async (t) => {
  const stage = await stageFor(t, {
    files: { 'a.txt': 'old\n', 'b.txt': 'old\n' },
    settings,
    script: [calls(edit('a.txt', ['old', 'new']), edit('b.txt', ['old', 'new'])), says('Done.')],
  });
  const [a, b] = [await stage.open('a.txt'), await stage.open('b.txt')];
  const asked = stage.ask('change both');
  await hunksShown(stage, a, 1);
  await hunksShown(stage, b, 1);
  assert.equal((await choose(stage, a, 0, 'Pi: apply everything (2 edits in 2 files)')).applied, true);
  assert.deepEqual(
    (await asked).edits.map((one) => one.status),
    ['applied', 'applied'],
  );
  assert.deepEqual([stage.lsp.text(a), stage.lsp.text(b)], ['new\n', 'new\n']);
});

test('other kinds of actions and other files get none of ours', async (t) => {
  const { stage, uri } = await twoHunks(t);
  assert.ok(stage.lsp.serverCapabilities.codeActionProvider.codeActionKinds.includes('quickfix'));
  assert.deepEqual(await actionsOn(stage, uri, 2, { only: ['source.organizeImports'] }), []);
  assert.ok((await actionsOn(stage, uri, 2, { only: ['refactor', 'quickfix'] })).every((one) => one.kind === 'quickfix'));
  assert.equal((await actionsOn(stage, uri, 2, { only: ['quickfix'] })).length, (await actionsOn(stage, uri, 2)).length);
  assert.deepEqual(
    (await actionsOn(stage, stage.uri('other.txt'), 2)).filter((one) => one.title.includes('this')),
    [],
  );
});

test('lines that the user has changed are marked as a clash that can only be rejected', async (t) => {
  const { stage, uri, asked } = await twoHunks(t);
  await stage.lsp.type(uri, { offset: LONG.indexOf('line 3\n'), length: 6, text: 'my own words' });
  await stage.lsp.until('the clash to be shown', () => shown(stage, uri)[0]?.code === 'clash');
  assert.match(shown(stage, uri)[0].message, /changed them meanwhile/);
  const titles = (await actionsOn(stage, uri, 2)).map((one) => one.title);
  assert.ok(titles.includes('Pi: reject this change') && !titles.includes('Pi: apply this change'), titles.join());
  const lenses = (await lensesIn(stage, uri)).filter((one) => one.range.start.line === 2).map((one) => one.command.title);
  assert.deepEqual(lenses, ['Reject']);
  await choose(stage, uri, 2, 'Pi: reject this change');
  await choose(stage, uri, 19, 'Pi: apply this change');
  assert.equal((await asked).edits[0].status, 'partial');
  assert.equal(stage.lsp.text(uri), LONG.replace('line 3\n', 'my own words\n').replace('line 20\n', 'line XX\n'));
});

test('lenses decide like actions, and the client is told when they change', async (t) => {
  const { stage, uri, asked } = await twoHunks(t);
  const lenses = await lensesIn(stage, uri);
  assert.deepEqual(
    lenses.map((one) => [one.range.start.line, one.command.title]),
    [
      [0, 'Pi: apply all 2'],
      [0, 'Reject all'],
      [0, 'Show diff'],
      [2, 'Pi: apply'],
      [2, 'Reject'],
      [19, 'Pi: apply'],
      [19, 'Reject'],
    ],
  );
  const refreshes = () => stage.lsp.all('workspace/codeLens/refresh').length;
  const before = refreshes();
  await click(stage, lenses[3]);
  await stage.lsp.until('another refresh', () => refreshes() > before);
  assert.deepEqual(
    (await lensesIn(stage, uri)).map((one) => one.command.title),
    ['Pi: apply', 'Reject', 'Show diff'],
  );
  await click(stage, lenses[6]);
  assert.equal((await asked).edits[0].status, 'partial');
  assert.equal(stage.lsp.text(uri), LONG.replace('line 3\n', 'line III\n'));
  assert.deepEqual(await lensesIn(stage, uri), []);
});

test('a lens of a decided hunk that is clicked late changes nothing', async (t) => {
  const { stage, uri, asked } = await twoHunks(t);
  const lenses = await lensesIn(stage, uri);
  await click(stage, lenses[4]);
  const late = await click(stage, lenses[3]);
  assert.deepEqual([late.applied, late.landed], [false, []]);
  assert.equal(stage.lsp.text(uri), LONG);
  await click(stage, lenses[1]);
  assert.equal((await asked).edits[0].status, 'rejected');
});

test('a client that refreshes no lenses is not asked to', async (t) => {
  const { stage } = await twoHunks(t, { client: { capabilities: { workspace: { codeLens: null } } } });
  assert.deepEqual(stage.lsp.all('workspace/codeLens/refresh'), []);
});

test('an edit is shown as a diff and as text in a folder of the user alone, which goes with the server', async (t) => {
  const { stage, uri } = await twoHunks(t);
  const diff = await stage.lsp.command('pi.showEdit');
  const text = await stage.lsp.command('pi.showEdit', { as: 'text' });
  assert.deepEqual([diff.shown, text.shown], [true, true]);
  assert.deepEqual(
    stage.lsp.all('window/showDocument').map((one) => one.uri),
    [diff.uri, text.uri],
  );
  assert.match(readFileSync(new URL(diff.uri), 'utf8'), /^-line 20\n\+line XX$/m);
  assert.equal(readFileSync(new URL(text.uri), 'utf8'), LONG.replace('line 3\n', 'line III\n').replace('line 20\n', 'line XX\n'));
  assert.match(text.uri, /long\.txt$/);
  const folder = dirname(dirname(fileURLToPath(diff.uri)));
  assert.equal(statSync(folder).mode & 0o077, 0);
  await assert.rejects(stage.lsp.command('pi.showEdit', { as: 'picture' }), /"as" must be one of diff, text/);
  await assert.rejects(stage.lsp.command('pi.showEdit', { editId: 'e99' }), /no edit "e99"/);
  assert.equal(stage.lsp.text(uri), LONG);
  await stage.end();
  assert.equal(existsSync(folder), false);
});

test('a client that shows no documents gets the URI', async (t) => {
  const { stage } = await twoHunks(t, { client: { capabilities: { window: { showDocument: null } } } });
  const { uri, shown: opened } = await stage.lsp.command('pi.showEdit');
  assert.equal(opened, false);
  assert.match(readFileSync(new URL(uri), 'utf8'), /^\+line III$/m);
  assert.deepEqual(stage.lsp.all('window/showDocument'), []);
});

test('the button Review shows the diff and leaves the edit to the actions', async (t) => {
  const stage = await stageFor(t, { files, script: both });
  const uri = await stage.open('long.txt');
  const asked = stage.ask('change it');
  (await stage.lsp.nextQuestion()).answer('Review');
  const document = await stage.lsp.waitFor('window/showDocument');
  assert.match(readFileSync(new URL(document.uri), 'utf8'), /^\+line III$/m);
  await choose(stage, uri, 19, 'Pi: apply this change');
  await choose(stage, uri, 2, 'Pi: reject this change');
  assert.equal((await asked).edits[0].status, 'partial');
});

test('a new file has its own action and shows its text', async (t) => {
  const stage = await stageFor(t, { settings, script: [calls(write('new.txt', 'hello\n')), says('Done.')] });
  const uri = stage.uri('new.txt');
  const asked = stage.ask('create it');
  const [mark] = await hunksShown(stage, uri, 1);
  assert.match(mark.message, /insert:\n\+ hello/);
  assert.equal((await choose(stage, uri, 0, 'Pi: apply this change')).status, 'applied');
  await asked;
  assert.equal(stage.lsp.text(uri), 'hello\n');
});

// Decisions in parts and in words: hunks, the user's own version, versions, remarks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageFor } from '../stage.mjs';
import { calls, edit, says } from '../steps.mjs';
import { byCommands, hunksShown, numbered } from './plain-editor.mjs';

const LONG = numbered(30);
const three = [calls(edit('long.txt', ['line 3\n', 'line III\n'], ['line 12\n', 'line XII\n'], ['line 20\n', 'line XX\n'])), says('Done.')];

/** An edit of three hunks that waits. */
async function open(t, script = three) {
  const stage = await stageFor(t, { files: { 'long.txt': LONG }, script, settings: byCommands });
  const uri = await stage.open('long.txt');
  const asked = stage.ask('change it');
  await stage.edits('an open edit', ([one]) => one?.status === 'open');
  const [one] = (await stage.lsp.command('pi.listEdits')).edits;
  return { stage, uri, asked, id: one.id, hunks: one.hunks.map((hunk) => hunk.id) };
}

test('hunks that were not chosen are left out for good, and the model hears so', async (t) => {
  const { stage, uri, asked, id, hunks } = await open(t);
  const { applied, status, landed } = await stage.lsp.command('pi.applyEdit', { editId: id, hunkIds: [hunks[0], hunks[2]] });
  assert.deepEqual([applied, status, landed], [true, 'partial', [hunks[0], hunks[2]]]);
  await asked;
  assert.equal(stage.lsp.text(uri), LONG.replace('line 3\n', 'line III\n').replace('line 20\n', 'line XX\n'));
  assert.match(stage.told()[0], /line 3: applied[\s\S]*line 12: left out[\s\S]*line 20: applied/);
});

test('rejected hunks go with their own words, the others wait on and can still be applied', async (t) => {
  const { stage, uri, asked, id, hunks } = await open(t);
  assert.equal((await stage.lsp.command('pi.rejectEdit', { editId: id, hunkIds: [hunks[1]], reason: 'XII is too Roman' })).rejected, true);
  await hunksShown(stage, uri, 2);
  assert.equal((await stage.lsp.command('pi.applyEdit', { editId: id })).status, 'partial');
  await asked;
  assert.match(stage.told()[0], /line 3: applied[\s\S]*line 12: rejected\. The user says: XII is too Roman[\s\S]*line 20: applied/);
});

test('the words for an only hunk reach the model however it was named', async (t) => {
  const { stage, asked, id, hunks } = await open(t, [calls(edit('long.txt', ['line 3\n', 'line III\n'])), says('Done.')]);
  await stage.lsp.command('pi.rejectEdit', { editId: id, hunkIds: hunks, reason: 'no Romans here' });
  await asked;
  assert.match(stage.told()[0], /rejected[\s\S]*no Romans here/);
});

test('every hunk rejected one by one is a rejection of the edit', async (t) => {
  const { stage, uri, asked, id, hunks } = await open(t);
  for (const hunk of hunks) await stage.lsp.command('pi.rejectEdit', { editId: id, hunkIds: [hunk] });
  assert.deepEqual((await asked).edits, [{ uri, status: 'rejected' }]);
  assert.equal(stage.lsp.text(uri), LONG);
  assert.match(stage.told()[0], /rejected your edit of long\.txt\. The file was not changed/);
});

test('a decision for another version of the buffer applies nothing, and one for this version does', async (t) => {
  const { stage, uri, asked, id } = await open(t);
  await stage.lsp.type(uri, { offset: LONG.length, text: 'typed\n' });
  const stale = await stage.lsp.command('pi.applyEdit', { editId: id, version: 1 });
  assert.deepEqual([stale.applied, stale.status], [false, 'open']);
  assert.match(stale.reason, /version 2.*version 1/);
  assert.equal(stage.lsp.text(uri), `${LONG}typed\n`);
  assert.equal((await stage.lsp.command('pi.applyEdit', { editId: id, version: 2 })).status, 'applied');
  await asked;
});

test("the user's own version may leave out some and change others, and the model sees what stands", async (t) => {
  const { stage, uri, asked, id } = await open(t);
  const mine = LONG.replace('line 3\n', 'line III\n').replace('line 12\n', 'line a dozen\n');
  const { applied, landed } = await stage.lsp.command('pi.applyEdit', { editId: id, newText: mine });
  assert.equal(applied, true);
  assert.equal(landed.length, 1);
  await asked;
  assert.equal(stage.lsp.text(uri), mine);
  assert.match(stage.told()[0], /user changed your proposal[\s\S]*^\+line III$[\s\S]*^\+line a dozen$/m);
  assert.doesNotMatch(stage.told()[0], /line XX/);
});

test('the own version that is the old text changes nothing and says so', async (t) => {
  const { stage, uri, asked, id } = await open(t);
  const answer = await stage.lsp.command('pi.applyEdit', { editId: id, newText: LONG });
  assert.deepEqual(answer.landed, []);
  await asked;
  assert.equal(stage.lsp.text(uri), LONG);
  assert.deepEqual(stage.lsp.all('workspace/applyEdit'), []);
  assert.doesNotMatch(stage.told()[0], /^Applied/);
});

test('hunks and an own version exclude each other', async (t) => {
  const { stage, uri, id, hunks } = await open(t);
  await assert.rejects(stage.lsp.command('pi.applyEdit', { editId: id, hunkIds: hunks, newText: 'x' }), /exclude each other/);
  assert.equal(stage.lsp.text(uri), LONG);
});

for (const extra of [{ newText: 'mine\n' }, { hunkIds: ['h1'] }, { version: 1 }, { editId: 's1-e1' }]) {
  test(`everything at once is applied as it is proposed: ${Object.keys(extra)} beside it decides nothing`, async (t) => {
    const { stage, uri } = await open(t);
    await assert.rejects(stage.lsp.command('pi.applyEdit', { all: true, ...extra }), /"all" and ".*" exclude each other/);
    assert.deepEqual([stage.lsp.text(uri), stage.lsp.all('workspace/applyEdit')], [LONG, []]);
    assert.equal((await stage.lsp.command('pi.listEdits')).edits[0].status, 'open');
  });
}

test('a rejection of what was decided in part before rejects nothing, and says so', async (t) => {
  const { stage, asked, id, hunks } = await open(t);
  await stage.lsp.command('pi.applyEdit', { editId: id, hunkIds: [hunks[0]] });
  assert.deepEqual(await stage.lsp.command('pi.rejectEdit', { editId: id }), { rejected: false, reason: 'it is already partial' });
  await asked;
});

const lines = (first, last) => ({ start: { line: first, character: 0 }, end: { line: last, character: 3 } });

test('a rejection with a reason and remarks quotes the lines, and the run goes on', async (t) => {
  const { stage, asked, id } = await open(t);
  const remarks = [
    { range: lines(2, 2), text: 'Arabic numerals, please.' },
    { range: lines(11, 12), text: 'And here too.' },
  ];
  assert.equal((await stage.lsp.command('pi.rejectEdit', { editId: id, reason: 'Think again.', remarks })).rejected, true);
  assert.equal((await asked).text, 'Done.');
  assert.match(stage.told()[0], /Think again\./);
  assert.match(stage.told()[0], /remark on line 3 of your version:\n```\nline III\n```\nArabic numerals, please\./);
  assert.match(stage.told()[0], /remark on lines 12-13 of your version:\n```\nline XII\nline 13\n```\nAnd here too\./);
});

test('remarks go with an approval as well, and none is lost on the way', async (t) => {
  const { stage, asked, id, hunks } = await open(t);
  await stage.lsp.command('pi.rejectEdit', { editId: id, hunkIds: [hunks[0]], remarks: [{ range: lines(2, 2), text: 'Not this one.' }] });
  await stage.lsp.command('pi.applyEdit', { editId: id, remarks: [{ range: lines(11, 11), text: 'But more of these.' }] });
  await asked;
  assert.match(stage.told()[0], /Not this one\./);
  assert.match(stage.told()[0], /But more of these\./);
});

test('a remark that is on no line of the proposed text is an error, and decides nothing', async (t) => {
  const { stage, id } = await open(t);
  for (const remarks of [[{ range: lines(40, 40), text: 'where?' }], [{ range: 'here', text: 'where?' }], [{ range: lines(1, 1) }], 'words']) {
    await assert.rejects(stage.lsp.command('pi.rejectEdit', { editId: id, remarks }), /pi\.rejectEdit: .*(remark|range|text)/);
  }
  assert.equal((await stage.lsp.command('pi.listEdits')).edits[0].status, 'open');
});

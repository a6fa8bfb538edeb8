// A plain client with message requests: asked first, and what was decided is what happens.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { stageFor } from './stage.mjs';
import { bash, calls, edit, says, write } from './steps.mjs';

const NOTES = 'one\ntwo\nthree\n';
const files = { 'notes.txt': NOTES };
const change = [calls(edit('notes.txt', ['two', '2'])), says('Done.')];

test('the user is asked first, and Apply lands in the buffer at its exact version, not on disk', async (t) => {
  const stage = await stageFor(t, { files, script: change });
  const uri = await stage.open('notes.txt');
  await stage.lsp.type(uri, { offset: 0, text: 'zero\n' }, { version: 41 });

  const asked = stage.ask('change it');
  const question = await stage.lsp.nextQuestion();
  assert.match(question.message, /notes\.txt/);
  assert.deepEqual(question.actions, ['Apply', 'Reject', 'Review']);
  assert.equal(stage.lsp.text(uri), `zero\n${NOTES}`);
  assert.deepEqual(stage.lsp.all('workspace/applyEdit'), []);
  question.answer('Apply');

  const result = await asked;
  assert.equal(stage.lsp.text(uri), 'zero\none\n2\nthree\n');
  assert.equal(stage.disk('notes.txt'), NOTES);
  const [sent, ...more] = stage.lsp.all('workspace/applyEdit');
  assert.deepEqual(more, []);
  assert.deepEqual(
    sent.edit.documentChanges.map((one) => one.textDocument),
    [{ uri, version: 41 }],
  );
  assert.deepEqual([result.text, result.stopReason, result.error], ['Done.', 'stop', undefined]);
  assert.deepEqual(result.edits, [{ uri, status: 'applied' }]);
  assert.deepEqual(stage.told(), ['Applied to notes.txt.']);
});

test('the result has the last text and the usage of all turns', async (t) => {
  const stage = await stageFor(t, {
    files,
    script: [
      { text: 'First I look.', ...calls({ name: 'read', arguments: { path: 'notes.txt' } }), usage: { input: 100, output: 10, cacheRead: 3 } },
      { text: 'This is what I say.', ...calls({ name: 'ls', arguments: { path: '.' } }), usage: { input: 200, output: 20, cacheWrite: 7 } },
      { text: [], usage: { input: 400, output: 40 } },
    ],
  });
  const { text, usage } = await stage.ask('look');
  assert.equal(text, 'This is what I say.');
  const { cost, ...tokens } = usage;
  assert.deepEqual(tokens, { input: 700, output: 70, cacheRead: 3, cacheWrite: 7, totalTokens: 780 });
  assert.ok(Math.abs(cost - (700 * 1 + 70 * 2 + 3 * 0.25 + 7 * 1.5) / 1e6) < 1e-12, `${cost}`);
});

test('what the button rejects stays as it was, and the model hears of it', async (t) => {
  const stage = await stageFor(t, { files, script: change });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('change it');
  (await stage.lsp.nextQuestion()).answer('Reject');
  const { edits } = await asked;
  assert.deepEqual(edits, [{ uri, status: 'rejected' }]);
  assert.deepEqual([stage.lsp.text(uri), stage.lsp.version(uri), stage.disk('notes.txt')], [NOTES, 1, NOTES]);
  assert.match(stage.told()[0], /rejected your edit of notes\.txt\. The file was not changed/);
});

test('a command rejects with a reason that reaches the model, and takes the question back', async (t) => {
  const stage = await stageFor(t, { files, script: change });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('change it');
  const question = await stage.lsp.nextQuestion();
  assert.deepEqual(await stage.lsp.command('pi.rejectEdit', { reason: 'I prefer words to digits.' }), { rejected: true, reason: 'I prefer words to digits.' });
  await asked;
  assert.equal(stage.lsp.text(uri), NOTES);
  assert.match(stage.told()[0], /I prefer words to digits\./);
  await stage.lsp.until('the question to be withdrawn', () => question.withdrawn);
});

test('a command applies, and takes the question back', async (t) => {
  const stage = await stageFor(t, { files, script: change });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('change it');
  const question = await stage.lsp.nextQuestion();
  const [open] = (await stage.lsp.command('pi.listEdits')).edits;
  assert.deepEqual([open.uri, open.tool, open.status, open.version, open.newText], [uri, 'edit', 'open', 1, 'one\n2\nthree\n']);
  assert.match(open.diff, /^-two$/m);
  assert.match(open.diff, /^\+2$/m);
  const applied = await stage.lsp.command('pi.applyEdit', { editId: open.id });
  assert.deepEqual(applied, { applied: true, status: 'applied', landed: open.hunks.map((h) => h.id) });
  await asked;
  assert.equal(stage.lsp.text(uri), 'one\n2\nthree\n');
  await stage.lsp.until('the question to be withdrawn', () => question.withdrawn);
});

test('three proposals of one message come one question at a time', async (t) => {
  const names = ['a.txt', 'b.txt', 'c.txt'];
  const stage = await stageFor(t, {
    files: Object.fromEntries(names.map((name) => [name, 'old\n'])),
    script: [calls(...names.map((name) => edit(name, ['old', 'new']))), says('Done.')],
  });
  const uris = [];
  for (const name of names) uris.push(await stage.open(name));
  const asked = stage.ask('change all');
  await stage.edits('three open edits', (edits) => edits.length === 3);
  const seen = [];
  for (const answer of ['Apply', 'Reject', 'Apply']) {
    const question = await stage.lsp.nextQuestion();
    assert.equal(stage.lsp.questions.filter((one) => !one.answered).length, 1);
    seen.push(question.message.match(/[abc]\.txt/)[0]);
    question.answer(answer);
  }
  const { edits } = await asked;
  assert.deepEqual(seen.toSorted(), names);
  assert.deepEqual(edits.map((one) => one.status).toSorted(), ['applied', 'applied', 'rejected']);
  const after = Object.fromEntries(uris.map((uri, i) => [names[i], stage.lsp.text(uri)]));
  assert.deepEqual(after, { [seen[0]]: 'new\n', [seen[1]]: 'old\n', [seen[2]]: 'new\n' });
});

for (const answer of [null, 'Review']) {
  test(`an edit whose question was ${answer ? 'answered with Review' : 'dismissed'} stays open for the commands`, async (t) => {
    const stage = await stageFor(t, { files, script: change });
    const uri = await stage.open('notes.txt');
    const asked = stage.ask('change it');
    (await stage.lsp.nextQuestion()).answer(answer);
    const [open] = (await stage.lsp.command('pi.listEdits')).edits;
    assert.equal(open.status, 'open');
    assert.equal(stage.lsp.text(uri), NOTES);
    assert.equal((await stage.lsp.command('pi.applyEdit')).applied, true);
    assert.deepEqual((await asked).edits, [{ uri, status: 'applied' }]);
    assert.equal(stage.lsp.text(uri), 'one\n2\nthree\n');
  });
}

test("the user's own version lands, and the model is shown what it became", async (t) => {
  const stage = await stageFor(t, { files, script: change });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('change it');
  await stage.lsp.nextQuestion();
  const applied = await stage.lsp.command('pi.applyEdit', { newText: 'one\nII\nthree\n' });
  assert.deepEqual([applied.applied, applied.status], [true, 'applied']);
  await asked;
  assert.equal(stage.lsp.text(uri), 'one\nII\nthree\n');
  assert.match(stage.told()[0], /user changed your proposal[\s\S]*^-two$[\s\S]*^\+II$/m);
});

const LONG = Array.from({ length: 30 }, (_, i) => `line ${i + 1}\n`).join('');
const both = [calls(edit('long.txt', ['line 3\n', 'line III\n'], ['line 20\n', 'line XX\n'])), says('Done.')];

test('one hunk of two is applied, and the model hears which one', async (t) => {
  const stage = await stageFor(t, { files: { 'long.txt': LONG }, script: both });
  const uri = await stage.open('long.txt');
  const asked = stage.ask('change it');
  await stage.lsp.nextQuestion();
  const [open] = (await stage.lsp.command('pi.listEdits')).edits;
  assert.equal(open.hunks.length, 2);
  const result = await stage.lsp.command('pi.applyEdit', { editId: open.id, hunkIds: [open.hunks[1].id] });
  assert.deepEqual(result, { applied: true, status: 'partial', landed: [open.hunks[1].id] });
  assert.deepEqual((await asked).edits, [{ uri, status: 'partial' }]);
  assert.equal(stage.lsp.text(uri), LONG.replace('line 20\n', 'line XX\n'));
  assert.match(stage.told()[0], /line 3: left out[\s\S]*line 20: applied/);
});

test('hunks can be decided one after another', async (t) => {
  const stage = await stageFor(t, { files: { 'long.txt': LONG }, script: both });
  const uri = await stage.open('long.txt');
  const asked = stage.ask('change it');
  await stage.lsp.nextQuestion();
  const [open] = (await stage.lsp.command('pi.listEdits')).edits;
  const first = await stage.lsp.command('pi.applyEdit', { editId: open.id, hunkIds: [open.hunks[1].id], keepRest: true });
  assert.deepEqual([first.applied, first.status], [true, 'open']);
  const second = await stage.lsp.command('pi.applyEdit', { editId: open.id, hunkIds: [open.hunks[0].id] });
  assert.deepEqual([second.applied, second.status], [true, 'applied']);
  await asked;
  assert.equal(stage.lsp.text(uri), LONG.replace('line 3\n', 'line III\n').replace('line 20\n', 'line XX\n'));
});

test('everything open can be applied and rejected at once', async (t) => {
  const pair = calls(write('a.txt', 'new\n'), write('b.txt', 'new\n'));
  const stage = await stageFor(t, { files: { 'a.txt': 'old\n', 'b.txt': 'old\n' }, script: [pair, pair, says('Done.')] });
  const uris = [await stage.open('a.txt'), await stage.open('b.txt')];
  const asked = stage.ask('change all');
  const open = (n) => stage.edits(`${n} edits, two of them open`, (edits) => edits.length === n && edits.filter((e) => e.status === 'open').length === 2);
  await open(2);
  assert.deepEqual(await stage.lsp.command('pi.rejectEdit', { all: true, reason: 'not now' }), { rejected: true, reason: 'not now' });
  await open(4);
  const applied = await stage.lsp.command('pi.applyEdit', { all: true });
  assert.deepEqual([applied.applied, applied.status, applied.landed.length], [true, 'applied', 2]);
  await asked;
  assert.deepEqual(
    uris.map((uri) => stage.lsp.text(uri)),
    ['new\n', 'new\n'],
  );
});

test('a decision that makes no sense is an error, and changes nothing', async (t) => {
  const stage = await stageFor(t, { files, script: change });
  const uri = await stage.open('notes.txt');
  await assert.rejects(stage.lsp.command('pi.applyEdit'), /no open edit/);
  await assert.rejects(stage.lsp.command('pi.rejectEdit', { all: true }), /no open edit/);
  const asked = stage.ask('change it');
  await stage.lsp.nextQuestion();
  const [open] = (await stage.lsp.command('pi.listEdits')).edits;
  await assert.rejects(stage.lsp.command('pi.applyEdit', { editId: 'e99' }), /no edit "e99"/);
  await assert.rejects(stage.lsp.command('pi.applyEdit', { editId: open.id, hunkIds: ['h99'] }), /no hunk "h99"/);
  await assert.rejects(stage.lsp.command('pi.applyEdit', { editId: open.id, newText: 7 }), /"newText" must be a string/);
  const stale = await stage.lsp.command('pi.applyEdit', { editId: open.id, version: 99 });
  assert.deepEqual([stale.applied, stale.status], [false, 'open']);
  assert.equal(stage.lsp.text(uri), NOTES);
  await stage.lsp.command('pi.rejectEdit', { editId: open.id });
  await asked;
  const late = await stage.lsp.command('pi.applyEdit', { editId: open.id });
  assert.deepEqual([late.applied, late.status, late.reason], [false, 'rejected', 'it is already rejected']);
  assert.equal(stage.lsp.text(uri), NOTES);
});

test('what was decided stays in the list as it was proposed, with its fate', async (t) => {
  const again = (to) => calls(edit('notes.txt', ['one', to]));
  const stage = await stageFor(t, { files, script: [...change.slice(0, 1), again('1'), again('I'), says('Done.')] });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('change it');
  (await stage.lsp.nextQuestion()).answer('Apply');
  (await stage.lsp.nextQuestion()).answer('Reject');
  const third = await stage.lsp.nextQuestion();
  await stage.lsp.type(uri, { offset: 0, length: 3, text: 'uno' });
  third.answer('Apply');
  await asked;
  await stage.lsp.type(uri, { text: 'something else\n' });
  const { edits } = await stage.lsp.command('pi.listEdits');
  assert.deepEqual(
    edits.map((one) => [one.status, one.hunks.map((h) => h.fate)]),
    [
      ['applied', ['landed']],
      ['rejected', ['rejected']],
      ['failed', ['clashed']],
    ],
  );
  assert.deepEqual(
    edits.map((one) => one.newText),
    ['one\n2\nthree\n', '1\n2\nthree\n', 'I\n2\nthree\n'],
  );
  for (const [i, removed] of ['two', 'one', 'one'].entries()) assert.match(edits[i].diff, new RegExp(`^-${removed}$`, 'm'));
  const { uri: shown } = await stage.lsp.command('pi.showEdit', { editId: edits[0].id });
  assert.match(readFileSync(new URL(shown), 'utf8'), /^-two$/m);
});

test('an edit and a shell command of one message are both asked about', async (t) => {
  const stage = await stageFor(t, { files, script: [calls(edit('notes.txt', ['two', '2']), bash('echo from-the-shell')), says('Done.')] });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('do both');
  const messages = [];
  for (let i = 0; i < 2; i++) {
    const question = await stage.lsp.nextQuestion();
    messages.push(question.message);
    question.answer(question.actions[0]);
  }
  await asked;
  assert.ok(messages.some((one) => one.includes('notes.txt')) && messages.some((one) => one.includes('echo from-the-shell')), messages.join());
  assert.equal(stage.lsp.text(uri), 'one\n2\nthree\n');
  assert.match(stage.told().join(), /from-the-shell/);
});

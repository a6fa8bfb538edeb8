// While an edit waits: typing, saving, formatting and other writers are neither consent nor, by themselves, a conflict.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageFor } from '../stage.mjs';
import { calls, edit, says, write } from '../steps.mjs';
import { byCommands, hunksShown, linesOf, numbered, shown } from './plain-editor.mjs';

const CODE = ['function a() {', '  return 1;', '}', '', '', 'function b() {', '  return 2;', '}', '', '', 'function c() {', '  return 3;', '}', ''].join('\n');
const files = { 'code.js': CODE };
const change = (from, to) => [calls(edit('code.js', [from, to])), says('Done.')];
const changed = CODE.replace('return 2;', 'return 22;');

/** An edit of the second function that waits. */
async function waiting(t, more = {}) {
  const stage = await stageFor(t, { files, script: change('return 2;', 'return 22;'), settings: byCommands, ...more });
  const uri = await stage.open('code.js');
  const asked = stage.ask('change it');
  await hunksShown(stage, uri, 1);
  return { stage, uri, asked };
}

const replaced = (stage, uri, text) => stage.lsp.type(uri, { text });

for (const [what, saves] of [
  ['saving', 1],
  ['an autosave after every word', 3],
]) {
  test(`${what} is no consent and no conflict`, async (t) => {
    const { stage, uri, asked } = await waiting(t);
    for (let i = 0; i < saves; i++) {
      await stage.lsp.type(uri, { offset: stage.lsp.text(uri).length, text: `// word ${i}\n` });
      await stage.lsp.save(uri);
    }
    const [one] = (await stage.lsp.command('pi.listEdits')).edits;
    assert.deepEqual([one.status, one.version], ['open', 1 + saves]);
    assert.deepEqual(stage.lsp.all('workspace/applyEdit'), []);
    assert.equal((await stage.lsp.command('pi.applyEdit')).status, 'applied');
    await asked;
    assert.match(stage.lsp.text(uri), /return 22;[\s\S]*\/\/ word 0/);
    assert.deepEqual(stage.told(), ['Applied to code.js.']);
  });
}

test('format-on-save that replaces the whole document is no conflict where it leaves the lines of the edit alone', async (t) => {
  const { stage, uri, asked } = await waiting(t);
  const formatted = CODE.replace('  return 1;', '    return 1;').replace('  return 3;', '\treturn 3;').replace('\n\n\nfunction c', '\n\nfunction c');
  await replaced(stage, uri, formatted);
  await stage.lsp.save(uri);
  assert.equal((await stage.lsp.command('pi.applyEdit')).status, 'applied');
  await asked;
  assert.equal(stage.lsp.text(uri), formatted.replace('return 2;', 'return 22;'));
});

test('a formatter that runs as the edit lands is no failure: the lines of the edit are there', async (t) => {
  const { stage, uri, asked } = await waiting(t);
  stage.lsp.applyMode = async (params, honest) => {
    const answer = await honest();
    await replaced(stage, uri, stage.lsp.text(uri).replace('  return 1;', '    return 1;'));
    await stage.lsp.save(uri);
    return answer;
  };
  assert.equal((await stage.lsp.command('pi.applyEdit')).status, 'applied');
  await asked;
  assert.deepEqual(stage.told(), ['Applied to code.js.']);
});

test('the disk that an autosave has written is not taken for another writer', async (t) => {
  const { stage, uri, asked } = await waiting(t);
  await stage.lsp.type(uri, { offset: 0, text: '// mine\n' });
  await stage.lsp.save(uri);
  await stage.lsp.close(uri);
  assert.equal((await stage.lsp.command('pi.applyEdit')).status, 'applied');
  await asked;
  assert.equal(stage.lsp.text(uri), `// mine\n${changed}`);
});

test('undoing what was typed brings the edit back to where it was', async (t) => {
  const { stage, uri, asked } = await waiting(t);
  await stage.lsp.type(uri, { offset: CODE.indexOf('return 2;'), length: 'return 2;'.length, text: 'return two();' });
  await stage.lsp.until('the clash', () => shown(stage, uri)[0]?.code === 'clash');
  await replaced(stage, uri, CODE);
  await stage.lsp.until('no clash', () => shown(stage, uri)[0]?.code === 'edit');
  assert.equal((await stage.lsp.command('pi.applyEdit')).status, 'applied');
  await asked;
  assert.equal(stage.lsp.text(uri), changed);
});

test('the user who types the very edit has applied it', async (t) => {
  const { stage, uri, asked } = await waiting(t);
  await replaced(stage, uri, changed);
  const { applied, status } = await stage.lsp.command('pi.applyEdit');
  assert.deepEqual([applied, status], [true, 'applied']);
  await asked;
  assert.equal(stage.lsp.text(uri), changed);
  assert.deepEqual(stage.lsp.all('workspace/applyEdit'), []);
});

test('a clash is refused with the present text, and nothing of the user is touched', async (t) => {
  const { stage, uri, asked } = await waiting(t);
  const mine = CODE.replace('return 2;', 'return two(); // mine');
  await replaced(stage, uri, mine);
  const [one] = (await stage.lsp.command('pi.listEdits')).edits;
  assert.deepEqual([one.hunks[0].fate, one.hunks[0].oldText, one.newText], ['clashed', '  return two(); // mine\n', mine]);
  const { applied, status, reason } = await stage.lsp.command('pi.applyEdit');
  assert.deepEqual([applied, status], [false, 'failed']);
  assert.match(reason, /changed the same lines/);
  await asked;
  assert.equal(stage.lsp.text(uri), mine);
  assert.match(stage.told()[0], /not applied[\s\S]*return two\(\); \/\/ mine[\s\S]*Read the file again/);
});

test('a file that the user empties under an edit is left empty', async (t) => {
  const { stage, uri, asked } = await waiting(t);
  await replaced(stage, uri, '');
  assert.equal((await stage.lsp.command('pi.applyEdit')).applied, false);
  await asked;
  assert.equal(stage.lsp.text(uri), '');
});

test('an edit of another session to the same file goes where its lines are now', async (t) => {
  const { stage, uri, asked } = await waiting(t, { script: change('return 2;', 'return 22;').slice(0, 1) });
  const { sessionId } = await stage.lsp.command('pi.newSession');
  stage.model.add(
    ...[calls(edit('code.js', ['function a() {', '// first\n// of all\nfunction a() {'])), says('Also done.')].map((step) => ({ ...step, match: 'another' })),
  );
  stage.model.add(says('Done.'));
  const other = stage.ask('another one', { sessionId });
  await stage.edits('two open edits', (all) => all.length === 2 && all.every((one) => one.status === 'open'));
  const ofOther = (await stage.lsp.command('pi.listEdits')).edits.find((one) => one.sessionId === sessionId);
  assert.equal((await stage.lsp.command('pi.applyEdit', { editId: ofOther.id })).status, 'applied');
  assert.equal((await other).text, 'Also done.');
  await stage.lsp.until('the other edit to move', () => shown(stage, uri)[0]?.range.start.line === 8);
  assert.equal((await stage.lsp.command('pi.applyEdit')).status, 'applied');
  await asked;
  assert.equal(stage.lsp.text(uri), `// first\n// of all\n${changed}`);
});

test('another program writes a closed file under the edit: disjoint lines merge, the same lines are refused', async (t) => {
  const stage = await stageFor(t, {
    files,
    settings: byCommands,
    script: [calls(edit('code.js', ['return 2;', 'return 22;'], ['return 3;', 'return 33;'])), says('Done.')],
  });
  const asked = stage.ask('change it');
  await stage.edits('an open edit', ([one]) => one?.status === 'open');
  const theirs = CODE.replace('return 3;', 'return theirs;').replace('function a', '// theirs\nfunction a');
  stage.write('code.js', theirs);
  const { status } = await stage.lsp.command('pi.applyEdit');
  assert.equal(status, 'partial');
  await asked;
  assert.equal(stage.lsp.text(stage.uri('code.js')), theirs.replace('return 2;', 'return 22;'));
  assert.equal(stage.disk('code.js'), theirs);
  assert.match(stage.told()[0], /return theirs;/);
});

test('a whole-file write over typing elsewhere keeps the typing', async (t) => {
  const stage = await stageFor(t, {
    files: { 'long.txt': numbered(30) },
    settings: byCommands,
    script: [calls(write('long.txt', numbered(30).replace('line 20\n', 'line XX\n'))), says('Done.')],
  });
  const uri = await stage.open('long.txt');
  const asked = stage.ask('write it');
  assert.deepEqual(linesOf(await hunksShown(stage, uri, 1)), [[19, 20]]);
  await stage.lsp.type(uri, { offset: 0, text: 'mine\n' });
  assert.equal((await stage.lsp.command('pi.applyEdit')).status, 'applied');
  await asked;
  assert.equal(stage.lsp.text(uri), `mine\n${numbered(30).replace('line 20\n', 'line XX\n')}`);
});

// Disk and buffers around a shell command: saving, what it could not see, what it changed past the review.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageFor } from '../stage.mjs';
import { bash, calls, edit, read, says } from '../steps.mjs';
import { byCommands } from './plain-editor.mjs';

const NOTES = 'one\ntwo\n';
const files = { 'notes.txt': NOTES, 'mine.txt': 'mine\n' };
const saving = { capabilities: { experimental: { pi: { save: true, events: true } } } };
const editThenCat = [calls(edit('notes.txt', ['two', '2'])), calls(bash('cat notes.txt mine.txt')), says('Done.')];

/** Saves what it is asked to save, as an editor does. @returns {string[][]} the URIs of each request */
function saver(stage) {
  const requests = [];
  stage.lsp.onRequest('pi/save', async ({ uris }) => {
    requests.push(uris);
    for (const uri of uris) await stage.lsp.save(uri);
    return null;
  });
  return requests;
}

/** Everything that is asked gets its first answer. */
function agree(stage) {
  stage.lsp.onRequest('window/showMessageRequest', ({ actions }) => actions[0]);
}

async function setUp(t, { save, script = editThenCat, client = saving, more = {} } = {}) {
  const stage = await stageFor(t, { files: { ...files, ...more }, script, client, settings: save ? { save } : {} });
  agree(stage);
  return { stage, saved: saver(stage), notes: await stage.open('notes.txt'), mine: await stage.open('mine.txt') };
}

test("beforeBash: what was applied is saved before the command, what is only the user's is not", async (t) => {
  const { stage, saved, notes, mine } = await setUp(t);
  await stage.lsp.type(mine, { offset: 0, text: 'half a thou' });
  await stage.ask('go');
  assert.deepEqual(saved, [[notes]]);
  assert.match(stage.told()[1], /one\n2\nmine\n/);
  assert.match(stage.told()[1], /Unsaved in the editor[^\]]*: mine\.txt\]/);
  assert.equal(stage.disk('mine.txt'), 'mine\n');
  assert.equal(stage.lsp.text(mine), 'half a thoumine\n');
});

test('never: nothing is saved, and the model hears what the command could not see', async (t) => {
  const { stage, saved, notes } = await setUp(t, { save: 'never' });
  await stage.ask('go');
  assert.deepEqual(saved, []);
  assert.equal(stage.disk('notes.txt'), NOTES);
  assert.equal(stage.lsp.text(notes), 'one\n2\n');
  assert.match(stage.told()[1], /two[\s\S]*Unsaved in the editor[^\]]*: notes\.txt\]/);
});

test('onApply: each applied edit is saved, without a command', async (t) => {
  const { stage, notes } = await setUp(t, { save: 'onApply', script: [calls(edit('notes.txt', ['two', '2'])), says('Done.')] });
  await stage.ask('go');
  await stage.lsp.until('the save', () => stage.lsp.sent.some((one) => one.method === 'textDocument/didSave' && one.params.textDocument.uri === notes));
  assert.equal(stage.disk('notes.txt'), 'one\n2\n');
});

test('what the user rejected is not saved', async (t) => {
  const { stage, saved } = await setUp(t, { save: 'onApply' });
  stage.lsp.onRequest('window/showMessageRequest', ({ actions, message }) =>
    actions.find((one) => one.title === (message.includes('bash') ? 'Allow' : 'Reject')),
  );
  await stage.ask('go');
  assert.deepEqual(saved, []);
  assert.doesNotMatch(stage.told()[1], /Unsaved/);
});

test('a client that does not save is not asked to, and the model hears what is unsaved', async (t) => {
  const { stage, saved } = await setUp(t, { client: {} });
  await stage.ask('go');
  assert.deepEqual(saved, []);
  assert.match(stage.told()[1], /Unsaved in the editor[^\]]*: notes\.txt\]/);
});

for (const [what, answer] of [
  ['says it saved and did not', () => null],
  [
    'fails to save',
    () => {
      throw new Error('disk full');
    },
  ],
]) {
  test(`a client that ${what}: the command runs, and the model hears what is unsaved`, async (t) => {
    const { stage } = await setUp(t);
    stage.lsp.onRequest('pi/save', answer);
    await stage.ask('go');
    assert.match(stage.told()[1], /two[\s\S]*Unsaved in the editor[^\]]*: notes\.txt\]/);
  });
}

test('autosave: a buffer that is saved already is not saved again', async (t) => {
  const { stage, saved, notes } = await setUp(t);
  stage.lsp.applyMode = async (params, honest) => {
    const answer = await honest();
    await stage.lsp.save(notes);
    return answer;
  };
  await stage.ask('go');
  assert.deepEqual(saved, []);
  assert.match(stage.told()[1], /one\n2\n/);
  assert.doesNotMatch(stage.told()[1], /Unsaved/);
});

test('what a command changed past the review is told to the model and to the user', async (t) => {
  const { stage } = await setUp(t, {
    script: [
      calls(bash('echo more >> notes.txt; echo new > made.txt; rm mine.txt; mkdir -p sub; echo deep > sub/deep.txt; echo x > ignored.log')),
      says('Done.'),
    ],
    more: { '.gitignore': '*.log\n' },
  });
  await stage.ask('go');
  assert.match(stage.told()[0], /\[Changed on disk, outside the user's review: made\.txt, mine\.txt, notes\.txt, sub\/deep\.txt\]/);
  const notice = await stage.lsp.waitFor('pi/event', (event) => event.type === 'notice');
  assert.deepEqual([notice.level, notice.text], ['warning', 'Changed outside your review: made.txt, mine.txt, notes.txt, sub/deep.txt']);
  await stage.lsp.waitFor('window/logMessage', ({ message }) => message.includes('made.txt'));
});

test('a command that changes nothing says nothing about changes', async (t) => {
  const { stage } = await setUp(t, { script: [calls(bash('cat notes.txt')), says('Done.')] });
  await stage.ask('go');
  assert.doesNotMatch(stage.told()[0], /Changed on disk/);
  assert.equal(
    stage.lsp.all('pi/event').some((event) => event.type === 'notice'),
    false,
  );
});

test('what was saved for the command is not called changed by it', async (t) => {
  const { stage } = await setUp(t);
  await stage.ask('go');
  assert.doesNotMatch(stage.told()[1], /Changed on disk/);
});

test('a command that fails has changed what it changed', async (t) => {
  const { stage } = await setUp(t, { script: [calls(bash('echo new > made.txt; exit 3')), says('Done.')] });
  await stage.ask('go');
  assert.match(stage.told()[0], /Changed on disk[^\]]*made\.txt/);
});

const overwrite = (text) => [calls(bash(`printf '${text}' > notes.txt`)), calls(read('notes.txt')), says('Done.')];

test('a clean buffer that is older than the disk is read from the disk', async (t) => {
  const { stage, notes } = await setUp(t, { script: overwrite('by the command\\n') });
  await stage.ask('go');
  assert.match(stage.told()[1], /by the command/);
  assert.equal(stage.lsp.text(notes), NOTES);
});

test('a dirty buffer is what the user sees, whatever the disk says, and the model hears that they differ', async (t) => {
  const { stage, notes } = await setUp(t, { script: overwrite('by the command\\n') });
  await stage.lsp.type(notes, { offset: 0, text: 'my unsaved words\n' });
  await stage.ask('go');
  assert.match(stage.told()[1], /my unsaved words\none\ntwo/);
  assert.doesNotMatch(stage.told()[1], /by the command/);
  assert.match(stage.told()[0], /Unsaved in the editor[^\]]*notes\.txt/);
});

test('an edit for the newer disk does not fall upon the older buffer', async (t) => {
  const stage = await stageFor(t, {
    files,
    settings: { ...byCommands, permissionMode: 'full' },
    script: [calls(bash("printf 'one\\nzwei\\n' > notes.txt")), calls(edit('notes.txt', ['zwei', '2'])), says('Done.')],
  });
  const uri = await stage.open('notes.txt');
  await stage.ask('go');
  assert.equal(stage.lsp.text(uri), NOTES);
  assert.match(stage.told()[1], /not applied[\s\S]*two/);
});

test('a buffer that the editor re-reads itself is edited as usual', async (t) => {
  const { stage, notes } = await setUp(t, {
    script: [calls(bash("printf 'one\\nzwei\\n' > notes.txt")), calls(edit('notes.txt', ['zwei', '2'])), says('Done.')],
  });
  stage.lsp.onRequest('window/showMessageRequest', async ({ actions, message }) => {
    if (message.includes('notes.txt:') || message.includes('change notes.txt')) await stage.lsp.type(notes, { text: stage.disk('notes.txt') });
    return actions[0];
  });
  await stage.ask('go');
  assert.equal(stage.lsp.text(notes), 'one\n2\n');
  assert.equal(stage.told()[1], 'Applied to notes.txt.');
});

test('a plain client shows its user which files a command changed past the review', async (t) => {
  const stage = await stageFor(t, { files: { 'made.txt': 'old\n' }, script: [calls(bash('echo new > made.txt')), says('Done.')] });
  const asked = stage.ask('run it');
  (await stage.lsp.nextQuestion()).answer('Allow');
  const shown = await stage.lsp.waitFor('window/showMessage', (p) => p.message.includes('made.txt'));
  assert.deepEqual([shown.type, shown.message], [2, 'Pi: Changed outside your review: made.txt']);
  await asked;
});

// The end of a run, in what it came to: what landed, what its commands changed, what an undo would bring back.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { stageFor } from './stage.mjs';
import { bash, calls, edit, says, write } from './steps.mjs';

const client = { capabilities: { experimental: { pi: { proposals: true, events: true } } } };
const files = { 'notes.txt': 'one\ntwo\nthree\n', 'old.txt': 'old\n' };
const settled = (stage) => stage.lsp.all('pi/event').findLast((e) => e.type === 'runSettled');

test('a run tells what landed of it and what its commands changed; a trial of its undo names what it cannot bring back', async (t) => {
  const script = [
    calls(edit('notes.txt', ['two', '2\ntwo and a half'])),
    calls(write('new.txt', 'new\n')),
    calls(edit('notes.txt', ['three', '3'])),
    calls(bash('rm old.txt')),
    says('Done.'),
  ];
  const stage = await stageFor(t, { script, files, client });
  const uri = await stage.open('notes.txt');
  stage.lsp.onRequest('pi/confirm', () => ({ allow: true }));
  const asked = stage.ask('go');
  for (const decision of ['pi.applyEdit', 'pi.applyEdit', 'pi.rejectEdit']) {
    await stage.edits('an open edit', (edits) => edits.some((one) => one.status === 'open'));
    await stage.lsp.command(decision, {});
  }

  const { runId, usage } = await asked;
  const event = settled(stage);
  const wanted = {
    runId,
    usage,
    files: [
      { uri, created: false, added: 2, removed: 1 },
      { uri: stage.uri('new.txt'), created: true, added: 1, removed: 0 },
    ],
    changedByCommands: [stage.uri('old.txt')],
    undoable: true,
  };
  const card = ({ runId, usage, files, changedByCommands, undoable }) => ({ runId, usage, files, changedByCommands, undoable });
  assert.deepEqual(card(event), wanted);
  const { entries } = await stage.lsp.command('pi.getTranscript');
  assert.deepEqual(card(entries.find((one) => one.kind === 'run')), wanted);

  const trial = await stage.lsp.command('pi.undoRun', { runId, dryRun: true });
  assert.deepEqual([trial.undone, trial.runId], [false, runId]);
  // This editor deletes no files, which is known before.
  assert.deepEqual(
    trial.files.map(({ uri, status }) => [uri, status]),
    [
      [uri, 'restored'],
      [stage.uri('new.txt'), 'failed'],
      [stage.uri('old.txt'), 'failed'],
    ],
  );
  assert.match(trial.files[1].reason, /does not delete/);
  assert.match(trial.files[2].reason, /command/);
  assert.match(stage.lsp.text(uri), /two and a half/);
  const { files: undone } = await stage.lsp.command('pi.undoRun', { runId });
  assert.deepEqual(undone.map((one) => one.status).sort(), ['failed', 'restored']);
  assert.equal(stage.lsp.text(uri), files['notes.txt']);
});

test('an edit tells what of it landed, also as a diff, and that it is protected', async (t) => {
  const script = [calls(edit('notes.txt', ['one', '1'], ['three', '3'])), calls(write('.env', 'KEY=1\n')), says('Done.')];
  const stage = await stageFor(t, { script, files, client });
  await stage.open('notes.txt');
  const asked = stage.ask('go');
  const [first] = await stage.edits('an open edit', (edits) => edits.some((one) => one.status === 'open') && edits);
  await assert.rejects(stage.lsp.command('pi.showEdit', { editId: first.id, as: 'landed' }), /Nothing of edit/);
  await stage.lsp.command('pi.applyEdit', { editId: first.id, hunkIds: [first.hunks[0].id] });
  const [, secret] = await stage.edits('the second', (edits) => edits.length === 2 && edits);
  assert.deepEqual([first.protected, secret.protected], [undefined, true]);
  await stage.lsp.command('pi.rejectEdit', { editId: secret.id });
  await asked;
  const told = stage.lsp.all('pi/edits').at(-1).edits;
  assert.deepEqual(
    told.map((one) => one.outcome),
    [
      { added: 1, removed: 1, applied: 1, rejected: 1, changedByUser: false },
      { added: 0, removed: 0, applied: 0, rejected: 1, changedByUser: false },
    ],
  );
  const { uri } = await stage.lsp.command('pi.showEdit', { editId: first.id, as: 'landed' });
  const diff = readFileSync(new URL(uri), 'utf8');
  assert.match(diff, /^-one\n\+1$/m);
  assert.doesNotMatch(diff, /\+3/);
});

test('a run that changed nothing has a card without files', async (t) => {
  const stage = await stageFor(t, { script: [says('Hello.')], client });
  const { runId, usage } = await stage.ask('hello');
  const { files: none, undoable, changedByCommands, ...event } = settled(stage);
  assert.deepEqual([none, undoable, changedByCommands, event.runId, event.usage], [undefined, undefined, undefined, runId, usage]);
});

// review "end": a command that is to see what Pi has staged needs it landed first.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { bash, calls, edit, says } from '../steps.mjs';
import { NOTES, set } from './reviewed-at-end.mjs';

const withShell = [calls(edit('notes.txt', ['two', '2'])), calls(bash('cat notes.txt')), says('Done.')];
const saving = { capabilities: { experimental: { pi: { save: true } } } };
const saver = (stage) =>
  stage.lsp.onRequest('pi/save', async ({ uris }) => {
    for (const uri of uris) await stage.lsp.save(uri);
    return null;
  });

test('a command asks to land first what is staged: applied, saved, then run', async (t) => {
  const stage = await set(t, { script: withShell, client: saving });
  saver(stage);
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('go');
  const question = await stage.lsp.nextQuestion();
  assert.deepEqual(question.actions, ['Apply edits, then allow', 'Allow', 'Reject']);
  assert.match(question.message, /cat notes\.txt[\s\S]*1 staged edit/);
  question.answer('Apply edits, then allow');
  const { edits } = await asked;
  assert.deepEqual(
    edits.map((one) => one.status),
    ['applied'],
  );
  assert.equal(stage.lsp.text(uri), NOTES.replace('two', '2'));
  assert.match(stage.told()[1], /one\n2\nthree/);
  assert.equal(stage.lsp.questions.length, 1);
});

test('Allow alone runs the command on the old disk and leaves what is staged', async (t) => {
  const stage = await set(t, { script: withShell });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('go');
  (await stage.lsp.nextQuestion()).answer('Allow');
  await asked;
  assert.match(stage.told()[1], /one\ntwo\nthree/);
  assert.equal(stage.lsp.text(uri), NOTES);
  assert.match((await stage.lsp.nextQuestion()).message, /1 edit/);
});

test('Reject runs nothing and leaves what is staged', async (t) => {
  const stage = await set(t, { script: [calls(edit('notes.txt', ['two', '2'])), calls(bash('touch proof')), says('Done.')] });
  await stage.open('notes.txt');
  const asked = stage.ask('go');
  (await stage.lsp.nextQuestion()).answer('Reject');
  assert.deepEqual(
    (await asked).edits.map((one) => one.status),
    ['open'],
  );
  assert.equal(existsSync(stage.path('proof')), false);
});

test('a command that is allowed unasked is asked for as long as edits are staged', async (t) => {
  const stage = await set(t, { script: withShell });
  await stage.lsp.command('pi.allow', { tool: 'bash' });
  await stage.open('notes.txt');
  const asked = stage.ask('go');
  const question = await stage.lsp.nextQuestion();
  assert.equal(question.actions[0], 'Apply edits, then allow');
  question.answer('Apply edits, then allow');
  await asked;
});

test('where an edit does not land, the command that was to see it does not run', async (t) => {
  const stage = await set(t, { script: [calls(edit('notes.txt', ['two', '2'])), calls(bash('touch proof')), says('Done.')] });
  await stage.open('notes.txt');
  stage.lsp.applyMode = 'refuse';
  const asked = stage.ask('go');
  (await stage.lsp.nextQuestion()).answer('Apply edits, then allow');
  await asked;
  assert.equal(existsSync(stage.path('proof')), false);
  assert.match(stage.told()[1], /notes\.txt[\s\S]*(not applied|did not land)/);
});

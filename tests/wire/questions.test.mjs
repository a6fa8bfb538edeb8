// Consent for tools that are not ours, and the dialogs of Pi's extensions.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { stageFor } from './stage.mjs';
import { bash, calls, edit, says } from './steps.mjs';

const touching = [calls(bash('touch proof && echo done-it')), says('Done.')];
/** A client that has nobody to ask. */
const mute = { capabilities: { window: { showMessage: null } } };

test('a shell command runs when the user allows it, having seen it', async (t) => {
  const stage = await stageFor(t, { script: touching });
  const asked = stage.ask('run it');
  const question = await stage.lsp.nextQuestion();
  assert.match(question.message, /bash/);
  assert.ok(question.message.includes('touch proof && echo done-it'), question.message);
  assert.deepEqual(question.actions.slice(0, 2), ['Allow', 'Reject']);
  assert.equal(existsSync(stage.path('proof')), false);
  question.answer('Allow');
  await asked;
  assert.equal(existsSync(stage.path('proof')), true);
  assert.match(stage.told()[0], /done-it/);
});

for (const answer of ['Reject', null]) {
  test(`a shell command does not run when the question is ${answer ? 'answered with Reject' : 'dismissed'}`, async (t) => {
    const stage = await stageFor(t, { script: touching });
    const asked = stage.ask('run it');
    (await stage.lsp.nextQuestion()).answer(answer);
    await asked;
    assert.equal(existsSync(stage.path('proof')), false);
    assert.match(stage.told()[0], /user did not allow bash/);
  });
}

test('a shell command does not run when nobody answers in time', async (t) => {
  const stage = await stageFor(t, { script: touching, settings: { questionTimeoutMs: 100 } });
  const asked = stage.ask('run it');
  const question = await stage.lsp.nextQuestion();
  await asked;
  assert.equal(question.withdrawn, true);
  assert.equal(existsSync(stage.path('proof')), false);
  assert.match(stage.told()[0], /Nobody answered in time/);
});

test('an answer that is none of the actions is no consent', async (t) => {
  const stage = await stageFor(t, { script: touching });
  stage.lsp.onRequest('window/showMessageRequest', () => ({ title: 'allow' }));
  await stage.ask('run it');
  assert.equal(existsSync(stage.path('proof')), false);
  assert.match(stage.told()[0], /did not allow bash/);
});

test('an error instead of an answer is no consent', async (t) => {
  const stage = await stageFor(t, { script: touching });
  stage.lsp.onRequest('window/showMessageRequest', () => {
    throw new Error('no window');
  });
  await stage.ask('run it');
  assert.equal(existsSync(stage.path('proof')), false);
  assert.match(stage.told()[0], /bash did not run/);
});

test('a long command is shown by both its ends and its length, and every line of a short one', async (t) => {
  const stage = await stageFor(t, { script: [calls(bash(`true ${'x'.repeat(5000)}`)), calls(bash('echo 1\nrm -rf precious')), says('Done.')] });
  const asked = stage.ask('run them');
  const long = await stage.lsp.nextQuestion();
  assert.match(long.message, /characters of 5,005 /);
  long.answer('Reject');
  const lines = await stage.lsp.nextQuestion();
  assert.ok(lines.message.includes('echo 1\nrm -rf precious'), lines.message);
  lines.answer('Reject');
  await asked;
});

test('with nobody to ask, edits and commands are refused with a reason', async (t) => {
  const stage = await stageFor(t, {
    files: { 'notes.txt': 'one\n' },
    script: [calls(edit('notes.txt', ['one', '1']), bash('touch proof')), says('Done.')],
    client: mute,
  });
  const uri = await stage.open('notes.txt');
  const { edits } = await stage.ask('do both');
  assert.deepEqual(
    edits.filter((one) => one.status === 'applied'),
    [],
  );
  assert.match(stage.told()[0], /needs the user's approval, and this editor has no way to ask/);
  assert.match(stage.told()[1], /needs the user's consent, and this editor has no way to ask/);
  assert.equal(stage.lsp.text(uri), 'one\n');
  assert.equal(existsSync(stage.path('proof')), false);
  assert.equal((await stage.lsp.command('pi.status')).approval, 'none');
});

test('with nobody to ask but commands wanted, an edit waits for them', async (t) => {
  const stage = await stageFor(t, {
    files: { 'notes.txt': 'one\n' },
    script: [calls(edit('notes.txt', ['one', '1'])), says('Done.')],
    settings: { approval: 'commands' },
    client: mute,
  });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('change it');
  await stage.edits('an open edit', ([one]) => one?.status === 'open');
  assert.equal((await stage.lsp.command('pi.applyEdit')).applied, true);
  await asked;
  assert.equal(stage.lsp.text(uri), '1\n');
});

test('a dialog of an extension is put to the user by its options, and answered with the choice', async (t) => {
  const stage = await stageFor(t, { fake: 'dialog' });
  const asked = stage.ask('hello');
  const question = await stage.lsp.nextQuestion();
  assert.match(question.message, /Which\?/);
  assert.deepEqual(question.actions, ['one', 'two']);
  question.answer('two');
  assert.equal((await asked).text, 'Hello from the fake Pi.');
});

test('a yes-or-no of an extension can be dismissed without holding up the run', async (t) => {
  const stage = await stageFor(t, { fake: 'confirm' });
  const asked = stage.ask('hello');
  const question = await stage.lsp.nextQuestion();
  assert.match(question.message, /Sure\?\nReally\?/);
  question.answer(null);
  assert.equal((await asked).text, 'Hello from the fake Pi.');
});

test('an extension that wants words from an editor that has no field for them gets none, and goes on', async (t) => {
  const input = { method: 'input', title: 'Your name?' };
  const stage = await stageFor(t, { fake: { runs: [[{ dialog: input }, { dialog: { ...input, method: 'editor' } }, { text: 'Anonymous, then.' }]] } });
  assert.equal((await stage.ask('hello')).text, 'Anonymous, then.');
});

test('a dialog with nobody to ask is cancelled', async (t) => {
  const stage = await stageFor(t, { fake: 'dialog', client: mute });
  assert.equal((await stage.ask('hello')).text, 'Hello from the fake Pi.');
});

test('an edit whose tool has given up by itself cannot be decided any more, whenever the answer comes', async (t) => {
  const stage = await stageFor(t, { fake: 'abandoned-edit', files: { 'notes.txt': 'old\n' } });
  const uri = await stage.open('notes.txt');
  const answers = [];
  stage.lsp.onRequest('window/showMessageRequest', () => new Promise((resolve) => answers.push(resolve)));
  const { edits } = await stage.ask('go');
  for (const edit of edits) assert.equal(edit.status, 'withdrawn');
  for (const answer of answers) answer({ title: 'Apply' });
  await assert.rejects(stage.lsp.command('pi.applyEdit'), /no open edit/);
  assert.deepEqual([stage.lsp.text(uri), stage.lsp.all('workspace/applyEdit')], ['old\n', []]);
});

test('a client that puts questions without announcing it, as Eglot does, is asked when the user says so', async (t) => {
  const stage = await stageFor(t, {
    files: { 'notes.txt': 'one\ntwo\n' },
    script: [calls(edit('notes.txt', ['two', '2'])), says('Done.')],
    settings: { approval: 'message' },
    client: mute,
  });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('change it');
  (await stage.lsp.nextQuestion()).answer('Apply');
  assert.deepEqual((await asked).edits, [{ uri, status: 'applied' }]);
});

test('a client that does not know the question refuses by that', async (t) => {
  const stage = await stageFor(t, { script: [calls(bash('touch made')), says('Not done.')], settings: { approval: 'message' }, client: mute });
  stage.lsp.onRequest('window/showMessageRequest', () => {
    throw new ResponseError(ErrorCodes.MethodNotFound, 'no such method');
  });
  await stage.ask('make it');
  assert.equal(existsSync(stage.path('made')), false);
});

// Neither `workspace.applyEdit` nor messages are announced, as by Kate 22.12; the first works, the second does not.
const silent = { capabilities: { workspace: { applyEdit: null, workspaceEdit: null }, window: { showMessage: null } } };

test('a client that takes edits without announcing it, as Kate does, gets those that its user has decided', async (t) => {
  const stage = await stageFor(t, {
    files: { 'notes.txt': 'one\ntwo\n' },
    script: [calls(edit('notes.txt', ['two', '2'])), says('Done.')],
    settings: { approval: 'commands' },
    client: silent,
  });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('change it');
  await stage.edits('one open edit', (edits) => edits.some((one) => one.status === 'open'));
  assert.deepEqual((await stage.lsp.command('pi.applyEdit')).applied, true);
  assert.deepEqual((await asked).edits, [{ uri, status: 'applied' }]);
  assert.equal(stage.lsp.text(uri), 'one\n2\n');
});

test('without the user’s word nothing is sent to such a client, and the model hears why', async (t) => {
  const stage = await stageFor(t, {
    files: { 'notes.txt': 'one\ntwo\n' },
    script: [calls(edit('notes.txt', ['two', '2'])), says('Done.')],
    settings: { permissionMode: 'acceptEdits' },
    client: silent,
  });
  const uri = await stage.open('notes.txt');
  assert.deepEqual((await stage.ask('change it')).edits, [{ uri, status: 'failed' }]);
  assert.deepEqual(stage.lsp.all('workspace/applyEdit'), []);
  assert.match(stage.told()[0], /does not take edits from a language server/);
});

// approval "preview": the editor's own confirmation, and the buffer as the witness of what was ticked.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { stageFor } from '../stage.mjs';
import { bash, calls, edit, says, write } from '../steps.mjs';
import { numbered } from './plain-editor.mjs';

const LONG = numbered(30);
const two = [calls(edit('long.txt', ['line 3\n', 'line III\n'], ['line 20\n', 'line XX\n'])), says('Done.')];
const client = { capabilities: { workspace: { workspaceEdit: { changeAnnotationSupport: { groupsOnLabel: true } } } } };
const settings = { approval: 'preview' };
const set = (t, more = {}) => stageFor(t, { files: { 'long.txt': LONG }, script: two, settings, client, ...more });

test('every change needs confirmation, under the name of its tool and file, and all ticked is applied', async (t) => {
  const stage = await set(t);
  const uri = await stage.open('long.txt');
  stage.lsp.onPreview = () => true;
  const { edits } = await stage.ask('change it');
  assert.deepEqual(edits, [{ uri, status: 'applied' }]);
  const [{ edit: sent }] = stage.lsp.all('workspace/applyEdit');
  const [change] = sent.documentChanges;
  assert.deepEqual(change.textDocument, { uri, version: 1 });
  assert.equal(change.edits.length, 2);
  for (const one of change.edits) {
    assert.equal(sent.changeAnnotations[one.annotationId].needsConfirmation, true);
    assert.match(sent.changeAnnotations[one.annotationId].label, /edit long\.txt/);
  }
  assert.equal(stage.lsp.questions.length, 0);
  assert.deepEqual(stage.told(), ['Applied to long.txt (2 changes).']);
});

test('what was ticked is read from the buffer: one of two', async (t) => {
  const stage = await set(t);
  const uri = await stage.open('long.txt');
  stage.lsp.onPreview = ({ edit: { documentChanges } }) => documentChanges[0].edits.splice(0, 1);
  const { edits } = await stage.ask('change it');
  assert.deepEqual(edits, [{ uri, status: 'partial' }]);
  assert.equal(stage.lsp.text(uri), LONG.replace('line 20\n', 'line XX\n'));
  assert.match(stage.told()[0], /line 3: left out by the user[\s\S]*line 20: applied/);
});

test('a preview that is closed is a rejection, and nothing else is put into the mouth of the user', async (t) => {
  const stage = await set(t);
  const uri = await stage.open('long.txt');
  const { edits } = await stage.ask('change it');
  assert.deepEqual(edits, [{ uri, status: 'rejected' }]);
  assert.equal(stage.lsp.text(uri), LONG);
  assert.match(stage.told()[0], /rejected your edit of long\.txt\. The file was not changed/);
  assert.doesNotMatch(stage.told()[0], /user says/);
});

test('a preview that is applied with nothing ticked is a rejection too', async (t) => {
  const stage = await set(t);
  const uri = await stage.open('long.txt');
  stage.lsp.applyMode = () => ({ applied: true });
  const { edits } = await stage.ask('change it');
  assert.deepEqual(edits, [{ uri, status: 'rejected' }]);
  assert.equal(stage.lsp.text(uri), LONG);
  assert.doesNotMatch(stage.told()[0], /user says|applied/);
});

test('a preview that is stale when it is confirmed comes again for the new text', async (t) => {
  const stage = await set(t);
  const uri = await stage.open('long.txt');
  let previews = 0;
  stage.lsp.onPreview = async () => {
    if (++previews === 1) await stage.lsp.type(uri, { offset: 0, text: 'typed\n' });
    return true;
  };
  const { edits } = await stage.ask('change it');
  assert.deepEqual([previews, edits], [2, [{ uri, status: 'applied' }]]);
  assert.deepEqual(
    stage.lsp.all('workspace/applyEdit').map((one) => one.edit.documentChanges[0].textDocument.version),
    [1, 2],
  );
  assert.equal(stage.lsp.text(uri), `typed\n${LONG.replace('line 3\n', 'line III\n').replace('line 20\n', 'line XX\n')}`);
});

test('a preview that is stale time and again is not called a rejection by the user', async (t) => {
  const stage = await set(t);
  const uri = await stage.open('long.txt');
  stage.lsp.onPreview = async () => {
    await stage.lsp.type(uri, { offset: 0, text: 'typed\n' });
    return true;
  };
  const { edits } = await stage.ask('change it');
  assert.deepEqual(edits, [{ uri, status: 'failed' }]);
  assert.match(stage.told()[0], /not applied/);
  assert.doesNotMatch(stage.told()[0], /The user rejected|user says/);
});

test('two previews are never shown at once, nor a question beside one', async (t) => {
  const names = ['a.txt', 'b.txt'];
  const stage = await set(t, {
    files: { 'a.txt': 'old\n', 'b.txt': 'old\n' },
    script: [calls(...names.map((name) => edit(name, ['old', 'new'])), bash('touch proof')), says('Done.')],
  });
  const uris = [await stage.open('a.txt'), await stage.open('b.txt')];
  let atOnce = 0;
  let most = 0;
  const shown = [];
  stage.lsp.onPreview = async ({ edit: { documentChanges } }) => {
    most = Math.max(most, ++atOnce);
    shown.push(documentChanges[0].textDocument.uri);
    // Both proposals exist by now, so that a second preview had every chance to come.
    await stage.edits('both edits', (edits) => edits.length === 2);
    atOnce--;
    return true;
  };
  stage.lsp.onRequest('window/showMessageRequest', ({ actions }) => {
    most = Math.max(most, atOnce + 1);
    return actions.find((one) => one.title === 'Allow');
  });
  await stage.ask('change both');
  assert.equal(most, 1);
  assert.deepEqual(shown.toSorted(), uris);
  assert.deepEqual(
    uris.map((uri) => stage.lsp.text(uri)),
    ['new\n', 'new\n'],
  );
});

test('a new file is created when its preview is confirmed, and not before', async (t) => {
  const stage = await set(t, { files: {}, script: [calls(write('new.txt', 'text\n')), says('Done.')] });
  stage.lsp.onPreview = ({ edit: { documentChanges, changeAnnotations } }) => {
    assert.equal(existsSync(stage.path('new.txt')), false);
    return documentChanges.every((one) => changeAnnotations[one.annotationId ?? one.edits[0].annotationId].needsConfirmation);
  };
  const { edits } = await stage.ask('create it');
  assert.deepEqual(
    edits.map((one) => one.status),
    ['applied'],
  );
  assert.equal(stage.lsp.text(stage.uri('new.txt')), 'text\n');
});

test('other tools are asked for by message all the same', async (t) => {
  const stage = await set(t, { script: [calls(bash('touch proof')), says('Done.')] });
  const asked = stage.ask('run it');
  const question = await stage.lsp.nextQuestion();
  assert.match(question.message, /touch proof/);
  question.answer('Reject');
  await asked;
  assert.equal(existsSync(stage.path('proof')), false);
});

test('a client that knows no annotations is asked by message, not sent an edit that it would just apply', async (t) => {
  const stage = await set(t, { client: {} });
  const uri = await stage.open('long.txt');
  const asked = stage.ask('change it');
  (await stage.lsp.nextQuestion()).answer('Reject');
  await asked;
  assert.deepEqual(stage.lsp.all('workspace/applyEdit'), []);
  assert.equal(stage.lsp.text(uri), LONG);
});

test('a preview that is closed after its run was stopped is no rejection: the edit can still be applied, and the session goes on', async (t) => {
  const stage = await set(t, { script: two.slice(0, 1) });
  const uri = await stage.open('long.txt');
  let confirm;
  stage.lsp.onPreview = () => new Promise((resolve) => (confirm = resolve));
  const asked = stage.ask('change it');
  await stage.lsp.waitFor('workspace/applyEdit');
  await stage.lsp.command('pi.abort');
  const { stopReason } = await asked;
  assert.equal(stopReason, 'aborted');
  await stage.lsp.until('the preview', () => confirm);
  confirm(false);
  await stage.edits('the edit to be stopped', ([one]) => one.status === 'stopped');
  assert.equal(stage.lsp.text(uri), LONG);
  stage.model.add(says('Here again.'));
  assert.equal((await stage.ask('go on')).text, 'Here again.');
});

test('a preview that the editor stumbles over is no rejection by the user', async (t) => {
  const stage = await set(t);
  const uri = await stage.open('long.txt');
  stage.lsp.applyMode = () => {
    throw new Error('the preview is broken');
  };
  const { edits } = await stage.ask('change it');
  assert.deepEqual(edits, [{ uri, status: 'failed' }]);
  assert.match(stage.told()[0], /the editor refused it: .*the preview is broken/);
  assert.doesNotMatch(stage.told()[0], /rejected/);
});

test('a preview that nobody answers in time is taken back, and the edit stays open for the commands', async (t) => {
  const stage = await set(t, { settings: { ...settings, questionTimeoutMs: 1000 } });
  const uri = await stage.open('long.txt');
  stage.lsp.applyMode = 'never';
  const asked = stage.ask('change it');
  await stage.lsp.until('the preview taken back', () => stage.lsp.received.some((one) => one.method === '$/cancelRequest'));
  stage.lsp.applyMode = 'honest';
  stage.lsp.onPreview = () => true;
  await stage.edits('an edit that can be decided', ([one]) => one.status === 'open');
  const decided = () => stage.lsp.command('pi.applyEdit');
  assert.equal((await decided()).status, 'applied');
  assert.deepEqual((await asked).edits, [{ uri, status: 'applied' }]);
});

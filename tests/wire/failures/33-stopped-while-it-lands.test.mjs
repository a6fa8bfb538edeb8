// An edit that lands while the run is stopped: told as what it is, by the tool's result or with the next prompt.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageFor } from '../stage.mjs';
import { calls, edit, says } from '../steps.mjs';

const NOTES = 'one\ntwo\nthree\n';
const CHANGED = 'one\n2\nthree\n';

/** An edit that needs no decision, of which the editor has been told and which it has not taken yet. */
async function onItsWay(t) {
  const stage = await stageFor(t, {
    files: { 'notes.txt': NOTES },
    script: [calls(edit('notes.txt', ['two', '2']))],
    settings: { permissionMode: 'acceptEdits' },
  });
  const uri = await stage.open('notes.txt');
  let release;
  const released = new Promise((resolve) => (release = resolve));
  stage.lsp.applyMode = (_, honestly) => released.then(honestly);
  const asked = stage.ask('go');
  await stage.lsp.until('the edit', () => stage.lsp.all('workspace/applyEdit').length === 1);
  return { stage, uri, asked, release };
}

/** What the model has of it when the user goes on. */
async function nextPrompt(stage) {
  stage.model.add(says('Here again.'));
  assert.equal((await stage.ask('go on')).text, 'Here again.');
  return stage.model.requests.at(-1);
}

test('failure 33: an edit that lands while the run is stopped: the model and whoever asked hear that it is applied', async (t) => {
  const { stage, uri, asked, release } = await onItsWay(t);
  const stopped = stage.lsp.command('pi.abort');
  release();
  await stopped;
  const { stopReason, edits } = await asked;
  assert.deepEqual([stopReason, edits], ['aborted', [{ uri, status: 'applied' }]]);
  assert.equal(stage.lsp.text(uri), CHANGED);
  await nextPrompt(stage);
  assert.deepEqual(stage.told(), ['Applied to notes.txt.']);
});

test('failure 33: an edit that lands after the run has stopped: it is said that nobody knows yet, and told with the next prompt', async (t) => {
  const { stage, uri, asked, release } = await onItsWay(t);
  assert.deepEqual(await stage.lsp.command('pi.abort'), { aborted: true });
  assert.equal((await asked).stopReason, 'aborted');
  release();
  await stage.edits('the edit to land', ([one]) => one.status === 'applied');
  assert.equal(stage.lsp.text(uri), CHANGED);
  const request = await nextPrompt(stage);
  assert.match(stage.told()[0], /is not known yet/);
  assert.match(JSON.stringify(request), /What became of edits of yours[^"]*Applied to notes\.txt\./);
});

test('failure 33: an edit that is not taken while the run is stopped is not told as applied', async (t) => {
  const { stage, uri, asked } = await onItsWay(t);
  await stage.lsp.command('pi.abort');
  await asked;
  assert.equal(stage.lsp.text(uri), NOTES);
  await nextPrompt(stage);
  assert.match(stage.told()[0], /is not known yet/);
});

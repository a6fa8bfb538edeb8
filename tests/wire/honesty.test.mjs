// The editor's answer to an edit is a claim: what the model is told is what the buffer shows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageFor } from './stage.mjs';
import { calls, edit, says } from './steps.mjs';

const NOTES = 'one\ntwo\nthree\n';
const options = { files: { 'notes.txt': NOTES }, script: [calls(edit('notes.txt', ['two', '2'])), says('Done.')] };

async function decided(t, applyMode, between = () => {}) {
  const stage = await stageFor(t, options);
  const uri = await stage.open('notes.txt');
  stage.lsp.applyMode = typeof applyMode === 'function' ? applyMode(stage.lsp, uri) : applyMode;
  const asked = stage.ask('change it');
  const question = await stage.lsp.nextQuestion();
  await between(stage, uri);
  question.answer('Apply');
  const { edits } = await asked;
  return { stage, uri, status: edits[0].status, told: stage.told()[0] };
}

test('a client that skips the edit and says that it applied it is not believed', async (t) => {
  const { stage, uri, status, told } = await decided(t, 'lie');
  assert.equal(status, 'failed');
  assert.equal(stage.lsp.text(uri), NOTES);
  assert.match(told, /not applied: the editor said it applied the edit, but the buffer does not show it/);
});

test('a client that refuses the edit is quoted to the model', async (t) => {
  const { stage, uri, status, told } = await decided(t, 'refuse');
  assert.equal(status, 'failed');
  assert.equal(stage.lsp.text(uri), NOTES);
  assert.match(told, /the client does not want to/);
});

test('a client whose change comes after its answer is waited for', async (t) => {
  const { stage, uri, status, told } = await decided(t, 'lateChange');
  assert.equal(status, 'applied');
  assert.equal(stage.lsp.text(uri), 'one\n2\nthree\n');
  assert.equal(told, 'Applied to notes.txt.');
});

test('a client that applies and answers without saying so is seen through', async (t) => {
  const { status } = await decided(t, () => async (params, honest) => {
    await honest();
    return { applied: null };
  });
  assert.equal(status, 'applied');
});

test('an error instead of an answer is no landing', async (t) => {
  const { stage, uri, status, told } = await decided(t, () => () => {
    throw new Error('the editor stumbled');
  });
  assert.equal(status, 'failed');
  assert.equal(stage.lsp.text(uri), NOTES);
  assert.match(told, /the editor stumbled/);
});

test('an edit that crosses with typing, skipped but answered as applied, is carried over and sent again', async (t) => {
  let tries = 0;
  const { stage, uri, status } = await decided(t, (lsp, uri) => async (params, honest) => {
    if (++tries > 1) return honest();
    await lsp.type(uri, { offset: 0, text: 'zero\n' });
    return { applied: true };
  });
  assert.equal(tries, 2);
  assert.equal(status, 'applied');
  assert.equal(stage.lsp.text(uri), 'zero\none\n2\nthree\n');
});

test('an edit that crosses with typing and is refused for its version is carried over and sent again', async (t) => {
  let tries = 0;
  const { stage, uri, status } = await decided(t, (lsp, uri) => async (params, honest) => {
    if (++tries === 1) await lsp.type(uri, { offset: 0, text: 'zero\n' });
    return honest();
  });
  assert.equal(tries, 2);
  assert.equal(status, 'applied');
  assert.equal(stage.lsp.text(uri), 'zero\none\n2\nthree\n');
});

test('an edit that crosses with typing in its very lines is given up, and the model is told the text', async (t) => {
  const { stage, uri, status, told } = await decided(t, (lsp, uri) => async (params, honest) => {
    if (lsp.version(uri) === 1) await lsp.type(uri, { offset: 4, length: 3, text: 'two, mine' });
    return honest();
  });
  assert.equal(status, 'failed');
  assert.equal(stage.lsp.text(uri), 'one\ntwo, mine\nthree\n');
  assert.match(told, /two, mine/);
});

test('typing right after the edit has landed takes nothing away from it', async (t) => {
  const { stage, uri, status } = await decided(t, (lsp, uri) => async (params, honest) => {
    const answer = await honest();
    await lsp.type(uri, { offset: 0, text: 'zero\n' });
    return answer;
  });
  assert.equal(status, 'applied');
  assert.equal(stage.lsp.text(uri), 'zero\none\n2\nthree\n');
});

test('a client that turns the edit into something else is not said to have applied it', async (t) => {
  const { status, told } = await decided(t, (lsp, uri) => async () => {
    await lsp.type(uri, { offset: 4, length: 3, text: 'formatted away' });
    return { applied: true };
  });
  assert.notEqual(status, 'applied');
  assert.match(told, /formatted away/);
});

test('a client that never answers leaves the run to be stopped, and nothing is said to have landed', async (t) => {
  const stage = await stageFor(t, options);
  const uri = await stage.open('notes.txt');
  stage.lsp.applyMode = 'never';
  const asked = stage.ask('change it');
  (await stage.lsp.nextQuestion()).answer('Apply');
  await stage.lsp.waitFor('workspace/applyEdit');
  assert.deepEqual(await stage.lsp.command('pi.abort'), { aborted: true });
  const { stopReason, edits } = await asked;
  assert.equal(stopReason, 'aborted');
  assert.notEqual(edits[0].status, 'applied');
  assert.equal(stage.lsp.text(uri), NOTES);
  stage.lsp.applyMode = 'honest';
  assert.equal((await stage.ask('go on')).text, 'Done.');
});

// What waits for the user when the editor is reloaded: it can be decided when its session is resumed, as after a stop.
import assert from 'node:assert/strict';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { anotherServer, stageFor } from './stage.mjs';
import { calls, edit, says, write } from './steps.mjs';

const client = { capabilities: { experimental: { pi: { proposals: true } } } };
const files = { 'notes.txt': 'one\ntwo\nthree\n' };

/** The same window, loaded again. */
const reloaded = (t, stage) => anotherServer(t, stage, client);

const left = (stage) => join(stage.pi.fullEnv().HOME, '.local/state/pilsp/proposals');

test('edits that wait when the server ends are there again with their session, once, and are merged as ever', async (t) => {
  const script = [calls(edit('notes.txt', ['two', '2']), write('new.txt', 'new\n'))];
  const stage = await stageFor(t, { script, files, client, env: { XDG_STATE_HOME: '' } });
  stage.ask('go').catch(() => {});
  await stage.edits('two open edits', (edits) => edits.length === 2);
  const { sessionFile: path } = await stage.lsp.command('pi.status');
  await stage.lsp.stop();
  const [name, ...others] = readdirSync(left(stage));
  assert.deepEqual([others, statSync(join(left(stage), name)).mode & 0o777, statSync(left(stage)).mode & 0o777], [[], 0o600, 0o700]);
  stage.write('notes.txt', 'zero\none\ntwo\nthree\n');

  const lsp = await reloaded(t, stage);
  await lsp.command('pi.resumeSession', { path });
  const { edits } = await lsp.command('pi.listEdits');
  assert.deepEqual(edits.map((one) => [one.uri, one.status]).sort(), [
    [stage.uri('new.txt'), 'stopped'],
    [stage.uri('notes.txt'), 'stopped'],
  ]);
  const notes = edits.find((one) => one.uri === stage.uri('notes.txt'));
  assert.equal(notes.newText, 'zero\none\n2\nthree\n');
  assert.deepEqual(readdirSync(left(stage)), []);
  assert.equal((await lsp.command('pi.applyEdit', { editId: notes.id })).status, 'applied');

  stage.model.add(says('Well.'));
  await lsp.command('pi.ask', { prompt: 'and now?' });
  const prompt = stage.model.lastUserText();
  assert.match(prompt, /Applied to notes\.txt/);
  assert.match(prompt, /edit of new\.txt was withdrawn/);
  const after = (await lsp.command('pi.listEdits')).edits.map((one) => one.status).sort();
  assert.deepEqual(after, ['applied', 'withdrawn']);
});

test('where nothing waits nothing is left, and a broken remainder keeps no session from being resumed', async (t) => {
  const stage = await stageFor(t, { script: [calls(edit('notes.txt', ['two', '2']))], files, client, env: { XDG_STATE_HOME: '' } });
  stage.ask('go').catch(() => {});
  await stage.edits('an open edit', (edits) => edits.length === 1);
  const { sessionFile: path } = await stage.lsp.command('pi.status');
  await stage.lsp.stop();
  const [name] = readdirSync(left(stage));
  writeFileSync(join(left(stage), name), '[{"tool":1}');
  const lsp = await reloaded(t, stage);
  assert.equal((await lsp.command('pi.resumeSession', { path })).path, path);
  assert.deepEqual((await lsp.command('pi.listEdits')).edits, []);
  await lsp.stop();
  assert.deepEqual(readdirSync(left(stage)), []);
});

// What a session is called: by its name, or by the user's own words that were answered first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageFor } from './stage.mjs';
import { says } from './steps.mjs';

const list = async (stage) => (await stage.lsp.command('pi.listSessions')).sessions;

test('a prompt that failed gives no title, and what the editor adds to one is no part of it', async (t) => {
  const stage = await stageFor(t, {
    files: { 'a.txt': 'one\n' },
    script: [{ status: 400, body: { error: { message: 'no such thing' } } }, says('One.'), says('Two.')],
  });
  await stage.ask('hello?').catch(() => {});
  await stage.ask('plan the garden', { textDocument: { uri: await stage.open('a.txt') } });
  await stage.ask('and the fence');
  const [one] = await list(stage);
  assert.deepEqual([one.title, one.firstWords], [undefined, 'plan the garden']);
  assert.equal((await stage.lsp.command('pi.resumeSession', { path: one.path })).title, 'plan the garden');
});

test('a fork says what it is a fork of, and is called by its own words', async (t) => {
  const stage = await stageFor(t, { script: [says('One.'), says('Two.'), says('Three.')] });
  await stage.ask('plan the garden');
  await stage.ask('paint the fence');
  const [source] = await list(stage);
  const { points } = await stage.lsp.command('pi.listForkPoints');
  const fork = await stage.lsp.command('pi.forkSession', { entryId: points[1].entryId });
  assert.equal(fork.title, 'plan the garden');
  await stage.ask('paint it blue');
  const named = await list(stage);
  assert.deepEqual(
    named.filter(({ path }) => path === fork.path).map(({ firstWords, forkedFrom, parent }) => [firstWords, forkedFrom, parent]),
    [['paint it blue', 'plan the garden', source.path]],
  );
  assert.equal(named.find(({ path }) => path === source.path).forkedFrom, undefined);
});

test('a session whose first answer is still under way is called by its first words', async (t) => {
  const client = { capabilities: { experimental: { pi: { events: true } } } };
  const stage = await stageFor(t, { script: [{ text: 'I think', hang: true }], client });
  const asked = stage.ask('mend the clock');
  await stage.lsp.waitFor('pi/event', (e) => e.type === 'userMessage');
  const [{ firstWords, state, loading }] = (await stage.lsp.command('pi.listSessions')).sessions;
  assert.deepEqual([firstWords, state, loading], ['mend the clock', 'running', undefined]);
  await stage.lsp.command('pi.abort');
  await asked;
});

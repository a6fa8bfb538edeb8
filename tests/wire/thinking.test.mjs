// Thinking levels: those that Pi lists for the model in force, asked for where none is given.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageFor } from './stage.mjs';

const picking = { capabilities: { experimental: { pi: { pick: true } } } };
/** As an entry of models.json says it: a level without a value is left out of Pi's list. */
const models = [{ id: 'plain-1' }, { id: 'thinker-1', reasoning: true, thinkingLevelMap: { minimal: null, max: 'max' } }];

test('levels are listed for the model in force, whatever they are', async (t) => {
  const stage = await stageFor(t, { home: { models } });
  assert.deepEqual(await stage.lsp.command('pi.listThinking'), { thinking: 'off', levels: ['off'] });
  await stage.lsp.command('pi.pickModel', { model: 'thinker-1' });
  const { levels } = await stage.lsp.command('pi.listThinking');
  assert.ok(levels.includes('max') && !levels.includes('minimal'), levels.join());
  for (const level of levels) assert.equal((await stage.lsp.command('pi.setThinking', { level })).thinking, level);
  await assert.rejects(stage.lsp.command('pi.setThinking', { level: 'minimal' }), /no thinking level "minimal"/);
});

test('without a level the user is asked: by the client’s picker, by a message, or told that it cannot be', async (t) => {
  const stage = await stageFor(t, { client: picking, settings: { model: 'thinker-1' } });
  const { levels, thinking } = await stage.lsp.command('pi.listThinking');
  stage.lsp.onRequest('pi/pick', ({ items }) => {
    assert.deepEqual(
      items.map((one) => one.id),
      levels,
    );
    assert.equal(items.find((one) => one.detail === 'current').id, thinking);
    return { id: 'high' };
  });
  assert.equal((await stage.lsp.command('pi.setThinking')).thinking, 'high');
  stage.lsp.onRequest('pi/pick', () => null);
  assert.equal((await stage.lsp.command('pi.setThinking')).thinking, 'high');

  const plain = await stageFor(t, { settings: { model: 'thinker-1' } });
  const asked = plain.lsp.command('pi.setThinking');
  const question = await plain.lsp.nextQuestion();
  assert.deepEqual(question.actions, levels);
  question.answer('low');
  assert.equal((await asked).thinking, 'low');

  const mute = await stageFor(t, { client: { capabilities: { window: { showMessage: undefined } } }, settings: { approval: 'commands' } });
  await assert.rejects(mute.lsp.command('pi.setThinking'), /cannot show a choice/);
});

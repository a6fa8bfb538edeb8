/** The models that the fake Pi has to choose from. */
const COST = { input: 1, output: 2, cacheRead: 0.25, cacheWrite: 1.5 };
const model = (id, name, reasoning) => ({
  id,
  name,
  api: 'openai-completions',
  provider: 'local',
  baseUrl: 'http://127.0.0.1:1/v1',
  reasoning,
  input: ['text'],
  cost: COST,
  contextWindow: 128_000,
  maxTokens: 16_000,
});
const many = (count) => Array.from({ length: count }, (_, i) => model(`model-${i}`, `Model ${i}`, i % 2 === 1));

/** @param {import('./scenarios.mjs').Scenario} scenario */
export const modelsOf = ({ models }) =>
  typeof models === 'number' ? many(models) : (models ?? [model('scripted-1', 'Scripted 1', false), model('thinker-1', 'Thinker 1', true)]);

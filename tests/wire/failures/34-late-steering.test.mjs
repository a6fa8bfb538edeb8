// A message that steers and comes too late for its run: whoever sent it hears of the run that took it up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageFor } from '../stage.mjs';
import { bash, calls, says } from '../steps.mjs';

const own = { capabilities: { experimental: { pi: { events: true } } } };
/** Holds such a message up until the run has settled, as a Pi under load does. */
const LATE = `export default function (pi) {
  let settle;
  const settled = new Promise((resolve) => (settle = resolve));
  pi.on("agent_settled", () => settle());
  pi.on("input", async ({ text }) => {
    if (/^(turn|and then)/.test(text)) await settled;
  });
}
`;

for (const deliver of ['steer', 'followUp']) {
  test(`failure 34: a message (${deliver}) that is taken up after the run has settled is answered by the run that it begins`, async (t) => {
    const stage = await stageFor(t, {
      client: own,
      files: { 'late.ts': LATE },
      script: [calls(bash('true')), says('First.'), { match: 'turn', ...says('Turned.') }],
      settings: { extraArgs: ['-e', 'late.ts'] },
    });
    const first = stage.ask('begin');
    const question = await stage.lsp.nextQuestion();
    const second = stage.ask('turn around', { deliver });
    question.answer('Allow');
    const [one, two] = await Promise.all([first, second]);
    assert.deepEqual([one.text, two.text], ['First.', 'Turned.']);
    assert.notEqual(one.runId, two.runId);
    const events = stage.lsp.all('pi/event').map((one) => one.type);
    assert.equal(events.filter((type) => type === 'runSettled').length, 2);
  });
}

test('failure 34: a message that is taken up in time is answered by its run', async (t) => {
  const stage = await stageFor(t, { client: own, script: [calls(bash('true')), { match: 'turn', ...says('Turned.') }] });
  const first = stage.ask('begin');
  const question = await stage.lsp.nextQuestion();
  const second = stage.ask('turn around', { deliver: 'steer' });
  await stage.lsp.waitFor('pi/event', (one) => one.type === 'queueChanged' && one.steering.length === 1);
  question.answer('Allow');
  const [one, two] = await Promise.all([first, second]);
  assert.deepEqual([one.text, two.text, one.runId === two.runId], ['Turned.', 'Turned.', true]);
});

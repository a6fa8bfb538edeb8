// What a user can do about a run that has failed: as data, in the result, in the event and in the transcript.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageFor } from './stage.mjs';
import { says } from './steps.mjs';

const client = { capabilities: { experimental: { pi: { events: true } } } };
const provider = 'local';

/** @type {Record<string, [object, object[]]>} what the provider answers, what can be done */
const failures = {
  'a key that is refused': [
    { status: 401 },
    [
      { kind: 'apiKey', provider },
      { kind: 'signIn', provider },
    ],
  ],
  'a model that is not there': [
    { status: 404, body: { error: { message: 'The model `x` does not exist', code: 'model_not_found' } } },
    [{ kind: 'pickModel' }],
  ],
  'a spent quota': [
    { status: 429, body: { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } } },
    [{ kind: 'pickModel' }, { kind: 'apiKey', provider }, { kind: 'retry' }],
  ],
};
for (const [name, [step, next]] of Object.entries(failures)) {
  test(`${name}: what to do is in the result, in the event and in the transcript; the next prompt is as any other`, async (t) => {
    const stage = await stageFor(t, { client, script: [step, says('Good.')] });
    const result = await stage.ask('hello');
    assert.equal(result.stopReason, 'error');
    assert.deepEqual(result.next, next);
    const settled = stage.lsp.all('pi/event').find((e) => e.type === 'runSettled');
    assert.deepEqual(settled.next, next);
    const { entries } = await stage.lsp.command('pi.getTranscript');
    assert.deepEqual(entries.find((e) => e.kind === 'run').next, next);

    const good = await stage.ask('again');
    assert.equal(good.text, 'Good.');
    assert.equal(good.next, undefined);
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelOf, offered, setupSteps, setupTitle } from '../../extension/vscode/status/nextSteps.ts';
import { toldError } from '../../extension/vscode/words/providerError.ts';

test('what a provider says is a sentence, and its own words are kept for whoever wants them', () => {
  const overloaded = '529 {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}';
  assert.deepEqual(toldError(overloaded), { sentence: 'The provider is overloaded just now.', details: overloaded });
  assert.deepEqual(toldError('fetch failed'), { sentence: 'The provider cannot be reached.', details: 'fetch failed' });
  assert.equal(toldError('401 {"error":{"message":"invalid x-api-key"}}').sentence, 'The provider refuses the key or the sign-in.');
  const odd = '400 {"error":{"message":"tools.3: the name is used twice"}}';
  assert.deepEqual(toldError(odd), { sentence: 'tools.3: the name is used twice.', details: odd });
});

test('words that are a sentence already stay as they are, and nothing is said twice', () => {
  assert.deepEqual(toldError('No API key found for anthropic.'), { sentence: 'No API key found for anthropic.' });
  assert.deepEqual(toldError('Pi has ended while it worked'), { sentence: 'Pi has ended while it worked.' });
  const page = `<html>\n${'x'.repeat(5_000)}</html>`;
  assert.ok(toldError(page).sentence.length < 260);
  assert.equal(toldError(page).details, page);
});

test('steps have labels of their own before the first message and behind a failure; unknown ones are left out', () => {
  const steps = [{ kind: 'signIn' }, { kind: 'apiKey', provider: 'x' }, { kind: 'teleport' }, { kind: 'apiKey', provider: 'y' }];
  assert.deepEqual(
    offered(steps, 'setup').map(({ label }) => label),
    ['Sign in…', 'Paste a key…'],
  );
  assert.equal(labelOf({ kind: 'pickModel' }, 'failure'), 'Another model…');
  assert.deepEqual(
    offered(setupSteps({ state: 'noCredentials', next: [{ kind: 'signIn' }, { kind: 'apiKey' }] }), 'setup').map(({ label }) => label),
    ['Sign in…', 'Paste a key…', 'Set up in a terminal', 'Look again'],
  );
  assert.equal(setupTitle('ready'), undefined);
  assert.equal(setupTitle('notFound'), 'Pi is not installed yet');
});

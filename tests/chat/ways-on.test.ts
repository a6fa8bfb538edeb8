// Whatever stops a message is said with ways on: no model, no Pi, a provider that fails.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { chrome } from './chrome.ts';
import { long } from './scenes.ts';
import { closeBrowser, missing, say, stageFor } from './stage.ts';

after(closeBrowser);
const options = { skip: missing };

const steps = [{ kind: 'signIn' }, { kind: 'apiKey', provider: 'local' }];

test('without a model the first thing in view is how to get one, and nothing names a command of the server', options, async (t) => {
  const stage = await stageFor(t);
  const setup = {
    title: 'Pi needs a model',
    message: 'Pi is not signed in.',
    advice: null,
    steps: [...steps, { kind: 'terminal' }, { kind: 'retry' }],
    tried: [],
  };
  await stage.tell({ type: 'chrome', chrome: chrome({ model: null, setup, problem: 'Pi is not signed in.' }) });
  await stage.page.getByRole('heading', { name: 'Pi needs a model' }).waitFor();
  assert.equal(await stage.page.locator('.banner:visible').count(), 0, 'it is said once');
  for (const [name, kind] of [
    ['Sign in…', 'signIn'],
    ['Paste a key…', 'apiKey'],
    ['Set up in a terminal', 'terminal'],
    ['Look again', 'retry'],
  ]) {
    await stage.page.locator('.setup').getByRole('button', { name, exact: true }).click();
    await stage.drawn();
    assert.equal(stage.saidLast('takeStep')?.kind, kind);
  }
  // A conversation that is there already has the same above it.
  await stage.show(long(4), chrome({ model: null, setup, problem: 'Pi is not signed in.' }));
  await stage.page.locator('.banner').getByRole('button', { name: 'Sign in…' }).waitFor();
});

test('Pi is not found: how to install it, and where it was looked for', options, async (t) => {
  const stage = await stageFor(t);
  const tried = ['/usr/bin/pi', '/home/u/.nvm/versions/node/v22.0.0/bin/pi'];
  const setup = {
    ...{ title: 'Pi is not installed yet', message: 'Pi was not found.', advice: 'Install it.' },
    steps: [{ kind: 'installPi', command: 'npm install -g pi' }, { kind: 'settings' }],
    tried,
  };
  await stage.tell({ type: 'chrome', chrome: chrome({ setup }) });
  await stage.page.getByRole('button', { name: 'Install in a terminal' }).click();
  assert.deepEqual(await stage.heard('takeStep'), { type: 'takeStep', kind: 'installPi' }, 'the page does not say what is run');
  await stage.page.locator('.setup summary').click();
  assert.deepEqual(await stage.page.locator('.setup li').allTextContents(), tried);
});

test('a failure of a provider is a sentence with ways on, its raw words are behind Details', options, async (t) => {
  const stage = await stageFor(t, { width: 260 });
  const raw = '529 {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}';
  await say(
    stage,
    { type: 'runStarted' },
    { type: 'messageCompleted', text: '', stopReason: 'error', error: raw },
    { type: 'runSettled', stopReason: 'error', error: raw, next: [{ kind: 'retry' }, { kind: 'pickModel' }] },
  );
  assert.equal(await stage.page.locator('.problem').count(), 1);
  assert.equal(await stage.page.locator('.problem').textContent(), 'The provider is overloaded just now.');
  assert.equal(await stage.page.locator('article .raw pre').isVisible(), false);
  await stage.page.locator('article .raw summary').click();
  assert.equal(await stage.page.locator('article .raw pre').textContent(), raw);
  await stage.page.getByRole('button', { name: 'Try again' }).click();
  assert.equal((await stage.heard('takeStep')).kind, 'retry');
  await stage.page.getByRole('button', { name: 'Another model…' }).waitFor();
  assert.equal(await stage.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
});

test('a retry is one line that unfolds', options, async (t) => {
  const stage = await stageFor(t, { width: 300 });
  await say(stage, { type: 'runStarted' }, { type: 'retryScheduled', attempt: 2, maxAttempts: 3, delayMs: 8_000, error: `503 ${'x'.repeat(3_000)}` });
  assert.match((await stage.page.locator('.retry summary').textContent()) ?? '', /^Retrying: 2 of 3, [78] s$/);
  const height = () => stage.page.locator('.retry').evaluate((element) => element.clientHeight);
  assert.ok((await height()) < 40, `${await height()} px`);
  await stage.page.locator('.retry summary').first().click();
  assert.match((await stage.page.locator('.retry .why').textContent()) ?? '', /^The provider has a failure of its own\./);
  assert.equal(await stage.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
});

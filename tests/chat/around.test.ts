// What stands around the messages, and how the page keeps to what the extension tells it.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { chrome } from './chrome.ts';
import { busy } from './scenes.ts';
import { box, closeBrowser, missing, say, stageFor } from './stage.ts';

after(closeBrowser);
const options = { skip: missing };

test('the conversation of the last time can be resumed', options, async (t) => {
  const stage = await stageFor(t);
  assert.equal(await stage.page.getByRole('button', { name: /^Resume/ }).count(), 0);
  await stage.tell({ type: 'chrome', chrome: chrome({ last: { title: 'Rename hello', waits: false } }) });
  await stage.page.getByRole('button', { name: 'Resume “Rename hello”' }).click();
  await stage.heard('resumeLast');
});

test('thoughts are shown on demand only', options, async (t) => {
  const stage = await stageFor(t);
  await say(stage, { type: 'runStarted' }, { type: 'thinkingDelta', text: 'secret thought' }, { type: 'textDelta', text: 'answer' });
  assert.equal(await stage.page.getByText('secret thought').count(), 0);
  await stage.page.locator('.thinking summary').click();
  await stage.page.getByText('secret thought').waitFor();
  await say(stage, { type: 'thinkingDelta', text: ' goes on' });
  assert.equal(await stage.page.getByText('secret thought goes on').isVisible(), true);
});

test('what VS Code has kept is not trusted, nor is a message that is wrong', options, async (t) => {
  const stage = await stageFor(t, { state: { draft: 7, history: [{}] } });
  assert.equal(await box(stage).inputValue(), '');
  const before = stage.said.length;
  await stage.page.evaluate(() => window.postMessage({ type: 'snapshot', rev: 'x' }, '*'));
  await stage.page.evaluate(() => window.postMessage({ type: 'inputs', rev: 1, inputs: [{ type: 'asked', id: 5 }] }, '*'));
  await stage.heard('ready');
  for (let i = 0; i < 5; i++) await stage.drawn();
  assert.equal(stage.said.slice(before).filter((one) => one.type === 'ready').length, 2, 'it asks for a snapshot');
  const complaints = stage.wrong.splice(0);
  assert.equal(complaints.filter((one) => one.includes('was not understood')).length, 2, complaints.join('; '));
});

test('a page that has missed something asks for all of it', options, async (t) => {
  const stage = await stageFor(t);
  const before = stage.said.length;
  await stage.tell({ type: 'inputs', rev: 99, inputs: [{ type: 'stopAsked' }] });
  for (let i = 0; i < 3; i++) await stage.drawn();
  assert.deepEqual(
    stage.said.slice(before).map((one) => one.type),
    ['ready'],
  );
});

test("what Pi's extensions show stands above the box, as text", options, async (t) => {
  const stage = await stageFor(t);
  await say(
    stage,
    { type: 'widgetChanged', key: 'w', lines: ['<b>1</b> of 3', 'done'], placement: 'aboveEditor' },
    { type: 'statusLineChanged', key: 'l', text: 'on branch main' },
  );
  assert.deepEqual(await stage.page.locator('.widgets pre').allTextContents(), ['<b>1</b> of 3\ndone', 'on branch main']);
  await say(stage, { type: 'widgetChanged', key: 'w' }, { type: 'statusLineChanged', key: 'l' });
  assert.equal(await stage.page.locator('.widgets').isVisible(), false);
});

test('chips, pickers, the meter and the cost say what they are', options, async (t) => {
  const stage = await stageFor(t);
  await stage.show(busy(), chrome({ chips: [{ id: 'editor', kind: 'file', label: 'greet.ts', detail: 'src/greet.ts', fixed: false, problem: false }] }));
  await stage.page.getByRole('button', { name: 'Leave greet.ts out' }).click();
  assert.equal((await stage.heard('detach')).id, 'editor');
  await stage.page.getByRole('button', { name: 'Model: local/scripted-1' }).click();
  await stage.page.getByRole('button', { name: 'Thinking: medium' }).click();
  await stage.page.getByRole('button', { name: 'Permissions: Ask first' }).click();
  await stage.page.getByRole('button', { name: 'New session' }).click();
  await stage.page.getByRole('button', { name: 'Sessions' }).click();
  for (const type of ['pickModel', 'pickThinking', 'pickMode', 'newSession', 'pickSession'] as const) await stage.heard(type);
  await stage.page.getByRole('button', { name: 'Context: 12% used; compact' }).click();
  await stage.heard('compact');
  assert.equal(await stage.page.locator('.cost').textContent(), '$0.015');
  assert.match((await stage.page.locator('article.run').textContent()) ?? '', /3,600 tokens · \$0\.015/);
});

test('a retry counts down, a compaction divides, a problem says what to do', options, async (t) => {
  const stage = await stageFor(t);
  await say(stage, { type: 'runStarted' }, { type: 'retryScheduled', attempt: 2, maxAttempts: 3, delayMs: 60_000, error: 'Overloaded.' });
  assert.match((await stage.page.locator('.retry summary').textContent()) ?? '', /^Retrying: 2 of 3, \d+ s$/);
  await stage.page.getByRole('button', { name: 'Stop trying' }).click();
  await stage.heard('stopRetry');
  await say(stage, { type: 'retryEnded', success: true, attempt: 2 }, { type: 'compactionStarted', reason: 'manual' });
  assert.equal(await stage.page.locator('.retry').isVisible(), false);
  assert.match((await stage.page.locator('.divider').textContent()) ?? '', /Compacting/);
  await stage.tell({ type: 'chrome', chrome: chrome({ problem: 'Pi was not found. Install it.' }) });
  await stage.drawn();
  assert.match((await stage.page.locator('.banner').textContent()) ?? '', /^Pi was not found\. Install it\./);
});

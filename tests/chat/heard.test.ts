import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Conversation, emptyConversation } from '../../extension/vscode/chat/model/conversation.ts';
import { reduce } from '../../extension/vscode/chat/model/reducer.ts';
import { alertsOf, hasNewEdit, newsOf, waitingWords } from '../../extension/vscode/chat/webview/heard.ts';
import { confirm, events, openEdit, usage } from './scenes.ts';

const after = (state: Conversation, ...bodies: object[]) => events(state, ...bodies).reduce(reduce, state);
const running = after(emptyConversation('s'), { type: 'runStarted' });

test('how a run has ended is said as it is', () => {
  assert.deepEqual(newsOf(running, after(running, { type: 'runSettled', stopReason: 'stop' })), ['Pi has finished.']);
  assert.deepEqual(newsOf(running, after(running, { type: 'runSettled', stopReason: 'aborted' })), ['Pi was stopped.']);
  assert.deepEqual(newsOf(running, after(running, { type: 'runSettled', stopReason: 'error', error: 'The key is refused.' })), [
    'Pi has failed: The key is refused.',
  ]);
  const failed = after(
    running,
    { type: 'messageCompleted', text: '', stopReason: 'error', error: 'Overloaded', usage: usage(60, 0) },
    { type: 'runSettled', stopReason: 'error', error: 'Overloaded' },
  );
  assert.deepEqual(newsOf(running, failed), ['Pi has failed: Overloaded']);
});

test('a retry is told once, with its number', () => {
  const retry = after(running, { type: 'retryScheduled', attempt: 2, maxAttempts: 3, delayMs: 8_000, error: 'Overloaded' });
  assert.deepEqual(newsOf(running, retry), ['It did not work. Pi tries again, 2 of 3.']);
  assert.deepEqual(newsOf(retry, after(retry, { type: 'notice', level: 'info', text: 'x' })), []);
});

test('what waits is counted with its plural, and nothing that is decided by then', () => {
  const one: Conversation = { ...running, edits: [openEdit('e1', 't1')] };
  const two: Conversation = { ...running, edits: [openEdit('e1', 't1'), openEdit('e2', 't2')] };
  assert.deepEqual([hasNewEdit(running, one), hasNewEdit(one, one), hasNewEdit(one, two)], [true, false, true]);
  assert.equal(waitingWords(one), '1 edit waits for you.');
  assert.equal(waitingWords(two), '2 edits wait for you.');
  assert.equal(waitingWords({ ...running, edits: [openEdit('e1', 't1', { status: 'applied' })] }), undefined);
  assert.deepEqual(newsOf(one, after(one, { type: 'runSettled', stopReason: 'stop' })), ['Pi has finished.', '1 edit waits for you.']);
  assert.deepEqual(alertsOf(running, { ...running, confirms: [confirm('c1', 't1', 'npm test')] }), ['Pi asks to use bash: npm test']);
});

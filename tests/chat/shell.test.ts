// The user's own commands in the chat: what is one, and how it is shown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { piEvent } from '../../extension/vscode/chat/messages/pi.ts';
import { conversation as conversationShape } from '../../extension/vscode/chat/messages/conversation.ts';
import { type Conversation, emptyConversation, limits, type ToolItem } from '../../extension/vscode/chat/model/conversation.ts';
import { type Input, reduce } from '../../extension/vscode/chat/model/reducer.ts';
import { shellCommand } from '../../extension/vscode/chat/model/shell.ts';
import { transcriptPage } from '../../extension/vscode/chat/model/transcript.ts';

function story(...bodies: object[]): Input[] {
  return bodies.map((body, i) => ({ type: 'event', event: piEvent({ sessionId: 's', seq: i + 1, ...body }, 'pi/event') }));
}
const play = (inputs: Input[], from: Conversation = emptyConversation('s')) => inputs.reduce(reduce, from);
const begun = { type: 'bashStarted', command: 'npm test', excludeFromContext: false };
const ended = (more: object) => ({ type: 'bashEnded', text: '', cancelled: false, truncated: false, changed: [], unsaved: [], ...more });
const card = (state: Conversation) => {
  const { title, output, state: how } = state.items.find((item) => item.kind === 'tool') as ToolItem;
  return [title, output, how];
};

test('a command begins with one mark, or with two to keep it from the model; anything else is a prompt', () => {
  assert.deepEqual(shellCommand('!npm test'), { command: 'npm test', hidden: false });
  assert.deepEqual(shellCommand('!! cat a\n  b '), { command: 'cat a\n  b', hidden: true });
  for (const prompt of ['npm test', ' !ls', '!', '!! ', 'a!b']) assert.equal(shellCommand(prompt), undefined, prompt);
});

test('a command is a card with its output as it comes, and with how it ended', () => {
  const running = play(story(begun, { type: 'bashOutput', text: 'one\n' }, { type: 'bashOutput', text: 'two\n' }));
  assert.deepEqual(card(running), ['! npm test', 'one\ntwo\n', 'running']);
  const after = (more: object) => card(play(story(begun, { type: 'bashOutput', text: 'one\n' }, ended(more))));
  assert.deepEqual(after({ text: 'one\ntwo\n', exitCode: 0 }), ['! npm test', 'one\ntwo\n', 'done']);
  assert.deepEqual(after({ exitCode: 2 }), ['! npm test (exit code 2)', 'one\n', 'failed']);
  assert.deepEqual(after({ cancelled: true }), ['! npm test', 'one\n', 'stopped']);
  assert.deepEqual(after({ error: 'Pi has ended.' }), ['! npm test', 'one\n\nPi has ended.', 'failed']);
});

test('a line that was written over takes the place of what stood there', () => {
  const output = (...parts: object[]) => card(play(story(begun, ...parts.map((one) => ({ type: 'bashOutput', ...one })))))[1];
  assert.equal(output({ text: 'one\n10%' }, { text: '50%', replacesLine: true }, { text: '\ndone' }), 'one\n50%\ndone');
  assert.equal(output({ text: '10%' }, { text: '100%\n', replacesLine: true }), '100%\n');
});

test('of a flood the end is shown', () => {
  const state = play(story(begun, { type: 'bashOutput', text: 'lost' }, { type: 'bashOutput', text: 'x'.repeat(limits.toolOutput + 5), truncated: true }));
  const { output, outputCut } = state.items[0] as ToolItem;
  assert.deepEqual([output, outputCut], ['x'.repeat(limits.toolOutput), 5]);
});

test('a run that ends leaves the command alone, a server that is gone does not', () => {
  const state = play(story({ type: 'runStarted' }, begun, { type: 'runSettled', stopReason: 'aborted' }));
  assert.deepEqual([card(state)[2], state.items.at(-1)?.kind === 'run' && state.items.at(-1)], ['running', { ...state.items.at(-1), stopReason: 'aborted' }]);
  assert.equal(card(reduce(state, { type: 'serverStarted' }))[2], 'stopped');
});

test('what is stored of a command is the same card, and the page can be sent it', () => {
  const entry = { id: 'h1', kind: 'bash', command: 'npm test', excludeFromContext: true, state: 'failed', output: 'one\n', exitCode: 2 };
  const page = transcriptPage({ sessionId: 's', seq: 0, running: false, more: false, entries: [entry] }, '');
  const state = reduce(emptyConversation('s'), { type: 'transcript', sessionId: 's', seq: 0, running: false, more: false, items: page.items });
  assert.deepEqual(card(state), ['!! npm test (exit code 2)', 'one\n', 'failed']);
  assert.deepEqual(conversationShape(state, ''), state);
});

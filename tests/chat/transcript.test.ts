// Stored messages in the place of live ones, and how much of all is kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conversation as conversationShape } from '../../extension/vscode/chat/messages/conversation.ts';
import { edit as editShape, piConfirm, piEvent } from '../../extension/vscode/chat/messages/pi.ts';
import { emptyConversation, limits, type UserItem } from '../../extension/vscode/chat/model/conversation.ts';
import { type Input, reduce } from '../../extension/vscode/chat/model/reducer.ts';
import { asked, backfill, last, page, play, shape, story, usage } from './stories.ts';

test('a transcript takes the place of what is shown, but not of unsent words; then the events go on after it', () => {
  const before = play([
    asked('p0', 'refused'),
    { type: 'askEnded', id: 'p0', error: 'no' },
    ...story({ type: 'runStarted' }, { type: 'textDelta', text: 'old' }),
  ]);
  const entries = [
    { id: 't1', kind: 'user', text: 'hi', context: '<editor>\nThe user has src/a.ts open, lines 3-5 selected. The selection:\n```\nx\n```\n</editor>' },
    { id: 't2', kind: 'thinking', text: 'Hm.', state: 'done' },
    { id: 't3', kind: 'assistant', text: 'stream', state: 'running', model: 'm' },
    { id: 't4', kind: 'fromTheFuture', x: 1 },
  ];
  let state = reduce(before, backfill(entries, { running: true }));
  assert.deepEqual([shape(state), state.running, state.gap], [['user', 'assistant', 'user'], true, false]);
  assert.deepEqual((state.items[0] as UserItem).attachments, [{ kind: 'file', label: 'src/a.ts:3-5' }]);
  const event = (seq: number, text: string): Input => ({ type: 'event', event: piEvent({ sessionId: 's', seq, type: 'textDelta', text }, '') });
  state = play([event(7, 'DOUBLE'), event(8, 'ing')], state);
  assert.deepEqual([last(state, 'assistant').text, last(state, 'assistant').thinking], ['streaming', 'Hm.']);
});

test('a stored tool, compaction, notice and run look like live ones', () => {
  const state = play([
    backfill([
      { id: 'a', kind: 'tool', toolCallId: 't', tool: 'bash', title: 'bash: ls', input: { command: 'ls' }, state: 'failed', output: 'no' },
      { id: 'b', kind: 'compaction', reason: 'manual', state: 'done', tokensBefore: 9, tokensAfter: 3 },
      { id: 'c', kind: 'notice', level: 'warning', text: 'w' },
      { id: 'd', kind: 'run', stopReason: 'stop', usage: usage(5, 1) },
    ]),
  ]);
  assert.deepEqual(shape(state), ['tool', 'compaction', 'notice', 'run']);
  assert.deepEqual([last(state, 'tool').input, last(state, 'tool').state], ['ls', 'failed']);
  conversationShape(JSON.parse(JSON.stringify(state)), 'snapshot');
});

test('what is earlier goes before, and only in its own session', () => {
  const state = play([backfill([{ id: 'b', kind: 'user', text: 'later' }], { more: true })]);
  const { items } = page([{ id: 'a', kind: 'user', text: 'earlier' }]);
  const all = reduce(state, { type: 'earlier', sessionId: 's', more: false, items });
  assert.deepEqual([all.items.map((item) => item.id), all.more], [['a', 'b'], false]);
  assert.equal(reduce(state, { type: 'earlier', sessionId: 'x', more: false, items }), state);
});

test('long output keeps its end and says how much is missing; a long command to be allowed is never cut', () => {
  const long = 'x'.repeat(limits.toolOutput + 100);
  const state = play(story({ type: 'toolEnded', toolCallId: 't', tool: 'bash', text: `${long}END`, isError: false }));
  const tool = last(state, 'tool');
  assert.deepEqual([tool.output.length, tool.outputCut, tool.output.endsWith('END')], [limits.toolOutput, 103, true]);
  const what = 'y'.repeat(100_000);
  assert.equal(piConfirm({ sessionId: 's', toolCallId: 't', tool: 'bash', what, input: { command: what } }, '').what, what);
});

test('an edit is counted and cut', () => {
  const diff = `--- a\n+++ b\n@@ -1 +1,2 @@\n-x\n+y\n+z\n${' c\n'.repeat(50_000)}`;
  const edit = editShape({ id: 'e', uri: 'file:///a', tool: 'edit', toolCallId: 't', status: 'open', hunks: [{ id: 'h', fate: 'clashed' }], diff }, '');
  assert.deepEqual([edit.added, edit.removed, edit.hunks], [2, 1, [{ id: 'h', clashed: true }]]);
  assert.ok(edit.diff.length < limits.diff + 100);
});

test('ten thousand messages stay, and those past the bound go from the top', () => {
  let state = emptyConversation('s');
  let seq = 0;
  const say = (text: string) => {
    state = reduce(state, { type: 'event', event: piEvent({ sessionId: 's', seq: ++seq, type: 'textDelta', text }, '') });
    state = reduce(state, {
      type: 'event',
      event: piEvent({ sessionId: 's', seq: ++seq, type: 'messageCompleted', text, stopReason: 'stop', usage: usage(1, 0) }, ''),
    });
  };
  for (let i = 0; i < 10_000; i++) say(`message ${i}`);
  assert.deepEqual([state.items.length, state.usage.totalTokens], [10_000, 10_000]);
  for (let i = 10_000; i < limits.items + 1; i++) say(`message ${i}`);
  assert.ok(state.items.length <= limits.items);
  assert.equal(last(state, 'assistant').text, `message ${limits.items}`);
});

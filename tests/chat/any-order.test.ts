// Events and inputs in any order: what always holds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conversation as conversationShape, input as inputShape } from '../../extension/vscode/chat/messages/conversation.ts';
import { piEvent } from '../../extension/vscode/chat/messages/pi.ts';
import { emptyConversation } from '../../extension/vscode/chat/model/conversation.ts';
import { type Input, reduce } from '../../extension/vscode/chat/model/reducer.ts';
import { dice } from './dice.ts';
import { asked, confirm, queue, usage } from './stories.ts';

const bodies = [
  { type: 'runStarted' },
  { type: 'userMessage', text: 'from a lens' },
  { type: 'userMessage', text: 'a' },
  { type: 'runSettled' },
  { type: 'turnStarted' },
  { type: 'turnEnded' },
  { type: 'textDelta', text: 'text ' },
  { type: 'thinkingDelta', text: 'thought ' },
  { type: 'messageCompleted', text: '', stopReason: 'toolUse', usage: usage(1, 0) },
  { type: 'messageCompleted', text: 'all', stopReason: 'error', error: 'no', usage: usage(1, 0), model: 'm' },
  { type: 'toolStarted', toolCallId: 't1', tool: 'bash', title: 'bash: ls', input: { command: 'ls' } },
  { type: 'toolProgressed', toolCallId: 't1', tool: 'bash', text: 'a' },
  { type: 'toolEnded', toolCallId: 't1', tool: 'bash', text: 'b', isError: true },
  { type: 'toolEnded', toolCallId: 't2', tool: 'x', text: 'b', isError: false },
  { type: 'retryScheduled', attempt: 1, maxAttempts: 3, delayMs: 5, error: 'e' },
  { type: 'retryEnded', success: false, attempt: 3 },
  { type: 'compactionStarted', reason: 'manual' },
  { type: 'compactionEnded', reason: 'manual', aborted: true },
  queue(['a'], ['b']),
  queue([]),
  { type: 'queueRestored', steering: ['a'], followUp: [] },
  { type: 'statusLineChanged', key: 'k', text: 't' },
  { type: 'widgetChanged', key: 'k', lines: ['l'] },
  { type: 'thinkingLevelChanged', level: 'high' },
  { type: 'sessionRenamed', name: 'n' },
  { type: 'notice', level: 'warning', text: 'n' },
  { type: 'unheardOf', x: {} },
];

test('whatever comes in whatever order: ids are unique, an idle session has nothing that runs, and both sides agree', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const roll = dice(seed);
    const others: Input[] = [
      asked('p', 'q', 'steer'),
      asked('p2', 'r'),
      { type: 'askEnded', id: 'p' },
      { type: 'askEnded', id: 'p2', error: 'no' },
      { type: 'stopAsked' },
      { type: 'confirmOpened', confirm: confirm('c') },
      { type: 'confirmClosed', id: 'c' },
      { type: 'edits', edits: [] },
      { type: 'unqueued', text: 'a' },
    ];
    const used = new Set<string>();
    let [seq, state, mirror] = [0, emptyConversation('s'), emptyConversation('s')];
    for (let i = 0; i < 60; i++) {
      const other = others[roll(others.length)];
      if (other.type === 'asked') {
        if (used.has(other.id)) continue;
        used.add(other.id);
      }
      const input: Input = roll(4) ? { type: 'event', event: piEvent({ sessionId: 's', seq: ++seq, ...bodies[roll(bodies.length)] }, '') } : other;
      const told = JSON.stringify(input);
      state = reduce(state, input);
      // The webview gets it as JSON and folds it by the same reducer.
      mirror = reduce(conversationShape(JSON.parse(JSON.stringify(mirror)), 'snapshot'), inputShape(JSON.parse(told), 'input'));
      assert.deepEqual(JSON.parse(JSON.stringify(mirror)), JSON.parse(JSON.stringify(state)), `seed ${seed}: ${told}`);
      const ids = state.items.map((item) => item.id);
      assert.equal(new Set(ids).size, ids.length, `seed ${seed}: ids ${ids}`);
      assert.ok(state.items.filter((item) => item.kind === 'assistant' && item.streaming).length <= 1, `seed ${seed}: one answer streams at a time`);
    }
    state = reduce(reduce(state, { type: 'event', event: piEvent({ sessionId: 's', seq: ++seq, type: 'runStarted' }, '') }), {
      type: 'event',
      event: piEvent({ sessionId: 's', seq: ++seq, type: 'runSettled' }, ''),
    });
    const alive = state.items.filter(
      (item) => (item.kind === 'tool' && ['running', 'waiting'].includes(item.state)) || (item.kind === 'assistant' && item.streaming),
    );
    assert.deepEqual(alive, [], `seed ${seed}`);
  }
});

// What the events of a run are folded to: answers, tools, questions, compactions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conversation as conversationShape } from '../../extension/vscode/chat/messages/conversation.ts';
import { piEvent } from '../../extension/vscode/chat/messages/pi.ts';
import type { Item, ToolItem, UserItem } from '../../extension/vscode/chat/model/conversation.ts';
import { withoutContext } from '../../extension/vscode/chat/model/prompts.ts';
import { type Input, reduce } from '../../extension/vscode/chat/model/reducer.ts';
import { asked, backfill, confirm, last, play, queue, shape, story, usage } from './stories.ts';

test('a run of several stages becomes prompt, answer, tool, answer, and the line below it', () => {
  const state = play([
    asked('p1', 'change it'),
    ...story(
      { type: 'runStarted' },
      { type: 'userMessage', text: 'change it\n\n<editor>\nThe user has a.ts open.\n</editor>' },
      { type: 'turnStarted' },
      { type: 'thinkingDelta', text: 'Hm' },
      { type: 'thinkingDelta', text: '.' },
      { type: 'textDelta', text: 'I ' },
      { type: 'textDelta', text: 'edit.' },
      { type: 'messageCompleted', text: 'I edit.', stopReason: 'toolUse', usage: usage(10, 0.25), model: 'm' },
      { type: 'toolStarted', toolCallId: 't1', tool: 'bash', title: 'bash: ls', input: { command: 'ls' } },
      { type: 'toolProgressed', toolCallId: 't1', tool: 'bash', text: 'a' },
      { type: 'toolEnded', toolCallId: 't1', tool: 'bash', text: 'a\nb', isError: false },
      { type: 'turnEnded' },
      { type: 'textDelta', text: 'Done.' },
      { type: 'messageCompleted', text: 'Done.', stopReason: 'stop', usage: usage(5, 0.5), model: 'm' },
      { type: 'runSettled' },
    ),
  ]);
  assert.deepEqual(shape(state), ['user', 'assistant', 'tool', 'assistant', 'run']);
  const [prompt, first, tool] = state.items as [UserItem, Item, ToolItem];
  assert.equal(prompt.state, 'sent');
  assert.ok(first.kind === 'assistant' && first.text === 'I edit.' && first.thinking === 'Hm.' && !first.streaming);
  assert.deepEqual([tool.title, tool.input, tool.output, tool.state], ['bash: ls', 'ls', 'a\nb', 'done']);
  assert.deepEqual([last(state, 'run').usage.totalTokens, last(state, 'run').usage.cost, last(state, 'run').stopReason], [15, 0.75, 'stop']);
  assert.deepEqual([state.running, state.usage.cost], [false, 0.75]);
});

test('a step that only calls tools is no empty answer', () => {
  const state = play(
    story({ type: 'runStarted' }, { type: 'textDelta', text: '' }, { type: 'messageCompleted', text: '', stopReason: 'toolUse', usage: usage(7, 1) }),
  );
  assert.deepEqual([shape(state), state.usage.totalTokens], [[], 7]);
});

test('an event that comes twice, late, of another session or of an unknown type changes nothing', () => {
  const events = story({ type: 'runStarted' }, { type: 'textDelta', text: 'a' }, { type: 'somethingNew', text: 5 }, { type: 'textDelta', text: 'b' });
  const once = play(events);
  assert.deepEqual(play(events.flatMap((event) => [event, event])), once);
  assert.deepEqual(play([...events, ...events]), once);
  assert.deepEqual(reduce(once, { type: 'event', event: piEvent({ sessionId: 'other', seq: 99, type: 'textDelta', text: 'x' }, '') }), once);
  assert.equal(last(once, 'assistant').text, 'ab');
  assert.equal(once.gap, false);
});

test('a hole in the numbers is noticed', () => {
  const events = story({ type: 'runStarted' }, { type: 'textDelta', text: 'a' }, { type: 'textDelta', text: 'b' });
  assert.equal(play([events[0], events[2]]).gap, true);
});

test('an event whose fields are wrong is refused by name', () => {
  assert.throws(() => piEvent({ sessionId: 's', seq: 1, type: 'textDelta', text: 7 }, 'pi/event'), /pi\/event\.text should be a string, not number/);
  assert.throws(() => piEvent({ sessionId: 's', seq: -1, type: 'textDelta', text: '' }, 'pi/event'), /seq/);
});

test('a question stands at its tool until it is answered, whichever came first', () => {
  const started = story({ type: 'runStarted' }, { type: 'toolStarted', toolCallId: 't1', tool: 'bash', title: 'bash: rm', input: { command: 'rm -rf dist' } });
  const opened: Input = { type: 'confirmOpened', confirm: confirm('c1') };
  for (const order of [
    [...started, opened],
    [started[0], opened, started[1]],
  ]) {
    const waiting = play(order);
    assert.deepEqual([shape(waiting), last(waiting, 'tool').state, waiting.confirms.length], [['tool'], 'waiting', 1]);
    assert.equal(last(waiting, 'tool').input, 'rm -rf dist');
    const going = reduce(waiting, { type: 'confirmClosed', id: 'c1' });
    assert.deepEqual([last(going, 'tool').state, going.confirms.length], ['running', 0]);
  }
});

test('what the user says no to has not failed', () => {
  const ends = (refused: boolean) =>
    play([
      ...story({ type: 'runStarted' }, { type: 'toolStarted', toolCallId: 't1', tool: 'bash', title: 'bash: rm', input: {} }),
      { type: 'confirmOpened', confirm: confirm('c1') },
      { type: 'confirmClosed', id: 'c1', ...(refused ? { refused } : {}) },
      { type: 'event', event: piEvent({ sessionId: 's', seq: 3, type: 'toolEnded', toolCallId: 't1', tool: 'bash', text: 'no', isError: true }, 'pi/event') },
    ]);
  assert.equal(last(ends(true), 'tool').state, 'rejected');
  assert.equal(last(ends(false), 'tool').state, 'failed');
});

test('closing a question that is not open changes nothing', () => {
  const state = play([{ type: 'confirmOpened', confirm: confirm('c1') }]);
  assert.equal(reduce(state, { type: 'confirmClosed', id: 'c2' }), state);
});

test('the end of a run ends what ran in it', () => {
  const state = play([
    ...story({ type: 'runStarted' }, { type: 'toolStarted', toolCallId: 't1', tool: 'bash', title: 'bash', input: {} }, { type: 'textDelta', text: 'a' }),
    { type: 'stopAsked' },
    { type: 'event', event: piEvent({ sessionId: 's', seq: 4, type: 'runSettled' }, '') },
  ]);
  assert.deepEqual([last(state, 'tool').state, last(state, 'assistant').streaming, last(state, 'run').stopReason], ['stopped', false, 'aborted']);
});

test('an id that a model uses for a second tool call does not change the first', () => {
  const call = [
    { type: 'toolStarted', toolCallId: 'call_0', tool: 'bash', title: 'bash: ls', input: {} },
    { type: 'toolEnded', toolCallId: 'call_0', tool: 'bash', text: 'first', isError: false },
  ];
  const state = play(story({ type: 'runStarted' }, ...call, { ...call[0], title: 'bash: pwd' }));
  assert.deepEqual(
    state.items.map((item) => item.kind === 'tool' && [item.title, item.output, item.state]),
    [
      ['bash: ls', 'first', 'done'],
      ['bash: pwd', '', 'running'],
    ],
  );
});

test('the context that the server puts behind a prompt is not shown', () => {
  assert.equal(withoutContext('fix\n\n<editor>\nThe user has a.ts open.\n</editor>'), 'fix');
  assert.equal(withoutContext('what is <editor>\nx\n</editor> for'), 'what is <editor>\nx\n</editor> for');
  const state = play(story({ type: 'runStarted' }, queue(['a\n\n<editor>\nx\n</editor>'])));
  assert.deepEqual(state.steering, ['a']);
});

test('a compaction is one divider, a retry is said as long as it waits', () => {
  const state = play(
    story(
      { type: 'runStarted' },
      { type: 'compactionStarted', reason: 'threshold' },
      { type: 'compactionEnded', reason: 'threshold', tokensBefore: 9, tokensAfter: 3, aborted: false },
      { type: 'retryScheduled', attempt: 1, maxAttempts: 3, delayMs: 2000, error: 'overloaded' },
    ),
  );
  const divider = last(state, 'compaction');
  assert.deepEqual([shape(state), divider.state, divider.tokensBefore, divider.tokensAfter], [['compaction'], 'done', 9, 3]);
  assert.equal(state.retry?.attempt, 1);
  assert.equal(reduce(state, { type: 'event', event: piEvent({ sessionId: 's', seq: 5, type: 'retryEnded', success: true, attempt: 1 }, '') }).retry, null);
});

test('a new server process begins to count anew and leaves nothing waiting', () => {
  const before = play([...story({ type: 'runStarted' }, { type: 'textDelta', text: 'a' }), { type: 'confirmOpened', confirm: confirm('c1') }]);
  const after = play([{ type: 'serverStarted' }, ...story({ type: 'runStarted' }, { type: 'textDelta', text: 'b' })], before);
  assert.deepEqual([after.confirms.length, after.gap, after.running], [0, false, true]);
  assert.equal(last(after, 'assistant').text, 'b');
  assert.ok(after.items.some((item) => item.kind === 'run' && item.stopReason === 'aborted'));
});

test('a message says where it came from when that is not the selected model, and a run why it was ended', () => {
  const routed = { provider: 'p', model: 'm', selectedModel: 'router/auto' };
  const why = 'Stopped: p/m answered in place of router/auto';
  const live = play(
    story(
      { type: 'runStarted' },
      { type: 'messageCompleted', text: 'x', stopReason: 'aborted', ...routed },
      { type: 'runSettled', stopReason: 'error', error: why },
    ),
  );
  const stored = play([
    backfill([
      { id: 't1', kind: 'assistant', text: 'x', state: 'done', ...routed },
      { id: 't2', kind: 'run', stopReason: 'error', error: why, usage: usage(1, 0) },
    ]),
  ]);
  for (const state of [live, stored]) {
    assert.deepEqual(last(state, 'assistant').answered, { by: 'p/m', instead: 'router/auto' });
    assert.deepEqual([last(state, 'run').stopReason, last(state, 'run').error], ['error', why]);
    assert.deepEqual(conversationShape(state, 'snapshot'), state);
  }
  // What is said already is not said twice.
  const lost = play(story({ type: 'runStarted' }, { type: 'notice', level: 'error', text: why }, { type: 'runSettled', stopReason: 'error', error: why }));
  assert.equal(last(lost, 'run').error, undefined);
});

test('what a script calls stands under it, with how long it took', () => {
  const inner = { toolCallId: 'c/1', tool: 'codemode', title: 'inner', input: {}, parentToolCallId: 'c' };
  const live = play(
    story(
      { type: 'runStarted' },
      { type: 'toolStarted', toolCallId: 'c', tool: 'codemode', title: 'codemode', input: { code: 'a;\nb;' } },
      { type: 'toolStarted', ...inner },
      { type: 'toolStarted', ...inner, toolCallId: 'c/1/1', parentToolCallId: 'c/1' },
      { type: 'toolEnded', toolCallId: 'c/1', tool: 'codemode', text: '', durationMs: 1234 },
    ),
  );
  const entry = { kind: 'tool', tool: 'codemode', title: 't', state: 'done', output: '' };
  const stored = play([
    backfill([
      { id: 't1', ...entry, toolCallId: 'c' },
      { id: 't2', ...entry, toolCallId: 'c/1', parentToolCallId: 'c', durationMs: 1234 },
      { id: 't3', ...entry, toolCallId: 'c/1/1', parentToolCallId: 'c/1' },
    ]),
  ]);
  for (const state of [live, stored]) {
    const tools = state.items.filter((item) => item.kind === 'tool');
    assert.deepEqual(
      tools.map((tool) => tool.depth ?? 0),
      [0, 1, 2],
    );
    assert.equal(tools[1].durationMs, 1234);
  }
  // A page that was hidden gets all of it again.
  assert.deepEqual(conversationShape(live, 'snapshot'), live);
  assert.equal((live.items[0] as { input: string }).input, 'a;\nb;');
});

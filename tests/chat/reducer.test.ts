import assert from 'node:assert/strict';
import { test } from 'node:test';
import { edit as editShape, piConfirm, piEvent } from '../../extension/vscode/chat/messages/pi.ts';
import {
  type Conversation,
  emptyConversation,
  type Item,
  limits,
  noUsage,
  type ToolItem,
  type UserItem,
} from '../../extension/vscode/chat/model/conversation.ts';
import { withoutContext } from '../../extension/vscode/chat/model/prompts.ts';
import { type Input, reduce } from '../../extension/vscode/chat/model/reducer.ts';
import { conversation as conversationShape, input as inputShape } from '../../extension/vscode/chat/messages/conversation.ts';
import { transcriptPage } from '../../extension/vscode/chat/model/transcript.ts';
import { dice } from './dice.ts';

/** Numbers bare events as the server does. */
function story(...bodies: object[]): Input[] {
  return bodies.map((body, i) => ({ type: 'event', event: piEvent({ sessionId: 's', seq: i + 1, ...body }, 'pi/event') }));
}
const play = (inputs: Input[], from: Conversation = emptyConversation('s')) => inputs.reduce(reduce, from);
const shape = (state: Conversation) => state.items.map((item) => item.kind);
const last = <K extends Item['kind']>(state: Conversation, kind: K) => state.items.findLast((item) => item.kind === kind) as Extract<Item, { kind: K }>;
const usage = (totalTokens: number, cost: number) => ({ ...noUsage, totalTokens, cost });
const asked = (id: string, text: string, deliver: 'start' | 'steer' | 'followUp' = 'start'): Input => ({ type: 'asked', id, text, attachments: [], deliver });
const queue = (steering: string[], followUp: string[] = []) => ({ type: 'queueChanged', steering, followUp });
const confirm = (id: string, toolCallId = 't1') => ({ id, toolCallId, tool: 'bash', source: 'pi', what: 'rm -rf dist', input: 'rm -rf dist', stagedEdits: 0 });

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

test('a prompt that is refused keeps its words and says why', () => {
  const state = play([asked('p1', 'hello'), { type: 'askEnded', id: 'p1', error: 'No API key found' }]);
  assert.deepEqual([last(state, 'user').state, last(state, 'user').text, last(state, 'user').error], ['failed', 'hello', 'No API key found']);
});

test('a message into the run waits in the queue and becomes a prompt when the agent takes it up', () => {
  const events = story({ type: 'runStarted' }, queue(['be brief']), queue([]), { type: 'userMessage', text: 'be brief' }, queue([], ['then test']), {
    type: 'runSettled',
  });
  let state = play([events[0], asked('p2', 'be brief', 'steer')]);
  assert.deepEqual([shape(state), state.outgoing.length], [[], 1]);
  state = reduce(state, events[1]);
  assert.deepEqual([state.outgoing.length, state.steering], [0, ['be brief']]);
  state = play([events[2], events[3]], state);
  assert.deepEqual([shape(state), last(state, 'user').text, last(state, 'user').state], [['user'], 'be brief', 'sent']);
  state = play([events[4], events[5]], state);
  assert.deepEqual([last(state, 'user').text, last(state, 'user').state, state.followUp], ['then test', 'failed', []], 'what Pi never got is not lost');
});

test('what leaves the queue and is never taken up comes back as not sent', () => {
  const state = play(story({ type: 'runStarted' }, queue(['go', 'go']), queue(['go']), { type: 'userMessage', text: 'go' }, queue([]), { type: 'runSettled' }));
  assert.deepEqual(
    state.items.filter((item) => item.kind === 'user').map((item) => item.state),
    ['sent', 'failed'],
  );
});

test('a queue that is emptied and filled again has lost nothing and doubled nothing', () => {
  const [started, both, none, one, ...rest] = story(
    { type: 'runStarted' },
    queue([], ['first', 'second']),
    queue([]),
    queue([], ['second']),
    queue([]),
    { type: 'queueRestored', steering: [], followUp: ['second'] },
    { type: 'runSettled' },
  );
  const state = play([started, both, { type: 'unqueued', text: 'first' }, none, one, ...rest]);
  assert.deepEqual(
    state.items.flatMap((item) => (item.kind === 'user' ? [item.text] : [])),
    ['second'],
  );
});

test('what a stopped run had not taken up comes back once, in whatever order it is told', () => {
  const settled = { type: 'runSettled' };
  const restored = { type: 'queueRestored', steering: ['go'], followUp: ['then'] };
  for (const order of [
    [queue([]), restored, settled],
    [queue([]), settled, restored],
    [restored, queue([]), settled],
    [settled, restored],
  ]) {
    const state = play(story({ type: 'runStarted' }, queue(['go'], ['then']), ...order));
    const back = state.items.flatMap((item) => (item.kind === 'user' ? [`${item.text} ${item.state}`] : []));
    assert.deepEqual(back.sort(), ['go failed', 'then failed'], JSON.stringify(order));
    assert.deepEqual([state.steering, state.followUp, state.leaving], [[], [], []]);
  }
});

test('a message that the user takes out of the queue is not shown as sent', () => {
  const [started, queued, empty, settled] = story({ type: 'runStarted' }, queue(['no']), queue([]), { type: 'runSettled' });
  assert.deepEqual(shape(play([started, queued, { type: 'unqueued', text: 'no' }, empty, settled])), ['run']);
});

test('a prompt from elsewhere is shown, one whose words were changed on the way is not shown twice', () => {
  const events = story({ type: 'runStarted' }, { type: 'userMessage', text: 'the template, written out' });
  assert.deepEqual(shape(play(events)), ['user']);
  const own = play([asked('p', '/template'), ...events]);
  assert.deepEqual([shape(own), last(own, 'user').text, last(own, 'user').state], [['user'], '/template', 'sent']);
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

const page = (entries: object[], more: object = {}) =>
  transcriptPage({ sessionId: 's', seq: 7, running: false, more: false, entries, ...more }, 'pi.getTranscript');
const backfill = (entries: object[], more: object = {}): Input => {
  const { first: _, sessionId, ...rest } = page(entries, more);
  return { type: 'transcript', sessionId: sessionId ?? '', ...rest };
};

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

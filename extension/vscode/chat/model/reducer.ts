// From what happens to what is shown. Pure: no clock, no editor, no chance; the same inputs give the same conversation on both sides
// of the webview's wall. Inputs may be missing, doubled or unknown.
import type { PiEvent, PiEventBody } from '../messages/pi.ts';
import { inputText } from '../messages/pi.ts';
import {
  type AssistantItem,
  type Attachment,
  addUsage,
  type Confirm,
  type Conversation,
  type Edit,
  emptyConversation,
  type Item,
  limits,
  noUsage,
  type ToolItem,
  type UserItem,
} from './conversation.ts';

export type Input =
  | { type: 'event'; event: PiEvent }
  | { type: 'edits'; edits: readonly Edit[] }
  | { type: 'confirmOpened'; confirm: Confirm }
  | { type: 'confirmClosed'; id: string }
  /** The user sent a prompt from the view; `id` names it until the server has said yes or no. */
  | { type: 'asked'; id: string; text: string; attachments: readonly Attachment[]; deliver: 'start' | 'steer' | 'followUp' }
  | { type: 'askEnded'; id: string; error?: string }
  | { type: 'stopAsked' }
  /** The server has answered that a message was taken out of the queue. */
  | { type: 'unqueued'; text: string }
  /** What is stored of the session, in place of everything shown. */
  | { type: 'transcript'; sessionId: string; seq: number; running: boolean; more: boolean; items: readonly Item[] }
  /** What is before the oldest that is shown. */
  | { type: 'earlier'; sessionId: string; more: boolean; items: readonly Item[] }
  | { type: 'named'; name: string | null }
  | { type: 'opened'; sessionId: string; name: string | null }
  /** The server's process is another one now: nothing runs, nothing waits, events count from 1 again. */
  | { type: 'serverStarted' };

/** A prompt as the user wrote it: the server puts the context of the editor behind it. */
export function withoutContext(prompt: string): string {
  const at = prompt.endsWith('\n</editor>') ? prompt.indexOf('\n\n<editor>\n') : -1;
  return at < 0 ? prompt : prompt.slice(0, at);
}

export function reduce(state: Conversation, input: Input): Conversation {
  switch (input.type) {
    case 'event':
      return onEvent(state, input.event);
    case 'edits':
      return { ...state, edits: input.edits };
    case 'confirmOpened':
      return onConfirm(state, input.confirm);
    case 'confirmClosed':
      return onConfirmClosed(state, input.id);
    case 'asked':
      return onAsked(state, input);
    case 'askEnded':
      return onAskEnded(state, input.id, input.error);
    case 'stopAsked':
      return state.running ? { ...state, stopping: true } : state;
    case 'unqueued':
      return { ...state, steering: without(state.steering, input.text), followUp: without(state.followUp, input.text) };
    case 'transcript':
      return onTranscript(state, input);
    case 'earlier':
      return input.sessionId === state.sessionId ? { ...state, more: input.more, items: [...input.items, ...state.items] } : state;
    case 'named':
      return input.name === state.name ? state : { ...state, name: input.name };
    case 'opened':
      return { ...emptyConversation(input.sessionId), name: input.name };
    case 'serverStarted':
      return { ...closeRun(state, 'aborted'), seq: 0, gap: false, confirms: [], edits: state.edits.filter((edit) => edit.status !== 'open') };
  }
}

function onEvent(state: Conversation, { sessionId, seq, body }: PiEvent): Conversation {
  if (state.sessionId !== null && sessionId !== state.sessionId) return state;
  if (seq <= state.seq) return state;
  const next = { ...state, sessionId, seq, gap: state.gap || (state.seq > 0 && seq > state.seq + 1) };
  return bounded(fold(next, body));
}

function fold(state: Conversation, body: PiEventBody): Conversation {
  switch (body.type) {
    case 'runStarted':
      return { ...state, running: true, stopping: false, runUsage: noUsage, retry: null };
    case 'runSettled':
      return closeRun(state);
    case 'userMessage':
      return onUserMessage(state, withoutContext(body.text));
    case 'textDelta':
      return onDelta(state, body.text, '');
    case 'thinkingDelta':
      return onDelta(state, '', body.text);
    case 'messageCompleted':
      return onCompleted(state, body);
    case 'toolStarted':
      return withTool(startable(state, body.toolCallId), body.toolCallId, body.tool, (tool) => ({
        ...tool,
        tool: body.tool,
        title: body.title ?? body.tool,
        input: inputText(body.input),
        state: tool.state === 'waiting' ? 'waiting' : 'running',
      }));
    case 'toolProgressed':
      return withTool(state, body.toolCallId, body.tool, (tool) => ({ ...tool, ...tail(body.text) }));
    case 'toolEnded':
      return withTool(state, body.toolCallId, body.tool, (tool) => ({ ...tool, ...tail(body.text), state: body.isError ? 'failed' : 'done' }));
    case 'retryScheduled':
      return { ...state, retry: { attempt: body.attempt, maxAttempts: body.maxAttempts, delayMs: body.delayMs, error: body.error } };
    case 'retryEnded':
      return { ...state, retry: null };
    case 'compactionStarted':
      return append(state, (id) => ({ kind: 'compaction', id, state: 'running', reason: body.reason }));
    case 'compactionEnded':
      return onCompacted(state, body);
    case 'queueChanged':
      return onQueue(state, body.steering.map(withoutContext), body.followUp.map(withoutContext));
    case 'thinkingLevelChanged':
      return { ...state, thinkingLevel: body.level };
    case 'sessionRenamed':
      return { ...state, name: body.name ?? null };
    case 'notice':
      return append(state, (id) => ({ kind: 'notice', id, level: body.level, text: body.text }));
    default:
      return state;
  }
}

// The run.

function closeRun(state: Conversation, why?: string): Conversation {
  if (!state.running) return state;
  const items = state.items.map((item) => {
    if (item.kind === 'assistant' && item.streaming) return { ...item, streaming: false };
    if (item.kind === 'tool' && (item.state === 'running' || item.state === 'waiting')) return { ...item, state: 'stopped' as const };
    if (item.kind === 'compaction' && item.state === 'running') return { ...item, state: 'failed' as const };
    return item;
  });
  const last = items.findLast((item) => item.kind === 'assistant' || item.kind === 'user');
  const answer = last?.kind === 'assistant' ? last : undefined;
  const stopReason = why ?? (state.stopping ? 'aborted' : (answer?.stopReason ?? 'stop'));
  const settled = { ...state, items, running: false, stopping: false, retry: null };
  const run = append(settled, (id) => ({ kind: 'run', id, stopReason, usage: state.runUsage, ...(answer?.error ? { error: answer.error } : {}) }));
  // What still waited in the queue did not get to Pi, and must not get lost.
  const left = [...state.leaving, ...state.outgoing.map((one) => one.text), ...state.steering, ...state.followUp];
  return left.reduce<Conversation>((s, text) => append(s, (id) => ({ ...user(id, text, 'failed'), error: 'Not sent: the run had ended.' })), {
    ...run,
    steering: [],
    followUp: [],
    outgoing: [],
    leaving: [],
  });
}

// Prompts.

const user = (id: string, text: string, state: UserItem['state'], attachments: readonly Attachment[] = []): UserItem => ({
  kind: 'user',
  id,
  text,
  state,
  attachments,
});

function onAsked(state: Conversation, asked: Extract<Input, { type: 'asked' }>): Conversation {
  if (asked.deliver !== 'start' && state.running) {
    return { ...state, outgoing: [...state.outgoing, { id: asked.id, text: asked.text, deliver: asked.deliver }] };
  }
  return bounded({ ...state, items: [...state.items, user(asked.id, asked.text, 'pending', asked.attachments)] });
}

function onAskEnded(state: Conversation, id: string, error: string | undefined): Conversation {
  const waiting = state.outgoing.find((one) => one.id === id);
  if (waiting !== undefined) {
    const outgoing = state.outgoing.filter((one) => one !== waiting);
    const item: UserItem = error === undefined ? user(id, waiting.text, 'sent') : { ...user(id, waiting.text, 'failed'), error };
    return { ...state, outgoing, items: [...state.items, item] };
  }
  const at = state.items.findLastIndex((item) => item.kind === 'user' && item.id === id);
  const item = state.items[at];
  if (item?.kind !== 'user' || item.state === 'failed') return state;
  if (error === undefined) return item.state === 'sent' ? state : replace(state, at, { ...item, state: 'sent' });
  return replace(state, at, { ...item, state: 'failed', error });
}

/** The agent has taken a message up. Its words may have been changed on the way: a template, an extension. */
function onUserMessage(state: Conversation, text: string): Conversation {
  const leaving = [...state.leaving];
  if (take(leaving, text) || leaving.shift() !== undefined) return append({ ...state, leaving }, (id) => user(id, text, 'sent'));
  const isPending = (item: Item) => item.kind === 'user' && item.state === 'pending';
  const same = state.items.findIndex((item) => isPending(item) && (item as UserItem).text === text);
  const at = same >= 0 ? same : state.items.findIndex(isPending);
  if (at >= 0) return replace(state, at, { ...(state.items[at] as UserItem), state: 'sent' });
  // Asked from elsewhere: a command, a quick fix.
  return append({ ...state, outgoing: state.outgoing.filter((one) => one.text !== text) }, (id) => user(id, text, 'sent'));
}

function onQueue(state: Conversation, steering: readonly string[], followUp: readonly string[]): Conversation {
  const now = [...steering, ...followUp];
  const gone = [...state.steering, ...state.followUp].filter((text) => !take(now, text));
  // `now` holds only what is new; of that, what the view had on its way has arrived.
  const outgoing = state.outgoing.filter((one) => !take(now, one.text));
  return { ...state, steering, followUp, outgoing, leaving: [...state.leaving, ...gone] };
}

// Answers.

function onDelta(state: Conversation, text: string, thinking: string): Conversation {
  const at = streamingAt(state);
  if (at < 0) return append(state, (id) => ({ kind: 'assistant', id, text, thinking, streaming: true }));
  const item = state.items[at] as AssistantItem;
  return replace(state, at, { ...item, text: item.text + text, thinking: item.thinking + thinking });
}

function onCompleted(state: Conversation, body: Extract<PiEventBody, { type: 'messageCompleted' }>): Conversation {
  const used = body.usage ?? noUsage;
  const counted = { ...state, usage: addUsage(state.usage, used), runUsage: addUsage(state.runUsage, used) };
  const at = streamingAt(state);
  const item = at < 0 ? undefined : (state.items[at] as AssistantItem);
  const done = {
    text: body.text || (item?.text ?? ''),
    thinking: item?.thinking ?? '',
    streaming: false,
    stopReason: body.stopReason,
    ...(body.error ? { error: body.error } : {}),
    ...(body.model ? { model: body.model } : {}),
  };
  // A step that only calls tools is no answer.
  const empty = done.text === '' && done.thinking === '' && !body.error;
  if (item === undefined) return empty ? counted : append(counted, (id) => ({ kind: 'assistant', id, ...done }));
  if (empty) return { ...counted, items: counted.items.filter((one) => one !== item) };
  return replace(counted, at, { kind: 'assistant', id: item.id, ...done });
}

function streamingAt(state: Conversation): number {
  for (let i = state.items.length - 1; i >= 0; i--) {
    const item = state.items[i];
    if (item.kind === 'assistant') return item.streaming ? i : -1;
  }
  return -1;
}

// Tools.

function withTool(state: Conversation, id: string, name: string, change: (tool: ToolItem) => ToolItem): Conversation {
  const at = state.items.findLastIndex((item) => item.kind === 'tool' && item.toolCallId === id);
  if (at >= 0) return replace(state, at, change(state.items[at] as ToolItem));
  return append(state, (own) =>
    change({ kind: 'tool', id: own, toolCallId: id, tool: name, title: name, input: '', output: '', outputCut: 0, state: 'running' }),
  );
}

/** Some models use the ids of their tool calls again: one that has ended is another call. */
function startable(state: Conversation, id: string): Conversation {
  const before = state.items.findLast((item) => item.kind === 'tool' && item.toolCallId === id) as ToolItem | undefined;
  if (before === undefined || before.state === 'running' || before.state === 'waiting') return state;
  return append(state, (own) => ({ ...before, id: own, output: '', outputCut: 0, state: 'running' }));
}

function tail(text: string): { output: string; outputCut: number } {
  const cut = Math.max(0, text.length - limits.toolOutput);
  return { output: cut > 0 ? text.slice(cut) : text, outputCut: cut };
}

function onConfirm(state: Conversation, confirm: Confirm): Conversation {
  const open = { ...state, confirms: [...state.confirms.filter((one) => one.id !== confirm.id), confirm] };
  return withTool(open, confirm.toolCallId, confirm.tool, (tool) => ({
    ...tool,
    title: tool.title === tool.tool ? `${confirm.tool}: ${firstLine(confirm.what)}` : tool.title,
    input: tool.input || confirm.input,
    state: 'waiting',
  }));
}

function onConfirmClosed(state: Conversation, id: string): Conversation {
  const closed = state.confirms.find((one) => one.id === id);
  if (closed === undefined) return state;
  const confirms = state.confirms.filter((one) => one !== closed);
  const rest = { ...state, confirms };
  if (confirms.some((one) => one.toolCallId === closed.toolCallId)) return rest;
  return withTool(rest, closed.toolCallId, closed.tool, (tool) => (tool.state === 'waiting' ? { ...tool, state: 'running' } : tool));
}

// The rest.

function onCompacted(state: Conversation, body: Extract<PiEventBody, { type: 'compactionEnded' }>): Conversation {
  const failed = body.aborted || body.error !== undefined;
  const done = {
    kind: 'compaction' as const,
    state: failed ? ('failed' as const) : ('done' as const),
    reason: body.reason ?? '',
    ...(body.tokensBefore === undefined ? {} : { tokensBefore: body.tokensBefore }),
    ...(body.tokensAfter === undefined ? {} : { tokensAfter: body.tokensAfter }),
    ...(failed ? { error: body.error ?? 'It was stopped.' } : {}),
  };
  const at = state.items.findLastIndex((item) => item.kind === 'compaction' && item.state === 'running');
  return at < 0 ? append(state, (id) => ({ ...done, id })) : replace(state, at, { ...done, id: state.items[at].id });
}

/** Takes the place of everything but the words that the user has typed and Pi has not taken. */
function onTranscript(state: Conversation, stored: Extract<Input, { type: 'transcript' }>): Conversation {
  const base = state.sessionId === null || state.sessionId === stored.sessionId ? state : emptyConversation(stored.sessionId);
  // What has been on its way may have arrived by now.
  const latest = stored.items.filter((item) => item.kind === 'user').slice(-3);
  const unsent = base.items.filter(
    (item) => item.kind === 'user' && (item.state === 'failed' || (item.state === 'pending' && !latest.some((one) => one.text === item.text))),
  );
  const { sessionId, seq, running, more } = stored;
  return bounded({ ...base, sessionId, seq, running, more, stopping: running && base.stopping, gap: false, items: [...stored.items, ...unsent] });
}

function append(state: Conversation, make: (id: string) => Item): Conversation {
  return { ...state, next: state.next + 1, items: [...state.items, make(`i${state.next}`)] };
}

function replace(state: Conversation, at: number, item: Item): Conversation {
  const items = state.items.slice();
  items[at] = item;
  return { ...state, items };
}

function bounded(state: Conversation): Conversation {
  return state.items.length <= limits.items ? state : { ...state, items: state.items.slice(state.items.length - limits.items + 1000) };
}

function without(texts: readonly string[], text: string): readonly string[] {
  const at = texts.indexOf(text);
  return at < 0 ? texts : texts.toSpliced(at, 1);
}

/** Takes one such text out of the list; false when there is none. */
function take(texts: string[], text: string): boolean {
  const at = texts.indexOf(text);
  if (at >= 0) texts.splice(at, 1);
  return at >= 0;
}

export const firstLine = (text: string): string => text.split('\n', 1)[0];

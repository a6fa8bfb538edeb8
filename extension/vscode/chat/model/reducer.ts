// From what happens to what is shown. Pure: no clock, no editor, no chance; the same inputs give the same conversation on both sides
// of the webview's wall. Inputs may be missing, doubled or unknown.
import type { SessionEvent, PiEventBody } from '../messages/pi.ts';
import { inputText } from '../messages/pi.ts';
import { onCompleted, onDelta } from './answers.ts';
import { addUsage, type Confirm, type Conversation, type Edit, emptyConversation, type Item, type NextStep, noUsage, type Settled } from './conversation.ts';
import { append, bounded, replace, without } from './items.ts';
import { type Asked, giveBack, onAsked, onAskEnded, onQueue, onRestored, onUserMessage, withoutContext } from './prompts.ts';
import { isShell, onShellEnded, onShellOutput, onShellStarted, stopShell } from './shell.ts';
import { onConfirm, onConfirmClosed, startable, tail, under, withTool } from './tools.ts';

export type Input =
  | { type: 'event'; event: SessionEvent }
  | { type: 'edits'; edits: readonly Edit[] }
  | { type: 'confirmOpened'; confirm: Confirm }
  | { type: 'confirmClosed'; id: string; refused?: boolean }
  /** The user sent a prompt from the view; `id` names it until the server has said yes or no. */
  | ({ type: 'asked' } & Asked)
  | { type: 'askEnded'; id: string; error?: string; next?: readonly NextStep[] }
  /** The changes of a run have been taken out again. */
  | { type: 'runUndone'; runId: string }
  | { type: 'stopAsked' }
  /** The server's words to a command. */
  | { type: 'noted'; text: string }
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

export function reduce(state: Conversation, input: Input): Conversation {
  switch (input.type) {
    case 'event':
      return onEvent(state, input.event);
    case 'edits':
      return { ...state, edits: input.edits };
    case 'confirmOpened':
      return onConfirm(state, input.confirm);
    case 'confirmClosed':
      return onConfirmClosed(state, input.id, input.refused === true);
    case 'asked':
      return onAsked(state, input);
    case 'askEnded':
      return onAskEnded(state, input.id, input.error, input.next);
    case 'runUndone':
      return onRunUndone(state, input.runId);
    case 'stopAsked':
      return state.running ? { ...state, stopping: true } : state;
    case 'noted':
      return append(state, (id) => ({ kind: 'notice', id, level: 'info', text: input.text }));
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
      return { ...stopShell(closeRun(state, 'aborted')), seq: 0, gap: false, confirms: [], edits: state.edits.filter((edit) => edit.status !== 'open') };
  }
}

function onEvent(state: Conversation, { sessionId, seq, body }: SessionEvent): Conversation {
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
      return closeRun(state, body.stopReason, body);
    case 'userMessage':
      return onUserMessage(state, withoutContext(body.text));
    case 'textDelta':
      return onDelta(state, body.text, '');
    case 'thinkingDelta':
      return onDelta(state, '', body.text);
    case 'messageCompleted':
      return onCompleted(state, body);
    case 'usedBeside':
      return { ...state, usage: addUsage(state.usage, body.usage) };
    case 'toolStarted':
      return withTool(startable(state, body.toolCallId), body.toolCallId, body.tool, (tool) => ({
        ...tool,
        tool: body.tool,
        title: body.title ?? body.tool,
        input: inputText(body.input),
        ...under(state, body.parentToolCallId),
        state: tool.state === 'waiting' ? 'waiting' : 'running',
      }));
    case 'toolProgressed':
      return withTool(state, body.toolCallId, body.tool, (tool) => ({ ...tool, ...tail(body.text) }));
    case 'toolEnded':
      return withTool(state, body.toolCallId, body.tool, (tool) => ({
        ...tool,
        ...tail(body.text),
        ...(body.durationMs === undefined ? {} : { durationMs: body.durationMs }),
        state: !body.isError ? 'done' : tool.refused ? 'rejected' : 'failed',
      }));
    case 'bashStarted':
      return onShellStarted(state, body.command, body.excludeFromContext === true);
    case 'bashOutput':
      return onShellOutput(state, body.text, body);
    case 'bashEnded':
      return onShellEnded(state, body);
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
    case 'queueRestored':
      return [...body.steering, ...body.followUp].map(withoutContext).reduce(onRestored, state);
    case 'statusLineChanged': {
      const { key, text } = body;
      const others = state.lines.filter((line) => line.key !== key);
      return { ...state, lines: text ? [...others, { key, text }] : others };
    }
    case 'widgetChanged': {
      const { key, lines, placement } = body;
      const others = state.widgets.filter((widget) => widget.key !== key);
      return { ...state, widgets: lines ? [...others, { key, lines, above: placement !== 'belowEditor' }] : others };
    }
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

function closeRun(state: Conversation, why?: string, told: Settled & { usage?: unknown } = {}): Conversation {
  if (!state.running) return state;
  const items = state.items.map((item) => {
    if (item.kind === 'assistant' && item.streaming) return { ...item, streaming: false };
    if (item.kind === 'tool' && !isShell(item) && (item.state === 'running' || item.state === 'waiting')) return { ...item, state: 'stopped' as const };
    if (item.kind === 'compaction' && item.state === 'running') return { ...item, state: 'failed' as const };
    return item;
  });
  const last = items.findLast((item) => item.kind === 'assistant' || item.kind === 'user');
  const answer = last?.kind === 'assistant' ? last : undefined;
  const stopReason = why ?? (state.stopping ? 'aborted' : (answer?.stopReason ?? 'stop'));
  const settled = { ...state, items, running: false, stopping: false, retry: null };
  // What the answer says of itself, or a notice has just said, stands there.
  const before = items.at(-1);
  const { error, next, runId, files, changedByCommands, undoable } = told;
  const own = error === undefined || error === answer?.error || (before?.kind === 'notice' && before.text === error) ? {} : { error };
  const more = known({ next, runId, files, changedByCommands, undoable });
  const run = append(settled, (id) => ({ kind: 'run', id, stopReason, usage: state.runUsage, ...own, ...more }));
  return giveBack(run, state.stopping);
}

/** Without what was not told. */
const known = <T extends object>(fields: T): Partial<T> => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;

/** The run's card says so, and so do the edits between the run before it and this one. */
function onRunUndone(state: Conversation, runId: string): Conversation {
  const at = state.items.findLastIndex((item) => item.kind === 'run' && item.runId === runId);
  const run = state.items[at];
  if (run?.kind !== 'run' || run.undone) return state;
  const from = state.items.slice(0, at).findLastIndex((item) => item.kind === 'run');
  const calls = state.items.slice(from + 1, at).flatMap((item) => (item.kind === 'tool' ? [item.toolCallId] : []));
  return { ...replace(state, at, { ...run, undone: true, undoable: false }), undone: [...state.undone, ...calls] };
}

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
  return bounded({
    ...base,
    sessionId,
    seq,
    running,
    more,
    stopping: running && base.stopping,
    gap: false,
    items: stored.items.length === 0 ? base.items : [...stored.items, ...unsent],
  });
}

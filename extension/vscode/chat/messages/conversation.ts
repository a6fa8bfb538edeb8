// The conversation and the reducer's inputs as shapes: they cross from the extension host to the page.
import type { Conversation, Item } from '../model/conversation.ts';
import type { Input } from '../model/reducer.ts';
import { count, flag, list, maybe, number, oneOf, orNull, record, type Shape, tagged, text, wrong } from '../shape.ts';
import { editStatus, nextStep, outcome, piEventFolded, settled, usage } from './pi.ts';

export const attachmentKind = oneOf('file', 'selection', 'image', 'folder', 'diagnostics', 'symbol', 'changes', 'other');
const attachment = record({ kind: attachmentKind, label: text() });

const item: Shape<Item> = (value, at) => {
  const kind = (value as { kind?: unknown } | null)?.kind;
  if (typeof kind !== 'string' || !Object.hasOwn(items, kind)) return wrong(at, 'an item of a known kind', value);
  return { kind, ...items[kind as Item['kind']](value, at) } as Item;
};

const items: Record<Item['kind'], Shape<object>> = {
  user: record({
    id: text(),
    text: text(),
    state: oneOf('pending', 'sent', 'failed'),
    attachments: list(attachment),
    error: maybe(text()),
    next: maybe(list(nextStep)),
  }),
  assistant: record({
    id: text(),
    text: text(),
    thinking: text(),
    streaming: flag,
    stopReason: maybe(text()),
    error: maybe(text()),
    model: maybe(text()),
    answered: maybe(record({ by: text(), instead: text() })),
  }),
  tool: record({
    id: text(),
    toolCallId: text(),
    tool: text(),
    title: text(),
    input: text(),
    output: text(),
    outputCut: count,
    state: oneOf('running', 'waiting', 'done', 'failed', 'rejected', 'stopped'),
    refused: maybe(flag),
    parent: maybe(text()),
    depth: maybe(count),
    durationMs: maybe(number),
  }),
  notice: record({ id: text(), level: oneOf('info', 'warning', 'error'), text: text() }),
  compaction: record({
    id: text(),
    state: oneOf('running', 'done', 'failed'),
    reason: text(),
    tokensBefore: maybe(number),
    tokensAfter: maybe(number),
    error: maybe(text()),
  }),
  run: record({ id: text(), stopReason: text(), usage, ...settled, undone: maybe(flag) }),
};

const edit = record({
  id: text(),
  uri: text(),
  tool: text(),
  toolCallId: text(),
  status: editStatus,
  hunks: list(record({ id: text(), clashed: flag })),
  diff: text(),
  added: count,
  removed: count,
  careful: maybe(text()),
  reason: maybe(text()),
  protected: maybe(flag),
  outcome: maybe(outcome),
});

const confirm = record({
  id: text(),
  toolCallId: text(),
  tool: text(),
  source: text(),
  what: text(),
  input: text(),
  stagedEdits: count,
  always: maybe(text()),
});

export const conversation: Shape<Conversation> = record({
  sessionId: orNull(text()),
  name: orNull(text()),
  items: list(item),
  more: flag,
  running: flag,
  stopping: flag,
  seq: count,
  gap: flag,
  steering: list(text()),
  followUp: list(text()),
  leaving: list(text()),
  outgoing: list(record({ id: text(), text: text(), deliver: oneOf('steer', 'followUp') })),
  retry: orNull(record({ attempt: number, maxAttempts: number, delayMs: number, error: text() })),
  confirms: list(confirm),
  lines: list(record({ key: text(), text: text() })),
  widgets: list(record({ key: text(), lines: list(text()), above: flag })),
  edits: list(edit),
  undone: list(text()),
  runUsage: usage,
  usage,
  thinkingLevel: orNull(text()),
  next: count,
});

export const input: Shape<Input> = tagged({
  event: record({ event: piEventFolded }),
  edits: record({ edits: list(edit) }),
  confirmOpened: record({ confirm }),
  confirmClosed: record({ id: text(), refused: maybe(flag) }),
  asked: record({ id: text(), text: text(), attachments: list(attachment), deliver: oneOf('start', 'steer', 'followUp') }),
  askEnded: record({ id: text(), error: maybe(text()), next: maybe(list(nextStep)) }),
  runUndone: record({ runId: text() }),
  stopAsked: record({}),
  noted: record({ text: text() }),
  unqueued: record({ text: text() }),
  transcript: record({ sessionId: text(), seq: count, running: flag, more: flag, items: list(item) }),
  earlier: record({ sessionId: text(), more: flag, items: list(item) }),
  named: record({ name: orNull(text()) }),
  opened: record({ sessionId: text(), name: orNull(text()) }),
  serverStarted: record({}),
});

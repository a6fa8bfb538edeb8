// What the extension says to the webview: a snapshot, then the reducer's inputs, numbered; and what stands around the conversation.
import type { Conversation, Item } from '../model/conversation.ts';
import type { Input } from '../model/reducer.ts';
import { piEventFolded, usage } from './pi.ts';
import { count, flag, list, maybe, number, type Of, oneOf, orNull, record, type Shape, tagged, text, wrong } from './shape.ts';

const attachmentKind = oneOf('file', 'selection', 'image', 'folder', 'diagnostics', 'symbol', 'changes', 'other');
const attachment = record({ kind: attachmentKind, label: text() });

const item: Shape<Item> = (value, at) => {
  const kind = (value as { kind?: unknown } | null)?.kind;
  if (typeof kind !== 'string' || !Object.hasOwn(items, kind)) return wrong(at, 'an item of a known kind', value);
  return { kind, ...items[kind as Item['kind']](value, at) } as Item;
};

const items: Record<Item['kind'], Shape<object>> = {
  user: record({ id: text(), text: text(), state: oneOf('pending', 'sent', 'failed'), attachments: list(attachment), error: maybe(text()) }),
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
  run: record({ id: text(), stopReason: text(), usage, error: maybe(text()) }),
};

const edit = record({
  id: text(),
  uri: text(),
  tool: text(),
  toolCallId: text(),
  status: oneOf('open', 'applied', 'partial', 'rejected', 'withdrawn', 'failed'),
  hunks: list(record({ id: text(), clashed: flag })),
  diff: text(),
  added: count,
  removed: count,
  careful: maybe(text()),
  reason: maybe(text()),
});

const confirm = record({ id: text(), toolCallId: text(), tool: text(), source: text(), what: text(), input: text(), stagedEdits: count });

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
  askEnded: record({ id: text(), error: maybe(text()) }),
  stopAsked: record({}),
  noted: record({ text: text() }),
  unqueued: record({ text: text() }),
  transcript: record({ sessionId: text(), seq: count, running: flag, more: flag, items: list(item) }),
  earlier: record({ sessionId: text(), more: flag, items: list(item) }),
  named: record({ name: orNull(text()) }),
  opened: record({ sessionId: text(), name: orNull(text()) }),
  serverStarted: record({}),
});

/** What stands around the conversation. */
const chrome = record({
  server: oneOf('stopped', 'starting', 'running', 'failed'),
  /** Why nothing can be sent, in a sentence. */
  problem: orNull(text()),
  model: orNull(text()),
  thinking: orNull(text()),
  mode: oneOf('readOnly', 'ask', 'acceptEdits', 'full'),
  /** Percent of the context window. */
  context: orNull(record({ percent: number, tokens: orNull(number), window: orNull(number) })),
  /** Of the whole session, as the server counts it. */
  usage: orNull(usage),
  /** The title of the conversation of the last time, where it can be gone on with. */
  last: orNull(text()),
  /** What goes along with the next prompt. */
  chips: list(record({ id: text(), kind: attachmentKind, label: text(), detail: text(), fixed: flag, problem: flag })),
});

export type Chrome = Of<typeof chrome>;
export type Chip = Chrome['chips'][number];

const completion = record({ label: text(), detail: text(), insert: text() });
export type Completion = Of<typeof completion>;

export const toView = tagged({
  snapshot: record({ rev: count, conversation, chrome }),
  /** They bring the conversation from `rev` to `rev + inputs.length`. */
  inputs: record({ rev: count, inputs: list(input) }),
  chrome: record({ chrome }),
  /** Which of the asked paths are files of the workspace. */
  paths: record({ id: text(), found: list(text()) }),
  completions: record({ id: text(), items: list(completion) }),
  /** Puts text into the composer, behind what is there. */
  prefill: record({ text: text() }),
  /** Puts text into the composer where that is empty. */
  suggest: record({ text: text() }),
  focus: record({}),
  said: record({ text: text() }),
});

export type ToView = Of<typeof toView>;

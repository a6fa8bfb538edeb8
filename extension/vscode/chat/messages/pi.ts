// What the language server says to a client with its own view (docs/protocol.md, "Clients with their own UI"), as shapes.
import type { SessionEvent as Told } from '../../protocol.ts';
import { short } from '../../words/short.ts';
import type { Confirm, Edit, Usage } from '../model/conversation.ts';
import { limits } from '../model/conversation.ts';
import { anything, count, flag, list, maybe, number, type Of, oneOf, orNull, record, type Shape, tagged, text } from '../shape.ts';

export const usage: Shape<Usage> = record({ input: number, output: number, cacheRead: number, cacheWrite: number, totalTokens: number, cost: number });

const none = record({});

/** What the user can do about a failure. */
export const nextStep = record({ kind: text(), provider: maybe(text()), command: maybe(text()) });

/** What really landed in a file during a run. */
export const landedFile = record({ uri: text(), created: flag, added: count, removed: count });

/** How a run has ended, and what it has done. */
export const settled = {
  error: maybe(text()),
  next: maybe(list(nextStep)),
  runId: maybe(text()),
  files: maybe(list(landedFile)),
  changedByCommands: maybe(list(text())),
  undoable: maybe(flag),
};

/** The types that the view knows; others are ignored, as the protocol asks. */
const kinds = {
  runStarted: none,
  runSettled: record({ stopReason: maybe(text()), ...settled }),
  turnStarted: none,
  turnEnded: none,
  userMessage: record({ text: text() }),
  textDelta: record({ text: text() }),
  thinkingDelta: record({ text: text() }),
  messageCompleted: record({
    text: text(),
    stopReason: text(),
    error: maybe(text()),
    usage: maybe(usage),
    provider: maybe(text()),
    model: maybe(text()),
    selectedModel: maybe(text()),
  }),
  /** A model was used beside the conversation, as to keep its cache of it warm. */
  usedBeside: record({ kind: text(), usage }),
  toolStarted: record({ toolCallId: text(), parentToolCallId: maybe(text()), tool: text(), title: maybe(text()), input: anything }),
  toolProgressed: record({ toolCallId: text(), tool: text(), text: text() }),
  toolEnded: record({ toolCallId: text(), tool: text(), text: text(), isError: maybe(flag), durationMs: maybe(number) }),
  bashStarted: record({ command: text(), excludeFromContext: maybe(flag) }),
  bashOutput: record({ text: text(), truncated: maybe(flag), replacesLine: maybe(flag) }),
  bashEnded: record({ text: text(), exitCode: maybe(number), cancelled: maybe(flag), error: maybe(text()) }),
  retryScheduled: record({ attempt: number, maxAttempts: number, delayMs: number, error: text() }),
  retryEnded: record({ success: flag, attempt: maybe(number), error: maybe(text()) }),
  compactionStarted: record({ reason: text() }),
  compactionEnded: record({ reason: maybe(text()), tokensBefore: maybe(number), tokensAfter: maybe(number), aborted: maybe(flag), error: maybe(text()) }),
  queueChanged: record({ steering: list(text()), followUp: list(text()) }),
  /** What the stopped run had not taken up. */
  queueRestored: record({ steering: list(text()), followUp: list(text()) }),
  statusLineChanged: record({ key: text(), text: maybe(text()) }),
  widgetChanged: record({ key: text(), lines: maybe(list(text())), placement: maybe(oneOf('aboveEditor', 'belowEditor')) }),
  /** The title that an extension of Pi would give to a terminal. */
  titleChanged: record({ title: text() }),
  /** Words that an extension of Pi puts before the user. */
  promptTextSet: record({ text: text() }),
  thinkingLevelChanged: record({ level: text() }),
  sessionRenamed: record({ name: maybe(text()) }),
  notice: record({ level: oneOf('info', 'warning', 'error'), text: text() }),
  // Each kind of the protocol's, and no others, with fields of the same types.
} satisfies { [K in Told['type']]: Shape<Partial<Extract<Told, { type: K }>>> };

const known = tagged(kinds);
export type PiEventBody = Of<typeof known> | { type: 'unknown' };
export interface SessionEvent {
  sessionId: string;
  seq: number;
  body: PiEventBody;
}

const head = record({ sessionId: text(), seq: count, type: text() });

/** The parameters of `pi/event`. A type that is not known here gives a body of type `unknown`. */
export const piEvent: Shape<SessionEvent> = (value, at) => {
  const { sessionId, seq, type } = head(value, at);
  return { sessionId, seq, body: Object.hasOwn(kinds, type) ? known(value, at) : { type: 'unknown' } };
};

/** The same after it has been read once, on its way to the webview. */
export const piEventFolded: Shape<SessionEvent> = record({
  sessionId: text(),
  seq: count,
  body: (value, at) => ((value as { type?: unknown } | null)?.type === 'unknown' ? { type: 'unknown' as const } : known(value, at)),
});

export const editStatus = oneOf('open', 'stopped', 'applied', 'partial', 'rejected', 'withdrawn', 'failed');

/** What became of a decided edit: lines that really landed, hunks by their fate. */
export const outcome = record({ added: count, removed: count, applied: count, rejected: count, changedByUser: maybe(flag) });

const wireEdit = record({
  id: text(),
  sessionId: maybe(text()),
  uri: text(),
  tool: text(),
  toolCallId: text(),
  status: editStatus,
  hunks: list(record({ id: text(), fate: maybe(text()) })),
  diff: text(),
  careful: maybe(text()),
  reason: maybe(text()),
  protected: maybe(flag),
  outcome: maybe(outcome),
});

/** One element of `pi/edits`, made small enough to be kept and shown. */
export const edit: Shape<Edit & { sessionId?: string }> = (value, at) => {
  const { hunks, diff, ...rest } = wireEdit(value, at);
  let [added, removed] = [0, 0];
  for (const line of diff.split('\n')) {
    if (line.startsWith('+') && !line.startsWith('+++')) added++;
    else if (line.startsWith('-') && !line.startsWith('---')) removed++;
  }
  return {
    ...rest,
    hunks: hunks.map((hunk) => ({ id: hunk.id, clashed: hunk.fate === 'clashed' })),
    diff: short(diff, limits.diff, '\n… open the diff to see the rest'),
    added,
    removed,
  };
};

const wireConfirm = record({
  sessionId: text(),
  toolCallId: text(),
  tool: text(),
  source: orNull(text()),
  what: text(),
  input: anything,
  stagedEdits: maybe(count),
  always: maybe(text()),
});

/** The parameters of `pi/confirm`; `what` is never cut, it is what the user agrees to. */
export const piConfirm: Shape<Omit<Confirm, 'id'> & { sessionId: string }> = (value, at) => {
  const { source, input, stagedEdits, ...rest } = wireConfirm(value, at);
  return { ...rest, source: source ?? '', input: inputText(input), stagedEdits: stagedEdits ?? 0 };
};

/** A tool's arguments for reading: their JSON, or the only argument when it is a string. */
export function inputText(input: unknown): string {
  if (input === undefined || input === null) return '';
  const fields = typeof input === 'object' && !Array.isArray(input) ? Object.entries(input) : [];
  const whole = fields.length === 1 && typeof fields[0][1] === 'string' ? fields[0][1] : typeof input === 'string' ? input : JSON.stringify(input, null, 2);
  const shown = short(whole, limits.toolInput, '');
  return shown.length < whole.length ? `${shown}\n… ${whole.length - shown.length} more characters` : whole;
}

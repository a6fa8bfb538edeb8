// From the server's transcript (`pi.getTranscript`) to what the view shows.
import type { Entry } from '../../protocol.ts';
import { inputText, settled, usage } from '../messages/pi.ts';
import { anything, count, flag, list, maybe, number, oneOf, record, type Shape, tagged, text } from '../shape.ts';
import type { AssistantItem, Item } from './conversation.ts';
import { SHELL, shellTitle } from './shell.ts';
import { answered, type Source } from './source.ts';

const state = oneOf('running', 'done', 'failed');
const spoken = oneOf('running', 'done');

const source = { provider: maybe(text()), model: maybe(text()), selectedModel: maybe(text()) };

const known = {
  user: record({ text: text(), context: maybe(text()), images: maybe(count) }),
  assistant: record({ text: text(), state: spoken, ...source }),
  thinking: record({ text: text(), state: spoken, ...source }),
  tool: record({
    toolCallId: text(),
    parentToolCallId: maybe(text()),
    tool: text(),
    title: text(),
    input: anything,
    state,
    output: text(),
    truncated: maybe(flag),
    durationMs: maybe(number),
  }),
  bash: record({
    command: text(),
    excludeFromContext: maybe(flag),
    state,
    output: text(),
    exitCode: maybe(number),
    cancelled: maybe(flag),
    error: maybe(text()),
  }),
  compaction: record({ reason: text(), state, tokensBefore: maybe(number), tokensAfter: maybe(number), error: maybe(text()) }),
  notice: record({ level: oneOf('info', 'warning', 'error'), text: text() }),
  run: record({ stopReason: text(), usage, ...settled, undone: maybe(flag) }),
  // Each kind of the protocol's, with fields of the same types; a retry is not shown.
} satisfies { [K in Exclude<Entry['kind'], 'retry'>]: Shape<Partial<Extract<Entry, { kind: K }>>> };
// The field that tells them apart is `kind` on the wire.
const byType = tagged(known);
const head = record({ id: text(), kind: text() });
const entry: Shape<Item | null> = (value, at) => {
  const { id, kind } = head(value, at);
  return Object.hasOwn(known, kind) ? itemOf(id, byType({ ...(value as object), type: kind }, at)) : null;
};

const reply = record({ sessionId: maybe(text()), seq: count, running: flag, more: flag, entries: list(entry) });

export interface TranscriptPage {
  sessionId: string | null;
  /** The last event that is in it. */
  seq: number;
  running: boolean;
  more: boolean;
  items: Item[];
  /** The id of its first entry, to ask for what is before it. */
  first: string | null;
}

/** The answer to `pi.getTranscript`. Kinds of entries that are not known here are left out. */
export const transcriptPage: Shape<TranscriptPage> = (value, at) => {
  const { sessionId, entries, ...rest } = reply(value, at);
  const first = (value as { entries: { id: string }[] }).entries[0]?.id ?? null;
  return { ...rest, sessionId: sessionId ?? null, first, items: joined(entries.filter((one) => one !== null)) };
};

function itemOf(id: string, entry: ReturnType<typeof byType>): Item {
  switch (entry.type) {
    case 'user': {
      const attachments = [
        ...(entry.context ? [{ kind: 'file' as const, label: contextLabel(entry.context) }] : []),
        ...(entry.images ? [{ kind: 'image' as const, label: entry.images === 1 ? 'an image' : `${entry.images} images` }] : []),
      ];
      return { kind: 'user', id, text: entry.text, state: 'sent', attachments };
    }
    case 'assistant':
      return { kind: 'assistant', id, text: entry.text, thinking: '', streaming: entry.state === 'running', ...model(entry) };
    case 'thinking':
      return { kind: 'assistant', id, text: '', thinking: entry.text, streaming: entry.state === 'running', ...model(entry) };
    case 'tool': {
      const { toolCallId, parentToolCallId: parent, tool, title, output, state, durationMs } = entry;
      const more = { ...(parent === undefined ? {} : { parent }), ...(durationMs === undefined ? {} : { durationMs }) };
      return { kind: 'tool', id, toolCallId, tool, title, input: inputText(entry.input), output: output, outputCut: 0, state, ...more };
    }
    case 'bash': {
      const title = shellTitle(entry.command, entry.excludeFromContext === true);
      return {
        kind: 'tool',
        id,
        toolCallId: `${SHELL}${id}`,
        tool: SHELL,
        title: entry.exitCode ? `${title} (exit code ${entry.exitCode})` : title,
        input: entry.command,
        output: [entry.output, entry.error].filter(Boolean).join('\n'),
        outputCut: 0,
        state: entry.cancelled ? 'stopped' : entry.state,
      };
    }
    case 'compaction': {
      const { type: _, ...rest } = entry;
      return { kind: 'compaction', id, ...rest };
    }
    case 'notice':
      return { kind: 'notice', id, level: entry.level, text: entry.text };
    case 'run': {
      const { type: _, error, ...rest } = entry;
      return { kind: 'run', id, ...rest, ...(error ? { error } : {}) };
    }
  }
}

const model = (entry: Source) => (entry.model === undefined ? {} : { model: entry.model, ...answered(entry) });

/** What was thought before an answer belongs to it. */
function joined(items: Item[]): Item[] {
  const result: Item[] = [];
  const depths = new Map<string, number>();
  for (const one of items) {
    const depth = one.kind === 'tool' && one.parent !== undefined ? (depths.get(one.parent) ?? 0) + 1 : 0;
    if (one.kind === 'tool') depths.set(one.toolCallId, depth);
    const item = depth > 0 ? { ...one, depth } : one;
    const before = result.at(-1);
    if (item.kind === 'assistant' && before?.kind === 'assistant' && before.text === '' && (before.thinking === '' || item.thinking === '')) {
      result[result.length - 1] = { ...item, thinking: before.thinking + item.thinking } satisfies AssistantItem;
    } else if (item.kind === 'run' && before?.kind === 'notice' && before.text === item.error) {
      const { error: _, ...rest } = item;
      result.push(rest);
    } else result.push(item);
  }
  return result;
}

/** The editor's words behind a prompt name one file. */
function contextLabel(context: string): string {
  const [, file, lines] = /The user has (.+?) open(?:, (?:at )?(lines? [\d-]+))?/.exec(context) ?? [];
  return file ? `${file}${lines ? `:${lines.replace(/^lines? /, '')}` : ''}` : 'the file you had open';
}

// What stands around the conversation, and what is offered while one writes.
import { count, flag, list, maybe, number, type Of, oneOf, orNull, record, text } from '../shape.ts';
import { attachmentKind } from './conversation.ts';
import { nextStep, usage } from './pi.ts';

export const chrome = record({
  server: oneOf('stopped', 'starting', 'running', 'failed'),
  /** Why nothing can be sent, in a sentence. */
  problem: orNull(text()),
  model: orNull(text()),
  thinking: orNull(text()),
  mode: oneOf('readOnly', 'ask', 'acceptEdits', 'full'),
  /** The workspace is not trusted: whatever the mode, Pi only reads. */
  restricted: flag,
  /** The folder that the session works in, by its name; null where there is only one. */
  folder: orNull(text()),
  /** Percent of the context window. */
  context: orNull(record({ percent: number, tokens: orNull(number), window: orNull(number) })),
  /** Of the whole session, as the server counts it. */
  usage: orNull(usage),
  /** The title of the conversation of the last time, where it can be resumed. */
  last: orNull(record({ title: text(), waits: flag })),
  /** What stands before the first message: nothing can be sent until it is done. */
  setup: orNull(record({ title: text(), message: text(), advice: orNull(text()), steps: list(nextStep), tried: list(text()) })),
  /** Of the theme, by kinds of code; where it has none the page has its own. */
  colors: record({
    ...{ keyword: maybe(text(9)), string: maybe(text(9)), number: maybe(text(9)), comment: maybe(text(9)) },
    ...{ type: maybe(text(9)), function: maybe(text(9)), variable: maybe(text(9)), meta: maybe(text(9)) },
  }),
  /** Questions that were put aside. */
  putAside: count,
  /** What goes along with the next prompt. */
  chips: list(record({ id: text(), kind: attachmentKind, label: text(), detail: text(), fixed: flag, problem: flag })),
});

export type Chrome = Of<typeof chrome>;
export type Chip = Chrome['chips'][number];

/** What goes along with a message and is no file: problems of the workspace, what git has as changed, what the terminal shows. */
export const knownKinds = oneOf('problems', 'changes', 'terminal');
export type KnownKind = Of<typeof knownKinds>;

/** `attach`: it takes the place of nothing in the text, but goes along. */
export const completion = record({ label: text(), detail: text(), insert: text(), attach: maybe(knownKinds) });
export type Completion = Of<typeof completion>;

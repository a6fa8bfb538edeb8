// What the extension says to the webview: a snapshot, then the reducer's inputs, numbered; and what stands around the conversation.
import { count, list, type Of, record, tagged, text } from '../shape.ts';
import { chrome, completion } from './chrome.ts';
import { conversation, input } from './conversation.ts';

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
  /** Opens the search in the conversation. */
  find: record({}),
  said: record({ text: text() }),
});

export type ToView = Of<typeof toView>;

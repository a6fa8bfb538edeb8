// What the webview says to the extension. Everything here comes from a page that shows a model's words: the host checks each message
// and does nothing that the user has not clicked or typed.
import { count, list, maybe, type Of, oneOf, record, tagged, text } from '../shape.ts';

import { knownKinds } from './chrome.ts';

const id = text(200);
const words = text(20_000);
/** What may be as long as a prompt or a file. */
const long = text(5_000_000);
const none = record({});

export const toHost = tagged({
  /** The page is there, or has lost track: it wants a snapshot. */
  ready: none,
  send: record({ id, text: long, deliver: oneOf('start', 'steer', 'followUp') }),
  stop: none,
  unqueue: record({ text: long }),
  /** Without `editId` all that are open. */
  applyEdit: record({ editId: maybe(id) }),
  rejectEdit: record({ editId: maybe(id), reason: words }),
  openDiff: record({ editId: id }),
  /** Rejects all that waits in the conversation, with these words as the reason. */
  tellInstead: record({ text: words }),
  answer: record({ confirmId: id, answer: oneOf('allow', 'always', 'reject', 'landFirst'), reason: words }),
  pickModel: none,
  pickThinking: none,
  pickMode: none,
  pickFolder: none,
  /** The user wants to decide whether the workspace is trusted. */
  manageTrust: none,
  newSession: none,
  pickSession: none,
  /** Goes on with the conversation of the last time. */
  resumeLast: none,
  renameSession: none,
  /** Without `runId` one is chosen. */
  undoRun: record({ runId: maybe(id) }),
  reviewRun: record({ runId: id }),
  openFile: record({ uri: text(4_000) }),
  showLanded: record({ editId: id }),
  /** What a button about a failure says; `id` of the message that was not sent. */
  takeStep: record({ kind: text(50), provider: maybe(text(200)), id: maybe(id) }),
  attach: none,
  /** What was chosen behind an `@` and is no file. */
  attachKnown: record({ what: knownKinds }),
  detach: record({ id }),
  /** Files that were dropped, by their addresses. */
  attachUris: record({ uris: list(text(4_000), 50) }),
  /** A file from elsewhere that was dropped or pasted. */
  attachText: record({ name: text(200), text: text(1_100_000) }),
  /** What was dropped and cannot be taken. */
  refused: record({ why: text(500) }),
  /** A picture, base64. */
  attachPicture: record({ name: text(200), mimeType: oneOf('image/png', 'image/jpeg', 'image/gif', 'image/webp'), data: text(28_000_000) }),
  /** What is being typed, when it may mention files. */
  draft: record({ text: long }),
  stopRetry: none,
  askAgain: none,
  stopShell: none,
  compact: none,
  copy: record({ text: long }),
  insert: record({ text: long }),
  applyCode: record({ text: long, language: text(100) }),
  runInTerminal: record({ text: long }),
  openText: record({ text: long }),
  openLink: record({ href: text(4_000) }),
  /** `line` from 1. */
  openPath: record({ path: text(1_000), line: maybe(count) }),
  findPaths: record({ id, paths: list(text(1_000), 200) }),
  complete: record({ id, kind: oneOf('mention', 'slash'), query: text(500) }),
  earlier: none,
  showLog: none,
  restart: none,
});

export type ToHost = Of<typeof toHost>;

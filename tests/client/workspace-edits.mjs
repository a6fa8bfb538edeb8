/** What `workspace/applyEdit` does in an honest client: everything is checked before anything is changed. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inOrder } from './documents.mjs';

/**
 * @param {object} params of `workspace/applyEdit`
 * @param {Map<string, import('./documents.mjs').VirtualDocument>} documents
 * @param {string} encoding
 * @typedef {{create: string} | {open: string, text: string, marked: boolean} | {uri: string, changes: object[]}} Step
 * @returns {{error: string, failedChange: number} | {steps: Step[]}}
 */
export function plan({ edit }, documents, encoding) {
  const entries = edit.documentChanges ?? Object.entries(edit.changes ?? {}).map(([uri, edits]) => ({ textDocument: { uri, version: null }, edits }));
  const texts = new Map([...documents.values()].map((one) => [one.uri, one.text]));
  const steps = [];
  for (const [index, entry] of entries.entries()) {
    const error = entry.kind ? planFile(entry, texts, steps) : planText(entry, texts, documents, encoding, steps);
    if (error) return { error, failedChange: index };
  }
  return { steps };
}

function planFile({ kind, uri, options = {} }, texts, steps) {
  if (kind !== 'create') return `this client does not ${kind} files`;
  if (!texts.has(uri) && !onDisk(uri)) {
    texts.set(uri, '');
    steps.push({ create: uri });
    return null;
  }
  if (options.ignoreIfExists && !options.overwrite) return null;
  return options.overwrite ? 'this client does not overwrite files' : `${uri} exists`;
}

function planText({ textDocument: { uri, version }, edits }, texts, documents, encoding, steps) {
  const document = documents.get(uri);
  if (!texts.has(uri)) {
    const same = [...texts.keys()].find((one) => sameFile(one, uri));
    if (same) return `${uri} is open here as ${same}`;
    if (version !== null && version !== undefined) return `${uri} is not open, so it has no version ${version}`;
    if (!onDisk(uri)) return `${uri} does not exist`;
    // An edit to a closed file opens it as an unsaved document. Editors keep a byte order mark to themselves.
    const text = readFileSync(fileURLToPath(uri), 'utf8');
    const marked = text.startsWith('\uFEFF');
    texts.set(uri, marked ? text.slice(1) : text);
    steps.push({ open: uri, text: texts.get(uri), marked });
  } else if (document && version !== null && version !== undefined && version !== document.version) {
    return `${uri} is at version ${document.version}, the edit was made for ${version}`;
  }
  const { error, changes } = inOrder(texts.get(uri), edits, encoding);
  if (error) return `${uri}: ${error}`;
  if (changes.length > 0) steps.push({ uri, changes });
  return null;
}

const onDisk = (uri) => uri.startsWith('file:') && existsSync(fileURLToPath(uri));

function sameFile(a, b) {
  const plain = (uri) => decodeURIComponent(uri).replace(/^file:\/\/\/([A-Z]):/, (all, drive) => `file:///${drive.toLowerCase()}:`);
  return plain(a) === plain(b);
}

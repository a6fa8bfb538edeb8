/** The client's documents: text in memory, positions in the negotiated encoding, and edits applied to them. */

/** @typedef {{line: number, character: number}} Position */
/** @typedef {{start: Position, end: Position}} Range */

export class VirtualDocument {
  constructor(uri, languageId, version, text) {
    Object.assign(this, { uri, languageId, version, text });
    /** As far as this client knows, what is on disk differs. */
    this.dirty = false;
    /** The file begins with a byte order mark that the text does not have. */
    this.marked = false;
  }
}

/** The start of every line: LF ends one, as in every editor that has a lone CR in a text at all. */
function lineStarts(text) {
  const starts = [0];
  for (const match of text.matchAll(/\n/g)) starts.push(match.index + 1);
  return starts;
}

/** Without its line end; a CR before the LF is a part of that only where all lines end with CRLF. */
function lineAt(text, starts, line) {
  const pure = !/\r(?!\n)|(?<!\r)\n/.test(text);
  return text.slice(starts[line], starts[line + 1] ?? text.length).replace(pure ? /\r?\n$/ : /\n$/, '');
}

/** Beyond the end of a line means its end, beyond the last line the end of the text. @param {Position} position */
export function offsetAt(text, position, encoding) {
  const starts = lineStarts(text);
  if (position.line >= starts.length) return text.length;
  const line = lineAt(text, starts, position.line);
  if (encoding !== 'utf-8') return starts[position.line] + Math.min(position.character, line.length);
  const bytes = Buffer.from(line, 'utf8').subarray(0, position.character);
  const before = bytes.toString('utf8');
  if (Buffer.byteLength(before) !== bytes.length) throw new Error(`${JSON.stringify(position)} is inside a character`);
  return starts[position.line] + before.length;
}

/** @returns {Position} */
export function positionAt(text, offset, encoding) {
  const starts = lineStarts(text);
  let line = starts.length - 1;
  while (starts[line] > offset) line--;
  const before = text.slice(starts[line], offset);
  return { line, character: encoding === 'utf-8' ? Buffer.byteLength(before) : before.length };
}

/**
 * One change as the user makes it: a range, an offset with a length, or the whole text.
 * @typedef {{range: Range, text: string} | {offset: number, length?: number, text: string} | {text: string}} Typed
 *
 * @param {Typed} change
 * @returns {{text: string, event: object}} the new text, and the change as `didChange` tells it
 */
export function typed(text, change, encoding) {
  if (change.range) {
    const [start, end] = [offsetAt(text, change.range.start, encoding), offsetAt(text, change.range.end, encoding)];
    return { text: text.slice(0, start) + change.text + text.slice(end), event: { range: change.range, text: change.text } };
  }
  if (change.offset === undefined) return { text: change.text, event: { text: change.text } };
  const end = change.offset + (change.length ?? 0);
  const range = { start: positionAt(text, change.offset, encoding), end: positionAt(text, end, encoding) };
  return { text: text.slice(0, change.offset) + change.text + text.slice(end), event: { range, text: change.text } };
}

/**
 * The edits of one TextDocumentEdit, all relative to the same text, as changes that can be made one after another:
 * from the end of the text to its beginning. Edits at one place keep their order.
 * @param {{range: Range, newText: string}[]} edits
 * @returns {{error: string} | {changes: Typed[]}}
 */
export function inOrder(text, edits, encoding) {
  const placed = edits.map((edit, index) => ({
    index,
    start: offsetAt(text, edit.range.start, encoding),
    end: offsetAt(text, edit.range.end, encoding),
    change: { range: edit.range, text: edit.newText },
  }));
  if (placed.some((one) => one.end < one.start)) return { error: 'an edit ends before it starts' };
  placed.sort((a, b) => b.start - a.start || b.end - a.end || b.index - a.index);
  for (let i = 1; i < placed.length; i++) {
    if (placed[i].end > placed[i - 1].start) return { error: 'edits overlap' };
  }
  return { changes: placed.map((one) => one.change) };
}

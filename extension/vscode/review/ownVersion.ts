/** The user's own version of a proposed text: told from the proposal, and carried over when the proposal moves. Pure. */

/** What an editor changes by merely showing a text: one line end for all, no byte order mark. */
export const asShown = (text: string) => text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');

export const isOwn = (shown: string, proposed: string) => asShown(shown) !== asShown(proposed);

/** A text that was changed in an editor, with the mark that the editor keeps to itself. */
export const asWritten = (shown: string, proposed: string) => (proposed.startsWith('\uFEFF') && !shown.startsWith('\uFEFF') ? `\uFEFF${shown}` : shown);

/** Lines `from` up to `to` of the old text became `lines`. */
export interface Span {
  from: number;
  to: number;
  lines: string[];
}

/** The one span of lines outside of which both texts are alike; undefined when they are alike everywhere. */
export function changedSpan(old: string, fresh: string): Span | undefined {
  const a = asShown(old).split('\n');
  const b = asShown(fresh).split('\n');
  let from = 0;
  while (from < a.length && from < b.length && a[from] === b[from]) from++;
  let tail = 0;
  while (tail < a.length - from && tail < b.length - from && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  if (from === a.length && from === b.length) return undefined;
  return { from, to: a.length - tail, lines: b.slice(from, b.length - tail) };
}

/**
 * The span to put into the user's version `mine`, made from `base`, so that it follows the proposal from `base` to
 * `fresh`. Undefined when there is nothing to do; `clash` when both changed the same or neighbouring lines.
 */
export function carriedOver(base: string, fresh: string, mine: string): Span | 'clash' | undefined {
  const moved = changedSpan(base, fresh);
  const own = changedSpan(base, mine);
  if (!moved) return undefined;
  if (!own) return moved;
  if (moved.to < own.from) return moved;
  if (moved.from > own.to) {
    const shift = own.lines.length - (own.to - own.from);
    return { ...moved, from: moved.from + shift, to: moved.to + shift };
  }
  return asShown(fresh) === asShown(mine) ? undefined : 'clash';
}

/** A line of the user's version as a line of the proposal: a remark names the latter. */
export function lineInProposal(proposed: string, mine: string, line: number): number {
  const own = changedSpan(proposed, mine);
  if (!own || line < own.from) return line;
  const end = own.from + own.lines.length;
  if (line >= end) return line - own.lines.length + (own.to - own.from);
  return Math.max(own.from, Math.min(own.to - 1, line));
}

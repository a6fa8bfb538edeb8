/** What the file itself shows of a proposed change: which of its text goes, and, behind it, what comes in its place. Pure. */
import { shown } from '../words/shown.ts';
import { short } from '../words/short.ts';
import type { Hunk } from '../protocol.ts';

/** A row of the buffer, with the columns of it that go and the words that stand behind it. */
export interface GhostRow {
  line: number;
  /** Columns that go; the whole row where nothing of it stays. */
  gone?: { from: number; to: number };
  /** What comes, as far as a row has room for it. */
  comes?: string;
}

const WIDEST = 160;
/** Lines that are named behind one row. */
const MOST = 3;

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/));
const said = (line: string): string => short(shown(line).replace(/\t/g, ' ').trim(), WIDEST) || '⏎';

/** Several lines behind one row; the diff has the rest. */
function folded(lines: readonly string[]): string {
  const more = lines.length - MOST;
  const first = lines.slice(0, MOST).map(said).join(' ⏎ ');
  return more > 0 ? `${short(first, WIDEST)} … ${more} more ${more === 1 ? 'line' : 'lines'}` : short(first, WIDEST);
}

const WORD = /[\p{L}\p{N}_]/u;

/** What both lines begin and end with stays; words go whole. */
function changed(old: string, fresh: string): { from: number; to: number } {
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < fresh.length - head && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail++;
  while (head > 0 && WORD.test(old[head - 1]) && (WORD.test(old[head] ?? '') || WORD.test(fresh[head] ?? ''))) head--;
  let to = old.length - tail;
  const before = fresh[fresh.length - tail - 1] ?? '';
  while (to < old.length && WORD.test(old[to]) && (WORD.test(old[to - 1] ?? '') || WORD.test(before))) to++;
  return { from: head, to };
}

/**
 * The rows of a waiting change. Each line that goes is marked, and the line that takes its place stands behind it; what is more stands
 * behind the last one. Lines that only come stand behind the row above them.
 */
export function ghostsOf({ range, oldText, newText, fate }: Hunk): GhostRow[] {
  if (fate !== undefined) return [];
  const [old, fresh] = [linesOf(oldText), linesOf(newText)];
  const first = range.start.line;
  if (old.length === 0) {
    const above = Math.max(0, first - 1);
    return fresh.length === 0 ? [] : [{ line: above, comes: `${first === 0 ? '↑' : '↓'} ${folded(fresh)}` }];
  }
  return old.map((text, i) => {
    const isLast = i === old.length - 1;
    const own = isLast ? fresh.slice(i) : fresh.slice(i, i + 1);
    const gone = own.length === 1 ? changed(text, own[0]) : { from: 0, to: text.length };
    return { line: first + i, gone, ...(own.length > 0 ? { comes: own.length === 1 ? said(own[0]) : folded(own) } : {}) };
  });
}

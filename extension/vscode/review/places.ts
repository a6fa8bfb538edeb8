/** Where the hunks of an edit are in the proposed text, and how their order is over all files. Pure. */
import type { Edit, Hunk, Position } from '../protocol.ts';

export interface Place {
  edit: Edit;
  hunk: Hunk;
  /** First line in the proposed text. */
  line: number;
  /** How many lines it has there; 0 for a deletion, and for a hunk that clashes, which is not in the text. */
  lines: number;
}

const newlines = (text: string) => text.split('\n').length - 1;

export function lineCount(text: string): number {
  return newlines(text) + (text === '' || text.endsWith('\n') ? 0 : 1);
}

const before = (a: Position, b: Position) => a.line - b.line || a.character - b.character;

/** Waiting hunks have no fate yet, or cannot be applied as they are. */
export const waits = (hunk: Hunk) => hunk.fate === undefined || hunk.fate === 'clashed';

/** The waiting hunks from top to bottom. */
export function placesOf(edit: Edit): Place[] {
  let moved = 0;
  const places: Place[] = [];
  for (const hunk of edit.hunks.filter(waits).sort((a, b) => before(a.range.start, b.range.start))) {
    const clashes = hunk.fate === 'clashed';
    places.push({ edit, hunk, line: hunk.range.start.line + moved, lines: clashes ? 0 : lineCount(hunk.newText) });
    if (!clashes) moved += newlines(hunk.newText) - newlines(hunk.oldText);
  }
  return places;
}

/** Open edits: the files in the order in which they came, each from top to bottom. */
export function allPlaces(edits: readonly Edit[]): Place[] {
  return openOnes(edits).flatMap(placesOf);
}

/** Waits, or was left by a run that was stopped: it can still be decided, by its own name. */
export const isDecidable = ({ status }: Edit) => status === 'open' || status === 'stopped';

export const openOnes = (edits: readonly Edit[]) => edits.filter((edit) => edit.status === 'open');

/** The waiting hunk at this line of the proposed text, or of the buffer; a deletion counts for the line below it. */
export function placeAt(edit: Edit, line: number, side: 'proposed' | 'buffer'): Place | undefined {
  return placesOf(edit).find((place) => {
    const first = side === 'proposed' ? place.line : place.hunk.range.start.line;
    const lines = side === 'proposed' ? place.lines : lineCount(place.hunk.oldText);
    return line >= first && line < first + Math.max(1, lines);
  });
}

export interface Cursor {
  editId?: string;
  line: number;
  side: 'proposed' | 'buffer';
}

/** The change after, or before, where the user is; goes round. Undefined when nothing waits. */
export function neighbour(edits: readonly Edit[], cursor: Cursor | undefined, step: 1 | -1): Place | undefined {
  const all = allPlaces(edits);
  if (all.length === 0) return undefined;
  const lineOf = (place: Place) => (cursor?.side === 'buffer' ? place.hunk.range.start.line : place.line);
  const own = cursor ? all.filter((place) => place.edit.id === cursor.editId) : [];
  if (!cursor || own.length === 0) return step === 1 ? all[0] : all.at(-1);
  const near = step === 1 ? own.find((place) => lineOf(place) > cursor.line) : own.findLast((place) => lineOf(place) < cursor.line);
  if (near) return near;
  const edge = all.indexOf((step === 1 ? own.at(-1) : own[0]) as Place);
  return all[(edge + step + all.length) % all.length];
}

/** Which change of the edit this one is, in the order of the proposal, decided ones counted too. */
const rank = (edits: readonly Edit[], editId: string, hunkId: string | undefined): [number, number] => {
  const at = edits.findIndex((edit) => edit.id === editId);
  return [at, hunkId === undefined ? Number.POSITIVE_INFINITY : (edits[at]?.hunks.findIndex((hunk) => hunk.id === hunkId) ?? -1)];
};

/** What waits after a change that has been decided, or after a whole edit; goes round. Undefined when nothing waits any more. */
export function following(edits: readonly Edit[], editId: string, hunkId?: string): Place | undefined {
  const [ownEdit, ownHunk] = rank(edits, editId, hunkId);
  const all = allPlaces(edits);
  const later = all.find((place) => {
    const [edit, hunk] = rank(edits, place.edit.id, place.hunk.id);
    return edit > ownEdit || (edit === ownEdit && hunk > ownHunk);
  });
  return later ?? all[0];
}

/** `+2 −1` */
export function size(hunks: readonly Hunk[]): string {
  const added = hunks.reduce((sum, hunk) => sum + lineCount(hunk.newText), 0);
  const removed = hunks.reduce((sum, hunk) => sum + lineCount(hunk.oldText), 0);
  return `+${added} −${removed}`;
}

/** The first line that says something, for a list. */
export function headline(hunk: Hunk): string {
  const said = (text: string) =>
    text
      .split('\n')
      .map((line) => line.trim())
      .find((line) => line !== '');
  return said(hunk.newText) ?? said(hunk.oldText) ?? '(blank lines)';
}

const MOST_LINES = 40;

/** A change as the lines of a diff. */
export function asDiff({ oldText, newText }: Hunk): string {
  const lines = (text: string, sign: string) =>
    text === ''
      ? []
      : text
          .replace(/\r?\n$/, '')
          .split(/\r?\n/)
          .map((line) => `${sign}${line}`);
  const all = [...lines(oldText, '-'), ...lines(newText, '+')];
  return all.length > MOST_LINES ? [...all.slice(0, MOST_LINES), `… ${all.length - MOST_LINES} more lines`].join('\n') : all.join('\n');
}

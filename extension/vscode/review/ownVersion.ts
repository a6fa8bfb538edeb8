/** The user's own version of a proposed text: told from the proposal, and carried over when the proposal moves. Pure. */
import { asShown, changedSpans, type Span } from './lineChanges.ts';
import type { Edit } from '../protocol.ts';
import { type Place, placesOf } from './places.ts';

export const isOwn = (shown: string, proposed: string) => asShown(shown) !== asShown(proposed);

/** A text that was changed in an editor, with the mark that the editor keeps to itself. */
export const asWritten = (shown: string, proposed: string) => (proposed.startsWith('\uFEFF') && !shown.startsWith('\uFEFF') ? `\uFEFF${shown}` : shown);

const grown = ({ from, to, lines }: Span) => lines.length - (to - from);
const touch = (a: { from: number; to: number }, b: { from: number; to: number }) => a.from <= b.to && b.from <= a.to;
const alike = (a: Span, b: Span) => a.from === b.from && a.to === b.to && a.lines.join('\n') === b.lines.join('\n');

/**
 * The spans to put into the user's version `mine`, made from `base`, so that it follows the proposal from `base` to `fresh`; `clash`
 * when both changed the same or neighbouring lines, and not to the same.
 */
export function carriedOver(base: string, fresh: string, mine: string): Span[] | 'clash' {
  const own = changedSpans(base, mine);
  const moved = changedSpans(base, fresh).filter((span) => !own.some((one) => alike(one, span)));
  if (moved.some((span) => own.some((one) => touch(one, span)))) return 'clash';
  return moved.map((span) => {
    const shift = own.filter((one) => one.from < span.from).reduce((sum, one) => sum + grown(one), 0);
    return { ...span, from: span.from + shift, to: span.to + shift };
  });
}

/** The text with these spans in it, in the line ends that it has. */
export function spliced(text: string, spans: readonly Span[]): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const all = text.split(/\r\n|\r|\n/);
  for (const { from, to, lines } of [...spans].reverse()) all.splice(from, to - from, ...lines);
  return all.join(eol);
}

/** A line of the user's version as a line of the proposal: a remark names the latter. */
export function lineInProposal(proposed: string, mine: string, line: number): number {
  let shift = 0;
  for (const span of changedSpans(proposed, mine)) {
    const first = span.from + shift;
    if (line < first) break;
    if (line < first + span.lines.length) return Math.max(span.from, Math.min(span.to - 1, line - shift));
    shift += grown(span);
  }
  return line - shift;
}

/** The other way round; a line that is not there any more gives where it was. */
export function lineInOwn(proposed: string, mine: string, line: number): number {
  let shift = 0;
  for (const span of changedSpans(proposed, mine)) {
    if (line < span.from) break;
    if (line < span.to) return span.from + shift;
    shift += grown(span);
  }
  return line + shift;
}

/**
 * The changes that can be decided by themselves although the user has a version of his own: those that are in it as proposed, as long
 * as another one goes on waiting, for with the last one the edit is decided and the user's changes would be gone.
 */
export function separate(edit: Edit, own: { text: string; stale: boolean }): Place[] {
  const places = placesOf(edit);
  if (own.stale || places.length < 2) return [];
  const spans = changedSpans(edit.newText, own.text);
  const fits = (place: Place) => place.hunk.fate !== 'clashed' && !spans.some((span) => touch(span, { from: place.line, to: place.line + place.lines }));
  return places.filter(fits);
}

/** How far the user is in what waits: "3 of 14" stays true while changes are decided. Pure but for its memory. */
import { openOnes, type Place } from './places.ts';
import type { Edit } from '../protocol.ts';

const COUNTED = new Set<Edit['status']>(['open', 'applied', 'partial', 'rejected']);

/**
 * A round begins when something waits and is over when nothing does. What came and was decided in between counts, what went without
 * a decision does not.
 */
export class Round {
  private ids = new Set<string>();
  private edits: readonly Edit[] = [];

  /** The edits of all sessions, as they are told. */
  follow(edits: readonly Edit[]): void {
    const open = openOnes(edits);
    if (open.length === 0) this.ids = new Set();
    for (const { id } of open) this.ids.add(id);
    this.edits = edits.filter((edit) => this.ids.has(edit.id) && COUNTED.has(edit.status));
  }

  /** Which one it is, from 1, and of how many; undefined for a change that is not in the round. */
  of({ edit, hunk }: Place): { at: number; of: number } | undefined {
    const all = this.edits.flatMap((one) => one.hunks.map((each) => `${one.id}/${each.id}`));
    const at = all.indexOf(`${edit.id}/${hunk.id}`);
    return at < 0 ? undefined : { at: at + 1, of: all.length };
  }
}

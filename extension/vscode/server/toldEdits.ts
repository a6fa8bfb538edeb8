import type { Edit, ToldEdit } from '../protocol.ts';

/**
 * The list that was told, each edit with what is known of its texts: a decided one comes without, and had them while it was
 * open. `missing` are those that were decided before they were told of; the server has their texts. Pure.
 */
export function whole(told: readonly ToldEdit[], known: readonly Edit[]): { edits: Edit[]; missing: string[] } {
  const before = new Map(known.map((edit) => [edit.id, edit]));
  const missing: string[] = [];
  const edits = told.map((edit): Edit => {
    const { hunks, newText, diff } = edit;
    if (hunks !== undefined && newText !== undefined && diff !== undefined) return { ...edit, hunks, newText, diff };
    const last = before.get(edit.id);
    if (!last) missing.push(edit.id);
    // The whole file as it would be is of no use any more, and large.
    return { ...edit, hunks: last?.hunks ?? [], diff: last?.diff ?? '', newText: '' };
  });
  return { edits, missing };
}

/** The list with the texts that were asked for; what is another by now stays as it is. Pure. */
export function filled(edits: readonly Edit[], asked: readonly Edit[]): Edit[] {
  const texts = new Map(asked.map((edit) => [edit.id, edit]));
  return edits.map((edit) => {
    const found = edit.status === 'open' ? undefined : texts.get(edit.id);
    return found ? { ...edit, hunks: found.hunks, diff: found.diff } : edit;
  });
}

/**
 * In the order of the calls that they are of, which is that of the conversation: Pi goes about the calls of one turn at once, so that
 * they come in any order. Those of calls that nobody has told of stay where they are, before the others. Pure.
 */
export function ordered<E extends Pick<Edit, 'toolCallId'>>(edits: readonly E[], started: ReadonlyMap<string, number>): E[] {
  const at = ({ toolCallId }: E) => started.get(toolCallId) ?? 0;
  return edits.toSorted((a, b) => at(a) - at(b));
}

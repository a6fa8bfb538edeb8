import type { PickItem } from '../protocol.ts';

export type PickRow = { kind: 'group'; label: string } | { kind: 'item'; item: PickItem } | { kind: 'all'; count: number };

/** The rows of a choice: with its groups' headings, and without `all` the primary ones and a way to the rest. Pure. */
export function pickRows(items: readonly PickItem[], all: boolean): PickRow[] {
  const shown = all ? items : items.filter((item) => item.primary);
  const rows: PickRow[] = [];
  let group: string | undefined;
  for (const item of shown) {
    if (item.group !== undefined && item.group !== group) rows.push({ kind: 'group', label: item.group });
    group = item.group;
    rows.push({ kind: 'item', item });
  }
  if (shown.length < items.length) rows.push({ kind: 'all', count: items.length });
  return rows;
}

/** How a stored conversation is told of in a list. Pure. */
import type { StoredSession } from '../protocol.ts';
import { counted } from '../words/counted.ts';
import { firstLine } from '../words/short.ts';

export const sessionTitle = ({ title, firstWords }: Pick<StoredSession, 'title' | 'firstWords'>) => title || firstLine(firstWords ?? '') || 'Untitled session';

/** How long ago, in the largest whole unit. Both in milliseconds. */
export function ago(then: number, now: number): string {
  const units: [string, number][] = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ];
  const passed = Math.max(0, now - then);
  const unit = units.find(([, size]) => passed >= size);
  return unit ? `${counted(Math.floor(passed / unit[1]), unit[0])} ago` : 'just now';
}

/** Of a sum that is not zero. */
export const dollars = (cost: number) => (cost < 0.005 ? '<$0.01' : `$${cost.toFixed(2)}`);

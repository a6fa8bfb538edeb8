/** How a stored conversation is told of in a list. Pure. */
import type { Allowance, StoredSession } from '../protocol.ts';
import { onOneLine } from '../words/shown.ts';
import { counted } from '../words/counted.ts';
import { firstLine } from '../words/short.ts';

export const sessionTitle = ({ title, firstWords }: Pick<StoredSession, 'title' | 'firstWords'>) => title || firstLine(firstWords ?? '') || 'Untitled session';

/** What is always allowed, as a row of a list. */
export function allowanceRow({ tool, pathPattern, shellCommand, readPath }: Omit<Allowance, 'id'>): { label: string; description: string } {
  if (shellCommand !== undefined) return { label: onOneLine(shellCommand), description: 'run this command' };
  if (pathPattern !== undefined) return { label: onOneLine(pathPattern), description: 'edit these files' };
  if (readPath !== undefined) return { label: onOneLine(readPath), description: 'read this file' };
  return { label: onOneLine(tool ?? ''), description: 'use this tool, whatever it is given' };
}

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

import { offered } from '../status/nextSteps.ts';
import { takeStep } from '../status/takeStep.ts';
import type { NextStep } from '../protocol.ts';
import { fail } from './notices.ts';

/** The user has been told already, with ways out. */
export class ReportedError extends Error {}

/** What can be done about it, as the server says with its errors. */
export function nextOf(error: unknown): NextStep[] {
  const next = (error as { data?: { next?: unknown } } | null)?.data?.next;
  return Array.isArray(next) ? next.filter((one): one is NextStep => typeof one?.kind === 'string') : [];
}

/** Tells the user what went wrong, in the server's words, with what can be done about it. Once. */
export function showFailure(error: unknown): void {
  if (error instanceof ReportedError) return;
  // Whatever failed was a command, which is given again where it was given.
  const ways = offered(
    nextOf(error).filter(({ kind }) => kind !== 'retry' && kind !== 'compact'),
    'setup',
  );
  void fail(`Pi: ${error instanceof Error ? error.message : String(error)}`, ...ways.map(({ label }) => label)).then((chosen) => {
    const way = ways.find(({ label }) => label === chosen);
    if (way) void takeStep(way.step);
  });
}

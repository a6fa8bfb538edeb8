import { fail } from './notices.ts';

/** The user has been told already, with ways out. */
export class ReportedError extends Error {}

/** Tells the user what went wrong, in the server's words. Once. */
export function showFailure(error: unknown): void {
  if (error instanceof ReportedError) return;
  void fail(`Pi: ${error instanceof Error ? error.message : String(error)}`);
}

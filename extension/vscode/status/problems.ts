/** What keeps a prompt from being sent, in words. Pure. */
import type { Availability, Status } from '../protocol.ts';
import { setupTitle } from './nextSteps.ts';

/** What is wrong and what to do. Where Pi was looked for is in what **Pi: Status** copies. */
export function problemOf({ state, message, advice }: Pick<Availability, 'message' | 'advice'> & { state: string }): string {
  // Its next steps are buttons here.
  if (state === 'noCredentials' && message) return message;
  return [message, advice].filter(Boolean).join(' ');
}

/** Whether a prompt cannot be sent, as far as is known. */
export const isUnavailable = (status: Status | undefined) => status?.availability !== undefined && setupTitle(status.availability.state) !== undefined;

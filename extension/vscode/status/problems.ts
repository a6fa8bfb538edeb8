/** What keeps a prompt from being sent, in words. Pure. */
import type { Availability, Status } from '../protocol.ts';

/** What a user can do about it here: the words of a button, and the command behind it. */
export function remediesOf(state: Availability['state']): [string, string][] {
  switch (state) {
    case 'notFound':
    case 'notPi':
    case 'tooOld':
    case 'nodeMissing':
    case 'nodeTooOld':
      return [
        ['Settings', 'pilsp.openSettings'],
        ['How to Get Pi', 'pilsp.openWalkthrough'],
      ];
    case 'noCredentials':
      return [
        ['Set API Key…', 'pilsp.setApiKey'],
        ['Sign In…', 'pilsp.signIn'],
      ];
    case 'modelsKeptOut':
      return [
        ['Settings', 'pilsp.openSettings'],
        ['Sign In…', 'pilsp.signIn'],
      ];
    case 'configBroken':
      return [
        ['Look Again', 'pilsp.checkAvailability'],
        ['Sign In…', 'pilsp.signIn'],
      ];
    case 'gateRefused':
    case 'failed':
      return [
        ['Show Log', 'pilsp.showLog'],
        ['Restart', 'pilsp.restart'],
      ];
    default:
      return [];
  }
}

/** What is wrong and what to do. Where Pi was looked for is in what **Pi: Status** copies. */
export function problemOf({ state, message, advice }: Pick<Availability, 'message' | 'advice'> & { state: string }): string {
  // Its next steps are buttons here.
  if (state === 'noCredentials' && message) return message;
  return [message, advice].filter(Boolean).join(' ');
}

/** Whether a prompt cannot be sent, as far as is known. */
export const isUnavailable = (status: Status | undefined) => status?.availability !== undefined && remediesOf(status.availability.state).length > 0;

/** What a user can do about a failure, which the server sends as data, in this client's words. Pure. */
import type { Availability, NextStep } from '../protocol.ts';

/** Where it is offered: before Pi can be used at all, or behind a run that has failed. */
export type Place = 'setup' | 'failure';

const LABELS: Record<string, Record<Place, string>> = {
  signIn: { setup: 'Sign in…', failure: 'Sign in…' },
  apiKey: { setup: 'Paste a key…', failure: 'Set a key…' },
  installPi: { setup: 'Install in a terminal', failure: 'Install in a terminal' },
  installNode: { setup: 'Get Node.js', failure: 'Get Node.js' },
  pickModel: { setup: 'Pick a model…', failure: 'Another model…' },
  retry: { setup: 'Look again', failure: 'Try again' },
  compact: { setup: 'Compact and try again', failure: 'Compact and try again' },
  trust: { setup: 'Trust this folder…', failure: 'Trust this folder…' },
  settings: { setup: 'Open settings', failure: 'Open settings' },
  // This client's own.
  terminal: { setup: 'Set up in a terminal', failure: 'Set up in a terminal' },
  log: { setup: 'Show log', failure: 'Show log' },
};

/** Undefined for a kind that is not known here, which is left out. */
export const labelOf = ({ kind }: Pick<NextStep, 'kind'>, place: Place): string | undefined => LABELS[kind]?.[place];

/** Those that have a label, each once. */
export function offered<T extends Pick<NextStep, 'kind'>>(steps: readonly T[], place: Place): { step: T; label: string }[] {
  const seen = new Set<string>();
  return steps.flatMap((step) => {
    const label = labelOf(step, place);
    if (label === undefined || seen.has(label)) return [];
    seen.add(label);
    return [{ step, label }];
  });
}

/** As a heading. */
const TITLES: Partial<Record<Availability['state'], string>> = {
  notFound: 'Pi is not installed yet',
  notPi: 'This is not Pi',
  tooOld: 'This Pi is too old',
  nodeMissing: 'Pi needs Node.js',
  nodeTooOld: 'Pi needs a newer Node.js',
  noCredentials: 'Pi needs a model',
  modelsKeptOut: 'No model may be used here',
  configBroken: "Pi's settings cannot be read",
  gateRefused: 'Pi cannot be used safely',
  failed: 'Pi does not start',
};

/** What stands in the way of a first message, as a heading; undefined where nothing does. */
export const setupTitle = (state: string): string | undefined => TITLES[state as Availability['state']];

/** The steps of a state, with those that only this client knows. */
export function setupSteps({ state, next = [] }: { state: string; next?: readonly NextStep[] }): NextStep[] {
  const own: NextStep[] = state === 'noCredentials' ? [{ kind: 'terminal' }] : [];
  const again: NextStep[] = next.some(({ kind }) => kind === 'retry') ? [] : [{ kind: 'retry' }];
  const bad: NextStep[] = state === 'gateRefused' || state === 'failed' ? [{ kind: 'log' }] : [];
  return [...next, ...own, ...bad, ...again];
}

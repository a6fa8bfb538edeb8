/** The words of the status bar. Pure. */
import type { ServerState } from './hub.ts';
import type { Availability, Status, StoredSession } from './protocol.ts';

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

/** What is wrong and what to do, said once: some messages say both. Where Pi was looked for is in what **Pi: Status** copies. */
export function problemOf({ state, message: whole, next }: Availability): string {
  const message = whole?.replace(/ \(tried .*?\)(?=\.)/, '');
  // Its next step is a command of the server; here it is a button.
  if (state === 'noCredentials' && message) return message;
  return !message ? (next ?? '') : !next || /`[^`]+`/.test(message) ? message : `${message} ${next}`;
}

/** Whether a prompt cannot be sent, as far as is known. */
export const isUnavailable = (status: Status | undefined) => status?.availability !== undefined && remediesOf(status.availability.state).length > 0;

/** The first line that says something, short enough for a list. */
export function firstLine(text: string): string {
  const line =
    text
      .split(/[\n⏎]/)
      .map((one) => one.trim())
      .find((one) => one !== '') ?? '';
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

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
  return unit ? `${count(Math.floor(passed / unit[1]), unit[0])} ago` : 'just now';
}

/** Of a sum that is not zero. */
export const dollars = (cost: number) => (cost < 0.005 ? '<$0.01' : `$${cost.toFixed(2)}`);

export interface BarState {
  server: ServerState;
  status: Status | undefined;
  openEdits: number;
  /** Questions about tools that wait for an answer. */
  questions: number;
  trusted: boolean;
}

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;

export const MODES: Record<string, { label: string; detail: string }> = {
  readOnly: { label: 'Read only', detail: 'Pi looks, and changes and runs nothing' },
  ask: { label: 'Ask', detail: 'Every edit and every tool waits for you' },
  acceptEdits: { label: 'Accept edits', detail: 'Edits are applied at once, other tools wait for you; protected files too' },
  full: { label: 'Full', detail: 'Edits are applied and tools run at once; only protected files wait for you' },
};

/** `anthropic/claude-x` without its provider. */
export const shortModel = (model: string) => model.slice(model.indexOf('/') + 1);

export function barText({ server, status, openEdits, questions }: BarState): string {
  if (server === 'failed' || status?.state === 'failed' || isUnavailable(status)) return '$(error) Pi';
  if (server === 'starting') return '$(loading~spin) Pi';
  if (server === 'stopped') return '$(circle-slash) Pi';
  const model = status?.model ? shortModel(status.model) : 'Pi';
  const answering = status?.answeredBy ? ` → ${shortModel(status.answeredBy)}` : '';
  const parts = [`${status?.state === 'running' ? '$(sync~spin)' : '$(hubot)'} ${model}${answering}`];
  if (status?.thinking && status.thinking !== 'off') parts.push(status.thinking);
  if (status?.context?.percent !== undefined && status.context.percent !== null) parts.push(`${Math.round(status.context.percent)}%`);
  if (openEdits > 0) parts.push(`$(git-compare) ${openEdits}`);
  if (questions > 0) parts.push(`$(question) ${questions}`);
  return parts.join('  ');
}

/** For screen readers, and as the first line of the tooltip. */
export function summary({ server, status, openEdits, questions, trusted }: BarState): string {
  if (server === 'failed') return 'Pi could not be started';
  if (server === 'starting') return 'Pi is starting';
  if (server === 'stopped') return 'Pi is not running';
  if (status?.state === 'failed') return 'Pi has failed';
  if (isUnavailable(status)) return 'Pi cannot be asked';
  const waits = [openEdits > 0 ? count(openEdits, 'edit') : '', questions > 0 ? count(questions, 'question') : ''].filter(Boolean).join(' and ');
  if (waits) return `Pi: ${waits} waiting for you`;
  if (status?.state === 'running') return 'Pi is working';
  return trusted ? 'Pi is ready' : 'Pi is ready, read only: this workspace is not trusted';
}

const thousands = (n: number) => (n >= 1_000_000 ? `${+(n / 1_000_000).toFixed(1)}M` : n >= 1000 ? `${Math.round(n / 1000)}k` : String(n));

/** What is known, as rows of name and value. */
export function details({ status }: BarState): [string, string][] {
  if (!status) return [];
  const rows: [string, string][] = [];
  if (status.problem) rows.push(['Problem', status.problem]);
  else if (isUnavailable(status)) rows.push(['Problem', status.availability ? problemOf(status.availability) : '']);
  else if (status.availability?.message) rows.push(['Problem', status.availability.message]);
  rows.push(['Model', status.model ?? 'none yet']);
  if (status.answeredBy) rows.push(['Answered by', status.answeredBy]);
  if (status.thinking) rows.push(['Thinking', status.thinking]);
  rows.push(['Permission', MODES[status.permissionMode]?.label ?? status.permissionMode]);
  const { tokens, window, percent } = status.context ?? {};
  if (window) {
    const used = tokens === undefined || tokens === null ? '?' : thousands(tokens);
    rows.push(['Context', `${used} of ${thousands(window)}${percent === undefined || percent === null ? '' : ` (${Math.round(percent)}%)`}`]);
  }
  if (status.cost) rows.push(['Cost', `$${status.cost.toFixed(status.cost < 0.1 ? 4 : 2)}`]);
  if (status.cacheWarmingCost) rows.push(['of it to keep the cache warm', `$${status.cacheWarmingCost.toFixed(4)}; "cacheWarming" in Pi's settings.json`]);
  rows.push(['Server', status.version], ['Pi', status.gate?.piVersion ?? 'not started']);
  return rows;
}

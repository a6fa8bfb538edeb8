/** The words of the status bar. Pure. */
import type { Status } from '../protocol.ts';
import type { ServerState } from '../server/hub.ts';
import { MODES } from '../session/modes.ts';
import { counted } from '../words/counted.ts';
import { isUnavailable, problemOf } from './problems.ts';

export interface BarState {
  server: ServerState;
  status: Status | undefined;
  openEdits: number;
  /** Questions about tools that wait for an answer. */
  questions: number;
  trusted: boolean;
}

/** `anthropic/claude-x` without its provider. */
const shortModel = (model: string) => model.slice(model.indexOf('/') + 1);

export function barText({ server, status, openEdits, questions }: BarState): string {
  if (server === 'failed' || status?.state === 'failed' || isUnavailable(status)) return '$(error) Pi';
  if (server === 'starting') return '$(loading~spin) Pi';
  if (server === 'stopped') return '$(circle-slash) Pi';
  const model = status?.model ? shortModel(status.model) : 'Pi';
  const answering = status?.answeredBy ? ` → ${shortModel(status.answeredBy)}` : '';
  const parts = [`${status?.state === 'running' ? '$(sync~spin)' : '$(hubot)'} ${model}${answering}`];
  if (status?.thinking && status.thinking !== 'off') parts.push(status.thinking);
  if (status?.context?.percent !== undefined && status.context.percent !== null) parts.push(`${Math.round(status.context.percent)}%`);
  if (openEdits > 0) parts.push(`$(diff-multiple) ${openEdits}`);
  const asked = questions + (status?.putAside ?? 0);
  if (asked > 0) parts.push(`$(question) ${asked}`);
  return parts.join('  ');
}

/** For screen readers, and as the first line of the tooltip. */
export function summary({ server, status, openEdits, questions, trusted }: BarState): string {
  if (server === 'failed') return 'Pi could not be started';
  if (server === 'starting') return 'Pi is starting';
  if (server === 'stopped') return 'Pi is not running';
  if (status?.state === 'failed') return 'Pi has failed';
  if (isUnavailable(status)) return 'Pi cannot be asked';
  const waits = [openEdits > 0 ? counted(openEdits, 'edit') : '', questions > 0 ? counted(questions, 'question') : ''].filter(Boolean).join(' and ');
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

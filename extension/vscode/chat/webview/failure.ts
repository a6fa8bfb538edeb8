// What went wrong: a sentence, what can be done about it, and the raw words of whoever said it behind a fold.
import { offered } from '../../status/nextSteps.ts';
import { toldError } from '../../words/providerError.ts';
import type { NextStep } from '../model/conversation.ts';
import { button, h, svg } from './dom.ts';

/** The problem as lines of an item. */
export function problemView(error: string): Node[] {
  const { sentence, details } = toldError(error);
  const line = h('div', 'problem', {}, svg('warning'), h('span', '', {}, sentence));
  return details === undefined ? [line] : [line, detailsView(details)];
}

export function detailsView(details: string): HTMLElement {
  return h('details', 'raw', {}, h('summary', '', {}, svg('chevron'), 'Details'), h('pre', '', { tabindex: 0, 'aria-label': 'Details' }, details));
}

/** Buttons for what can be done; the first is the one that is meant. */
export function stepButtons(next: readonly NextStep[], take: (step: NextStep) => void): HTMLElement | null {
  const ways = offered(next, 'failure');
  if (ways.length === 0) return null;
  return h('div', 'buttons', {}, ...ways.map(({ step, label }, i) => button(i === 0 ? 'primary' : 'secondary', label, () => take(step))));
}

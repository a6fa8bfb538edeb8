// What stands there as long as nothing can be sent: what is missing, and the ways to it.
import { offered } from '../../status/nextSteps.ts';
import type { Chrome } from '../messages/chrome.ts';
import type { NextStep } from '../model/conversation.ts';
import { button, h, say, svg } from './dom.ts';

export interface Setup {
  element: HTMLElement;
  update(setup: Chrome['setup']): void;
}

export function setup(take: (step: NextStep) => void): Setup {
  const title = h('h2');
  const message = h('p', 'message');
  const advice = h('p', 'advice');
  const ways = h('div', 'beginnings');
  const tried = h('details', 'raw', {}, h('summary', '', {}, svg('chevron'), 'Where Pi was looked for'));
  const places = h('ul');
  tried.append(places);
  const element = h(
    'section',
    'setup',
    { 'aria-label': 'Set up Pi', hidden: true },
    h('div', 'mark', { 'aria-hidden': 'true' }, 'π'),
    title,
    message,
    advice,
    ways,
    tried,
  );
  let shown = '';
  return {
    element,
    update(setup) {
      const key = JSON.stringify(setup);
      if (setup === null || key === shown) return;
      shown = key;
      say(title, setup.title);
      say(message, setup.message);
      const steps = offered(setup.steps, 'setup');
      // With a button for each step words about them say nothing more.
      say(advice, setup.advice ?? '');
      advice.hidden = setup.advice === null || steps.length > 1;
      ways.replaceChildren(...steps.map(({ step, label }, i) => button(i === 0 ? 'primary' : 'secondary', label, () => take(step))));
      tried.hidden = setup.tried.length === 0;
      places.replaceChildren(...setup.tried.map((place) => h('li', '', {}, place)));
    },
  };
}

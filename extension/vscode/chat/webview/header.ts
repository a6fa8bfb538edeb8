// The line at the top: which conversation this is, how full the model's memory is, what it has cost.
import { firstLine } from '../../words/short.ts';
import type { Chrome } from '../messages/chrome.ts';
import { type Conversation, firstWords } from '../model/conversation.ts';
import { offered } from '../../status/nextSteps.ts';
import type { NextStep } from '../model/conversation.ts';
import { button, h, ring, say, set } from './dom.ts';
import { dollars, many, tokens } from './words.ts';

export interface HeaderActions {
  newSession(): void;
  pickSession(): void;
  renameSession(): void;
  showLog(): void;
  restart(): void;
  compact(): void;
  takeStep(step: NextStep): void;
  manageTrust(): void;
}

export class Header {
  readonly element: HTMLElement;
  private readonly title: HTMLButtonElement;
  private readonly meter: HTMLButtonElement;
  private readonly cost = h('span', 'cost', { hidden: true });
  private readonly problem = h('div', 'banner', { role: 'status', hidden: true });
  private readonly problemText = h('span');
  private readonly again: HTMLButtonElement;
  private readonly log: HTMLButtonElement;
  private readonly steps = h('span', 'steps');
  private readonly restricted: HTMLElement;
  private readonly takeStep: HeaderActions['takeStep'];
  private shownSteps = '';
  private shownPercent = -1;

  constructor(actions: HeaderActions) {
    this.again = button('link', 'Start it again', actions.restart);
    this.meter = h('button', 'ghost meter', { type: 'button', hidden: true });
    this.meter.addEventListener('click', actions.compact);
    this.title = button('title-button', 'Rename this session', actions.renameSession, undefined, true);
    this.log = button('link', 'Show the log', actions.showLog);
    this.takeStep = actions.takeStep;
    this.problem.append(this.problemText, this.again, this.steps, this.log);
    this.restricted = h(
      'div',
      'restricted',
      { role: 'status', hidden: true },
      h('span', '', {}, 'Restricted Mode: Pi only reads in a folder that you do not trust. '),
      button('link', 'Trust this folder…', actions.manageTrust),
    );
    this.element = h(
      'header',
      'top',
      {},
      h(
        'div',
        'row',
        {},
        this.title,
        h('span', 'grow'),
        this.cost,
        this.meter,
        button('ghost', 'New session', actions.newSession, 'plus'),
        button('ghost', 'Sessions', actions.pickSession, 'history'),
      ),
      this.problem,
      this.restricted,
    );
  }

  update(state: Conversation, chrome: Chrome): void {
    const first = firstWords(state);
    say(this.title, state.name ?? (first !== undefined && !state.more ? firstLine(first, 80) : state.more ? 'Session' : 'New session'));
    const { input, output, cacheRead, cacheWrite, cost, totalTokens } = chrome.usage ?? state.usage;
    this.cost.hidden = totalTokens === 0;
    say(this.cost, cost > 0 ? dollars(cost) : `${tokens(totalTokens)} tokens`);
    set(this.cost, {
      title:
        `This session: ${many(input, 'token')} in, ${many(output, 'token')} out, ` +
        `${many(cacheRead, 'token')} from cache, ${many(cacheWrite, 'token')} into it; ${dollars(cost)}`,
    });
    const { context } = chrome;
    this.meter.hidden = context === null;
    if (context) {
      const percent = Math.round(context.percent);
      const of = context.tokens !== null && context.window !== null ? ` (${tokens(context.tokens)} of ${tokens(context.window)} tokens)` : '';
      set(this.meter, {
        'aria-label': `Context: ${percent}% used; compact`,
        title: `${percent}% of the model's context is used${of}. Press to compact the session.`,
        'data-full': percent >= 80,
      });
      if (percent !== this.shownPercent) this.meter.replaceChildren(ring(percent));
      this.shownPercent = percent;
    }
    const words =
      chrome.problem ?? { starting: 'Pi is being started…', failed: 'The language server does not run.', stopped: null, running: null }[chrome.server];
    const steps = chrome.setup?.steps ?? [];
    // Before the first message it has the page to itself.
    this.problem.hidden = words === null || (chrome.setup !== null && state.items.every(({ kind }) => kind === 'notice'));
    this.again.hidden = chrome.server !== 'failed';
    this.log.hidden = chrome.server !== 'failed' && (chrome.problem === null || steps.length > 0);
    this.restricted.hidden = !chrome.restricted;
    const key = JSON.stringify(steps);
    if (key !== this.shownSteps)
      this.steps.replaceChildren(...offered(steps, 'setup').map(({ step, label }) => button('link', label, () => this.takeStep(step))));
    this.shownSteps = key;
    if (words !== null) say(this.problemText, words);
    set(this.problem, { 'data-level': chrome.server === 'starting' && !chrome.problem ? 'info' : 'error' });
  }
}

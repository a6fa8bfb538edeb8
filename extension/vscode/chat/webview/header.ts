// The line at the top: which conversation this is, how full the model's memory is, what it has cost.
import { firstLine } from '../../words/short.ts';
import type { Chrome } from '../messages/chrome.ts';
import type { Conversation } from '../model/conversation.ts';
import { button, h, ring, say, set } from './dom.ts';
import { dollars, many, tokens } from './words.ts';

export interface HeaderActions {
  newSession(): void;
  pickSession(): void;
  renameSession(): void;
  showLog(): void;
  restart(): void;
  compact(): void;
}

export class Header {
  readonly element: HTMLElement;
  private readonly title: HTMLButtonElement;
  private readonly meter: HTMLButtonElement;
  private readonly cost = h('span', 'cost', { hidden: true });
  private readonly problem = h('div', 'banner', { role: 'status', hidden: true });
  private readonly problemText = h('span');
  private readonly again: HTMLButtonElement;
  private shownPercent = -1;

  constructor(actions: HeaderActions) {
    this.again = button('link', 'Start it again', actions.restart);
    this.meter = h('button', 'ghost meter', { type: 'button', hidden: true });
    this.meter.addEventListener('click', actions.compact);
    this.title = button('title-button', 'Rename this conversation', actions.renameSession, undefined, true);
    this.problem.append(this.problemText, this.again, button('link', 'Show the log', actions.showLog));
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
        button('ghost', 'New conversation', actions.newSession, 'plus'),
        button('ghost', 'Earlier conversations', actions.pickSession, 'history'),
      ),
      this.problem,
    );
  }

  update(state: Conversation, chrome: Chrome): void {
    const first = state.items.find((item) => item.kind === 'user');
    say(this.title, state.name ?? (first && !state.more ? firstLine(first.text, 80) : state.more ? 'Conversation' : 'New conversation'));
    const { input, output, cacheRead, cacheWrite, cost, totalTokens } = chrome.usage ?? state.usage;
    this.cost.hidden = totalTokens === 0;
    say(this.cost, cost > 0 ? dollars(cost) : `${tokens(totalTokens)} tokens`);
    set(this.cost, {
      title:
        `This conversation: ${many(input, 'token')} in, ${many(output, 'token')} out, ` +
        `${many(cacheRead, 'token')} from cache, ${many(cacheWrite, 'token')} into it; ${dollars(cost)}`,
    });
    const { context } = chrome;
    this.meter.hidden = context === null;
    if (context) {
      const percent = Math.round(context.percent);
      const of = context.tokens !== null && context.window !== null ? ` (${tokens(context.tokens)} of ${tokens(context.window)} tokens)` : '';
      set(this.meter, {
        'aria-label': `Context: ${percent}%; sum up`,
        title: `${percent}% of the model's context is used${of}. Press to sum up what is older.`,
        'data-full': percent >= 80,
      });
      if (percent !== this.shownPercent) this.meter.replaceChildren(ring(percent));
      this.shownPercent = percent;
    }
    const words =
      chrome.problem ?? { starting: 'Pi is being started…', failed: 'The language server does not run.', stopped: null, running: null }[chrome.server];
    this.problem.hidden = words === null;
    this.again.hidden = chrome.server !== 'failed';
    if (words !== null) say(this.problemText, words);
    set(this.problem, { 'data-level': chrome.server === 'starting' && !chrome.problem ? 'info' : 'error' });
  }
}

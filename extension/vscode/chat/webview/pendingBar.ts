// Above the box: what waits for the user, what waits in the queue, and what Pi waits for.
import { toldError } from '../../words/providerError.ts';
import { short } from '../../words/short.ts';
import type { Conversation } from '../model/conversation.ts';
import { button, h, say, svg } from './dom.ts';
import { many } from './words.ts';

export interface PendingActions {
  applyAll(): void;
  rejectAll(): void;
  goTo(toolCallId: string): void;
  unqueue(text: string): void;
  stopRetry(): void;
  askAgain(): void;
}

export class PendingBar {
  readonly element = h('div', 'pending');
  private readonly decisions = h('div', 'waiting', { role: 'group', 'aria-label': 'Waits for you', hidden: true });
  private readonly words = button('link', 'Go to what waits for you', () => this.next(), undefined, true);
  private readonly all: HTMLElement;
  private readonly retry = h('div', 'retry', { hidden: true });
  private readonly aside = h('div', 'aside', { hidden: true });
  private readonly again: HTMLButtonElement;
  private readonly retryText = h('span', '', {}, 'Retrying');
  private readonly retryWhy = h('div', 'why raw');
  private readonly widgets = h('div', 'widgets', { role: 'group', 'aria-label': "From Pi's extensions", hidden: true });
  private readonly queue = h('ul', 'queue', { 'aria-label': 'Messages that wait for Pi', hidden: true });
  private readonly actions: PendingActions;
  private waiting: string[] = [];
  private order: string[] = [];
  private went = -1;
  private shownQueue = '';
  private shownWidgets = '[[],[]]';
  private clock: number | undefined;
  private shownRetry: Conversation['retry'] = null;

  constructor(actions: PendingActions) {
    this.actions = actions;
    this.all = h('span', 'buttons', {}, button('primary', 'Apply all', actions.applyAll), button('secondary', 'Reject all', actions.rejectAll));
    this.decisions.append(svg('edit'), this.words, this.all);
    const fold = h('details', 'grow', {}, h('summary', '', {}, svg('chevron'), this.retryText), this.retryWhy);
    this.retry.append(fold, button('link', 'Stop trying', actions.stopRetry));
    this.again = button('link', '', actions.askAgain, undefined, true);
    this.aside.append(svg('clock'), this.again);
    this.element.append(this.widgets, this.retry, this.queue, this.aside, this.decisions);
  }

  /** @param putAside questions that the user has put aside */
  update(state: Conversation, putAside: number): void {
    this.aside.hidden = putAside === 0;
    say(this.again, `Answer ${putAside === 1 ? 'the question' : `the ${putAside} questions`} that you have put aside`);
    const edits = state.edits.filter((edit) => edit.status === 'open');
    const waits = new Set([...state.confirms.map((confirm) => confirm.toolCallId), ...edits.map((edit) => edit.toolCallId)]);
    // As they stand in the conversation, which is the order of the proposals.
    this.order = state.items.flatMap((item) => (item.kind === 'tool' ? [item.toolCallId] : []));
    this.waiting = [...this.order.filter((id) => waits.delete(id)), ...waits];
    this.decisions.hidden = this.waiting.length === 0;
    this.all.hidden = edits.length < 2;
    const parts = [edits.length > 0 && many(edits.length, 'edit'), state.confirms.length > 0 && many(state.confirms.length, 'tool')].filter(Boolean);
    const one = edits.length + state.confirms.length === 1;
    say(this.words, `${parts.join(' and ')} ${one ? 'waits' : 'wait'} for you`);
    this.showQueue(state);
    this.showRetry(state);
    this.showWidgets(state);
  }

  /** What waits behind a call that is decided, in the order of the conversation; goes round. */
  goToNext(after: string): void {
    const now = new Set(this.waiting);
    const at = this.order.indexOf(after);
    const id = [...this.order.slice(at + 1), ...this.order.slice(0, at + 1)].find((one) => now.has(one));
    if (id === undefined) return;
    this.went = this.waiting.indexOf(id);
    this.actions.goTo(id);
  }

  /** Again and again the next of what waits. */
  private next(): void {
    this.went = (this.went + 1) % Math.max(1, this.waiting.length);
    const id = this.waiting[this.went];
    if (id) this.actions.goTo(id);
  }

  private showQueue({ steering, followUp, outgoing }: Conversation): void {
    const rows = [
      ...outgoing.map((one) => ({ text: one.text, when: 'on its way', own: false })),
      ...steering.map((text) => ({ text, when: 'next', own: true })),
      ...followUp.map((text) => ({ text, when: 'after this run', own: true })),
    ];
    const key = JSON.stringify(rows);
    if (key === this.shownQueue) return;
    this.shownQueue = key;
    this.queue.hidden = rows.length === 0;
    this.queue.replaceChildren(
      ...rows.map(({ text, when, own }) =>
        h(
          'li',
          '',
          {},
          svg('clock'),
          h('span', 'queued', { title: text }, text),
          h('span', 'when', {}, when),
          own && button('ghost small', 'Take it out of the queue and back into the box', () => this.actions.unqueue(text), 'undo'),
        ),
      ),
    );
  }

  private showWidgets({ widgets, lines }: Conversation): void {
    const key = JSON.stringify([widgets, lines]);
    if (key === this.shownWidgets) return;
    this.shownWidgets = key;
    this.widgets.hidden = widgets.length + lines.length === 0;
    const shown = [...widgets.map((widget) => widget.lines.slice(0, 20).join('\n')), lines.map((line) => line.text).join(' · ')].filter(Boolean);
    this.widgets.replaceChildren(...shown.map((text) => h('pre', '', {}, short(text, 4_000))));
  }

  /** One line, which unfolds to what has gone wrong. */
  private showRetry({ retry }: Conversation): void {
    if (retry === this.shownRetry) return;
    this.shownRetry = retry;
    window.clearInterval(this.clock);
    this.retry.hidden = retry === null;
    if (retry === null) return;
    const { sentence, details } = toldError(retry.error);
    this.retryWhy.replaceChildren(sentence, ...(details === undefined ? [] : [h('pre', '', { tabindex: 0, 'aria-label': 'Details' }, details)]));
    const due = performance.now() + retry.delayMs;
    const tick = () => {
      const left = Math.max(0, Math.ceil((due - performance.now()) / 1000));
      say(this.retryText, `Retrying: ${retry.attempt} of ${retry.maxAttempts}${left > 0 ? `, ${left} s` : ''}`);
    };
    tick();
    this.clock = window.setInterval(tick, 500);
  }
}

// Finding words in the conversation. Most messages have no elements, so the search goes over what they say; of the one that is gone to
// the words themselves are marked.
import type { Item } from '../model/conversation.ts';
import { button, h, say, set } from './dom.ts';

/** What a message says, as far as it is searched. */
export function wordsOf(item: Item): string {
  switch (item.kind) {
    case 'user':
    case 'notice':
      return item.text;
    case 'assistant':
      return `${item.thinking}\n${item.text}`;
    case 'tool':
      return `${item.title}\n${item.input}\n${item.output}`;
    case 'run':
    case 'compaction':
      return item.error ?? '';
  }
}

/** The messages that have the words, letter case ignored. */
export function found(items: readonly Item[], query: string): string[] {
  const wanted = query.toLowerCase();
  return wanted.trim() === '' ? [] : items.filter((item) => wordsOf(item).toLowerCase().includes(wanted)).map(({ id }) => id);
}

export interface FindActions {
  items(): readonly Item[];
  /** Brings a message into view. */
  reveal(id: string): HTMLElement | null;
  /** There are messages that are not loaded. */
  hasMore(): boolean;
  loadMore(): void;
  closed(): void;
  /** For those who do not see the count. */
  told(count: string): void;
}

const HIGHLIGHT = 'found';

export class Find {
  readonly element: HTMLElement;
  private readonly box = h('input', '', { type: 'text', placeholder: 'Find in the conversation', 'aria-label': 'Find in the conversation', maxlength: 500 });
  private readonly count = h('span', 'count');
  private readonly more: HTMLButtonElement;
  private readonly actions: FindActions;
  private hits: string[] = [];
  private at: string | undefined;

  constructor(actions: FindActions) {
    this.actions = actions;
    this.more = button('link', 'Search earlier messages, too', () => actions.loadMore());
    this.element = h(
      'div',
      'find',
      { role: 'search', hidden: true },
      this.box,
      this.count,
      button('ghost', 'Previous match (Shift+Enter)', () => this.go(-1), 'up'),
      button('ghost', 'Next match (Enter)', () => this.go(1), 'downward'),
      button('ghost', 'Close (Escape)', () => this.close(), 'reject'),
      this.more,
    );
    this.box.addEventListener('input', () => this.search());
    this.element.addEventListener('keydown', (event) => {
      if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
      if (event.key === 'Enter' && event.target !== this.box) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === 'Escape') this.close();
      else this.go(event.shiftKey ? -1 : 1);
    });
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  show(): void {
    this.element.hidden = false;
    this.box.focus();
    this.box.select();
    this.search();
  }

  close(): void {
    if (!this.open) return;
    this.element.hidden = true;
    CSS.highlights?.delete(HIGHLIGHT);
    this.actions.closed();
  }

  /** The messages have changed. */
  update(): void {
    if (!this.open) return;
    this.hits = found(this.actions.items(), this.box.value);
    this.tell();
  }

  /** The latest is the first that is gone to, and from there upwards. */
  private search(): void {
    this.hits = found(this.actions.items(), this.box.value);
    if (this.at === undefined || !this.hits.includes(this.at)) this.at = this.hits.at(-1);
    this.visit();
  }

  private go(step: 1 | -1): void {
    if (this.hits.length === 0) return;
    const now = this.at === undefined ? -1 : this.hits.indexOf(this.at);
    this.at = this.hits[(now + step + this.hits.length) % this.hits.length];
    this.visit();
  }

  private visit(): void {
    this.tell();
    this.actions.told(this.count.textContent ?? '');
    CSS.highlights?.delete(HIGHLIGHT);
    const element = this.at !== undefined && this.hits.includes(this.at) ? this.actions.reveal(this.at) : null;
    if (!element) return;
    let ranges = rangesIn(element, this.box.value);
    if (ranges.length === 0) {
      // What has the words is folded.
      for (const fold of element.querySelectorAll('details')) {
        fold.open = true;
        // What is in it is made by its event, which else comes later.
        fold.dispatchEvent(new Event('toggle'));
      }
      ranges = rangesIn(element, this.box.value);
    }
    if (ranges.length === 0) return;
    CSS.highlights?.set(HIGHLIGHT, new Highlight(...ranges));
    ranges[0].startContainer.parentElement?.scrollIntoView({ block: 'nearest' });
  }

  private tell(): void {
    const { hits, at } = this;
    const none = this.box.value.trim() === '' ? '' : 'No results';
    say(this.count, hits.length === 0 ? none : `${(at === undefined ? -1 : hits.indexOf(at)) + 1} of ${hits.length}`);
    set(this.element, { 'data-none': none !== '' && hits.length === 0 });
    this.more.hidden = !this.actions.hasMore();
  }
}

function rangesIn(element: HTMLElement, query: string): Range[] {
  const wanted = query.toLowerCase();
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node && ranges.length < 500; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!parent || parent.closest('.bar, button, [hidden], .unseen')) continue;
    const text = (node.textContent ?? '').toLowerCase();
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      const range = new Range();
      range.setStart(node, at);
      range.setEnd(node, Math.min(at + wanted.length, node.textContent?.length ?? 0));
      ranges.push(range);
    }
  }
  return ranges;
}

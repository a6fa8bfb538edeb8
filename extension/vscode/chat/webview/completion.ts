// The list below the cursor for `@` and `/`. It never takes the focus: the box keeps it and points here.
import type { Completion } from '../messages/chrome.ts';
import { h, set } from './dom.ts';

export interface Asked {
  kind: 'mention' | 'slash';
  query: string;
  /** Where the `@` or `/` stands. */
  from: number;
  to: number;
}

/** What is being typed before the cursor, if it is a mention or, at the very beginning, a command. */
export function asked(text: string, cursor: number): Asked | null {
  const before = text.slice(0, cursor);
  const slash = /^\/([\w:.-]*)$/.exec(before);
  if (slash) return { kind: 'slash', query: slash[1], from: 0, to: cursor };
  const mention = /(?:^|\s)@([^\s@]{0,200})$/.exec(before);
  return mention ? { kind: 'mention', query: mention[1], from: cursor - mention[1].length - 1, to: cursor } : null;
}

export class CompletionList {
  readonly element = h('div', 'completions', { role: 'listbox', id: 'completions', 'aria-label': 'Suggestions', hidden: true });
  private readonly box: HTMLTextAreaElement;
  private readonly onChoose: (item: Completion) => void;
  private items: Completion[] = [];
  private at = 0;

  constructor(box: HTMLTextAreaElement, onChoose: (item: Completion) => void) {
    this.box = box;
    this.onChoose = onChoose;
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  show(items: Completion[]): void {
    this.items = items;
    this.at = 0;
    this.element.replaceChildren(
      ...items.map((item, i) => {
        const option = h('div', 'option', { role: 'option', id: `completion-${i}` }, h('span', 'label', {}, item.label), h('span', 'detail', {}, item.detail));
        // Before the box loses the focus.
        option.addEventListener('mousedown', (event) => {
          event.preventDefault();
          this.choose(i);
        });
        return option;
      }),
    );
    this.element.hidden = items.length === 0;
    this.mark();
  }

  hide(): void {
    if (this.open) this.show([]);
  }

  /** @returns whether the key was for the list */
  onKey(event: KeyboardEvent): boolean {
    if (!this.open) return false;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      this.at = (this.at + (event.key === 'ArrowDown' ? 1 : this.items.length - 1)) % this.items.length;
      this.mark();
    } else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') this.choose(this.at);
    else if (event.key === 'Escape') this.hide();
    else return false;
    return true;
  }

  private choose(at: number): void {
    const item = this.items[at];
    this.hide();
    if (item) this.onChoose(item);
  }

  private mark(): void {
    for (const [i, option] of [...this.element.children].entries()) set(option, { 'aria-selected': String(i === this.at) });
    this.element.children[this.at]?.scrollIntoView({ block: 'nearest' });
    set(this.box, { 'aria-expanded': String(this.open), 'aria-activedescendant': this.open ? `completion-${this.at}` : undefined });
  }
}

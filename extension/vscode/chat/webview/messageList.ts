// The messages, in pages of which only those near the screen have elements; the others are empty boxes of their height. However long
// the conversation, the page stays small. Moving among messages is by arrow keys, one stop for the Tab key.
import type { Item } from '../model/conversation.ts';
import { button, h } from './dom.ts';

export interface ItemView {
  readonly element: HTMLElement;
  update(item: Item): void;
}

const PAGE = 16;
const GUESSED_HEIGHT = 90;
/** So far from the screen, in pixels, messages still have elements. */
const MARGIN = 1_200;
/** So near to the end, the view follows it. */
const NEAR = 48;

class Page {
  readonly element = h('div', 'page');
  items: readonly Item[] = [];
  first = 0;
  mounted = false;
  near = false;
  readonly views = new Map<string, { view: ItemView; item: Item }>();
}

export class MessageList {
  readonly element = h('div', 'scroller', { tabindex: -1 });
  private readonly feed = h('div', 'feed', { role: 'feed', 'aria-label': 'Conversation with Pi' });
  private readonly make: (item: Item) => ItemView;
  private readonly pages: Page[] = [];
  private readonly pageOf = new WeakMap<Element, Page>();
  private readonly watch: IntersectionObserver;
  private items: readonly Item[] = [];
  private stop = '';
  /** The view follows the end, until the user scrolls away from it. */
  private follows = true;
  onFollow: (follows: boolean) => void = () => {};
  /** The user has come to the first message, and there are earlier ones. */
  onTop: () => void = () => {};
  private readonly earlier = button('link earlier', 'Show earlier messages', () => this.onTop());

  constructor(make: (item: Item) => ItemView) {
    this.make = make;
    this.earlier.hidden = true;
    this.element.append(this.earlier, this.feed);
    this.watch = new IntersectionObserver((entries) => this.onNear(entries), { root: this.element, rootMargin: `${MARGIN}px 0px` });
    new ResizeObserver(() => this.keepEnd()).observe(this.feed);
    new ResizeObserver(() => this.keepEnd()).observe(this.element);
    let last = 0;
    this.element.addEventListener('scroll', () => {
      const now = this.element.scrollTop;
      // Only a way up leaves the end: what grows below does not.
      if (this.atEnd()) this.setFollows(true);
      else if (now < last - 2) this.setFollows(false);
      if (now < 200 && now < last && !this.earlier.hidden) this.onTop();
      last = now;
    });
    this.feed.addEventListener('keydown', (event) => this.onKey(event));
    this.feed.addEventListener('focusin', (event) => {
      const id = (event.target as Element).closest('article')?.id;
      if (id) this.setStop(id.slice(2));
    });
  }

  /** @param more whether there are messages before the first one */
  update(items: readonly Item[], busy: boolean, more: boolean): void {
    this.feed.setAttribute('aria-busy', String(busy));
    this.earlier.hidden = !more;
    if (items === this.items) return;
    // What comes or goes above must not move what is being read.
    const moved = this.items.length > 0 && items.length > 0 && items[0].id !== this.items[0].id && !this.follows;
    const anchor = moved ? this.firstVisible() : null;
    this.items = items;
    const wanted = Math.ceil(items.length / PAGE);
    while (this.pages.length < wanted) this.addPage();
    while (this.pages.length > wanted) {
      const page = this.pages.pop();
      if (page) this.watch.unobserve(page.element);
      page?.element.remove();
    }
    for (const [i, page] of this.pages.entries()) this.fill(page, i * PAGE);
    if (anchor) {
      const again = this.reveal(anchor.id, false);
      if (again) this.element.scrollTop += again.getBoundingClientRect().top - anchor.top;
    }
    this.keepEnd();
  }

  private firstVisible(): { id: string; top: number } | null {
    const edge = this.element.getBoundingClientRect().top;
    for (const page of this.pages) {
      for (const [id, { view }] of page.views) {
        const { top, bottom } = view.element.getBoundingClientRect();
        if (bottom > edge) return { id, top };
      }
    }
    return null;
  }

  toEnd(): void {
    this.setFollows(true);
    this.keepEnd();
  }

  /** Brings a message to the screen and the focus to it. */
  reveal(id: string, focus: boolean): HTMLElement | null {
    const at = this.items.findIndex((item) => item.id === id);
    const page = this.pages[Math.floor(at / PAGE)];
    if (at < 0 || !page) return null;
    this.mount(page);
    const element = page.views.get(id)?.view.element ?? null;
    element?.scrollIntoView({ block: 'nearest' });
    if (focus) element?.focus({ preventScroll: true });
    if (at < this.items.length - 1 && !this.atEnd()) this.setFollows(false);
    return element;
  }

  focusLast(): void {
    const id = this.stop && this.items.some((item) => item.id === this.stop) ? this.stop : this.items.at(-1)?.id;
    if (id) this.reveal(id, true);
  }

  private addPage(): void {
    const page = new Page();
    this.pages.push(page);
    this.pageOf.set(page.element, page);
    this.feed.append(page.element);
    this.watch.observe(page.element);
  }

  private fill(page: Page, first: number): void {
    const isLast = first + PAGE >= this.items.length;
    const length = Math.min(PAGE, this.items.length - first);
    const same = page.first === first && page.items.length === length && page.items.every((item, i) => item === this.items[first + i]);
    if (!same) {
      page.items = this.items.slice(first, first + length);
      page.first = first;
    }
    if (isLast || page.near) this.mount(page, !same);
    else if (!page.mounted && !same) page.element.style.height = `${length * GUESSED_HEIGHT}px`;
    else if (page.mounted && !same) this.render(page);
  }

  private mount(page: Page, changed = true): void {
    if (page.mounted && !changed) return;
    page.mounted = true;
    page.element.style.height = '';
    this.render(page);
  }

  private unmount(page: Page): void {
    page.element.style.height = `${page.element.offsetHeight}px`;
    page.element.replaceChildren();
    page.views.clear();
    page.mounted = false;
  }

  private render(page: Page): void {
    const kept = new Set<string>();
    for (const [i, item] of page.items.entries()) {
      kept.add(item.id);
      let entry = page.views.get(item.id);
      if (!entry || entry.item.kind !== item.kind) {
        entry?.view.element.remove();
        const view = this.make(item);
        view.element.id = `m-${item.id}`;
        view.element.tabIndex = item.id === this.stop ? 0 : -1;
        entry = { view, item };
        page.views.set(item.id, entry);
        view.update(item);
      } else if (entry.item !== item) {
        entry.item = item;
        entry.view.update(item);
      }
      const { element } = entry.view;
      element.setAttribute('aria-posinset', String(page.first + i + 1));
      element.setAttribute('aria-setsize', String(this.items.length));
      if (page.element.children[i] !== element) page.element.insertBefore(element, page.element.children[i] ?? null);
    }
    for (const [id, { view }] of page.views) {
      if (kept.has(id)) continue;
      view.element.remove();
      page.views.delete(id);
    }
    if (page === this.pages.at(-1) && !this.stop && page.items.length > 0) this.setStop(page.items[page.items.length - 1].id);
  }

  /** Has what depends on more than the item itself drawn again: open edits, questions. */
  refresh(concerned: (item: Item) => boolean): void {
    for (const page of this.pages) for (const { view, item } of page.views.values()) if (concerned(item)) view.update(item);
  }

  private onNear(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const page = this.pageOf.get(target);
      if (!page) continue;
      page.near = isIntersecting;
      if (isIntersecting) this.mount(page, !page.mounted);
      else if (page.mounted && page !== this.pages.at(-1) && !this.inUse(page)) this.unmount(page);
    }
    this.keepEnd();
  }

  /** The focus or a selection in it would be lost. */
  private inUse(page: Page): boolean {
    const selection = document.getSelection();
    return page.element.contains(document.activeElement) || (selection !== null && !selection.isCollapsed && selection.containsNode(page.element, true));
  }

  private atEnd(): boolean {
    return this.element.scrollHeight - this.element.scrollTop - this.element.clientHeight < NEAR;
  }

  private keepEnd(): void {
    if (this.follows) this.element.scrollTop = this.element.scrollHeight;
  }

  private setFollows(follows: boolean): void {
    if (follows === this.follows) return;
    this.follows = follows;
    this.onFollow(follows);
  }

  private setStop(id: string): void {
    if (id === this.stop) return;
    const before = this.stop && document.getElementById(`m-${this.stop}`);
    if (before) before.tabIndex = -1;
    this.stop = id;
    const now = document.getElementById(`m-${id}`);
    if (now) now.tabIndex = 0;
  }

  private onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (target.tagName !== 'ARTICLE' || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.items.findIndex((item) => `m-${item.id}` === target.id);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, PageUp: at - 1, PageDown: at + 1, Home: 0, End: this.items.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      const id = this.items[Math.max(0, Math.min(this.items.length - 1, to))]?.id;
      if (id) this.reveal(id, true);
    } else if (event.key === 'Enter') {
      const first = target.querySelector<HTMLElement>('button:not([disabled]), summary, [role=link], input');
      first?.focus();
      if (first) event.preventDefault();
    }
  }
}

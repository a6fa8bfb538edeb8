// Small steps on the list of items, each giving a new conversation.
import { type Conversation, type Item, limits } from './conversation.ts';

export function append(state: Conversation, make: (id: string) => Item): Conversation {
  return { ...state, next: state.next + 1, items: [...state.items, make(`i${state.next}`)] };
}

export function replace(state: Conversation, at: number, item: Item): Conversation {
  const items = state.items.slice();
  items[at] = item;
  return { ...state, items };
}

export function bounded(state: Conversation): Conversation {
  return state.items.length <= limits.items ? state : { ...state, items: state.items.slice(state.items.length - limits.items + 1000) };
}

export function without(texts: readonly string[], text: string): readonly string[] {
  const at = texts.indexOf(text);
  return at < 0 ? texts : texts.toSpliced(at, 1);
}

/** Takes one such text out of the list; false when there is none. */
export function take(texts: string[], text: string): boolean {
  const at = texts.indexOf(text);
  if (at >= 0) texts.splice(at, 1);
  return at >= 0;
}

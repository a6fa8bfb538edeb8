// What the user sends, from the box to the model, with what waits in between. No words get lost on the way.
import type { Attachment, Conversation, Item, NextStep, UserItem } from './conversation.ts';
import { append, bounded, replace, take, without } from './items.ts';

const NOT_SENT = 'Not sent: the run was stopped.';

/** A prompt as the user wrote it: the server puts the context of the editor behind it. */
export function withoutContext(prompt: string): string {
  const at = prompt.endsWith('\n</editor>') ? prompt.indexOf('\n\n<editor>\n') : -1;
  return at < 0 ? prompt : prompt.slice(0, at);
}

export const user = (id: string, text: string, state: UserItem['state'], attachments: readonly Attachment[] = []): UserItem => ({
  kind: 'user',
  id,
  text,
  state,
  attachments,
});

export interface Asked {
  id: string;
  text: string;
  attachments: readonly Attachment[];
  deliver: 'start' | 'steer' | 'followUp';
}

export function onAsked(state: Conversation, asked: Asked): Conversation {
  if (asked.deliver !== 'start' && state.running) {
    return { ...state, outgoing: [...state.outgoing, { id: asked.id, text: asked.text, deliver: asked.deliver }] };
  }
  return bounded({ ...state, items: [...state.items, user(asked.id, asked.text, 'pending', asked.attachments)] });
}

export function onAskEnded(state: Conversation, id: string, error: string | undefined, next?: readonly NextStep[]): Conversation {
  const waiting = state.outgoing.find((one) => one.id === id);
  if (waiting !== undefined) {
    const outgoing = state.outgoing.filter((one) => one !== waiting);
    const item: UserItem = error === undefined ? user(id, waiting.text, 'sent') : { ...user(id, waiting.text, 'failed'), error, ...steps(next) };
    return { ...state, outgoing, items: [...state.items, item] };
  }
  const at = state.items.findLastIndex((item) => item.kind === 'user' && item.id === id);
  const item = state.items[at];
  if (item?.kind !== 'user' || item.state === 'failed') return state;
  if (error === undefined) return item.state === 'sent' ? state : replace(state, at, { ...item, state: 'sent' });
  return replace(state, at, { ...item, state: 'failed', error, ...steps(next) });
}

const steps = (next: readonly NextStep[] | undefined) => (next && next.length > 0 ? { next } : {});

/** The agent has taken a message up. Its words may have been changed on the way: a template, an extension. */
export function onUserMessage(state: Conversation, text: string): Conversation {
  const leaving = [...state.leaving];
  if (take(leaving, text) || leaving.shift() !== undefined) return append({ ...state, leaving }, (id) => user(id, text, 'sent'));
  const isPending = (item: Item) => item.kind === 'user' && item.state === 'pending';
  const same = state.items.findIndex((item) => isPending(item) && (item as UserItem).text === text);
  const at = same >= 0 ? same : state.items.findIndex(isPending);
  if (at >= 0) return replace(state, at, { ...(state.items[at] as UserItem), state: 'sent' });
  // Asked from elsewhere: a command, a quick fix.
  return append({ ...state, outgoing: state.outgoing.filter((one) => one.text !== text) }, (id) => user(id, text, 'sent'));
}

export function onQueue(state: Conversation, steering: readonly string[], followUp: readonly string[]): Conversation {
  const now = [...steering, ...followUp];
  const gone = [...state.steering, ...state.followUp].filter((text) => !take(now, text));
  // `now` holds only what is new; of that, what the view had on its way has arrived.
  const outgoing = state.outgoing.filter((one) => !take(now, one.text));
  // A queue that is set anew is emptied first: what is in it again has not left it.
  const leaving = state.leaving.filter((text) => !take(now, text));
  return { ...state, steering, followUp, outgoing, leaving: [...leaving, ...gone] };
}

/** Whether the run's end or this is told first: the words come back once. */
export function onRestored(state: Conversation, text: string): Conversation {
  const back = state.items.slice(-20).some((item) => item.kind === 'user' && item.state === 'failed' && item.text === text);
  if (back) return state;
  const outgoing = state.outgoing.filter((one) => one.text !== text);
  const rest = { ...state, outgoing, leaving: without(state.leaving, text), steering: without(state.steering, text), followUp: without(state.followUp, text) };
  return append(rest, (id) => ({ ...user(id, text, 'failed'), error: NOT_SENT }));
}

/** What still waited when the run ended did not get to the model. */
export function giveBack(state: Conversation, stopped: boolean): Conversation {
  const left = [...state.leaving, ...state.outgoing.map((one) => one.text), ...state.steering, ...state.followUp];
  const none = { ...state, steering: [], followUp: [], outgoing: [], leaving: [] };
  const error = stopped ? NOT_SENT : 'Not sent: the run had ended.';
  return left.reduce<Conversation>((s, text) => append(s, (id) => ({ ...user(id, text, 'failed'), error })), none);
}

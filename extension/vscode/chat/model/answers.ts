// What the model says.
import type { PiEventBody } from '../messages/pi.ts';
import { type AssistantItem, addUsage, type Conversation, noUsage } from './conversation.ts';
import { append, replace } from './items.ts';
import { answered } from './source.ts';

export function onDelta(state: Conversation, text: string, thinking: string): Conversation {
  const at = streamingAt(state);
  if (at < 0) return append(state, (id) => ({ kind: 'assistant', id, text, thinking, streaming: true }));
  const item = state.items[at] as AssistantItem;
  return replace(state, at, { ...item, text: item.text + text, thinking: item.thinking + thinking });
}

export function onCompleted(state: Conversation, body: Extract<PiEventBody, { type: 'messageCompleted' }>): Conversation {
  const used = body.usage ?? noUsage;
  const counted = { ...state, usage: addUsage(state.usage, used), runUsage: addUsage(state.runUsage, used) };
  const at = streamingAt(state);
  const item = at < 0 ? undefined : (state.items[at] as AssistantItem);
  const done = {
    text: body.text || (item?.text ?? ''),
    thinking: item?.thinking ?? '',
    streaming: false,
    stopReason: body.stopReason,
    ...(body.error ? { error: body.error } : {}),
    ...(body.model ? { model: body.model, ...answered(body) } : {}),
  };
  // A step that only calls tools is no answer.
  const empty = done.text === '' && done.thinking === '' && !body.error;
  if (item === undefined) return empty ? counted : append(counted, (id) => ({ kind: 'assistant', id, ...done }));
  if (empty) return { ...counted, items: counted.items.filter((one) => one !== item) };
  return replace(counted, at, { kind: 'assistant', id: item.id, ...done });
}

function streamingAt(state: Conversation): number {
  for (let i = state.items.length - 1; i >= 0; i--) {
    const item = state.items[i];
    if (item.kind === 'assistant') return item.streaming ? i : -1;
  }
  return -1;
}

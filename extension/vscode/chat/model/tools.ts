// Tool calls and the questions about them.
import { type Confirm, type Conversation, limits, type ToolItem } from './conversation.ts';
import { append, replace } from './items.ts';

export function withTool(state: Conversation, id: string, name: string, change: (tool: ToolItem) => ToolItem): Conversation {
  const at = state.items.findLastIndex((item) => item.kind === 'tool' && item.toolCallId === id);
  if (at >= 0) return replace(state, at, change(state.items[at] as ToolItem));
  return append(state, (own) =>
    change({ kind: 'tool', id: own, toolCallId: id, tool: name, title: name, input: '', output: '', outputCut: 0, state: 'running' }),
  );
}

/** Where a call stands that a script has made. */
export function under(state: Conversation, parent: string | undefined): { parent?: string; depth?: number } {
  if (parent === undefined) return {};
  const above = state.items.findLast((item) => item.kind === 'tool' && item.toolCallId === parent) as ToolItem | undefined;
  return { parent, depth: (above?.depth ?? 0) + 1 };
}

/** Some models use the ids of their tool calls again: one that has ended is another call. */
export function startable(state: Conversation, id: string): Conversation {
  const before = state.items.findLast((item) => item.kind === 'tool' && item.toolCallId === id) as ToolItem | undefined;
  if (before === undefined || before.state === 'running' || before.state === 'waiting') return state;
  return append(state, (own) => ({ ...before, id: own, output: '', outputCut: 0, state: 'running', refused: false }));
}

/** The end of an output; the server has taken out what was meant for a terminal. */
export function tail(text: string): { output: string; outputCut: number } {
  let cut = Math.max(0, text.length - limits.toolOutput);
  // Not in the middle of an emoji.
  if (/[\udc00-\udfff]/.test(text[cut] ?? '') && cut > 0) cut++;
  return { output: cut > 0 ? text.slice(cut) : text, outputCut: cut };
}

export function onConfirm(state: Conversation, confirm: Confirm): Conversation {
  const open = { ...state, confirms: [...state.confirms.filter((one) => one.id !== confirm.id), confirm] };
  return withTool(open, confirm.toolCallId, confirm.tool, (tool) => ({
    ...tool,
    title: tool.title === tool.tool ? `${confirm.tool}: ${firstLine(confirm.what)}` : tool.title,
    input: tool.input || confirm.input,
    state: 'waiting',
  }));
}

export function onConfirmClosed(state: Conversation, id: string, refused: boolean): Conversation {
  const closed = state.confirms.find((one) => one.id === id);
  if (closed === undefined) return state;
  const confirms = state.confirms.filter((one) => one !== closed);
  const rest = { ...state, confirms };
  if (confirms.some((one) => one.toolCallId === closed.toolCallId)) return rest;
  return withTool(rest, closed.toolCallId, closed.tool, (tool) => ({
    ...tool,
    ...(tool.state === 'waiting' ? { state: 'running' } : {}),
    ...(refused ? { refused } : {}),
  }));
}

const firstLine = (text: string): string => text.split('\n', 1)[0];

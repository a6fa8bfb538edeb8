// The user's own commands (`!npm test`): shown like a tool's call, but nobody's who waits for Pi.
import type { Conversation, ToolItem } from './conversation.ts';
import { append, replace } from './items.ts';
import { tail } from './tools.ts';

/** Stands where a tool's name stands; no tool can have this one. */
export const SHELL = '!';

export const isShell = (tool: { tool: string }): boolean => tool.tool === SHELL;

/** What the user typed, where it is a command of his own. */
export function shellCommand(words: string): { command: string; hidden: boolean } | undefined {
  const [, marks, command] = /^(!!?)(.*)$/s.exec(words) ?? [];
  return marks === undefined || command.trim() === '' ? undefined : { command: command.trim(), hidden: marks === '!!' };
}

export function shellTitle(command: string, hidden: boolean): string {
  return `${hidden ? '!!' : '!'} ${command.split('\n', 1)[0]}`;
}

export function onShellStarted(state: Conversation, command: string, hidden: boolean): Conversation {
  return append(state, (id) => ({
    kind: 'tool',
    id,
    toolCallId: `${SHELL}${id}`,
    tool: SHELL,
    title: shellTitle(command, hidden),
    input: command,
    output: '',
    outputCut: 0,
    state: 'running',
  }));
}

/**
 * @param more `truncated`: what was shown so far is left behind, the output comes faster than it is told; `replacesLine`: the line that
 * is unfinished was written over
 */
export function onShellOutput(state: Conversation, text: string, more: { truncated?: boolean; replacesLine?: boolean }): Conversation {
  return withRunning(state, (tool) => {
    const before = more.truncated ? '' : more.replacesLine ? tool.output.slice(0, tool.output.lastIndexOf('\n') + 1) : tool.output;
    const { output, outputCut } = tail(before + text);
    return { ...tool, output, outputCut: tool.outputCut + outputCut };
  });
}

export function onShellEnded(state: Conversation, end: { text: string; exitCode?: number; cancelled?: boolean; error?: string }): Conversation {
  return withRunning(state, (tool) => ({
    ...tool,
    ...(end.text === '' ? {} : tail(end.text)),
    ...(end.error ? tail([tool.output, end.error].filter(Boolean).join('\n')) : {}),
    title: end.exitCode ? `${tool.title} (exit code ${end.exitCode})` : tool.title,
    state: end.cancelled ? 'stopped' : end.error || end.exitCode ? 'failed' : 'done',
  }));
}

/** Whatever ran it is gone. */
export const stopShell = (state: Conversation): Conversation => withRunning(state, (tool) => ({ ...tool, state: 'stopped' }));

function withRunning(state: Conversation, change: (tool: ToolItem) => ToolItem): Conversation {
  const at = state.items.findLastIndex((item) => item.kind === 'tool' && isShell(item) && item.state === 'running');
  return at < 0 ? state : replace(state, at, change(state.items[at] as ToolItem));
}

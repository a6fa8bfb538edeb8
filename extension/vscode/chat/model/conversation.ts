// What the chat view shows of one session. Plain data, frozen by convention: the reducer makes new objects and never changes old ones,
// so that a view can compare by identity.

import type { NextStep, Usage } from '../../protocol.ts';

export type { NextStep, Usage };

/** What went along with a prompt, as the user saw it before sending. */
export interface Attachment {
  kind: 'file' | 'selection' | 'image' | 'folder' | 'diagnostics' | 'symbol' | 'changes' | 'other';
  label: string;
}

export interface UserItem {
  kind: 'user';
  id: string;
  text: string;
  /** `pending` until the agent has taken it up. */
  state: 'pending' | 'sent' | 'failed';
  attachments: readonly Attachment[];
  error?: string;
  next?: readonly NextStep[];
}

export interface AssistantItem {
  kind: 'assistant';
  id: string;
  text: string;
  thinking: string;
  streaming: boolean;
  stopReason?: string;
  error?: string;
  model?: string;
  /** Where another model than the selected one has answered: both. */
  answered?: Answered;
}

export interface Answered {
  by: string;
  instead: string;
}

export type ToolState = 'running' | 'waiting' | 'done' | 'failed' | 'rejected' | 'stopped';

export interface ToolItem {
  kind: 'tool';
  id: string;
  toolCallId: string;
  tool: string;
  title: string;
  /** Its arguments as text, cut to `limits.toolInput`. */
  input: string;
  /** The end of its output, cut to `limits.toolOutput`. */
  output: string;
  /** How many characters of output are not held here. */
  outputCut: number;
  state: ToolState;
  /** The call whose script has made this one. */
  parent?: string;
  /** How many scripts it stands under. */
  depth?: number;
  durationMs?: number;
  /** The user has said no to it; what it ends with is no failure then. */
  refused?: boolean;
}

export interface NoticeItem {
  kind: 'notice';
  id: string;
  level: 'info' | 'warning' | 'error';
  text: string;
}

export interface CompactionItem {
  kind: 'compaction';
  id: string;
  state: 'running' | 'done' | 'failed';
  reason: string;
  tokensBefore?: number;
  tokensAfter?: number;
  error?: string;
}

/** How a run has ended, what it has done and what it used. */
export interface Settled {
  error?: string;
  /** What can be done about the failure. */
  next?: readonly NextStep[];
  runId?: string;
  /** What really landed. */
  files?: readonly { uri: string; created?: boolean; added: number; removed: number }[];
  changedByCommands?: readonly string[];
  undoable?: boolean;
}

/** The card below a run. */
export interface RunItem extends Settled {
  kind: 'run';
  id: string;
  stopReason: string;
  usage: Usage;
  /** Its changes have been taken out again. */
  undone?: boolean;
}

export type Item = UserItem | AssistantItem | ToolItem | NoticeItem | CompactionItem | RunItem;

export interface Hunk {
  id: string;
  clashed: boolean;
}

export interface Edit {
  id: string;
  uri: string;
  tool: string;
  toolCallId: string;
  /** `stopped`: its run was stopped; it can still be applied, until the next message. */
  status: 'open' | 'stopped' | 'applied' | 'partial' | 'rejected' | 'withdrawn' | 'failed';
  hunks: readonly Hunk[];
  /** Unified, cut to `limits.diff`. */
  diff: string;
  added: number;
  removed: number;
  /** What the user is to know before deciding. */
  careful?: string;
  reason?: string;
  /** Asked for in every mode. */
  protected?: boolean;
  /** Of a decided one: what really landed. */
  outcome?: { added: number; removed: number; applied: number; rejected: number; changedByUser?: boolean };
}

/** A tool that waits for consent. */
export interface Confirm {
  id: string;
  toolCallId: string;
  tool: string;
  source: string;
  /** What is about to happen, for a shell its exact command; shown whole. */
  what: string;
  input: string;
  stagedEdits: number;
  /** What "Always allow" would cover, in words; without it that is not offered. */
  always?: string;
}

export interface Retry {
  attempt: number;
  maxAttempts: number;
  delayMs: number;
  error: string;
}

export interface Conversation {
  sessionId: string | null;
  name: string | null;
  items: readonly Item[];
  /** There is more before the first item. */
  more: boolean;
  running: boolean;
  /** The user has asked the run to stop. */
  stopping: boolean;
  /** The highest `seq` that was taken. */
  seq: number;
  /** True when events are missing: what is shown has a hole until it is read again. */
  gap: boolean;
  steering: readonly string[];
  followUp: readonly string[];
  /** Out of the queue, and not yet taken up by the agent. */
  leaving: readonly string[];
  /** Sent into the run by this view and not yet seen in its queue. */
  outgoing: readonly { id: string; text: string; deliver: 'steer' | 'followUp' }[];
  retry: Retry | null;
  confirms: readonly Confirm[];
  /** What Pi's extensions show, by their keys. */
  lines: readonly { key: string; text: string }[];
  widgets: readonly { key: string; lines: readonly string[]; above: boolean }[];
  edits: readonly Edit[];
  /** Tool calls of runs that were undone. */
  undone: readonly string[];
  runUsage: Usage;
  usage: Usage;
  thinkingLevel: string | null;
  /** For ids of what has none of its own. */
  next: number;
}

export const noUsage: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0, cost: 0 };

export const limits = {
  toolInput: 8_000,
  toolOutput: 16_000,
  diff: 40_000,
  /** The oldest items go when there are more. */
  items: 20_000,
};

export function emptyConversation(sessionId: string | null = null): Conversation {
  return {
    sessionId,
    name: null,
    items: [],
    more: false,
    running: false,
    stopping: false,
    seq: 0,
    gap: false,
    steering: [],
    followUp: [],
    leaving: [],
    outgoing: [],
    retry: null,
    confirms: [],
    lines: [],
    widgets: [],
    edits: [],
    undone: [],
    runUsage: noUsage,
    usage: noUsage,
    thinkingLevel: null,
    next: 1,
  };
}

/** The first words that got to the model: what was not sent is no title. */
export const firstWords = ({ items }: Pick<Conversation, 'items'>): string | undefined =>
  items.find((item): item is UserItem => item.kind === 'user' && item.state !== 'failed' && !isVain(items, item))?.text;

/** Whether its run has failed before there was an answer. */
function isVain(items: readonly Item[], prompt: UserItem): boolean {
  const behind = items.slice(items.indexOf(prompt) + 1);
  const end = behind.findIndex((item) => item.kind === 'run');
  const run = behind[end];
  return run?.kind === 'run' && run.stopReason === 'error' && !behind.slice(0, end).some((item) => item.kind === 'assistant' && item.text !== '');
}

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    totalTokens: a.totalTokens + b.totalTokens,
    cost: a.cost + b.cost,
  };
}

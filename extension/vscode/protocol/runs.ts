/** Prompts, runs, what happens in them, and the sessions they are in. */
import type { EditStatus, Range } from './edits.ts';

export interface Usage {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  totalTokens: number;
  /** US dollars. */
  cost: number;
}

export interface AskArgument {
  prompt: string;
  textDocument?: { uri: string };
  range?: Range;
  /** What goes along besides: here texts that no file has. */
  attachments?: { kind: 'text'; title: string; text: string }[];
  sessionId?: string;
  deliver?: 'start' | 'steer' | 'followUp';
}

export interface AskResult {
  sessionId: string;
  runId: string;
  text?: string;
  stopReason: string;
  error?: string;
  usage: Usage;
  edits: { uri: string; status: EditStatus }[];
}

/** A shell command that the user typed. */
export interface BashArgument {
  command: string;
  /** The model does not read of it. */
  excludeFromContext?: boolean;
  sessionId?: string;
}

export interface BashResult {
  sessionId: string;
  output: string;
  exitCode?: number;
  cancelled: boolean;
  truncated: boolean;
  fullOutputPath?: string;
  changed: string[];
  unsaved: string[];
}

export interface Run {
  sessionId: string;
  runId: string;
  title: string;
  undone: boolean;
  files: { uri: string; created: boolean; diff: string }[];
}

export interface UndoResult {
  undone: boolean;
  runId: string;
  files: { uri: string; status: 'restored' | 'deleted' | 'partial' | 'unchanged' | 'failed'; reason?: string }[];
}

interface EventBase {
  sessionId: string;
  /** From 1 in each session, without gaps. */
  seq: number;
}

/** Notification `pi/event`. Types that are not listed here are to be ignored. */
export type PiEvent = EventBase &
  (
    | { type: 'runStarted' | 'turnStarted' | 'turnEnded' }
    | { type: 'runSettled'; stopReason: string; error?: string }
    | { type: 'bashStarted'; command: string; excludeFromContext: boolean }
    | { type: 'bashOutput'; text: string; truncated?: boolean; replacesLine?: boolean }
    | {
        type: 'bashEnded';
        text: string;
        exitCode?: number;
        cancelled: boolean;
        truncated: boolean;
        fullOutputPath?: string;
        error?: string;
        changed: string[];
        unsaved: string[];
      }
    | { type: 'textDelta' | 'thinkingDelta'; text: string }
    | { type: 'messageCompleted'; text: string; stopReason: string; error?: string; usage: Usage; provider?: string; model?: string; selectedModel?: string }
    | { type: 'toolStarted'; toolCallId: string; parentToolCallId?: string; tool: string; title: string; input?: unknown }
    | { type: 'toolProgressed'; toolCallId: string; parentToolCallId?: string; tool: string; text: string }
    | { type: 'toolEnded'; toolCallId: string; parentToolCallId?: string; tool: string; text: string; isError: boolean; durationMs?: number }
    | { type: 'retryScheduled'; attempt: number; maxAttempts: number; delayMs: number; error: string }
    | { type: 'retryEnded'; success: boolean; attempt: number; error?: string }
    | { type: 'compactionStarted'; reason: string }
    | { type: 'compactionEnded'; reason: string; tokensBefore?: number; tokensAfter?: number; aborted: boolean; error?: string }
    | { type: 'queueChanged'; steering: string[]; followUp: string[] }
    | { type: 'thinkingLevelChanged'; level: string }
    | { type: 'sessionRenamed'; name?: string }
    | { type: 'notice'; level: 'info' | 'warning' | 'error'; text: string }
  );

export interface SessionReply {
  sessionId: string;
  path?: string;
  name?: string;
  model?: string;
  thinking?: string;
}

export interface StoredSession {
  path: string;
  /** Of one that is open here. */
  sessionId?: string;
  state: 'stored' | 'sleeping' | 'idle' | 'running' | 'waiting';
  current: boolean;
  title?: string;
  firstWords?: string;
  /** ISO 8601, UTC. */
  modified?: string;
  size: number;
  messages: number;
  model?: string;
  totalTokens: number;
  cost: number;
  parent?: string;
}

/** Which session: without either the current one. */
export interface SessionChoice {
  sessionId?: string;
  path?: string;
}

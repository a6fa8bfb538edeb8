// Made by scripts/protocol.mjs from the records in server/Protocol. Not to be edited.
import type { LandedFile } from './edits.ts';
import type { NextStep } from './nextSteps.ts';
import type { Usage } from './runs.ts';

/** Models as of `messageCompleted`. */
export interface AssistantEntry {
  kind: 'assistant';
  id: string;
  text: string;
  state: 'running' | 'done';
  provider?: string;
  model?: string;
  selectedModel?: string;
}

/** A command of the user's. */
export interface BashEntry {
  kind: 'bash';
  id: string;
  command: string;
  excludeFromContext?: boolean;
  state: 'running' | 'done' | 'failed';
  /** The latest, at most 16,384 characters of its end (`truncated`). */
  output: string;
  truncated?: boolean;
  exitCode?: number;
  cancelled?: boolean;
  fullOutputPath?: string;
  error?: string;
}

export interface CompactionEntry {
  kind: 'compaction';
  id: string;
  reason: string;
  state: 'running' | 'done' | 'failed';
  tokensBefore?: number;
  tokensAfter?: number;
  error?: string;
}

export type Entry = UserEntry | AssistantEntry | ThinkingEntry | ToolEntry | BashEntry | RetryEntry | CompactionEntry | NoticeEntry | RunEntry;

export interface GetTranscriptArgument {
  sessionId?: string;
  /** The id of an entry: those before it are wanted. */
  before?: string;
  /** At most so many; 200 where it is not said. */
  limit?: number;
}

export interface NoticeEntry {
  kind: 'notice';
  id: string;
  level: 'info' | 'warning' | 'error';
  text: string;
}

export interface RetryEntry {
  kind: 'retry';
  id: string;
  attempt: number;
  maxAttempts: number;
  error: string;
  state: 'running' | 'done' | 'failed';
}

/** The end of one, as of `pi.ask`. */
export interface RunEntry {
  kind: 'run';
  id: string;
  stopReason: string;
  error?: string;
  usage: Usage;
  /** Where it failed: what the user can do about it. */
  next?: NextStep[];
  /** As of `runSettled`, of a run that this server has seen. */
  runId?: string;
  files?: LandedFile[];
  changedByCommands?: string[];
  undoable?: boolean;
}

/** Opens the conversation as a document and takes the focus. */
export interface ShownTranscript {
  sessionId: string;
  uri: string;
  shown: boolean;
}

/** As `assistant`. */
export interface ThinkingEntry {
  kind: 'thinking';
  id: string;
  text: string;
  state: 'running' | 'done';
  provider?: string;
  model?: string;
  selectedModel?: string;
}

export interface ToolEntry {
  kind: 'tool';
  id: string;
  toolCallId: string;
  parentToolCallId?: string;
  tool: string;
  title: string;
  /** Long strings cut. */
  input?: unknown;
  state: 'running' | 'done' | 'failed';
  /** The latest, at most 16,384 characters from both ends (`truncated`). */
  output: string;
  truncated?: boolean;
  durationMs?: number;
}

/** Starts nothing. */
export interface TranscriptPage {
  sessionId?: string;
  /** The last event of `pi/event` that is in it. */
  seq: number;
  running: boolean;
  /** There are entries before these. */
  more: boolean;
  /** Oldest first. */
  entries: Entry[];
}

export interface UserEntry {
  kind: 'user';
  id: string;
  /** The user's words. */
  text: string;
  /** What the editor put behind them for the model. */
  context?: string;
  /** How many. */
  images?: number;
}

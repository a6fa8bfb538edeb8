// Made by scripts/protocol.mjs from the records in server/Protocol. Not to be edited.
import type { LandedFile } from './edits.ts';
import type { NextStep } from './nextSteps.ts';
import type { Usage } from './runs.ts';

export interface BashEndedEvent {
  type: 'bashEnded';
  sessionId: string;
  seq: number;
  text: string;
  exitCode?: number;
  cancelled: boolean;
  truncated: boolean;
  fullOutputPath?: string;
  error?: string;
  changed: string[];
  unsaved: string[];
}

/** What has come since the last one. */
export interface BashOutputEvent {
  type: 'bashOutput';
  sessionId: string;
  seq: number;
  text: string;
  /** Of a flood the end, which then stands alone. */
  truncated?: boolean;
  /** The line that is unfinished so far was written over, and the text takes its place. */
  replacesLine?: boolean;
}

/** The user's own shell command. */
export interface BashStartedEvent {
  type: 'bashStarted';
  sessionId: string;
  seq: number;
  command: string;
  excludeFromContext: boolean;
}

export interface CompactionEndedEvent {
  type: 'compactionEnded';
  sessionId: string;
  seq: number;
  /** `manual`, `threshold`, `overflow` or another. */
  reason: string;
  tokensBefore?: number;
  tokensAfter?: number;
  aborted: boolean;
  error?: string;
  /** What the summary cost. */
  usage?: Usage;
}

export interface CompactionStartedEvent {
  type: 'compactionStarted';
  sessionId: string;
  seq: number;
  /** `manual`, `threshold`, `overflow` or another. */
  reason: string;
}

export interface MessageCompletedEvent {
  type: 'messageCompleted';
  sessionId: string;
  seq: number;
  /** What is visible of it; may be empty. */
  text: string;
  stopReason: string;
  error?: string;
  usage: Usage;
  provider?: string;
  model?: string;
  /** `provider/id`, where another model than the one that is set has answered. */
  selectedModel?: string;
}

export interface NoticeEvent {
  type: 'notice';
  sessionId: string;
  seq: number;
  level: 'info' | 'warning' | 'error';
  text: string;
}

/** An extension of Pi puts a text where the user writes prompts. */
export interface PromptTextSetEvent {
  type: 'promptTextSet';
  sessionId: string;
  seq: number;
  text: string;
}

/** What waits in a run's queue, in the user's own words. */
export interface QueueChangedEvent {
  type: 'queueChanged';
  sessionId: string;
  seq: number;
  steering: string[];
  followUp: string[];
}

/** What waited when the run was stopped: the user's again. */
export interface QueueRestoredEvent {
  type: 'queueRestored';
  sessionId: string;
  seq: number;
  steering: string[];
  followUp: string[];
}

export interface RetryEndedEvent {
  type: 'retryEnded';
  sessionId: string;
  seq: number;
  success: boolean;
  attempt: number;
  error?: string;
}

export interface RetryScheduledEvent {
  type: 'retryScheduled';
  sessionId: string;
  seq: number;
  attempt: number;
  maxAttempts: number;
  delayMs: number;
  error: string;
}

/** It will not go on by itself: exactly once for each run, as the result of `pi.ask` has it. */
export interface RunSettledEvent {
  type: 'runSettled';
  sessionId: string;
  seq: number;
  stopReason?: string;
  error?: string;
  /** Where it failed: what the user can do about it. */
  next?: NextStep[];
  runId?: string;
  /** Summed over the run's turns. */
  usage?: Usage;
  /** What has really landed so far. */
  files?: LandedFile[];
  /** URIs of files that its commands changed past the review. */
  changedByCommands?: string[];
  /** `pi.undoRun` can take something back. */
  undoable?: boolean;
}

/** Pi works on a prompt: once for each run, however often it retries. */
export interface RunStartedEvent {
  type: 'runStarted';
  sessionId: string;
  seq: number;
}

export type SessionEvent =
  | RunStartedEvent
  | RunSettledEvent
  | TurnStartedEvent
  | TurnEndedEvent
  | UserMessageEvent
  | TextDeltaEvent
  | ThinkingDeltaEvent
  | MessageCompletedEvent
  | UsedBesideEvent
  | ToolStartedEvent
  | ToolProgressedEvent
  | ToolEndedEvent
  | BashStartedEvent
  | BashOutputEvent
  | BashEndedEvent
  | RetryScheduledEvent
  | RetryEndedEvent
  | CompactionStartedEvent
  | CompactionEndedEvent
  | QueueChangedEvent
  | QueueRestoredEvent
  | StatusLineChangedEvent
  | WidgetChangedEvent
  | TitleChangedEvent
  | PromptTextSetEvent
  | ThinkingLevelChangedEvent
  | SessionRenamedEvent
  | NoticeEvent;

export interface SessionRenamedEvent {
  type: 'sessionRenamed';
  sessionId: string;
  seq: number;
  name?: string;
}

/** An extension of Pi shows one line under a name of its own; without `text` it is taken away. */
export interface StatusLineChangedEvent {
  type: 'statusLineChanged';
  sessionId: string;
  seq: number;
  key: string;
  text?: string;
}

export interface TextDeltaEvent {
  type: 'textDelta';
  sessionId: string;
  seq: number;
  text: string;
}

export interface ThinkingDeltaEvent {
  type: 'thinkingDelta';
  sessionId: string;
  seq: number;
  text: string;
}

export interface ThinkingLevelChangedEvent {
  type: 'thinkingLevelChanged';
  sessionId: string;
  seq: number;
  level: string;
}

/** An extension of Pi names the window. */
export interface TitleChangedEvent {
  type: 'titleChanged';
  sessionId: string;
  seq: number;
  title: string;
}

export interface ToolEndedEvent {
  type: 'toolEnded';
  sessionId: string;
  seq: number;
  toolCallId: string;
  parentToolCallId?: string;
  tool: string;
  text: string;
  isError: boolean;
  /** How long the tool itself has run. */
  durationMs?: number;
}

/** `text` is the latest and replaces the one before. */
export interface ToolProgressedEvent {
  type: 'toolProgressed';
  sessionId: string;
  seq: number;
  toolCallId: string;
  parentToolCallId?: string;
  tool: string;
  text: string;
}

export interface ToolStartedEvent {
  type: 'toolStarted';
  sessionId: string;
  seq: number;
  toolCallId: string;
  /** The call whose script, as of `codemode`, has made this one. */
  parentToolCallId?: string;
  tool: string;
  title: string;
  input?: unknown;
}

export interface TurnEndedEvent {
  type: 'turnEnded';
  sessionId: string;
  seq: number;
}

export interface TurnStartedEvent {
  type: 'turnStarted';
  sessionId: string;
  seq: number;
}

/** A model was used beside the conversation, which costs as well (`cache_warm`: the provider's cache of it was kept from expiring, also while nothing runs; a `notice` tells of the first one and where it is switched off). */
export interface UsedBesideEvent {
  type: 'usedBeside';
  sessionId: string;
  seq: number;
  kind: string;
  usage: Usage;
  provider?: string;
  model?: string;
}

/** When the agent takes it up, with what was put behind the prompt. */
export interface UserMessageEvent {
  type: 'userMessage';
  sessionId: string;
  seq: number;
  text: string;
}

/** An extension of Pi shows some lines under a name of its own; without `lines` they are taken away. */
export interface WidgetChangedEvent {
  type: 'widgetChanged';
  sessionId: string;
  seq: number;
  key: string;
  lines?: string[];
  /** The editor is the place where prompts are written. */
  placement: 'aboveEditor' | 'belowEditor';
}

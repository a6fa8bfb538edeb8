// Made by scripts/protocol.mjs from the records in server/Protocol. Not to be edited.
import type { Attachment } from './context.ts';
import type { KnownProblem } from './editor.ts';
import type { Range, TextDocumentIdentifier } from './lsp.ts';
import type { NextStep } from './nextSteps.ts';

export interface AbortArgument {
  sessionId?: string;
  what?: AbortedThing;
}

/** When Pi is idle. */
export interface AbortResult {
  aborted: boolean;
  /** What had not been taken up: the user's again. */
  restored?: WaitingTexts;
}

export type AbortedThing = 'run' | 'retry' | 'bash';

export interface AskAboutArgument {
  textDocument: TextDocumentIdentifier;
  range: Range;
  prompt?: string;
  sessionId?: string;
}

export type AskAnswer = AskSettled | AskStarted;

export interface AskArgument {
  prompt: string;
  /** What the user looks at. */
  textDocument?: TextDocumentIdentifier;
  /** Gives the model the selected text from the live buffer. */
  range?: Range;
  attachments?: Attachment[];
  sessionId?: string;
  /** During a run: into it. */
  deliver?: AskDelivery;
  /** False: answered at once. */
  wait?: boolean;
  /** The conversation opens as a document when the run begins. */
  transcript?: boolean;
}

export type AskDelivery = 'start' | 'steer' | 'followUp';

/** When the run has settled. */
export interface AskSettled {
  sessionId: string;
  /** The last assistant message that has text. */
  text: string;
  /** Pi's own word, or ours. `stop`, `length`, `error`, `aborted`, `handled` or another. */
  stopReason: string;
  error?: string;
  /** Summed over the run's turns. */
  usage: Usage;
  edits: EditOutcome[];
  /** Left out where no run had begun. */
  runId?: string;
  /** The models that answered, where one of them is another than is set. */
  answeredBy?: string[];
  /** Where it failed: what the user can do about it. */
  next?: NextStep[];
  /** Of a slash command that the server carried out: which of its commands. */
  command?: string;
  /** What that command has answered. */
  result?: unknown;
}

/** At once with `wait: false`. */
export interface AskStarted {
  sessionId: string;
  runId: string;
}

/** At once. */
export interface AskedAction {
  sessionId: string;
  runId: string;
  /** Where the conversation can be read; left out for a client with a view of its own. */
  transcript?: string;
}

export interface BashArgument {
  command: string;
  /** The model does not read of it. */
  excludeFromContext?: boolean;
  sessionId?: string;
}

/** When the command has ended. */
export interface BashResult {
  sessionId: string;
  output: string;
  exitCode?: number;
  cancelled: boolean;
  truncated: boolean;
  /** All of the output, where it was truncated. */
  fullOutputPath?: string;
  /** Files of the workspace that the command changed, relative to its first folder where they are in it. */
  changed: string[];
  /** Files whose unsaved text the command could not see. */
  unsaved: string[];
}

export interface CompactArgument {
  instructions?: string;
  sessionId?: string;
}

export interface CompactResult {
  sessionId: string;
  tokensBefore?: number;
  tokensAfter?: number;
  summary: string;
  usage: Usage;
}

/** The range beginning in a comment. */
export interface DoCommentArgument {
  textDocument: TextDocumentIdentifier;
  range: Range;
  sessionId?: string;
}

export interface EditOutcome {
  uri: string;
  status: 'open' | 'stopped' | 'applied' | 'partial' | 'rejected' | 'withdrawn' | 'failed';
}

export interface FixDiagnosticsArgument {
  textDocument: TextDocumentIdentifier;
  diagnostics: KnownProblem[];
  sessionId?: string;
}

export interface ListCommandsResult {
  commands: SlashCommand[];
}

export interface SessionArgument {
  sessionId?: string;
}

export interface SetQueueArgument {
  steering?: string[];
  followUp?: string[];
  sessionId?: string;
}

export interface SetQueueResult {
  steering: string[];
  followUp: string[];
  /** What was in the queue before and is not any more. */
  removed: WaitingTexts;
}

export interface SlashCommand {
  name: string;
  description?: string;
  source: 'builtin' | 'extension' | 'prompt' | 'skill';
  /** What may follow the name. */
  hint?: string;
}

export interface Usage {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  totalTokens: number;
  /** US dollars. */
  cost: number;
}

export interface WaitingTexts {
  steering: string[];
  followUp: string[];
}

// Made by scripts/protocol.mjs from the records in server/Protocol. Not to be edited.
import type { Range } from './lsp.ts';

/** Without `editId` the oldest open one. */
export interface ApplyArgument {
  editId?: string;
  /** These; the others are left out for good, or go on waiting with `keepRest`. */
  hunkIds?: string[];
  /** The user's own version of the whole file. */
  newText?: string;
  /** The buffer version that the decision was made on. */
  version?: number;
  keepRest?: boolean;
  remarks?: EditRemark[];
  /** Every open edit as it is proposed. */
  all?: boolean;
}

export interface ApplyResult {
  applied: boolean;
  status?: 'open' | 'stopped' | 'applied' | 'partial' | 'rejected' | 'withdrawn' | 'failed';
  /** The hunks that are verifiably there. */
  landed: string[];
  reason?: string;
}

export interface ChangedFile {
  uri: string;
  created: boolean;
  diff: string;
}

export interface Edit {
  id: string;
  sessionId: string;
  uri: string;
  tool: string;
  toolCallId: string;
  status: 'open' | 'stopped' | 'applied' | 'partial' | 'rejected' | 'withdrawn' | 'failed';
  /** Of the buffer that the hunks and `newText` are relative to; null for a file that is not open. */
  version: number | null;
  hunks: Hunk[];
  /** The whole file as it would be. */
  newText: string;
  /** Unified. */
  diff: string;
  reason?: string;
  /** What the user is to know before deciding: why it is asked for in every mode, what saving will do to the file. */
  careful?: string;
  /** Set where it is asked for in every mode. */
  protected?: boolean;
  /** Of a decided one: what it has come to. */
  outcome?: LandedPart;
}

export interface EditRemark {
  /** Lines of the proposed text. */
  range: Range;
  text: string;
}

export type EditView = 'diff' | 'text' | 'landed';

export interface Hunk {
  id: string;
  /** Of an open edit: in the buffer as it is now. */
  range: Range;
  oldText: string;
  newText: string;
  /** What became of it, once decided; with `clashed` while open the user changed its lines. */
  fate?: 'landed' | 'changed' | 'rejected' | 'leftOut' | 'clashed' | 'notApplied';
}

export interface LandedFile {
  uri: string;
  created: boolean;
  /** Lines. */
  added: number;
  /** Lines. */
  removed: number;
}

export interface LandedPart {
  /** Lines that have really landed. */
  added: number;
  /** Lines that went with them. */
  removed: number;
  /** Hunks that have landed. */
  applied: number;
  /** Hunks that the user rejected or left out. */
  rejected: number;
  /** The user's own version stands. */
  changedByUser: boolean;
}

export interface ListEditsArgument {
  editIds?: string[];
}

/** All of them or these, whole, oldest first. */
export interface ListEditsResult {
  edits: Edit[];
}

export interface ListRunsResult {
  runs: Run[];
}

export interface RejectArgument {
  editId?: string;
  /** These alone; the rest stays open. */
  hunkIds?: string[];
  /** Reaches the model, as the remarks do. */
  reason?: string;
  remarks?: EditRemark[];
  all?: boolean;
}

export interface RejectResult {
  /** False, with the `reason`, where somebody had decided before. */
  rejected: boolean;
  reason?: string;
}

export interface RestoredFile {
  uri: string;
  status: 'restored' | 'deleted' | 'partial' | 'unchanged' | 'failed';
  reason?: string;
}

export interface Run {
  sessionId: string;
  runId: string;
  title: string;
  undone: boolean;
  files: ChangedFile[];
}

export interface ShowEditArgument {
  editId?: string;
  /** `landed`: the diff of what has really landed of a decided one. */
  as?: EditView;
}

export interface ShowEditResult {
  uri: string;
  /** False: the client does not open documents; open the URI by hand. */
  shown: boolean;
}

export interface ToldEdit {
  id: string;
  sessionId: string;
  uri: string;
  tool: string;
  toolCallId: string;
  status: 'open' | 'stopped' | 'applied' | 'partial' | 'rejected' | 'withdrawn' | 'failed';
  /** Of the buffer that the hunks and `newText` are relative to; null for a file that is not open. */
  version: number | null;
  reason?: string;
  hunks?: Hunk[];
  newText?: string;
  diff?: string;
  careful?: string;
  /** Set where it is asked for in every mode. */
  protected?: boolean;
  /** Of a decided one: what it has come to. */
  outcome?: LandedPart;
}

/** Without `runId` the latest that changed something. */
export interface UndoArgument {
  runId?: string;
  sessionId?: string;
  /** Nothing is changed; what would be, and what cannot be brought back (`failed`), is named. */
  dryRun?: boolean;
}

export interface UndoneRun {
  undone: boolean;
  runId?: string;
  files: RestoredFile[];
}

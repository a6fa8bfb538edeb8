/** Proposed edits, the decisions on them, and the questions about tools. */

export interface Position {
  line: number;
  character: number;
}

export interface Range {
  start: Position;
  end: Position;
}

export type EditStatus = 'open' | 'applied' | 'partial' | 'rejected' | 'withdrawn' | 'failed';

export type HunkFate = 'landed' | 'changed' | 'rejected' | 'leftOut' | 'clashed' | 'notApplied';

export interface Hunk {
  id: string;
  /** Of an open edit: in the buffer as it is now. */
  range: Range;
  oldText: string;
  newText: string;
  fate?: HunkFate;
}

export interface Edit {
  id: string;
  sessionId: string;
  uri: string;
  tool: string;
  toolCallId: string;
  status: EditStatus;
  /** Of the buffer that hunks and `newText` are relative to; null or left out for a file that is not open. */
  version?: number | null;
  hunks: Hunk[];
  /** The whole file as it would be. */
  newText: string;
  /** Unified. */
  diff: string;
  reason?: string;
  /** What the user is to know before deciding: why it is asked for in every mode, what saving will do to the file. */
  careful?: string;
}

/** An edit as `pi/edits` tells it: of a decided one without its texts, for which `pi.listEdits` is asked. */
export type ToldEdit = Omit<Edit, 'hunks' | 'newText' | 'diff'> & Partial<Pick<Edit, 'hunks' | 'newText' | 'diff'>>;

/** Notification `pi/edits`: all edits of one session. */
export interface EditsParams<E = Edit> {
  sessionId: string;
  edits: E[];
}

export interface Remark {
  /** Lines of the proposed text. */
  range: Range;
  text: string;
}

export interface ApplyArgument {
  editId?: string;
  hunkIds?: string[];
  newText?: string;
  version?: number;
  keepRest?: boolean;
  remarks?: Remark[];
  all?: boolean;
}

export interface ApplyResult {
  applied: boolean;
  status?: EditStatus;
  landed: string[];
  reason?: string;
}

export interface RejectArgument {
  editId?: string;
  hunkIds?: string[];
  reason?: string;
  remarks?: Remark[];
  all?: boolean;
}

/** Request `pi/confirm`: may this tool run? An answer without `allow` is a refusal. */
export interface ConfirmParams {
  sessionId: string;
  toolCallId: string;
  tool: string;
  /** Where the tool comes from: Pi itself or an extension. */
  source: string;
  /** What it is about to do: of a shell its exact command. */
  what: string;
  /** As much of it as a message shows: the whole, or both its ends. */
  brief?: string;
  /** False: only who was shown `what` may allow it. */
  isWhole?: boolean;
  /** Set where it is about reading a file: why that is asked, in words that follow "it"; `what` says it, too. */
  private?: string;
  input: unknown;
  /** Edits that wait and that the tool would not see. */
  stagedEdits: number;
}

export interface ConfirmResult {
  allow?: boolean;
  reason?: string;
  always?: boolean;
  landFirst?: boolean;
}

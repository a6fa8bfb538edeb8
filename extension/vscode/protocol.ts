/**
 * The wire between this client and the server, beyond LSP. Its other half is docs/protocol.md, and the records in
 * server/Server/WireResults.cs: a change there is a change here. Types only; the webview may import them too.
 */

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
}

export interface Remark {
  /** Lines of the proposed text. */
  range: Range;
  text: string;
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

export type PermissionMode = 'readOnly' | 'ask' | 'acceptEdits' | 'full';

/** Can a prompt be sent? Other states than these may be added. */
export interface Availability {
  state:
    | ('unknown' | 'checking' | 'starting' | 'ready')
    | ('notFound' | 'notPi' | 'tooOld' | 'nodeMissing' | 'nodeTooOld' | 'noCredentials' | 'gateRefused' | 'failed');
  /** What is wrong. */
  message?: string;
  /** What to do about it. */
  next?: string;
  /** Where Pi was looked for. */
  tried?: string[];
}

export interface Status {
  version: string;
  state: 'notStarted' | 'ready' | 'running' | 'failed';
  problem?: string;
  availability?: Availability;
  sessionId?: string;
  sessionFile?: string;
  gate?: { proven: boolean; piVersion?: string; heldTools: string[] };
  /** `provider/id`. */
  model?: string;
  thinking?: string;
  context?: { tokens?: number | null; window?: number | null; percent?: number | null };
  usage?: Usage;
  cost?: number;
  openEdits: number;
  permissionMode: PermissionMode;
  approval: string;
}

export interface Model {
  id: string;
  name: string;
  reasoning: boolean;
  contextWindow: number;
  input: string[];
  cost: { input: number; output: number };
}

export interface ModelGroup {
  provider: string;
  name: string;
  source?: string;
  models: Model[];
}

export interface Provider {
  id: string;
  name: string;
  /** How it can be set up. */
  kinds: ('apiKey' | 'oauth' | 'environment')[];
  configured: boolean;
  /** Where its credential comes from: `auth.json`, `oauth`, `environment`, `models.json`, `client` for one of ours, … */
  source?: string;
  label?: string;
  /** The environment variable that alone makes up its key. */
  variable?: string;
  models?: number;
  docs?: string;
  credits?: { remaining?: number; used: number };
}

export interface Credential {
  provider: string;
  configured: boolean;
  source?: string;
  models?: number;
  variable?: string;
}

/** Notification `pi/signIn`, during `pi.login`. */
export interface SignInParams {
  provider: string;
  kind: 'address' | 'code' | 'progress' | 'ended';
  url?: string;
  code?: string;
  message?: string;
}

export interface ModelChoice {
  provider?: string;
  model?: string;
  thinking?: string;
}

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

export interface Run {
  sessionId: string;
  runId: string;
  title: string;
  undone: boolean;
  files: { uri: string; created: boolean; diff: string }[];
}

export interface AskArgument {
  prompt: string;
  textDocument?: { uri: string };
  range?: Range;
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

export interface UndoResult {
  undone: boolean;
  runId: string;
  files: { uri: string; status: 'restored' | 'deleted' | 'partial' | 'unchanged' | 'failed'; reason?: string }[];
}

/** Every command of the server with its argument and its result. */
export interface Commands {
  'pi.ask': { argument: AskArgument & { wait?: true }; result: AskResult };
  'pi.abort': { argument: { sessionId?: string }; result: { aborted: boolean } };
  'pi.listEdits': { argument: undefined; result: { edits: Edit[] } };
  'pi.applyEdit': { argument: ApplyArgument; result: ApplyResult };
  'pi.rejectEdit': { argument: RejectArgument; result: { rejected: boolean; reason?: string } };
  'pi.showEdit': { argument: { editId?: string; as?: 'diff' | 'text' }; result: { uri: string; shown: boolean } };
  'pi.listRuns': { argument: undefined; result: { runs: Run[] } };
  'pi.undoRun': { argument: { runId?: string }; result: UndoResult };
  'pi.pickModel': { argument: { provider?: string; model?: string }; result: ModelChoice };
  'pi.listModels': { argument: undefined; result: { current?: string; groups: ModelGroup[] } };
  'pi.listProviders': { argument: { refresh?: boolean; credits?: boolean }; result: { providers: Provider[] } };
  'pi.setApiKey': { argument: { provider: string; key?: string; private?: boolean; variable?: string }; result: Credential };
  'pi.removeApiKey': { argument: { provider: string }; result: Credential };
  'pi.login': { argument: { provider: string; type?: 'oauth' | 'apiKey' }; result: Credential };
  'pi.logout': { argument: { provider: string }; result: Credential };
  'pi.setThinking': { argument: { level: string }; result: { thinking: string; levels: string[] } };
  'pi.setPermissionMode': { argument: { mode: PermissionMode }; result: { mode: PermissionMode } };
  'pi.status': { argument: undefined; result: Status };
  'pi.newSession': { argument: undefined; result: SessionReply };
  'pi.checkAvailability': { argument: { refresh?: boolean }; result: Availability };
  'pi.listSessions': { argument: undefined; result: { folder: string; sessions: StoredSession[] } };
  'pi.resumeSession': { argument: SessionChoice; result: SessionReply };
  'pi.switchSession': { argument: SessionChoice; result: SessionReply };
  'pi.renameSession': { argument: SessionChoice & { name: string }; result: { path: string; name: string } };
  'pi.deleteSession': { argument: SessionChoice; result: { path: string; movedTo: string } };
  'pi.restoreSession': { argument: { path: string }; result: { path: string } };
  'pi.listForkPoints': { argument: { sessionId?: string }; result: { sessionId: string; points: { entryId: string; text: string }[] } };
  'pi.forkSession': { argument: SessionChoice & { entryId: string }; result: SessionReply & { text?: string } };
  'pi.cloneSession': { argument: SessionChoice; result: SessionReply };
  'pi.exportSession': { argument: SessionChoice & { output?: string }; result: { path: string } };
  'pi.resumeCommand': { argument: SessionChoice & { shell?: 'sh' | 'cmd' | 'powershell' }; result: { command: string; arguments: string[]; path: string } };
}

export type CommandName = keyof Commands;

/** Notification `pi/edits`: all edits of one session. */
export interface EditsParams {
  sessionId: string;
  edits: Edit[];
}

interface EventBase {
  sessionId: string;
  /** From 1 in each session, without gaps. */
  seq: number;
}

/** Notification `pi/event`. Types that are not listed here are to be ignored. */
export type PiEvent = EventBase &
  (
    | { type: 'runStarted' | 'runSettled' | 'turnStarted' | 'turnEnded' }
    | { type: 'textDelta' | 'thinkingDelta'; text: string }
    | { type: 'messageCompleted'; text: string; stopReason: string; error?: string; usage: Usage; model?: string }
    | { type: 'toolStarted'; toolCallId: string; tool: string; title: string; input?: unknown }
    | { type: 'toolProgressed'; toolCallId: string; tool: string; text: string }
    | { type: 'toolEnded'; toolCallId: string; tool: string; text: string; isError: boolean }
    | { type: 'retryScheduled'; attempt: number; maxAttempts: number; delayMs: number; error: string }
    | { type: 'retryEnded'; success: boolean; attempt: number; error?: string }
    | { type: 'compactionStarted'; reason: string }
    | { type: 'compactionEnded'; reason: string; tokensBefore?: number; tokensAfter?: number; aborted: boolean; error?: string }
    | { type: 'queueChanged'; steering: string[]; followUp: string[] }
    | { type: 'thinkingLevelChanged'; level: string }
    | { type: 'sessionRenamed'; name?: string }
    | { type: 'notice'; level: 'info' | 'warning' | 'error'; text: string }
  );

/** Request `pi/confirm`: may this tool run? An answer without `allow` is a refusal. */
export interface ConfirmParams {
  sessionId: string;
  toolCallId: string;
  tool: string;
  /** Where the tool comes from: Pi itself or an extension. */
  source: string;
  /** What it is about to do: of a shell its exact command. */
  what: string;
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

/** Request `pi/pick`. */
export interface PickParams {
  title: string;
  items: PickItem[];
}

export interface PickItem {
  id: string;
  label: string;
  detail?: string;
  group?: string;
  /** To be shown before the others. */
  primary?: boolean;
}

export interface PickResult {
  id: string;
}

/** Request `pi/input`: a text from the user; null as result when there is none. */
export interface InputParams {
  title: string;
  placeholder?: string;
  value?: string;
  multiline?: boolean;
  secret?: boolean;
}

export interface InputResult {
  value: string;
}

export interface KnownDiagnostic {
  uri: string;
  range: Range;
  severity?: number;
  message: string;
  source?: string;
  code?: string | number;
}

export interface KnownLocation {
  uri: string;
  range: Range;
}

export interface KnownSymbol {
  name: string;
  /** LSP's number. */
  kind: number;
  uri: string;
  range: Range;
  container?: string;
}

/** Request `pi/save`: save these buffers. */
export interface SaveParams {
  uris: string[];
}

/** `capabilities.experimental.pi` of this client. */
export const CLIENT_CAPABILITIES = {
  proposals: true,
  events: true,
  pick: true,
  input: true,
  save: true,
  status: true,
  signIn: true,
  editor: true,
  /** Code actions to ask with are this client's own. */
  askActions: false,
  version: '0.1.0',
} as const;

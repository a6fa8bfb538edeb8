// Made by scripts/protocol.mjs from the records in server/Protocol. Not to be edited.

export interface DeleteSessionArgument {
  sessionId?: string;
  path?: string;
  permanently?: boolean;
}

export interface DeletedSession {
  path: string;
  /** Left out of one that is gone for good. */
  movedTo?: string;
}

/** `output` is absolute, without it Pi chooses a name in the workspace. */
export interface ExportSessionArgument {
  sessionId?: string;
  path?: string;
  output?: string;
}

/** An HTML file, made by Pi. */
export interface ExportedSession {
  path: string;
}

export interface ForkPoint {
  entryId: string;
  text: string;
}

export interface ForkSessionArgument {
  entryId: string;
  sessionId?: string;
  path?: string;
}

/** The user's messages, oldest first. */
export interface ListForkPointsResult {
  sessionId: string;
  points: ForkPoint[];
}

/** Newest first, of all workspace folders. */
export interface ListSessionsResult {
  /** Where those of the current session's folder are stored. */
  folder: string;
  sessions: StoredSession[];
}

export interface NewSessionArgument {
  /** The URI of the workspace folder to work in; without it the one where the current session works. */
  folder?: string;
}

export interface OpenedSession {
  sessionId: string;
  path?: string;
  name?: string;
  /** `provider/id`. */
  model?: string;
  thinking?: string;
  /** Of a fork: the message that it begins instead of, to be written anew. */
  text?: string;
  /** What the list calls it: its name, else its first words. */
  title?: string;
}

/** As `pi.deleteSession` gave it, either of the two. */
export interface PathArgument {
  path: string;
}

export interface RenameSessionArgument {
  name: string;
  sessionId?: string;
  path?: string;
}

export interface RenamedSession {
  path: string;
  name: string;
}

export interface ResumeCommandArgument {
  sessionId?: string;
  path?: string;
  shell?: Shell;
}

/** The line for a terminal, `pi --session <path>`, quoted where that shell needs it. */
export interface ResumeLine {
  command: string;
  arguments: string[];
  path: string;
}

export interface SessionChoice {
  sessionId?: string;
  path?: string;
}

export interface SessionPath {
  path: string;
}

export type Shell = 'sh' | 'cmd' | 'powershell';

export interface StoredSession {
  path: string;
  /** Of one that is open here. */
  sessionId?: string;
  state: 'stored' | 'sleeping' | 'idle' | 'running' | 'waiting';
  current: boolean;
  /** The name that somebody gave it. */
  title?: string;
  /** The beginning of the user's first message that was answered; of a fork of its own first one. */
  firstWords?: string;
  /** ISO 8601, UTC. */
  modified?: string;
  size: number;
  messages: number;
  /** The one that answered last. */
  model?: string;
  totalTokens: number;
  cost: number;
  /** The session that it is a fork or a clone of. */
  parent?: string;
  /** What that one is called, where it is in the list. */
  forkedFrom?: string;
  /** The URI of the workspace folder that it works in, where there are several. */
  workspaceFolder?: string;
  /** Its first message is under way, and nobody knows yet what to call it. */
  loading?: boolean;
}

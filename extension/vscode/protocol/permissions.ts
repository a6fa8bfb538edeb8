// Made by scripts/protocol.mjs from the records in server/Protocol. Not to be edited.

/** Exactly one of the first four. */
export interface AllowArgument {
  /** By its name. */
  tool?: string;
  /** A glob of files that may be edited. */
  pathPattern?: string;
  /** By its exact words. */
  shellCommand?: string;
  /** One file that may be read. */
  readPath?: string;
  sessionId?: string;
}

export interface Allowance {
  id: string;
  tool?: string;
  pathPattern?: string;
  shellCommand?: string;
  readPath?: string;
}

export interface AllowancesResult {
  allowances: Allowance[];
}

export type Mode = 'readOnly' | 'ask' | 'acceptEdits' | 'full';

/** For this session. */
export interface ModeResult {
  mode: Mode;
}

/** `id` or `all`. */
export interface RevokeArgument {
  id?: string;
  all?: boolean;
  sessionId?: string;
}

export interface SetModeArgument {
  mode: Mode;
  sessionId?: string;
}

// Made by scripts/protocol.mjs from the records in server/Protocol. Not to be edited.
import type { NextStep } from './nextSteps.ts';
import type { Mode } from './permissions.ts';
import type { Usage } from './runs.ts';

/** The `availability` of `pi.status`; may start Pi without a stored session and without the user's MCP servers (Pi 1.0.4 and later), and ends it again. */
export interface Availability {
  /** Whether a prompt can be sent, or what stops one. Others may be added. */
  state:
    | 'unknown'
    | 'checking'
    | 'starting'
    | 'ready'
    | 'notFound'
    | 'notPi'
    | 'tooOld'
    | 'nodeMissing'
    | 'nodeTooOld'
    | 'noCredentials'
    | 'configBroken'
    | 'modelsKeptOut'
    | 'gateRefused'
    | 'failed';
  /** What is wrong; left out when nothing is. */
  message?: string;
  /** What the user can do about it, in a sentence. */
  advice?: string;
  /** The same as data. */
  next?: NextStep[];
  /** Where Pi was looked for. */
  tried?: string[];
}

export interface CheckAvailabilityArgument {
  /** A fresh look is wanted. */
  refresh?: boolean;
}

export interface ContextUse {
  tokens?: number;
  window?: number;
  percent?: number;
}

export interface Gate {
  proven: boolean;
  piVersion?: string;
  /** The tools in force. */
  heldTools: string[];
}

export interface Status {
  /** The server's. */
  version: string;
  state: 'notStarted' | 'ready' | 'running' | 'failed';
  /** With `failed`: why, and what to do. */
  problem?: string;
  /** Whether a prompt could be sent, by what is known. */
  availability: Availability;
  sessionId?: string;
  sessionFile?: string;
  sessionName?: string;
  gate?: Gate;
  /** `provider/id`. */
  model?: string;
  /** Where the last answer came from, where that is another model than the one that is set. */
  answeredBy?: string;
  thinking?: string;
  context?: ContextUse;
  usage?: Usage;
  /** Of the whole session, summaries included. */
  cost?: number;
  /** US dollars of `cost` that went into keeping the model's cache warm while this server looked on. */
  cacheWarmingCost?: number;
  /** The URI of the workspace folder that the session works in, or would. */
  folder: string;
  /** The URIs of those that one can be chosen from; left out where there is one. */
  folders?: string[];
  /** The workspace is not trusted: what that means stands with the setting `workspaceTrusted`. */
  restricted?: boolean;
  /** In all sessions. */
  openEdits: number;
  /** Questions of this session that the user has put aside. */
  putAside?: number;
  permissionMode: Mode;
  /** How edits reach the user here; `none` means that they are refused. */
  approval: 'none' | 'commands' | 'message' | 'preview';
}

/** How the server and Pi are. */
import type { Usage } from './runs.ts';

export type PermissionMode = 'readOnly' | 'ask' | 'acceptEdits' | 'full';

/** Can a prompt be sent? Other states than these may be added. */
export interface Availability {
  state:
    | ('unknown' | 'checking' | 'starting' | 'ready')
    | ('notFound' | 'notPi' | 'tooOld' | 'nodeMissing' | 'nodeTooOld' | 'noCredentials' | 'configBroken' | 'modelsKeptOut' | 'gateRefused' | 'failed');
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
  /** The model of the last answer, where a virtual one is set. */
  answeredBy?: string;
  thinking?: string;
  context?: { tokens?: number | null; window?: number | null; percent?: number | null };
  usage?: Usage;
  cost?: number;
  /** US dollars of `cost` that went into keeping the cache of the model warm. */
  cacheWarmingCost?: number;
  openEdits: number;
  permissionMode: PermissionMode;
  approval: string;
}

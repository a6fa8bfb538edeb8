/** Models and the providers they come from. */

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

export interface ModelChoice {
  provider?: string;
  model?: string;
  thinking?: string;
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

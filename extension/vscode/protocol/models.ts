// Made by scripts/protocol.mjs from the records in server/Protocol. Not to be edited.

export interface HiddenModels {
  provider: string;
  /** How many. */
  models: number;
  reason: string;
}

export interface ListModelsArgument {
  /** Credentials and models.json are read again. */
  refresh?: boolean;
  sessionId?: string;
}

export interface ListModelsResult {
  /** `provider/id`. */
  current?: string;
  groups: ModelGroup[];
  /** What the policy keeps out; left out where it keeps nothing out. */
  hidden?: HiddenModels[];
}

export interface Model {
  id: string;
  name: string;
  reasoning: boolean;
  contextWindow: number;
  input: string[];
  /** US dollars for a million tokens. */
  cost: ModelCost;
  /** One of the few to show first. */
  primary: boolean;
}

export interface ModelChoice {
  model?: string;
  provider?: string;
  thinking: string;
  /** The level that was in force before and that the new model does not have. */
  clamped?: string;
}

export interface ModelCost {
  input: number;
  output: number;
}

export interface ModelGroup {
  provider: string;
  name: string;
  /** Of the credential: `auth.json`, `oauth`, `environment`, `models.json`, …. */
  source?: string;
  models: Model[];
}

/** Without a model the user is asked. */
export interface PickModelArgument {
  provider?: string;
  model?: string;
  refresh?: boolean;
  sessionId?: string;
}

/** Without a level the user is asked. */
export interface SetThinkingArgument {
  level?: string;
  sessionId?: string;
}

export interface Thinking {
  thinking: string;
  /** Of the model in force. */
  levels: string[];
}

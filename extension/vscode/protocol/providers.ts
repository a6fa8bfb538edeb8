// Made by scripts/protocol.mjs from the records in server/Protocol. Not to be edited.

export interface Credential {
  provider: string;
  configured: boolean;
  source?: string;
  /** Left out where nothing runs that could count them. */
  models?: number;
  /** Of a key that the client keeps: to be handed over with it next time. */
  variable?: string;
}

export interface Credits {
  /** Left out without a limit. */
  remaining?: number;
  /** US dollars, as the other. */
  used: number;
}

export interface ListProvidersArgument {
  refresh?: boolean;
  credits?: boolean;
  sessionId?: string;
}

export interface ListProvidersResult {
  providers: Provider[];
}

export interface LoginArgument {
  provider: string;
  type?: LoginType;
  /** Given in place of the user's, in order. */
  answers?: string[];
  sessionId?: string;
}

export type LoginType = 'oauth' | 'apiKey';

export interface Provider {
  id: string;
  name: string;
  /** How it can be set up. */
  kinds: ('apiKey' | 'oauth' | 'environment')[];
  configured: boolean;
  /** Where its credential comes from: `auth.json`, `oauth`, `environment`, `models.json`, `client` for one that the client keeps, …. */
  source?: string;
  /** More about the source, such as a variable's name. No secret. */
  label?: string;
  /** The environment variable that alone makes up its key. */
  variable?: string;
  models: number;
  /** For a provider that is set up in the environment only: where Pi says how. */
  docs?: string;
  /** Its credential can be taken away here: what the environment or a file of the user's gives cannot. */
  removable: boolean;
  credits?: Credits;
}

export interface ProviderArgument {
  provider: string;
  sessionId?: string;
}

/** Without a key the user is asked. */
export interface SetApiKeyArgument {
  provider: string;
  key?: string;
  /** The client keeps it. */
  private?: boolean;
  /** Of a key that the client keeps. */
  variable?: string;
  sessionId?: string;
}

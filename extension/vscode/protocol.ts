/**
 * The wire between this client and the server, beyond LSP: the types that scripts/protocol.mjs makes of the server's records
 * (server/Protocol), and what this client says of itself. Types only, but for that; the webview may import them too.
 */
import type { Edit } from './protocol/edits.ts';
import type { Provider } from './protocol/providers.ts';

export type * from './protocol/context.ts';
export type * from './protocol/editor.ts';
export type * from './protocol/edits.ts';
export type * from './protocol/events.ts';
export type * from './protocol/lsp.ts';
export type * from './protocol/models.ts';
export type * from './protocol/names.ts';
export type * from './protocol/nextSteps.ts';
export type * from './protocol/permissions.ts';
export type * from './protocol/providers.ts';
export type * from './protocol/questions.ts';
export type * from './protocol/runs.ts';
export type * from './protocol/sessions.ts';
export type * from './protocol/status.ts';
export type * from './protocol/transcripts.ts';

export type EditStatus = Edit['status'];

/** How a provider can be set up. */
export type ProviderKind = Provider['kinds'][number];

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
  /** Code actions to ask with are this client's own, and so is what marks a change that waits. */
  askActions: false,
  reviewMarks: false,
  version: '0.1.0',
} as const;

import type { Mode } from '../protocol.ts';

/** The permission modes, in words. */
export const MODES: Record<Mode, { label: string; detail: string }> = {
  readOnly: { label: 'Read only', detail: 'Pi looks, and changes and runs nothing' },
  ask: { label: 'Ask', detail: 'Every edit and every tool waits for you' },
  acceptEdits: { label: 'Accept edits', detail: 'Edits are applied at once, other tools wait for you; protected files too' },
  full: { label: 'Full', detail: 'Edits are applied and tools run at once; only protected files wait for you' },
};

/** From the most careful on. */
export const MODE_NAMES: readonly Mode[] = ['readOnly', 'ask', 'acceptEdits', 'full'];

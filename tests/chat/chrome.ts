import type { Chrome } from '../../extension/vscode/chat/messages/chrome.ts';

/** What stands around the conversation when all is well. */
export const chrome = (more: Partial<Chrome> = {}): Chrome => ({
  server: 'running',
  problem: null,
  model: 'local/scripted-1',
  thinking: 'medium',
  mode: 'ask',
  restricted: false,
  folder: null,
  context: { percent: 12, tokens: 24_000, window: 200_000 },
  usage: null,
  last: null,
  chips: [],
  setup: null,
  colors: {},
  putAside: 0,
  ...more,
});

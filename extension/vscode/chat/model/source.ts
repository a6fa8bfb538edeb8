// Where a message comes from.
import type { Answered } from './conversation.ts';

export interface Source {
  provider?: string;
  model?: string;
  /** Named where another model has answered. */
  selectedModel?: string;
}

/** What is to be said of a message that came from another model than the selected one. */
export const answered = ({ provider, model, selectedModel }: Source): { answered?: Answered } =>
  provider && model && selectedModel ? { answered: { by: `${provider}/${model}`, instead: selectedModel } } : {};

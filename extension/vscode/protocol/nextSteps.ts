// Made by scripts/protocol.mjs from the records in server/Protocol. Not to be edited.

export interface NextStep {
  /** `signIn`, `apiKey`, `installPi`, `installNode`, `pickModel`, `retry`, `compact`, `trust`, `settings` or another. */
  kind: string;
  /** The provider that it is about. */
  provider?: string;
  /** A line for the user's terminal that does it. */
  command?: string;
}

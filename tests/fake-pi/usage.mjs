/** What a message of the fake Pi has cost. */
export const plainUsage = {
  input: 100,
  output: 20,
  cacheRead: 40,
  cacheWrite: 8,
  reasoning: 0,
  totalTokens: 168,
  cost: { input: 0.0001, output: 0.00004, cacheRead: 0.00001, cacheWrite: 0.000012, total: 0.000162 },
};
export const noUsage = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  totalTokens: 0,
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
};

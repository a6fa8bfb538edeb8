/** In which order files are offered. Pure. */

/** Keys, credentials and what holds them: offered last, and only found by those who look for them. */
const SECRET = /(^|\/)(\.env(\..*)?|\.netrc|\.npmrc|\.pypirc|id_(rsa|dsa|ecdsa|ed25519)|[^/]*\.(pem|key|p12|pfx|kdbx)|credentials(\.[^/]*)?|auth\.json)$/i;
const isHidden = (path: string) => /(^|\/)\.[^/]/.test(path);

/** What somebody is likely not to mean comes behind: files whose names begin with a dot, and behind them secrets. */
export const reluctance = (path: string): number => (SECRET.test(path) ? 2 : isHidden(path) ? 1 : 0);

/** The same order but for what is likely not meant; whoever types its name means it. */
export function secretsLast<T>(items: readonly T[], pathOf: (item: T) => string, query: string): T[] {
  if (/^\.|\/\./.test(query)) return [...items];
  return items.toSorted((a, b) => reluctance(pathOf(a)) - reluctance(pathOf(b)));
}

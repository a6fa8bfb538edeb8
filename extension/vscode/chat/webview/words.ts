// Numbers and paths, made readable.

const plain = new Intl.NumberFormat('en');

export const many = (n: number, one: string, more = `${one}s`): string => `${plain.format(n)} ${n === 1 ? one : more}`;

/** 950, 12.3k, 1.2M. */
export function tokens(n: number): string {
  if (n < 1_000) return String(Math.round(n));
  const [value, unit] = n < 999_950 ? [n / 1_000, 'k'] : [n / 1_000_000, 'M'];
  return `${value < 100 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)}${unit}`;
}

/** 1.2 s, 75 s. */
export const seconds = (ms: number): string => `${ms < 10_000 ? (ms / 1000).toFixed(1) : Math.round(ms / 1000)} s`;

/** US dollars: what is less than a tenth of a cent is said to be so. */
export function dollars(cost: number): string {
  if (cost === 0) return '$0';
  if (cost < 0.001) return '<$0.001';
  return `$${cost < 1 ? cost.toFixed(3) : cost.toFixed(2)}`;
}

/** `src/a.ts`, `a.ts:12`, `a.ts:12:5`, `a.ts:12-20`: what may be a file of the workspace. Whether it is, the host says. */
export function pathIn(code: string): { path: string; line?: number } | null {
  const match = /^(?:\.\/)?((?:[\w@+~.-]+[\\/])*[\w@+~.-]*\.?[\w-]+)(?::(\d{1,7})(?:[:-]\d{1,7})?)?$/.exec(code.trim());
  if (!match || code.length > 400 || !/[./\\]/.test(match[1]) || /^[\d.]+$/.test(match[1])) return null;
  return { path: match[1], ...(match[2] ? { line: Number(match[2]) } : {}) };
}

/** `src/chat/view.ts` -> `view.ts`. */
export const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/** A `file:` address as a path to read. */
export function pathOf(uri: string): string {
  try {
    return decodeURIComponent(uri.replace(/^file:\/\//, ''));
  } catch {
    return uri;
  }
}

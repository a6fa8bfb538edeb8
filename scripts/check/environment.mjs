// @ts-check
// Every variable of the environment that the project reads or sets is told in docs/environment.md, and nothing else is.
import { ownFiles, textOf } from './files.mjs';

const PLACE = 'docs/environment.md';
const names = (/** @type {string} */ text) => [...text.matchAll(/\bPILSP_[A-Z0-9]+(?:_[A-Z0-9]+)*\b/g)].map(([name]) => name);

/** @param {Record<string, string>} sources by path @param {string} told @returns {string[]} */
export function compared(sources, told) {
  /** @type {Map<string, string>} */
  const used = new Map();
  for (const [path, text] of Object.entries(sources)) for (const name of names(text)) if (!used.has(name)) used.set(name, path);
  // In a table's first column: one named in passing is not yet told.
  const documented = new Set([...told.matchAll(/^\| `(PILSP_\w+)` \|/gm)].map(([, name]) => name));
  return [
    ...[...used].filter(([name]) => !documented.has(name)).map(([name, path]) => `${name} (${path}) is not told in ${PLACE}`),
    ...[...documented].filter((name) => !used.has(name)).map((name) => `${PLACE} tells of ${name}, which nothing reads`),
  ];
}

export function problems() {
  const paths = ownFiles().filter((path) => /\.(cs|ts|mjs|lua|sh|json|props|csproj)$|^\.ci\/run$/.test(path) && !/^tests\/sources\//.test(path));
  return compared(Object.fromEntries(paths.map((path) => [path, textOf(path)])), textOf(PLACE));
}

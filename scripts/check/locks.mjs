// @ts-check
// Each package that a lock names has its hash, and none says from where it was once fetched: that is the machine's own matter.
import { ownFiles, textOf } from './files.mjs';

/** @param {string} path @param {string} text @returns {string[]} */
export function incomplete(path, text) {
  const packages = Object.entries(JSON.parse(text).packages).filter(([name]) => name !== '');
  // npm leaves the hash out of what it did not install, such as another system's programs.
  const asked = (name, { version }) => `npm view ${name.replace(/.*node_modules\//, '')}@${version} dist.integrity`;
  return packages.flatMap(([name, one]) => [
    ...(one.integrity ? [] : [`${path}: ${name} has no hash; "${asked(name, one)}" tells it`]),
    ...(one.resolved ? [`${path}: ${name} names where it was fetched from`] : []),
  ]);
}

export const problems = () =>
  ownFiles()
    .filter((path) => /(^|\/)package-lock\.json$/.test(path))
    .flatMap((path) => incomplete(path, textOf(path)));

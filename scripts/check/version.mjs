// @ts-check
// The version stands in package.json. The server's is read from there by the compiler (Directory.Build.props), the VS Code
// extension's when it runs; what cannot read it is written along by `npm run release` and compared here.
import { textOf } from './files.mjs';

/**
 * Where it stands besides; the first group is the version.
 * @type {[path: string, place: RegExp][]}
 */
export const copies = [
  ['package-lock.json', /^\{\n {2}"name": "pilsp",\n {2}"version": "([^"]+)"/],
  ['package-lock.json', /^ {4}"": \{\n {6}"name": "pilsp",\n {6}"version": "([^"]+)"/m],
  ['extension/nvim/lua/pi/server/program.lua', /^M\.version = '([^']+)'$/m],
  ['docs/protocol.md', /`version`, its own version \(`"([^"]+)"`\)/],
];

/** @returns {string} */
export const version = () => JSON.parse(textOf('package.json')).version;

/** @param {string} text @param {RegExp} place @param {string} to */
export function withVersion(text, place, to) {
  const found = text.match(place);
  if (!found || found.index === undefined) return null;
  const at = found.index + found[0].lastIndexOf(found[1]);
  return text.slice(0, at) + to + text.slice(at + found[1].length);
}

export function problems() {
  const said = version();
  return copies.flatMap(([path, place]) => {
    const found = textOf(path).match(place);
    if (!found) return [`${path}: the version was not found at ${place}`];
    return found[1] === said ? [] : [`${path} says ${found[1]}, package.json ${said}`];
  });
}

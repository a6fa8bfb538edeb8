// @ts-check
// What people read keeps to docs/words.md: the words of its last column that are set as code are not used.
import { ownFiles, textOf } from './files.mjs';

const PAGE = 'docs/words.md';
const prose = /^(README|CONTRIBUTING|SECURITY)\.md$|^(docs|extension)\/.*\.(md|txt)$|^package\.json$/;
const code = /^(server|extension)\/.*\.(cs|ts|lua)$/;
// Decisions and the changelog tell what was.
const past = /^docs\/decisions\/|^CHANGELOG\.md$/;

/** @param {string} page @returns {string[]} */
export const avoided = (page) =>
  page.split('\n').flatMap((line) => {
    const last = line.startsWith('|') ? (line.split('|').at(-2) ?? '') : line.startsWith('What stops a prompt') ? line : '';
    return [...last.matchAll(/`([a-z ]+)`/g)].map(([, words]) => words);
  });

/** What of a line people may read: of code the texts in it, and no comment. @param {string} path @param {string} line */
function read(path, line) {
  if (!code.test(path)) return line;
  const bare = line.replace(/^\s*(\/\/|--|\*|\/\*).*$/, '').replace(/\s(\/\/|--)\s.*$/, '');
  return [...bare.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`?|^[^`'"]*`/g)].map(([text]) => text).join(' ');
}

/** @param {string[]} words @param {string} path @param {string} text @returns {string[]} */
export function used(words, path, text) {
  const any = new RegExp(`\\b(${words.join('|')})\\b`, 'i');
  return text.split('\n').flatMap((line, at) => {
    const found = any.exec(read(path, line));
    return found ? [`${path}:${at + 1} says "${found[1]}"; ${PAGE} has the word for it`] : [];
  });
}

export function problems() {
  const words = avoided(textOf(PAGE));
  return ownFiles()
    .filter((path) => (prose.test(path) || code.test(path)) && !past.test(path) && path !== PAGE)
    .flatMap((path) => used(words, path, textOf(path)));
}

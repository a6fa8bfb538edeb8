// @ts-check
// What a text of the project links to is there: files, and headings in them.
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { root } from '../run.mjs';
import { ownFiles, textOf } from './files.mjs';

/** A heading as a link names it. @param {string} heading */
const anchor = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

/** @param {string} text @returns {Set<string>} */
export const anchorsOf = (text) => new Set([...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'))));

/** @param {string} path @param {string} text @param {(path: string) => string | null} read null: there is no such file @returns {string[]} */
export function dead(path, text, read) {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].flatMap(([, target]) => {
    // Of the web, and commands of VS Code; issue forms link into the repository's pages.
    if (/^[a-z][a-z+.-]*:/.test(target)) return [];
    const [file, heading] = target.split('#');
    const place = file === '' ? path : posix.join(path, '..', file);
    const found = read(place);
    if (found === null) return [`${path} links to ${target}, which there is not`];
    return heading === undefined || !place.endsWith('.md') || anchorsOf(found).has(heading)
      ? []
      : [`${path} links to ${target}, where there is no such heading`];
  });
}

export function problems() {
  const read = (/** @type {string} */ path) => (!existsSync(join(root, path)) ? null : path.endsWith('.md') ? textOf(path) : '');
  return ownFiles()
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) => dead(path, textOf(path), read));
}

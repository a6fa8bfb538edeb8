// @ts-check
// The project's own files: what git knows, or would take.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, root } from '../run.mjs';

/** @param {string} [under] a folder @returns {string[]} paths from the root, sorted, with `/` */
export function ownFiles(under = '') {
  const listed = capture('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z', ...(under ? ['--', under] : [])]);
  // A file that was deleted and not yet committed is still listed.
  return [...new Set(listed.split('\0'))].filter((path) => path !== '' && existsSync(join(root, path))).sort();
}

/** @param {string} path from the root */
export const textOf = (path) => readFileSync(join(root, path), 'utf8');

// @ts-check
// `npm run release -- 0.2.0`: says what a release of that version would do. With `--go` it is done: version, changelog, checks and
// all suites, packages with their sums and notes, a commit and a tag. Nothing is sent anywhere: CONTRIBUTING.md says what comes then.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copies, version as present, withVersion } from './check/version.mjs';
import { released, section } from './release/changelog.mjs';
import { capture, root, run } from './run.mjs';

const MANIFEST = /^ {2}"version": "([^"]+)"/m;

/** @param {string} text @returns {number[] | null} */
const numbers = (text) =>
  text
    .match(/^(\d+)\.(\d+)\.(\d+)$/)
    ?.slice(1)
    .map(Number) ?? null;

/** @param {string} wanted @param {string} last @returns {string | null} why that cannot be the next version */
export function refused(wanted, last) {
  const [next, before] = [numbers(wanted), numbers(last)];
  if (!next || !before) return `"${wanted}" is no version; give three numbers, such as ${last}`;
  const at = next.findIndex((number, place) => number !== before[place]);
  return at >= 0 && next[at] > before[at] ? null : `${wanted} is not newer than ${last}`;
}

/**
 * The files that a release changes, with their new texts.
 * @param {string} version @param {string} date @param {(path: string) => string} read
 * @returns {Map<string, string>}
 */
export function changes(version, date, read) {
  /** @type {Map<string, string>} */
  const texts = new Map();
  for (const [path, place] of [/** @type {[string, RegExp]} */ (['package.json', MANIFEST]), ...copies]) {
    const changed = withVersion(texts.get(path) ?? read(path), place, version);
    if (changed === null) throw new Error(`${path}: the version was not found at ${place}`);
    texts.set(path, changed);
  }
  texts.set('CHANGELOG.md', released(read('CHANGELOG.md'), version, date));
  return texts;
}

/** @param {string} version @param {boolean} go @param {string} date */
async function release(version, go, date) {
  const why = refused(version, present());
  if (why) throw new Error(why);
  const texts = changes(version, date, (path) => readFileSync(join(root, path), 'utf8'));
  const notes = section(/** @type {string} */ (texts.get('CHANGELOG.md')), version);
  if (!go) {
    console.log(`${present()} → ${version}, in ${[...texts.keys()].join(', ')}\n\n${notes}\n`);
    console.log('Nothing was changed. With --go: npm run check, npm run package, a commit and the tag.');
    return;
  }
  if (capture('git', ['status', '--porcelain']).trim() !== '') throw new Error('There are changes that are not committed.');
  if (capture('git', ['tag', '--list', `v${version}`]).trim() !== '') throw new Error(`There is a tag v${version} already.`);
  for (const [path, text] of texts) writeFileSync(join(root, path), text);
  // With CI a suite that cannot run here has failed. From here on a failure leaves the new texts for a look; "git checkout ." takes them back.
  run(process.execPath, [join(root, 'scripts', 'check.mjs')], { env: { ...process.env, CI: '1' } });
  const { pack } = await import('./package.mjs');
  const made = pack();
  const sum = (/** @type {string} */ file) => createHash('sha256').update(readFileSync(file)).digest('hex');
  const folder = join(root, 'dist', 'packages');
  writeFileSync(join(folder, 'SHA256SUMS'), made.map((file) => `${sum(file)}  ${basename(file)}\n`).join(''));
  writeFileSync(join(folder, 'NOTES.md'), `${notes}\n`);
  run('git', ['commit', '--quiet', '-m', `Release ${version}`, '--', ...texts.keys()]);
  run('git', ['tag', '--annotate', '-m', `PiLsp ${version}`, `v${version}`]);
  console.log(`Version ${version} is committed and tagged; its packages, SHA256SUMS and NOTES.md lie in ${folder}.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const given = process.argv.slice(2).filter((one) => one !== '--');
  const [version] = given.filter((one) => !one.startsWith('--'));
  try {
    if (!version) throw new Error(`Which version? npm run release -- ${present().replace(/\d+$/, (last) => String(Number(last) + 1))} [--go]`);
    await release(version, given.includes('--go'), new Date().toISOString().slice(0, 10));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

/** Where the tests find the real Pi and a Node that can run it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = new URL('../../node_modules/', import.meta.url);

/** Pi's cli.js; PILSP_TEST_PI wins over the one that `npm ci` installs. */
export function piCli() {
  return find('PILSP_TEST_PI', 'Pi', ['@earendil-works/pi-coding-agent/dist/cli.js']);
}

/** A Node of at least 22.19; PILSP_TEST_NODE wins over the one that `npm ci` installs. */
export function piNode() {
  return find('PILSP_TEST_NODE', 'Node 22', ['node/bin/node', 'node/bin/node.exe']);
}

/** The version of that Pi, as its package says. */
export const piVersion = () => JSON.parse(readFileSync(join(dirname(piCli()), '../package.json'), 'utf8')).version;

/** Options of a test for what Pi has since this version; with an older one it is skipped, and says so. @param {string} version */
export function sincePi(version) {
  const numbers = (text) => text.split('.').map(Number);
  const [mine, first] = [numbers(piVersion()), numbers(version)];
  const at = first.findIndex((one, index) => one !== mine[index]);
  return { skip: at >= 0 && mine[at] < first[at] ? `Pi ${piVersion()} does not have this, ${version} does` : false };
}

// A missing Pi fails the test that wants it: a skipped suite would look like a passed one.
function find(variable, what, places) {
  const given = process.env[variable];
  if (given) {
    if (existsSync(given)) return given;
    throw new Error(`${variable} names ${given}, which is not there.`);
  }
  for (const place of places) {
    const path = fileURLToPath(new URL(place, modules));
    if (existsSync(path)) return path;
  }
  throw new Error(`${what} is not installed: run \`npm ci\` in the root of the repository, or set ${variable}.`);
}

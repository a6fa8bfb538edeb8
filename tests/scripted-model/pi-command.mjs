/** Where the tests find the real Pi and a Node that can run it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = new URL('../../node_modules/', import.meta.url);

/** Pi's cli.js; PILSP_TEST_PI wins over the one that `npm ci` installs. */
export function piCli() {
  return find('PILSP_TEST_PI', 'Pi', ['@earendil-works/pi-coding-agent/dist/cli.js']);
}

/** The version of that Pi, as its package says. @param {string} [cli] */
export function piVersion(cli = piCli()) {
  for (let folder = dirname(cli); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    const { name, version } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
    if (name === '@earendil-works/pi-coding-agent') return String(version);
  }
  throw new Error(`${cli} lies in no package of Pi.`);
}

/** Since 1.x Pi says what became of a prompt, and whether a run was aborted. */
export const isNewerPi = () => Number.parseInt(piVersion(), 10) >= 1;

/** A Node of at least 22.19; PILSP_TEST_NODE wins over the one that `npm ci` installs. */
export function piNode() {
  return find('PILSP_TEST_NODE', 'Node 22', ['node/bin/node', 'node/bin/node.exe']);
}

/** Options of a test for what Pi has since this version; with an older one it is skipped, and says so. @param {string} version */
export function sincePi(version) {
  const numbers = (text) => text.split('.').map(Number);
  const [mine, first] = [numbers(piVersion()), numbers(version)];
  const at = first.findIndex((one, index) => one !== mine[index]);
  return { skip: at >= 0 && mine[at] < first[at] ? `Pi ${piVersion()} does not have this, ${version} does` : false };
}

/** How this Pi signs in from a terminal, in the server's words. @param {string} [provider] */
export const terminalSignIn = (provider = '<provider>') =>
  sincePi('1.5.1').skip
    ? `run \`pi\` in a terminal and use /login${provider === '<provider>' ? '' : ` ${provider}`}`
    : `run \`pi auth login ${provider}\` in a terminal`;

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

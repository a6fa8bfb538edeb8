// @ts-check
// What a fresh clone needs before a demo, a test or a bench: the packages of package-lock.json and the built server.
// Both are made again only when what they are made from has changed; nothing of it shows up in `git status`.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, serverPath, stale } from './build.mjs';
import { capture, root, run } from './run.mjs';

const NODE = [20, 10];
const DOTNET = 10;
const modules = join(root, 'node_modules');
const stamp = join(modules, '.pilsp-setup');

/** `built`: with the server and the bundles; what tests only sources needs neither. @returns {string} the path of the built server */
export function setup({ say = (/** @type {string} */ text) => console.error(text), built = true } = {}) {
  requireNode();
  if (!installed()) {
    say('Installing the packages of package-lock.json (npm ci) …');
    npm(['ci', '--no-fund', '--no-audit', '--loglevel=error']);
    writeFileSync(stamp, lockHash());
  }
  if (!built) return serverPath();
  const server = !existsSync(serverPath()) || stale('server');
  if (server) {
    requireDotnet();
    say('Building the server (dist/server) …');
  }
  try {
    if (server || stale('extension')) build({ all: false, say });
  } catch (error) {
    stop(error.message);
  }
  return serverPath();
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE[0] || (major === NODE[0] && minor >= NODE[1])) return;
  stop(`Node ${NODE.join('.')} or newer is needed; this is ${process.versions.node}. See https://nodejs.org`);
}

export function requireDotnet() {
  const listed = spawnSync('dotnet', ['--list-sdks'], { encoding: 'utf8' });
  if (listed.error) stop(`The .NET SDK ${DOTNET} is needed to build the server, and \`dotnet\` is not on the PATH. See https://dot.net/download`);
  const found = [...listed.stdout.matchAll(/^(\d+)\.\S+/gm)];
  if (found.some(([, major]) => Number(major) >= DOTNET)) return;
  stop(
    `The .NET SDK ${DOTNET} is needed to build the server; installed: ${found.map(([version]) => version).join(', ') || 'none'}. See https://dot.net/download`,
  );
}

function npm(args) {
  // Under `npm run` npm says where it is; on Windows its command is a script that cannot be started without a shell.
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return run(process.execPath, [script, ...args]);
  if (!capture('npm', ['--version'])) stop('npm is needed to install the packages, and it is not on the PATH. It comes with Node: https://nodejs.org');
  return run('npm', args);
}

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');

function installed() {
  if (!existsSync(modules)) return false;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash()) return true;
  // Somebody may have run `npm ci` by hand: npm keeps a list of what it has installed.
  const list = join(modules, '.package-lock.json');
  if (!existsSync(list)) return false;
  const wanted = Object.entries(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages).filter(([path]) => path !== '');
  const present = JSON.parse(readFileSync(list, 'utf8')).packages;
  // What is optional may be for another machine.
  const agrees = wanted.every(([path, one]) => (present[path] ? present[path].version === one.version : one.optional));
  if (agrees) writeFileSync(stamp, lockHash());
  return agrees;
}

function stop(message) {
  console.error(message);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(`ready: ${setup()}`);

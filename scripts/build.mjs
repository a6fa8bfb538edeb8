// @ts-check
// Builds dist/server (the language server, compiled ahead of time for this machine where that can be had, with the gate beside it)
// and dist/vscode (the VS Code extension, bundled).
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';
import { capture, root, run } from './run.mjs';

const runtimes = { linux: 'linux', darwin: 'osx', win32: 'win' };
const architectures = { x64: 'x64', arm64: 'arm64' };
/** One file with the runtime inside: half the time to the first answer, and two thirds of the memory, of a program beside an installed .NET. */
const selfContained = ['--self-contained', 'true', '-p:PublishTrimmed=true', '-p:PublishSingleFile=true'];
const out = join(root, 'dist', 'server');
const stamp = join(out, '.sources');

/** @returns {string} the folder with the built server */
export function build({ quiet = false } = {}) {
  rmSync(out, { recursive: true, force: true });
  // Taken before the build: what changes meanwhile is built the next time.
  const made = sources();
  const rid = `${runtimes[process.platform]}-${architectures[process.arch]}`;
  const publish = (form, options) =>
    run('dotnet', ['publish', 'server', '-c', 'Release', '-r', rid, '-p:PublishReadyToRun=true', ...form, '-o', out, '-v', 'q', '--nologo'], options);
  if (!publish(selfContained, { quiet: true, allowFailure: true })) {
    console.error('The server cannot be built together with its runtime here (see above); building it for the installed .NET instead.');
    publish(['--self-contained', 'false'], { quiet });
  }
  bundle();
  cpSync(join(root, 'THIRD-PARTY-NOTICES.md'), join(out, 'THIRD-PARTY-NOTICES.md'));
  writeFileSync(stamp, made);
  return out;
}

export function serverPath() {
  return join(out, process.platform === 'win32' ? 'pilsp.exe' : 'pilsp');
}

/** A hash over everything the server and the extension are built from. */
export function sources() {
  const hash = createHash('sha256');
  const places = [
    'Directory.Build.props',
    'Directory.Packages.props',
    'global.json',
    'BannedSymbols.txt',
    'scripts/build.mjs',
    'scripts/bundle.mjs',
    'package-lock.json',
    'THIRD-PARTY-NOTICES.md',
    'extension/pi',
    'extension/vscode',
    'server',
  ];
  for (const place of places)
    for (const file of filesIn(join(root, place)))
      hash
        .update(`${relative(root, file)}\0`)
        .update(readFileSync(file))
        .update('\0');
  return hash.digest('hex');
}

/** That hash as it was at the last build; empty when there was none. */
export function builtFrom() {
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
}

function filesIn(place) {
  if (statSync(place).isFile()) return [place];
  return readdirSync(place)
    .filter((name) => name !== 'bin' && name !== 'obj')
    .sort()
    .flatMap((name) => filesIn(join(place, name)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  build();
  console.log(`built ${serverPath()} (${capture(serverPath(), ['--version']).trim()})`);
}

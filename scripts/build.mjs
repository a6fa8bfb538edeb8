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
export const out = join(root, 'dist', 'server');
/** What each part is built from, and where the hash over that lies after it has been built. */
const parts = {
  server: {
    stamp: join(out, '.sources'),
    from: [
      'Directory.Build.props',
      'Directory.Packages.props',
      'global.json',
      'BannedSymbols.txt',
      'scripts/build.mjs',
      'THIRD-PARTY-NOTICES.md',
      'extension/pi',
      'server',
    ],
  },
  extension: { stamp: join(root, 'dist', 'vscode', '.sources'), from: ['scripts/bundle.mjs', 'package-lock.json', 'extension/vscode'] },
};

/**
 * Builds what has changed since the last build, or everything.
 * `quick`: the server for the installed .NET, unoptimized, in a few seconds: for those who change a line and look. It does not
 * count as built, so whatever sets up by itself (`npm test`, `npm run demo`) builds the real one.
 */
export function build({ quiet = false, all = true, quick = false } = {}) {
  // Taken before the build: what changes meanwhile is built the next time.
  const made = { server: sources('server'), extension: sources('extension') };
  if (all || stale('extension')) {
    bundle();
    writeFileSync(parts.extension.stamp, made.extension);
  }
  if (quick) {
    rmSync(out, { recursive: true, force: true });
    dotnetPublish(['--self-contained', 'false'], out, { quiet: true }, 'Debug');
  } else if (all || stale('server')) {
    rmSync(out, { recursive: true, force: true });
    forRuntime(own, out, { quiet });
    writeFileSync(parts.server.stamp, made.server);
  }
}

/** .NET's name of this machine's system. */
export const own = `${runtimes[process.platform]}-${architectures[process.arch]}`;

/** The server for one system, with its runtime inside where that can be had. @param {string} rid e.g. `win-x64` @param {string} folder */
export function forRuntime(rid, folder, { quiet = true } = {}) {
  const publish = (form, options) => dotnetPublish(['-r', rid, '-p:PublishReadyToRun=true', ...form], folder, options);
  if (!publish(selfContained, { quiet: true, allowFailure: true })) {
    if (rid !== own) throw new Error(`The server cannot be built together with its runtime for ${rid} (see above).`);
    console.error('The server cannot be built together with its runtime here (see above); building it for the installed .NET instead.');
    publish(['--self-contained', 'false'], { quiet });
  }
}

/** The server as `pilsp.dll`, which an installed .NET runs on every system. @param {string} folder */
export const portable = (folder) => dotnetPublish(['--self-contained', 'false', '-p:UseAppHost=false'], folder, { quiet: true });

// The analyzers take as long as the compiler; they have their say where the tests are built.
function dotnetPublish(form, folder, options, configuration = 'Release') {
  const done = run('dotnet', ['publish', 'server', '-c', configuration, ...form, '-o', folder, '-p:RunAnalyzers=false', '-v', 'q', '--nologo'], options);
  if (done) cpSync(join(root, 'THIRD-PARTY-NOTICES.md'), join(folder, 'THIRD-PARTY-NOTICES.md'));
  return done;
}

export function serverPath() {
  return join(out, process.platform === 'win32' ? 'pilsp.exe' : 'pilsp');
}

/** Whether this part has never been built, or from something else. @param {"server" | "extension"} part */
export function stale(part) {
  const { stamp } = parts[part];
  return !existsSync(stamp) || readFileSync(stamp, 'utf8') !== sources(part);
}

/** A hash over everything this part is built from. @param {"server" | "extension"} part */
function sources(part) {
  const hash = createHash('sha256');
  for (const place of parts[part].from)
    for (const file of filesIn(join(root, place)))
      hash
        .update(`${relative(root, file)}\0`)
        .update(readFileSync(file))
        .update('\0');
  return hash.digest('hex');
}

function filesIn(place) {
  if (statSync(place).isFile()) return [place];
  return readdirSync(place)
    .filter((name) => name !== 'bin' && name !== 'obj')
    .sort()
    .flatMap((name) => filesIn(join(place, name)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  build({ quick: process.argv.includes('--quick') });
  console.log(`built ${serverPath()} (${capture(serverPath(), ['--version']).trim()})`);
}

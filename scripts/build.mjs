// @ts-check
// Builds dist/server (the language server, compiled for this machine in the best form that can be had here, with the gate beside it)
// and dist/vscode (the VS Code extension, bundled).
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';
import { attempt, capture, root } from './run.mjs';
import { causeOf, linker, linkers, said } from './build/linker.mjs';

const runtimes = { linux: 'linux', darwin: 'osx', win32: 'win' };
const architectures = { x64: 'x64', arm64: 'arm64' };
/** .NET's name of this machine's system. */
export const own = `${runtimes[process.platform]}-${architectures[process.arch]}`;

/**
 * The forms that the server can have, best first; the figures beside them are those of one machine (linux-x64, medians of 15, before StreamJsonRpc).
 * @typedef {"native" | "selfContained" | "installed"} Form
 * @type {Record<Form, {what: string, options: string[]}>}
 */
const forms = {
  // 12.2 MB, 16.6 MiB. Measured, too: OptimizationPreference=Speed starts no sooner (13.3 MB, 17.3 MiB), =Size saves 0.4 MB and 0.4 MiB and takes more
  // processor time for a flood; StackTraceSupport=false saves 0.9 MB and leaves a log without the names of methods. So: the defaults.
  native: { what: 'native code', options: ['-p:PublishAot=true'] },
  selfContained: {
    what: 'self-contained, compiled ahead of time but for what .NET still compiles as it runs',
    options: ['--self-contained', 'true', '-p:PublishReadyToRun=true', '-p:PublishTrimmed=true', '-p:PublishSingleFile=true'],
  },
  installed: { what: 'for the installed .NET', options: ['--self-contained', 'false', '-p:PublishReadyToRun=true'] },
};

/** Where a certain form is needed, as in a CI that is to test the one that is handed out: no other will do. @type {Form | undefined} */
const needed = /** @type {Form | undefined} */ (process.env.PILSP_SERVER_FORM || undefined);

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
      'scripts/build',
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
 * @param {{all?: boolean, quick?: boolean, say?: (line: string) => void}} [options]
 */
export function build({ all = true, quick = false, say = console.error } = {}) {
  // Taken before the build: what changes meanwhile is built the next time.
  const made = { server: sources('server'), extension: sources('extension') };
  if (all || stale('extension')) {
    bundle();
    writeFileSync(parts.extension.stamp, made.extension);
  }
  if (quick) {
    rmSync(out, { recursive: true, force: true });
    publishOrStop(['--self-contained', 'false'], out, 'Debug');
    say('dist/server: for the installed .NET, unoptimized (--quick).');
  } else if (all || stale('server')) {
    const form = forRuntime(own, out, { say });
    writeFileSync(parts.server.stamp, `${made.server} ${form}`);
  }
}

/**
 * The server for one system, in the best form that can be had, in a folder that has nothing else. Which one that is, and why no
 * better one, is said.
 * @param {string} rid e.g. `win-x64` @param {string} folder @returns {Form}
 */
export function forRuntime(rid, folder, { say = console.error, only = needed } = {}) {
  // Native code is linked by the system's own tools, which know their own system.
  const tools = rid === own ? linker() : null;
  const why = [];
  if (!tools) why.push(rid === own ? `no linker was found (${linkers})` : `native code is linked on its own system, and this one is ${own}`);
  const possible = /** @type {Form[]} */ ([...(tools ? ['native'] : []), 'selfContained', ...(rid === own ? ['installed'] : [])]);
  for (const form of possible) {
    if (only && rid === own && form !== only) continue;
    rmSync(folder, { recursive: true, force: true });
    const { ok, output } = publish(['-r', rid, ...forms[form].options, ...(form === 'native' ? tools.options : [])], folder);
    if (ok) {
      say(`The server for ${rid}: ${forms[form].what}${form === 'native' ? `, linked by ${tools.name}` : why.length > 0 ? `; ${why.join('; ')}` : ''}.`);
      return form;
    }
    say(said(output).join('\n'));
    why.push(`${forms[form].what}: ${causeOf(output)}`);
    say(`The server for ${rid} cannot be had as ${why.at(-1)}.`);
  }
  throw new Error(`The server cannot be built for ${rid}${only ? ` in the form that PILSP_SERVER_FORM names (${only})` : ''}: ${why.join('; ')}`);
}

/** The server as `pilsp.dll`, which an installed .NET runs on every system. @param {string} folder */
export const portable = (folder) => publishOrStop(['--self-contained', 'false', '-p:UseAppHost=false'], folder);

function publishOrStop(options, folder, configuration = 'Release') {
  const { ok, output } = publish(options, folder, configuration);
  if (!ok) throw new Error(`The server cannot be built:\n${said(output).join('\n')}`);
}

// The analyzers take as long as the compiler; they have their say where the tests are built. At `-v q` the linker could not say what it lacks.
function publish(options, folder, configuration = 'Release') {
  const done = attempt('dotnet', ['publish', 'server', '-c', configuration, ...options, '-o', folder, '-p:RunAnalyzers=false', '-v', 'm', '--nologo']);
  if (done.ok) cpSync(join(root, 'THIRD-PARTY-NOTICES.md'), join(folder, 'THIRD-PARTY-NOTICES.md'));
  return done;
}

export function serverPath() {
  return join(out, process.platform === 'win32' ? 'pilsp.exe' : 'pilsp');
}

/** Whether this part has never been built, or from something else, or not in the form that is needed. @param {"server" | "extension"} part */
export function stale(part) {
  const { stamp } = parts[part];
  if (!existsSync(stamp)) return true;
  const [made, form] = readFileSync(stamp, 'utf8').split(' ');
  return made !== sources(part) || (part === 'server' && needed !== undefined && form !== needed);
}

/** A hash over everything this part is built from, and with. @param {"server" | "extension"} part */
function sources(part) {
  const hash = createHash('sha256');
  // A linker that has come or gone makes another form possible; of package.json the compiler reads the version.
  if (part === 'server') hash.update(`${linker()?.name}\0${JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version}\0`);
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
  try {
    build({ quick: process.argv.includes('--quick') });
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
  const megabytes = (statSync(serverPath()).size / 1e6).toFixed(1);
  console.log(`built ${serverPath()} (${capture(serverPath(), ['--version']).trim()}, ${megabytes} MB)`);
}

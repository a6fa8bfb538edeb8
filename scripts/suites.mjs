// @ts-check
// The suites of `npm test`, in the order in which they run. Each one says what it needs from the machine; tests/README.md tells of them.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { requireDotnet } from './setup.mjs';
import { pinnedNode, root } from './run.mjs';
import { missingWorkbench } from '../tests/vscode/code-server.mjs';

/** The newest Pi before 1.x, which named its own tools otherwise: what stands between us and Pi is tried with it too. */
const olderPi = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'pilsp-tests/pi-0.87/node_modules/@earendil-works/pi-coding-agent/dist/cli.js');
/** The contract, the gate, and of each folder of stories one. */
const withOlderPiToo = ['contract', 'gate', 'prompt-cost', 'modes', 'approval', 'review/deciding', 'failures/20-equal-ids'];

/** Two cores are what the smallest machines of a CI have; more at once makes deadlines meaningless. */
const AT_ONCE = 2;
const DEADLINE = 30 * 60_000;

/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string} output shown when something failed
 *
 * Which tests of a suite: `part` of a path or, in C#, of a class's name; `named`: what a test's name has.
 * @typedef {{part?: string, named?: string}} Choice
 *
 * @typedef {object} Suite
 * @property {string} name
 * @property {boolean} built whether it tests what `npm run build` makes
 * @property {() => string | null} missing why it cannot run here, and what to do about it
 * @property {(choice: Choice) => Outcome} run
 * @property {() => string[]} [parts] what a `part` can be, where that is known
 */

/** @type {Suite[]} */
export const suites = [
  nodeSuite('sources', { built: false }),
  {
    name: 'server',
    built: false,
    missing: () => null,
    run: ({ part, named }) => xunit({ filter: [part && `FullyQualifiedName~${part}`, named && `DisplayName~${named}`] }),
  },
  nodeSuite('client', { built: false }),
  nodeSuite('scripted-model', { built: false }),
  nodeSuite('fake-pi', { built: false }),
  nodeSuite('wire'),
  {
    name: 'pi-0.87',
    built: true,
    missing: () => (existsSync(olderPi) ? null : 'Pi 0.87 not found; tests/older-pi/fetch-pi.sh installs it'),
    run: withOlderPi,
  },
  typescriptSuite('chat'),
  typescriptSuite('extension'),
  nodeSuite('nvim', {
    missing: () => (neovims().length > 0 ? null : 'nvim not found; install Neovim 0.7 or newer, or name one or several in PILSP_TEST_NVIM'),
  }),
  nodeSuite('editors', {
    missing: () =>
      editors().length > 0 ? null : 'tmux and Helix or Emacs not found; install tmux, emacs-nox, elpa-eglot, and see tests/editors/fetch-helix.sh',
  }),
  nodeSuite('vscode', { missing: missingWorkbench }),
  nodeSuite('packages'),
];

/**
 * What was asked for on the command line: a suite (`wire`), some of its tests (`wire/approval`, `wire/review`, `server/LineDiff`), or a
 * file of tests by its path.
 * @param {string} wanted @returns {{suite: Suite, part?: string} | string} what is wrong with it
 */
export function chosen(wanted) {
  const path = wanted
    .replaceAll('\\', '/')
    .replace(/^\.?\/?(?:tests\/)?/, '')
    .replace(/^PiLsp\.Tests\b/, 'server');
  const [name, ...rest] = path.split('/');
  const suite = suites.find((one) => one.name === name);
  if (!suite) return `no suite ${name}; there are: ${suites.map((one) => one.name).join(', ')}`;
  if (rest.length === 0 || rest[0] === '') return { suite };
  // A class is known by its name, wherever its file lies.
  const part = name === 'server' ? /** @type {string} */ (rest.at(-1)).replace(/\.cs$/, '') : rest.join('/').replace(/\.test\.(mjs|ts)$/, '');
  const parts = suite.parts?.();
  if (parts?.every((one) => !isOf(part, one))) return `no test ${part} in ${name}; there are: ${parts.join(', ')}`;
  return { suite, part };
}

/** A file by its name or path, a folder by its path; what a file's name begins with does, too. @param {string} part @param {string} one */
const isOf = (part, one) => one === part || one.startsWith(part) || one.endsWith(`/${part}`) || one.split('/').at(-1)?.startsWith(part);

/** The Neovims to test with: those of PILSP_TEST_NVIM, or the one on the PATH. */
function neovims() {
  const named = process.env.PILSP_TEST_NVIM?.split(process.platform === 'win32' ? ';' : ':').filter(Boolean) ?? ['nvim'];
  return named.filter((one) => spawnSync(one, ['--version']).status === 0);
}

/** Those of the other editors that are here; a file of tests without its editor is skipped, and says so. */
function editors() {
  if (spawnSync('tmux', ['-V']).status !== 0) return [];
  const named = [process.env.PILSP_TEST_HELIX ?? 'hx', process.env.PILSP_TEST_EMACS ?? 'emacs'];
  return named.filter((one) => spawnSync(one, ['--version']).status === 0);
}

/**
 * @param {string} folder @param {{missing?: () => string | null, built?: boolean, ending?: string, node?: () => string, flags?: string[]}} [more]
 * @returns {Suite} of all `*.test.mjs` below tests/<folder>
 */
function nodeSuite(folder, { missing = () => null, built = true, ending = '.test.mjs', node = () => process.execPath, flags = [] } = {}) {
  const place = join(root, 'tests', folder);
  const files = () => testFiles(place, ending);
  const partOf = (file) => relative(place, file).split(sep).join('/').slice(0, -ending.length);
  const none = () => (files().length > 0 ? null : `no *${ending} in tests/${folder}`);
  return {
    name: folder,
    built,
    missing: () => missing() ?? none(),
    parts: () => files().map(partOf),
    run: ({ part, named }) =>
      nodeTest(
        files().filter((file) => part === undefined || isOf(part, partOf(file))),
        { node: node(), flags, named },
      ),
  };
}

/**
 * What is pure in the extensions, tested without an editor: the pinned Node runs TypeScript as it is, types erased. Such a test
 * imports from `extension/` whatever does not import `vscode` itself (`import type` is erased too).
 * @param {string} folder @returns {Suite} of all `*.test.ts` below tests/<folder>
 */
function typescriptSuite(folder) {
  const flags = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning'];
  return nodeSuite(folder, { built: false, ending: '.test.ts', node: pinnedNode, flags });
}

/** @param {Choice} choice @returns {Outcome} */
function withOlderPi({ part, named }) {
  const env = { PILSP_TEST_PI: olderPi };
  const files = withOlderPiToo.filter((one) => part === undefined || isOf(part, one)).map((one) => join(root, 'tests/wire', `${one}.test.mjs`));
  const classes = '(FullyQualifiedName~PiReal|FullyQualifiedName~PiForeign|FullyQualifiedName~Golden)';
  // A part is one of the files, or of the classes.
  const parts = [];
  if (files.length > 0) parts.push(nodeTest(files, { env, named }));
  if (part === undefined || files.length === 0)
    parts.push(xunit({ env, filter: [classes, part && `FullyQualifiedName~${part}`, named && `DisplayName~${named}`] }));
  const sum = (what) => parts.reduce((total, part) => total + part[what], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped'), output: parts.map((part) => part.output).join('\n') };
}

function testFiles(folder, ending) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(ending) && !file.includes('node_modules'))
    .sort()
    .map((file) => join(folder, file));
}

function nodeTest(files, { node = process.execPath, flags = /** @type {string[]} */ ([]), named = '', env: more = {} } = {}) {
  const place = mkdtempSync(join(tmpdir(), 'pilsp-test-'));
  const tap = join(place, 'result.tap');
  const reporters = ['--test-reporter=spec', '--test-reporter-destination=stdout', '--test-reporter=tap', `--test-reporter-destination=${tap}`];
  // Inside `node --test` this would make the child report to a parent that does not listen.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const names = named ? [`--test-name-pattern=${named.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`] : [];
  const result = start(node, [...flags, '--test', `--test-concurrency=${AT_ONCE}`, ...names, ...reporters, ...files], { ...env, ...more });
  const written = existsSync(tap) ? readFileSync(tap, 'utf8') : '';
  rmSync(place, { recursive: true, force: true });
  // The totals are the last lines, at the left edge; a test's own output is indented or comes before.
  const total = (what) => Number([...written.matchAll(new RegExp(`^# ${what} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
  return outcome(result, { passed: total('pass'), failed: total('fail') + total('cancelled'), skipped: total('skipped') + total('todo') });
}

function xunit({ env = {}, filter: conditions = /** @type {(string | undefined)[]} */ ([]) } = {}) {
  requireDotnet();
  const filter = conditions.filter(Boolean).join('&');
  const place = mkdtempSync(join(tmpdir(), 'pilsp-test-'));
  const result = start(
    'dotnet',
    [
      'test',
      'tests/PiLsp.Tests',
      '--nologo',
      '-v',
      'q',
      '--logger',
      'console;verbosity=minimal',
      '--logger',
      'trx;LogFileName=result.trx',
      '--results-directory',
      place,
      ...(filter ? ['--filter', filter] : []),
      '--',
      'RunConfiguration.MaxCpuCount=1',
    ],
    { ...process.env, ...env },
  );
  const trx = join(place, 'result.trx');
  const counters = existsSync(trx) ? (readFileSync(trx, 'utf8').match(/<Counters [^>]*>/)?.[0] ?? '') : '';
  rmSync(place, { recursive: true, force: true });
  const count = (what) => Number(counters.match(new RegExp(` ${what}="(\\d+)"`))?.[1] ?? 0);
  const [total, passed, executed] = [count('total'), count('passed'), count('executed')];
  return outcome(result, { passed, failed: executed - passed, skipped: total - executed });
}

function start(command, args, env) {
  return spawnSync(command, args, {
    cwd: root,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
    timeout: DEADLINE,
    killSignal: 'SIGKILL',
  });
}

/** What did not end well has failed, even where no test says so: a crash, a build error, the deadline, no test at all. */
function outcome(result, counts) {
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}`;
  const why = result.error?.message ?? (result.status === 0 ? null : `exit code ${result.status ?? result.signal}`);
  if (counts.failed === 0 && (why !== null || counts.passed + counts.skipped === 0)) {
    return { ...counts, failed: 1, output: `${output}\nThe suite did not end well: ${why ?? 'it ran no test'}.\n` };
  }
  return { ...counts, output };
}

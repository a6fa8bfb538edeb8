// A stage without an editor: scripted model, the real Pi's home, a workspace on disk, and `pilsp ask` run in it.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makePiHome } from '../scripted-model/pi-home.mjs';
import { startScriptedModel } from '../scripted-model/server.mjs';
import { MARK, commandLine, markedWith, poll } from './processes.mjs';
import { fakeSettings, realSettings, server } from './stage.mjs';

/**
 * @param {import('node:test').TestContext} t
 * @param {{script?: object[], files?: Record<string, string | Buffer>, home?: object, fake?: string | object}} options
 */
export async function headlessFor(t, { script = [], files = {}, home = {}, fake } = {}) {
  const model = await startScriptedModel({ script });
  const pi = await makePiHome({ url: model.url, ...home });
  const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'pilsp-ws-')));
  const mark = randomUUID();
  const path = (name) => join(workspace, name);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  }
  const found = fake === undefined ? realSettings() : fakeSettings(fake);
  const environment = { ...pi.fullEnv(), ...found.env, [MARK]: mark };

  /** Begins `pilsp ask` in a process group of its own, as a shell does. @param {string[]} args */
  function start(args, { input, stdout, env = {}, cwd = workspace, command = ['--command', found.command, '--node', found.nodePath] } = {}) {
    const child = spawn(server, ['ask', ...command, ...args], {
      cwd,
      env: { ...environment, ...env },
      detached: true,
      stdio: ['pipe', stdout ?? 'pipe', 'pipe'],
    });
    const seen = { stdout: '', stderr: '' };
    for (const name of /** @type {const} */ (['stdout', 'stderr'])) child[name]?.setEncoding('utf8').on('data', (text) => (seen[name] += text));
    // null: stdin stays open, as in a script that forgot about it.
    // One that ends at once, over its arguments, may be gone before it is given anything.
    child.stdin.on('error', (error) => assert.equal(error.code, 'EPIPE'));
    if (input !== null) child.stdin.end(input ?? '');
    const done = once(child, 'close').then(([code]) => ({
      code,
      ...seen,
      lines: () =>
        seen.stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line)),
    }));
    return { child, seen, done };
  }

  t.after(async () => {
    const left = markedWith(mark);
    const names = left.map(commandLine);
    for (const pid of left) process.kill(pid, 'SIGKILL');
    await model.close();
    await pi.remove();
    rmSync(workspace, { recursive: true, force: true });
    if (names.length > 0) throw new Error(`Still running after pilsp ask: ${names.join('; ')}`);
  });
  return {
    model,
    pi,
    workspace,
    path,
    environment,
    start,
    ask: (args, options) => start(args, options).done,
    disk: (name) => readFileSync(path(name), 'utf8'),
    bytes: (name) => readFileSync(path(name)),
    told: () => model.toolResults().map((one) => one.text),
    running: () => markedWith(mark),
    /** Nothing that was started here runs any more. */
    gone: () =>
      poll(
        'the end of every process of this stage',
        () => markedWith(mark).length === 0,
        () => markedWith(mark).map(commandLine),
      ),
  };
}

/** The session that the line at the end of stderr names. @param {string} stderr */
export const resumed = (stderr) => /^resume {2}pi --session (.+)$/m.exec(stderr)?.[1];

/** Why a test that needs a terminal cannot run here; false: it can. */
export const noTerminal = () => spawnSync('script', ['--version']).status !== 0 && 'script (util-linux) is not installed';

// A whole stage for one test: scripted model, the real Pi's home, a workspace on disk, the built server, a neutral client.
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startServer } from '../client/lsp-client.mjs';
import { piCli, piNode } from '../scripted-model/pi-command.mjs';
import { makePiHome } from '../scripted-model/pi-home.mjs';
import { startScriptedModel } from '../scripted-model/server.mjs';
import { MARK, commandLine, markedWith, parentOf, poll } from './processes.mjs';

/** The built server; PILSP_TEST_SERVER wins. */
export const server = process.env.PILSP_TEST_SERVER ?? fileURLToPath(new URL('../../dist/server/pilsp', import.meta.url));
export const fakePi = fileURLToPath(new URL('../fake-pi/fake-pi.mjs', import.meta.url));

/** How long the tools of this suite may need altogether until a run has ended. */
const ASK_DEADLINE = 90_000;

/**
 * @param {object} options
 * @param {object[]} [options.script] the model's steps
 * @param {Record<string, string | Buffer>} [options.files] the workspace, by relative path
 * @param {object} [options.settings] laid over those that find the real Pi
 * @param {string | object} [options.fake] a scenario for the fake Pi, which then stands in for the real one
 * @param {object} [options.client] options for the client
 * @param {object} [options.home] options for Pi's home
 * @param {string[]} [options.args] further arguments of the server
 * @param {Record<string, string>} [options.env] added to the server's environment
 */
async function setStage({ script = [], files = {}, settings = {}, fake, client = {}, home = {}, args = [], env = {} } = {}) {
  const model = await startScriptedModel({ script });
  const pi = await makePiHome({ url: model.url, ...home });
  const mark = randomUUID();
  const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'pilsp-ws-')));
  const path = (name) => join(workspace, name);
  const write = (name, text) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const dismantle = async () => {
    await model.close();
    await pi.remove();
    rmSync(workspace, { recursive: true, force: true });
  };

  const found = fake === undefined ? { command: piCli(), nodePath: piNode() } : fakeSettings(fake);
  const lsp = await startServer({
    command: server,
    args: ['--stdio', ...args],
    env: { ...pi.fullEnv(), ...env, [MARK]: mark },
    cwd: workspace,
    workspaceFolders: [workspace],
    configuration: { pi: { ...found, ...settings, env: { ...found.env, ...settings.env } } },
    ...client,
  }).catch(async (error) => {
    await dismantle();
    throw error;
  });
  return {
    lsp,
    model,
    pi,
    workspace,
    path,
    write,
    uri: (name) => pathToFileURL(path(name)).href,
    disk: (name) => readFileSync(path(name), 'utf8'),
    /** Opens a file in the client with what is on disk, or with an unsaved text. */
    open: async (name, text = readFileSync(path(name), 'utf8')) => {
      const uri = pathToFileURL(path(name)).href;
      await lsp.open(uri, text);
      return uri;
    },
    ask: (prompt, more = {}, options) => lsp.command('pi.ask', { prompt, ...more }, { deadlineMs: ASK_DEADLINE, ...options }),
    /** What the model was told as results of its tool calls, newest request. */
    told: () => model.toolResults().map((r) => r.text),
    /** The edits, as soon as they are as wanted. */
    edits: (what, fits) =>
      poll(what, async () => {
        const { edits } = await lsp.command('pi.listEdits');
        return fits(edits) && edits;
      }),
    /** Everything that runs because of this stage: the server, Pi, its shells. */
    processes: () => markedWith(mark),
    /** The processes of Pi itself. */
    piProcesses: () => markedWith(mark).filter((pid) => parentOf(pid) === lsp.child.pid),
    /** Resolves when nothing runs any more because of this stage. */
    async gone() {
      await poll(
        'the end of every process of this stage',
        () => markedWith(mark).length === 0,
        () => markedWith(mark).map(commandLine),
      );
      return lsp.exit;
    },
    /** Ends the server in good order; fails when it does not end, or leaves anything behind. */
    async end() {
      try {
        const code = await endInOrder(lsp);
        const left = markedWith(mark).map(commandLine);
        if (left.length > 0) throw new Error(`Still running after the server's end: ${left.join('; ')}`);
        return code;
      } finally {
        await lsp.kill();
        for (const pid of markedWith(mark)) process.kill(pid, 'SIGKILL');
        await dismantle();
      }
    },
  };
}

/** Says what is left to say of `shutdown` and `exit`; a test may have ended the server in its own way. */
async function endInOrder(lsp) {
  const ended = () => lsp.child.exitCode !== null || lsp.child.signalCode !== null;
  const said = (method) => lsp.sent.some((one) => one.method === method);
  if (ended()) return (await lsp.exit).code;
  if (!said('shutdown') && !said('exit')) return lsp.stop();
  if (!said('exit')) await lsp.notify('exit');
  await poll('the end of the server', ended);
  return (await lsp.exit).code;
}

/** The settings for a fake Pi that plays this scenario. @param {string | object} scenario */
export function fakeSettings(scenario) {
  return { command: fakePi, nodePath: piNode(), env: { FAKE_PI_SCENARIO: typeof scenario === 'string' ? scenario : JSON.stringify(scenario) } };
}

/** The settings for the real Pi. */
export const realSettings = () => ({ command: piCli(), nodePath: piNode(), env: {} });

/** A stage that is taken down when the test is over. @param {import('node:test').TestContext} t */
export async function stageFor(t, options) {
  const stage = await setStage(options);
  t.after(() => stage.end());
  return stage;
}

/** One more server for the stage's folder and Pi, as of another window or of the next one; killed at the end of the test. */
export async function anotherServer(t, stage, client = {}) {
  const other = await startServer({
    command: server,
    args: ['--stdio'],
    env: stage.pi.fullEnv(),
    cwd: stage.workspace,
    workspaceFolders: [stage.workspace],
    configuration: stage.lsp.configuration,
    ...client,
  });
  t.after(() => other.kill());
  return other;
}

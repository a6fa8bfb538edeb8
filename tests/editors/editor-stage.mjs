// What every editor's suite needs: a workspace, the built server, the real Pi with a scripted model, a home of its own.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { piCli, piNode } from '../scripted-model/pi-command.mjs';
import { makePiHome } from '../scripted-model/pi-home.mjs';
import { startScriptedModel } from '../scripted-model/server.mjs';
import { MARK, commandLine, markedWith, poll } from '../wire/processes.mjs';
import { openTerminal } from './terminal.mjs';

const server = process.env.PILSP_TEST_SERVER ?? fileURLToPath(new URL('../../dist/server/pilsp', import.meta.url));

/**
 * @param {import('node:test').TestContext} t
 * @param {object} options
 * @param {Record<string, string>} options.files the workspace
 * @param {object[]} options.script the model's steps
 * @param {object} [options.settings] of the server, besides those that find Pi
 * @typedef {{server: string, args: string[], settings: object, home: string, workspace: string}} Place
 * @param {(place: Place) => {command: string[], files?: Record<string, string>}} options.editor
 *   how it is started, and its configuration by the path below its home
 */
export async function stageEditor(t, { files, script, settings = {}, editor }) {
  const model = await startScriptedModel({ script });
  const pi = await makePiHome({ url: model.url });
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'pilsp-editor-')));
  const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'pilsp-ws-')));
  const put = (root, all) => {
    for (const [name, text] of Object.entries(all)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
  };
  // An editor looks for the root of the project.
  put(workspace, { '.git/HEAD': 'ref: refs/heads/main\n', ...files });
  const log = join(home, 'pilsp.log');
  const { command, files: configuration = {} } = editor({
    server,
    args: ['--log-file', log],
    home,
    workspace,
    settings: { command: piCli(), nodePath: piNode(), ...settings },
  });
  put(home, configuration);
  const temporary = join(home, 'tmp');
  mkdirSync(temporary, { recursive: true });
  const mark = randomUUID();
  const terminal = openTerminal({
    command,
    cwd: workspace,
    env: {
      ...pi.fullEnv(),
      [MARK]: mark,
      HOME: home,
      XDG_CONFIG_HOME: join(home, '.config'),
      XDG_CACHE_HOME: join(home, '.cache'),
      TMPDIR: temporary,
      LANG: 'C.UTF-8',
    },
  });
  t.after(async () => {
    terminal.close();
    try {
      // Whoever is still there may write into what is taken down.
      await poll(
        'the end of the editor, the server and Pi',
        () => markedWith(mark).length === 0,
        () => markedWith(mark).map(commandLine),
      );
    } finally {
      for (const pid of markedWith(mark)) process.kill(pid, 'SIGKILL');
      await model.close();
      await pi.remove();
      for (const folder of [home, workspace]) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
  });
  const transcript = () => {
    const found = readdirSync(temporary, { recursive: true })
      .map(String)
      .find((name) => /pi-s\d+\.md$/.test(name));
    return found === undefined ? '' : readFileSync(join(temporary, found), 'utf8');
  };
  return {
    ...terminal,
    model,
    workspace,
    temporary,
    disk: (name) => readFileSync(join(workspace, name), 'utf8'),
    transcript,
    /** The file that the server writes, as soon as it holds this. @param {RegExp} what */
    transcribed: (what) =>
      poll(
        `${what} in the transcript`,
        () => what.test(transcript()),
        () => `${transcript()}\nThe screen:\n${terminal.screen()}`,
        60_000,
      ),
    /** Asked before, an editor says that there is no language server, and forgets the question. */
    serverReady: () =>
      poll('the server and its client to know one another', () => existsSync(log) && readFileSync(log, 'utf8').includes(' client '), terminal.screen, 60_000),
    /** What the model was told as results of its tool calls. */
    told: () => model.toolResults().map((one) => one.text),
    /** An editor that writes by renaming has no file for a moment. @param {string} name @param {RegExp} what */
    disk_has: (name, what) =>
      poll(
        `${what} in ${name}`,
        () => {
          try {
            return what.test(readFileSync(join(workspace, name), 'utf8'));
          } catch (error) {
            if (error.code !== 'ENOENT') throw error;
          }
        },
        terminal.screen,
      ),
  };
}

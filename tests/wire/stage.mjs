// A whole stage for one test: scripted model, the real Pi's home, a workspace on disk, the built server, a neutral client.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startServer } from '../client/lsp-client.mjs';
import { piCli, piNode } from '../scripted-model/pi-command.mjs';
import { makePiHome } from '../scripted-model/pi-home.mjs';
import { startScriptedModel } from '../scripted-model/server.mjs';

const server = fileURLToPath(new URL('../../dist/server/pilsp', import.meta.url));

/**
 * @param {object} options
 * @param {object[]} [options.script] the model's steps
 * @param {Record<string, string | Buffer>} [options.files] the workspace, by relative path
 * @param {object} [options.settings] laid over those that find the real Pi
 * @param {object} [options.client] options for the client
 * @param {object} [options.home] options for Pi's home
 */
export async function setStage({ script = [], files = {}, settings = {}, client = {}, home = {} } = {}) {
  const model = await startScriptedModel({ script });
  const pi = await makePiHome({ url: model.url, ...home });
  const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'pilsp-ws-')));
  const path = (name) => join(workspace, name);
  const write = (name, text) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);

  const lsp = await startServer({
    command: process.env.PILSP_TEST_SERVER ?? server,
    args: ['--stdio'],
    env: { ...pi.fullEnv(), PATH: process.env.PATH },
    cwd: workspace,
    workspaceFolders: [workspace],
    configuration: { pi: { command: piCli(), nodePath: piNode(), ...settings } },
    ...client,
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
    ask: (prompt, more = {}, options) => lsp.command('pi.ask', { prompt, ...more }, { deadlineMs: 30_000, ...options }),
    /** What the model was told as results of its tool calls, newest request. */
    told: () => model.toolResults().map((r) => r.text),
    async end() {
      const code = await lsp.stop();
      await model.close();
      await pi.remove();
      rmSync(workspace, { recursive: true, force: true });
      return code;
    },
  };
}

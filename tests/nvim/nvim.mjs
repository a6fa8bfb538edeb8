// Starts a bare Neovim with the built server, the real Pi and the scripted model, and plays one case in it.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { piCli, piNode } from '../scripted-model/pi-command.mjs';
import { makePiHome } from '../scripted-model/pi-home.mjs';
import { startScriptedModel } from '../scripted-model/server.mjs';

const server = process.env.PILSP_TEST_SERVER ?? fileURLToPath(new URL('../../dist/server/pilsp', import.meta.url));
const DEADLINE = 120_000;

/** The Neovims to test with, by their version: those of PILSP_TEST_NVIM, or the one on the PATH. */
export function neovims() {
  const commands = process.env.PILSP_TEST_NVIM?.split(delimiter).filter(Boolean) ?? ['nvim'];
  return commands.map((command) => {
    const { stdout, status } = spawnSync(command, ['--version'], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command} is no Neovim that can be started; PILSP_TEST_NVIM names others.`);
    return { command, version: /^NVIM v(\S+)/.exec(stdout)[1] };
  });
}

/**
 * @typedef {object} Case
 * @property {Record<string, string>} files the workspace
 * @property {string} open the file to edit
 * @property {object[]} script the model's steps
 * @property {string | null} answer the title of the action that the user chooses; null dismisses the question
 * @property {object} [settings]
 * @property {string} [unsaved] a line typed at the top before Pi is asked
 * @property {string} [typeAfterAsk] one typed right after, before Neovim has told the server
 * @property {string} [typeWhileAsked] one typed while the question stands
 * @property {{marks: number, line: number, title: string}[]} [codeActions] with so many marks waiting, on that line, this one
 * @property {string} [first] an Ex command before anything else
 * @property {({command: string} | {line: number, from: number, to?: number, text: string})[]} [later] after the run: commands, and text typed from
 *   one column of a line to another; then Pi is asked once more
 * @property {boolean} [undo] take back one step at the end
 * @property {boolean} [write] save at the end
 * @property {string} [driver] another script than driver.lua that plays the case, beside this one
 */

/** @param {string} command @param {Case} options */
export async function play(command, { files, open, script, answer, settings = {}, driver = 'driver.lua', ...more }) {
  const model = await startScriptedModel({ script });
  const pi = await makePiHome({ url: model.url });
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'pilsp-nvim-')));
  const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'pilsp-ws-')));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(workspace, name)), { recursive: true });
      writeFileSync(join(workspace, name), text);
    }
    const result = join(place, 'result.json');
    const wanted = { ...more, open, answer: answer ?? '', server, workspace, result, settings: { command: piCli(), nodePath: piNode(), ...settings } };
    const homes = Object.fromEntries(['CONFIG', 'DATA', 'STATE', 'CACHE'].map((kind) => [`XDG_${kind}_HOME`, join(place, kind.toLowerCase())]));
    const nvim = spawn(command, ['--headless', '-n', '-i', 'NONE', '-u', 'NONE', '-c', `luafile ${fileURLToPath(new URL(driver, import.meta.url))}`], {
      cwd: workspace,
      env: { ...pi.fullEnv(), ...homes, PILSP_CASE: JSON.stringify(wanted) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [nvim.stdout, nvim.stderr]) stream.on('data', (chunk) => (said += chunk));
    const late = setTimeout(() => nvim.kill('SIGKILL'), DEADLINE);
    await once(nvim, 'close');
    clearTimeout(late);
    if (!existsSync(result)) throw new Error(`Neovim ended without a result: ${said}`);
    const seen = JSON.parse(readFileSync(result, 'utf8'));
    if (seen.problem) throw new Error(`${seen.problem}\nNeovim said: ${said}\nThe server said: ${seen.messages.join('; ')}`);
    return {
      ...seen,
      said,
      /** What the model was told as results of its tool calls. */
      told: model.toolResults().map((one) => one.text),
      /** The workspace as it was left, by name. */
      disk: Object.fromEntries(
        readdirSync(workspace, { withFileTypes: true })
          .filter((one) => one.isFile())
          .map(({ name }) => [name, readFileSync(join(workspace, name), 'utf8')]),
      ),
    };
  } finally {
    await model.close();
    await pi.remove();
    for (const folder of [place, workspace]) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

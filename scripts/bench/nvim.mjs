// @ts-check
// What the Neovim plugin adds to a start, as Neovim's own --startuptime has it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { root } from '../run.mjs';

const plugin = join(root, 'extension', 'nvim');

/**
 * Milliseconds for each of `count` starts of the first Neovim that takes the plugin; null where there is none.
 * @param {number} count @returns {number[] | null}
 */
export function pluginStart(count) {
  const commands = process.env.PILSP_TEST_NVIM?.split(delimiter).filter(Boolean) ?? ['nvim'];
  const command = commands.find((one) => /^NVIM v(0\.[1-9]\d|[1-9])/.test(spawnSync(one, ['--version'], { encoding: 'utf8' }).stdout ?? ''));
  if (!command) return null;
  const place = mkdtempSync(join(tmpdir(), 'pilsp-bench-'));
  try {
    return Array.from({ length: count }, (_, run) => {
      const log = join(place, `${run}.log`);
      const config = ['-n', '-i', 'NONE', '-u', 'NORC', '--cmd', `set rtp^=${plugin}`];
      spawnSync(command, ['--headless', ...config, '--startuptime', log, '-c', 'qa!'], { env: { ...process.env, XDG_CONFIG_HOME: place } });
      const [, own] = /^\S+\s+\S+\s+(\S+): sourcing \S*extension\/nvim\/plugin\/pi\.lua$/m.exec(readFileSync(log, 'utf8')) ?? [];
      return Number(own);
    });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

// @ts-check
// Runs the programs that the scripts are made of; a failing one ends the script with its exit code.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/** The Node that package-lock.json pins; it runs Pi and, types erased, TypeScript. */
export const pinnedNode = () => join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** Runs to the end and returns true, or reports what was printed and exits. */
export function run(command, args, { cwd = root, env = process.env, quiet = false, allowFailure = false } = {}) {
  const result = spawnSync(command, args, {
    cwd,
    env,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    shell: false,
  });
  if (result.error) {
    console.error(`${command} cannot be started: ${result.error.message}`);
    process.exit(1);
  }
  if (result.status === 0) return true;
  if (quiet) process.stderr.write(`${result.stdout}${result.stderr}`);
  if (allowFailure) return false;
  console.error(`failed: ${[command, ...args].join(' ')}`);
  process.exit(result.status ?? 1);
}

/** Runs to the end, quietly, however that may be. @returns {{ok: boolean, output: string}} */
export function attempt(command, args, { cwd = root, env = process.env } = {}) {
  const result = spawnSync(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', maxBuffer: 1 << 28 });
  return { ok: result.status === 0, output: `${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}` };
}

export function capture(command, args, { cwd = root, env = process.env } = {}) {
  const result = spawnSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  return result.status === 0 ? result.stdout : '';
}

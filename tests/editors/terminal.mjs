// A real editor in a terminal of its own (tmux), driven by keys and read from its screen.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { poll } from '../wire/processes.mjs';

/** Why terminals cannot be had here; null when they can. */
export const noTerminal = () => (spawnSync('tmux', ['-V']).status === 0 ? null : 'tmux not found; install tmux');

/**
 * @param {object} options
 * @param {string[]} options.command
 * @param {string} options.cwd
 * @param {Record<string, string>} options.env all of it
 */
export function openTerminal({ command, cwd, env }) {
  // A server of its own: neither the user's configuration nor the user's sessions have a part in it.
  const socket = `pilsp-${randomUUID()}`;
  const tmux = (...args) => {
    const { status, stdout, stderr } = spawnSync('tmux', ['-L', socket, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      env: { ...env, TERM: 'xterm-256color' },
    });
    if (status !== 0) throw new Error(`tmux ${args[0]}: ${stderr.trim()}`);
    return stdout;
  };
  const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  tmux('new-session', '-d', '-x', '120', '-y', '40', '-c', cwd, quoted);
  tmux('set-option', '-g', 'escape-time', '0');

  const screen = () => {
    try {
      return tmux('capture-pane', '-p');
    } catch {
      return 'the editor has ended';
    }
  };
  return {
    screen,
    /** Keys by their names in tmux: `Space`, `Enter`, `Escape`, `C-x`, `a`. @param {...string} keys */
    keys: (...keys) => void tmux('send-keys', ...keys),
    /** Text as it is. @param {string} text */
    type: (text) => void tmux('send-keys', '-l', text),
    /** The screen, as soon as it shows this. @param {RegExp} what */
    shows: (what, deadlineMs = 60_000) =>
      poll(`${what} on the screen`, () => (what.test(screen()) ? screen() : null), screen, deadlineMs).catch((error) => {
        throw new Error(`${error.message.slice(0, 200)}\nThe screen:\n${screen()}`);
      }),
    close: () => spawnSync('tmux', ['-L', socket, 'kill-server']),
  };
}

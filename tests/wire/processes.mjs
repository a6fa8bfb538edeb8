// Which processes a test has started, directly or not: they are known by a mark that they inherit in their environment.
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** The variable whose value marks everything that one stage starts. */
export const MARK = 'PILSP_TEST_MARK';

/** @returns {number[]} */
export function markedWith(mark) {
  const wanted = `${MARK}=${mark}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => read(pid, 'environ').split('\0').includes(wanted));
}

export const commandLine = (pid) => read(pid, 'cmdline').replaceAll('\0', ' ').trim();

/** @returns {number | undefined} */
export const parentOf = (pid) => Number(/^PPid:\s*(\d+)$/m.exec(read(pid, 'status'))?.[1]) || undefined;

// A process that ended meanwhile, or that is another user's, has nothing to read.
function read(pid, what) {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8');
  } catch {
    return '';
  }
}

/**
 * Looks again and again at something that reports no changes, until it is as wanted; at the deadline it fails.
 * @template T
 * @param {() => T | Promise<T>} probe
 * @param {() => unknown} [seen] what to show when it failed
 */
export async function poll(what, probe, seen = () => undefined, deadlineMs = 60_000) {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (performance.now() > end) throw new Error(`Looked ${deadlineMs} ms in vain for ${what}. ${JSON.stringify(await seen()) ?? ''}`);
    await delay(10);
  }
}

/** Drives one `pi --mode rpc` (the real one or the fake one) for a test: sends commands, keeps what it says. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Waiting, brief } from '../client/waiting.mjs';

/**
 * @param {object} options
 * @param {string} options.command
 * @param {string[]} options.args
 * @param {Record<string, string>} options.env
 * @param {string} [options.cwd]
 */
export function startPi({ command, args, env, cwd }) {
  const child = spawn(command, args, { env, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  const records = [];
  const badLines = [];
  let stderr = '';
  let rest = [];
  let counter = 0;
  const watch = new Waiting(() => `Last of ${records.length} records: ${brief(records.at(-1))}. stderr: ${brief(stderr.slice(-300))}`);

  // Bytes are split on 0x0A only: U+2028 inside a string is no line end, and a line may take many chunks.
  child.stdout.on('data', (chunk) => {
    let start = 0;
    for (let end; (end = chunk.indexOf(0x0a, start)) >= 0; start = end + 1) {
      const line = Buffer.concat([...rest, chunk.subarray(start, end)]).toString('utf8');
      rest = [];
      const record = parse(line);
      if (record) records.push(record);
      else badLines.push(line);
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
    watch.changed();
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    watch.changed();
  });
  child.stdin.on('error', () => {}); // the process may be gone; its exit says so
  const exit = once(child, 'close').then(([code, signal]) => {
    watch.end(`Pi ended (code ${code}, signal ${signal})`);
    return { code, signal };
  });

  const send = (record) => void child.stdin.write(`${JSON.stringify(record)}\n`);
  const until = (what, probe, deadlineMs = 60_000) => watch.until(what, probe, deadlineMs);
  return {
    child,
    /** Every record so far, oldest first. */
    records,
    /** Lines that hold no object. */
    badLines,
    exit,
    stderr: () => stderr,
    /** What stands behind the last line end. */
    unfinished: () => Buffer.concat(rest).toString('utf8'),
    send,
    until,
    /** Sends a command and resolves with its response, successful or not. */
    command(type, fields = {}) {
      const id = `c${++counter}`;
      send({ id, type, ...fields });
      return until(`the response to ${type}`, () => records.find((record) => record.type === 'response' && record.id === id));
    },
    /** The first record after `from` that fits. */
    event: (type, { from = 0, where = () => true } = {}) =>
      until(`a record ${type}`, () => records.slice(from).find((record) => record.type === type && where(record))),
    /** Ends it as an editor would: by closing its stdin. */
    async stop() {
      child.stdin.end();
      return exit;
    },
  };
}

function parse(line) {
  try {
    const value = JSON.parse(line);
    return typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

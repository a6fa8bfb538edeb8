/** The fake Pi's way out: text, records and the end of the process. */
import { once } from 'node:events';
import { Socket } from 'node:net';
import { setImmediate as breathe } from 'node:timers/promises';

/** The output, unlike process.stdout never blocking: a full pipe must not keep this process from reading an abort. */
const out = openStdout();
out.on('error', () => process.exit(0)); // the reader is gone

export const wire = {
  /** Writes text as it is; resolves when there is room for more. */
  async write(text) {
    if (!out.write(text)) await once(out, 'drain');
    else await breathe();
  },
  say: (record) => wire.write(`${JSON.stringify(record)}\n`),
};

/** Ends this process after everything written has left it. */
export async function exit({ code = 1, signal, stderr = '' }) {
  await new Promise((done) => out.write('', done));
  if (stderr) await new Promise((done) => process.stderr.write(stderr, done));
  if (signal) process.kill(process.pid, signal);
  else process.exit(code);
  await new Promise(() => {});
}

function openStdout() {
  try {
    return new Socket({ fd: 1, readable: false, writable: true });
  } catch {
    return process.stdout; // a file or a terminal
  }
}

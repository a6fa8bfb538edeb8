// A peer that writes whatever bytes a test wants, and reads strictly: anything but frames on stdout is an error.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Waiting, brief } from '../client/waiting.mjs';
import { server } from './stage.mjs';

export class RawPeer {
  #bytes = Buffer.alloc(0);
  #nextId = 1;
  #waiting = new Waiting(() => `Received: ${brief(this.received.slice(-3))}`);
  /** Every message, parsed. */
  received = [];
  /** The first thing on stdout that was no frame. */
  wrong = null;
  stderr = '';

  /** @param {import('node:test').TestContext} t */
  constructor(t, args = ['--stdio'], env = process.env) {
    this.child = spawn(server, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stdin.on('error', () => {}); // the server may have ended
    this.child.stderr.on('data', (chunk) => (this.stderr += chunk));
    this.child.stdout.on('data', (chunk) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#read();
      this.#waiting.changed();
    });
    this.exit = once(this.child, 'close').then(([code]) => {
      if (this.#bytes.length > 0) this.wrong ??= this.#bytes.toString();
      this.#waiting.end(`The server ended with code ${code}`);
      return code;
    });
    t.after(() => this.child.kill('SIGKILL'));
  }

  #read() {
    for (;;) {
      const end = this.#bytes.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = this.#bytes.subarray(0, end).toString();
      const length = /^Content-Length: (\d+)$/.exec(head)?.[1];
      if (length === undefined) {
        this.wrong ??= head;
        return;
      }
      const body = this.#bytes.subarray(end + 4, end + 4 + Number(length));
      if (body.length < Number(length)) return;
      this.#bytes = this.#bytes.subarray(end + 4 + Number(length));
      this.received.push(JSON.parse(body.toString('utf8')));
    }
  }

  write(bytes) {
    this.child.stdin.write(bytes);
  }

  /** One frame with this text, whatever it is. */
  frame(text) {
    const body = Buffer.isBuffer(text) ? text : Buffer.from(text);
    this.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
  }

  send(message) {
    this.frame(JSON.stringify({ jsonrpc: '2.0', ...message }));
  }

  notify(method, params) {
    this.send({ method, ...(params === undefined ? {} : { params }) });
  }

  /** Resolves with the whole response, error or not. */
  request(method, params, id = this.#nextId++) {
    this.send({ id, method, ...(params === undefined ? {} : { params }) });
    return this.reply(id);
  }

  reply(id) {
    return this.until(`the reply to ${id}`, () => this.received.find((one) => one.method === undefined && one.id === id));
  }

  until(what, probe) {
    return this.#waiting.until(what, probe);
  }

  async initialize(capabilities = {}) {
    const { result } = await this.request('initialize', { processId: process.pid, rootUri: null, capabilities });
    this.notify('initialized', {});
    return result;
  }
}

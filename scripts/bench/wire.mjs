// @ts-check
// The two clients of the bench: as little work as possible on this side, so that what is measured is the other side.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const now = () => process.hrtime.bigint();

/** JSON-RPC over a child's stdio; a subclass knows how messages are framed. */
class Peer {
  #pending = new Map();
  #lastId = 0;
  #handlers = [];
  /** Bytes that the child has written. */
  bytesOut = 0;

  constructor({ command, args, env, cwd }) {
    this.spawned = now();
    this.child = spawn(command, args, { env, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stdin.on('error', () => {});
    this.stderr = '';
    this.child.stderr.on('data', (chunk) => (this.stderr = (this.stderr + chunk).slice(-2000)));
    this.child.stdout.on('data', (chunk) => {
      this.bytesOut += chunk.length;
      this.take(chunk);
    });
    this.exit = once(this.child, 'close').then(([code, signal]) => {
      const error = new Error(`${command} ended (code ${code}, signal ${signal}): ${this.stderr}`);
      for (const { reject } of this.#pending.values()) reject(error);
      this.#pending.clear();
    });
  }

  /** @param {(message: object, at: bigint) => void} handler for what is no answer */
  on(handler) {
    this.#handlers.push(handler);
  }

  request(method, params) {
    const id = ++this.#lastId;
    const answer = new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    this.write({ jsonrpc: '2.0', id, method, params });
    return answer;
  }

  notify(method, params) {
    this.write({ jsonrpc: '2.0', method, params });
  }

  answer(id, result) {
    this.write({ jsonrpc: '2.0', id, result });
  }

  /** What came, in whatever pieces. @param {Buffer} _chunk */
  take(_chunk) {
    throw new Error('a subclass frames messages');
  }

  /** @param {object} _message */
  write(_message) {
    throw new Error('a subclass frames messages');
  }

  /** @param {Buffer} bytes one message */
  receive(bytes, at) {
    const message = JSON.parse(bytes.toString('utf8'));
    if (message.method !== undefined) for (const handler of this.#handlers) handler(message, at);
    else {
      const pending = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (message.error) pending?.reject(new Error(message.error.message));
      else pending?.resolve({ result: message.result, at });
    }
  }

  async end() {
    this.child.stdin.end();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 5_000);
    await this.exit;
    clearTimeout(timer);
  }
}

/** A language server's client. */
export class LspPeer extends Peer {
  #parts = [];
  #length = 0;
  /** How many bytes the message in the making has, with its header; 0 while that is unknown. */
  #wanted = 0;
  #header = 0;

  write(message) {
    const body = Buffer.from(JSON.stringify(message), 'utf8');
    this.child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.child.stdin.write(body);
  }

  take(chunk) {
    this.#parts.push(chunk);
    this.#length += chunk.length;
    while (this.#length > 0 && (this.#wanted === 0 || this.#length >= this.#wanted)) {
      const all = this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts);
      if (this.#wanted === 0) {
        const end = all.indexOf('\r\n\r\n');
        if (end < 0) return void (this.#parts = [all]);
        this.#header = end + 4;
        this.#wanted = this.#header + Number(/Content-Length: (\d+)/i.exec(all.subarray(0, end).toString('ascii'))[1]);
      }
      if (all.length < this.#wanted) return void (this.#parts = [all]);
      const body = all.subarray(this.#header, this.#wanted);
      const rest = all.subarray(this.#wanted);
      this.#parts = rest.length > 0 ? [rest] : [];
      this.#length = rest.length;
      this.#wanted = 0;
      this.receive(body, now());
    }
  }
}

/** An ACP agent's client: one message on each line. */
export class AcpPeer extends Peer {
  #parts = [];

  write(message) {
    this.child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  take(chunk) {
    let start = 0;
    for (let end; (end = chunk.indexOf(0x0a, start)) >= 0; start = end + 1) {
      const part = chunk.subarray(start, end);
      const line = this.#parts.length > 0 ? Buffer.concat([...this.#parts.splice(0), part]) : part;
      // Streamed text is counted in bytes only: parsing it here would slow the other side down.
      if (!line.includes('agent_message_chunk')) this.receive(line, now());
    }
    if (start < chunk.length) this.#parts.push(chunk.subarray(start));
  }
}

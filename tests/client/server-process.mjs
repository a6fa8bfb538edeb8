/**
 * The server's process and the wire to it, both ways, without a meaning: everything is kept, and every wait ends at its deadline with a
 * message that says what was awaited and what was seen.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CancellationTokenSource, ErrorCodes, StreamMessageReader, StreamMessageWriter, createMessageConnection } from 'vscode-jsonrpc/node';
import { Waiting, brief } from './waiting.mjs';

const DEADLINE = 60_000;

export class ServerProcess {
  #answer;
  #connection;
  #waiting = new Waiting(() => this.#seen());
  #cursors = new Map();
  #afterAnswer = new Map();
  #stderr = '';

  /** Everything the server sent, in order: `{method?, params?, id?, result?, error?}`. */
  received = [];
  /** Everything this client sent. */
  sent = [];
  /** What was wrong on the wire; `stop()` fails when there is anything. */
  protocolErrors = [];

  /**
   * @param {{command: string, args?: string[], env?: Record<string, string>, cwd?: string}} options
   * @param {(method: string, params: any, token: import('vscode-jsonrpc').CancellationToken) => any} answer to what the server asks
   */
  constructor({ command, args = [], env = process.env, cwd }, answer) {
    this.#answer = answer;
    this.child = spawn(command, args, { env, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stderr.on('data', (chunk) => (this.#stderr += chunk));
    this.child.stdin.on('error', () => {}); // the server is gone; its exit says so
    this.exit = this.#watchExit();
    this.#connect();
  }

  #connect() {
    const server = this;
    class Reader extends StreamMessageReader {
      listen(callback) {
        return super.listen((message) => {
          server.received.push(message);
          callback(message);
          server.#waiting.changed();
        });
      }
    }
    class Writer extends StreamMessageWriter {
      async write(message) {
        server.sent.push(message);
        await super.write(message);
        if (message.method !== undefined) return;
        const then = server.#afterAnswer.get(message.id);
        server.#afterAnswer.delete(message.id);
        await then?.();
      }
    }
    const reader = new Reader(this.child.stdout);
    const wrong = (message) => {
      this.protocolErrors.push(message);
      this.#waiting.changed();
    };
    reader.onError((error) => wrong(error.message));
    this.#connection = createMessageConnection(reader, new Writer(this.child.stdin), { error: wrong, warn() {}, info() {}, log() {} });
    this.#connection.onRequest((method, params, token) => this.#answer(method, params, token));
    this.#connection.onNotification(() => {});
    this.#connection.listen();
  }

  async #watchExit() {
    const failed = once(this.child, 'error').then(([error]) => ({ code: null, signal: null, error }));
    const closed = once(this.child, 'close').then(([code, signal]) => ({ code, signal }));
    const exit = await Promise.race([closed, failed]);
    this.#waiting.end(`The server ended (${exit.error?.message ?? `code ${exit.code}, signal ${exit.signal}`})`);
    this.#connection.dispose();
    return exit;
  }

  /**
   * Resolves with the result, rejects with the server's error (`code`, `message`, `data`).
   * The promise has `cancel()`, which sends `$/cancelRequest`.
   * @param {{deadlineMs?: number}} [options]
   */
  request(method, params, { deadlineMs = DEADLINE } = {}) {
    const source = new CancellationTokenSource();
    let outcome = null;
    const settle = (kind) => (value) => {
      outcome ??= { kind, value };
      this.#waiting.changed();
    };
    const answer = params === undefined ? this.#connection.sendRequest(method, source.token) : this.#connection.sendRequest(method, params, source.token);
    // A connection that closed is reported by the wait, with the exit code.
    answer.then(settle('result'), (error) => error.code === ErrorCodes.PendingResponseRejected || settle('error')(error));
    const promise = this.#waiting
      .until(`the answer to ${method}`, () => outcome, deadlineMs)
      .then(({ kind, value }) => {
        if (kind === 'error') throw value;
        return value;
      });
    promise.catch(() => {}); // a test may look at it later
    return Object.assign(promise, { cancel: () => source.cancel() });
  }

  async notify(method, params) {
    await (params === undefined ? this.#connection.sendNotification(method) : this.#connection.sendNotification(method, params));
  }

  /**
   * The first notification or request of this method that fits and that no earlier call has passed.
   * Resolves with its params.
   * @param {(params: any) => unknown} [predicate]
   */
  async waitFor(method, predicate = () => true, { deadlineMs = DEADLINE } = {}) {
    const index = await this.#waiting.until(
      `${method}${predicate.length > 0 ? ` where ${predicate}` : ''}`,
      () => {
        const start = this.#cursors.get(method) ?? 0;
        const found = this.received.findIndex((one, at) => at >= start && one.method === method && predicate(one.params));
        // An index of 0 is a find, too.
        return found >= 0 && { found };
      },
      deadlineMs,
    );
    this.#cursors.set(method, index.found + 1);
    return this.received[index.found].params;
  }

  /** Params of everything received with this method so far. */
  all(method) {
    return this.received.filter((one) => one.method === method).map((one) => one.params);
  }

  /** Resolves when the probe yields something; looked at after every message in either direction. */
  until(what, probe, { deadlineMs = DEADLINE } = {}) {
    return this.#waiting.until(what, probe, deadlineMs);
  }

  /** Something that a wait may look at has changed. */
  changed() {
    this.#waiting.changed();
  }

  /** What is done once the answer to this request of the server has been sent. */
  afterAnswer(id, then) {
    this.#afterAnswer.set(id, then);
  }

  stderr() {
    return this.#stderr;
  }

  /** `shutdown`, `exit`; resolves with the exit code, fails when the process stays or when the wire was not clean. */
  async stop({ deadlineMs = 30_000 } = {}) {
    await this.request('shutdown', undefined, { deadlineMs });
    await this.notify('exit');
    let timer;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, deadlineMs, null)));
    const exit = await Promise.race([this.exit, late]);
    clearTimeout(timer);
    if (exit === null) {
      await this.kill();
      throw new Error(`The server was still running ${deadlineMs} ms after exit. ${this.#seen()}`);
    }
    if (this.protocolErrors.length > 0) throw new Error(`The wire was not clean: ${brief(this.protocolErrors)}`);
    return exit.code;
  }

  /** Ends the process at once, as when the editor crashes or the test is over. */
  async kill() {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    return this.exit;
  }

  #seen() {
    const last =
      this.received
        .slice(-3)
        .map((one) => brief(one, 200))
        .join(' | ') || 'nothing';
    const wrong = this.protocolErrors.length > 0 ? ` On the wire: ${brief(this.protocolErrors)}.` : '';
    return `The server's last messages: ${last}.${wrong} stderr: ${brief(this.#stderr.slice(-400), 400) || 'empty'}`;
  }
}

/** One run of the fake Pi: plays a scenario's actions as the records that the real Pi would write for them. */
import { setTimeout as delay } from 'node:timers/promises';
import { Tools } from './tools.mjs';
import { Turns } from './turns.mjs';
import { noUsage } from './usage.mjs';

const FLOOD_BATCH = 256;
// Measured of the real Pi behind a provider that is never waited for: some 12 µs from one write to the next, 170 in a row.
const PACE_BURST = 170;
const PACE_PAUSE_MS = 3;

class Aborted extends Error {}

export class Run {
  #host;
  #abort = new AbortController();
  #settled = withResolvers();
  #turns;
  #tools;
  #notices = 0;
  #arrived = new Map();
  #afterSettled = [];

  constructor(host) {
    this.#host = host;
    this.#turns = new Turns(host);
    this.#tools = new Tools(host, this.#turns, this.#abort.signal);
  }

  /** Resolves when the run is over; for a scenario that is deaf, never. */
  async abort() {
    this.#abort.abort();
    await this.#settled.promise;
  }

  /** A command of this type has been received and answered. */
  came(type) {
    this.#arrival(type).resolve();
  }

  async play(prompt, actions) {
    const { wire, state, scenario } = this.#host;
    await wire.say({ type: 'agent_start' });
    await this.#turns.open();
    // A new conversation begins with what the model is told about itself.
    if (state.messages === 0) await this.#turns.wholeMessage({ role: 'system', content: 'You are a fake.', timestamp: Date.now() });
    await this.#userMessage(prompt);
    try {
      for (const action of actions) await this.perform(action);
      await this.#finishTurn();
      for (let next; (next = state.steering.shift() ?? state.followUp.shift()) !== undefined; ) {
        await this.#turns.open();
        await wire.say({ type: 'queue_update', steering: [...state.steering], followUp: [...state.followUp] });
        await this.#userMessage(next);
        await this.perform({ text: `You said: ${next}` });
        await this.#finishTurn();
      }
    } catch (error) {
      if (!(error instanceof Aborted)) throw error;
      await this.#finishAborted();
    }
    await this.#turns.agentEnd(false);
    state.run = null;
    await wire.say({ type: 'agent_settled', ...(scenario.newer ? { aborted: this.#abort.signal.aborted } : {}) });
    this.#settled.resolve();
    for (const dialog of this.#afterSettled) await this.#host.ask(dialog);
  }

  /** @param {import('./scenarios.mjs').Action} action */
  async perform(action) {
    const { wire, ask, exit } = this.#host;
    this.#checkAborted();
    if (action.text !== undefined) return this.#block('text', 'text', [action.text].flat());
    if (action.thinking !== undefined) return this.#block('thinking', 'thinking', [action.thinking].flat());
    if (action.bigText) return this.#block('text', 'text', ['x'.repeat(action.bigText)]);
    if (action.flood) return this.#flood(action.flood);
    if (action.paced) return this.#paced(action.paced);
    if (action.tools) return this.#callTools([action.tools].flat());
    if (action.retry) return this.#turns.retry(action.retry);
    if (action.dialog) return ask(action.dialog, this.#abort.signal);
    if (action.notify) return wire.say({ type: 'extension_ui_request', id: `notify-${++this.#notices}`, method: 'notify', ...action.notify });
    if (action.event) return wire.say(action.event);
    if (action.raw !== undefined) return wire.write(`${action.raw}\n`);
    if (action.half) return wire.write(action.half);
    if (action.bytes) return wire.write(Buffer.from(action.bytes, 'base64'));
    if (action.longLine) return this.#longLine(action.longLine);
    if (action.waitFor) return this.#orAborted(this.#arrival(action.waitFor).promise);
    if (action.crash) return exit(action.crash);
    if (action.hang) return action.hang === 'deaf' ? new Promise(() => {}) : this.#orAborted(new Promise(() => {}));
    if (action.afterSettled) return void this.#afterSettled.push(action.afterSettled);
    throw new Error(`fake-pi: no such action: ${JSON.stringify(action)}`);
  }

  async #block(kind, field, deltas) {
    const content = deltas.join('');
    const contentIndex = await this.#turns.begin({ type: kind, [field]: content });
    await this.#turns.update({ type: `${kind}_start`, contentIndex });
    for (const delta of deltas) {
      await this.#turns.update({ type: `${kind}_delta`, contentIndex, delta });
      this.#checkAborted();
    }
    await this.#turns.update({ type: `${kind}_end`, contentIndex, content });
  }

  async #flood(count) {
    const block = { type: 'text', text: '' };
    const contentIndex = await this.#turns.begin(block);
    await this.#turns.update({ type: 'text_start', contentIndex });
    const event = `{"type":"text_delta","contentIndex":${contentIndex},"delta":"`;
    const head = `{"type":"message_update","usage":${JSON.stringify(noUsage)},"assistantMessageEvent":${event}`;
    let content = '';
    for (let done = 0; done < count; ) {
      let batch = '';
      for (const end = Math.min(count, done + FLOOD_BATCH); done < end; done++) {
        batch += `${head}${done} "}}\n`;
        content += `${done} `;
      }
      block.text = content;
      await this.#host.wire.write(batch);
      this.#checkAborted();
    }
    await this.#turns.update({ type: 'text_end', contentIndex, content });
  }

  /** As the real Pi does it: what one read of the provider's stream brought goes out one record at a time, then it waits for more. */
  async #paced(count) {
    const block = { type: 'text', text: '' };
    const contentIndex = await this.#turns.begin(block);
    await this.#turns.update({ type: 'text_start', contentIndex });
    for (let done = 0; done < count; done++) {
      const delta = `${done} `;
      block.text += delta;
      await this.#turns.update({ type: 'text_delta', contentIndex, delta });
      if (done % PACE_BURST === PACE_BURST - 1) await delay(PACE_PAUSE_MS);
      this.#checkAborted();
    }
    await this.#turns.update({ type: 'text_end', contentIndex, content: block.text });
  }

  #longLine(bytes) {
    const [head, tail] = ['{"type":"session_info_changed","name":"', '"}\n'];
    // In one piece, so that no answer to a command gets into the middle of it.
    return this.#host.wire.write(Buffer.concat([Buffer.from(head), Buffer.alloc(bytes, 'x'), Buffer.from(tail)]));
  }

  async #callTools(tools) {
    await this.#tools.play(tools);
    this.#checkAborted();
  }

  async #finishTurn() {
    // After tools the model speaks again, if only to say nothing.
    await this.#turns.openMessage();
    await this.#turns.closeMessage('stop');
    await this.#turns.end();
  }

  async #finishAborted() {
    const inMessage = this.#turns.inMessage;
    await this.#turns.openMessage();
    // Pi calls it an error when the abort hits between two messages.
    await (inMessage
      ? this.#turns.closeMessage('aborted', 'Request was aborted', noUsage)
      : this.#turns.closeMessage('error', 'This operation was aborted', noUsage));
    await this.#turns.end();
  }

  #userMessage(text) {
    return this.#turns.wholeMessage({ role: 'user', content: [{ type: 'text', text }], timestamp: Date.now() });
  }

  #arrival(type) {
    if (!this.#arrived.has(type)) this.#arrived.set(type, withResolvers());
    return this.#arrived.get(type);
  }

  #checkAborted() {
    if (this.#abort.signal.aborted) throw new Aborted();
  }

  #orAborted(promise) {
    const signal = this.#abort.signal;
    return Promise.race([promise, new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Aborted()), { once: true }))]);
  }
}

// Promise.withResolvers came with Node 22; the tests run on 20 too.
function withResolvers() {
  let resolve;
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}

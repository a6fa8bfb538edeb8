/** The records of a run's turns and of the messages in them, as the real Pi writes them. */
import { noUsage, plainUsage } from './usage.mjs';

export class Turns {
  #host;
  /** The assistant message in the making. */
  #message = null;
  #isOpen = false;
  /** What `agent_end` repeats. */
  #messages = [];
  #retries = 0;

  constructor(host) {
    this.#host = host;
  }

  get inMessage() {
    return this.#message !== null;
  }

  async open() {
    this.#isOpen = true;
    await this.#host.wire.say({ type: 'turn_start' });
  }

  async openMessage() {
    if (!this.#isOpen) await this.open();
    if (this.#message) return;
    const model = this.#host.state.model;
    this.#message = {
      role: 'assistant',
      content: [],
      api: 'openai-completions',
      provider: model?.provider,
      model: model?.id,
      usage: noUsage,
      stopReason: 'pending',
      timestamp: Date.now(),
    };
    await this.#host.wire.say({ type: 'message_start', message: this.#message });
  }

  /** A block more of the assistant's message; its place in there. @returns {Promise<number>} */
  async begin(block) {
    await this.openMessage();
    return this.#message.content.push(block) - 1;
  }

  async closeMessage(stopReason, errorMessage, usage = plainUsage) {
    const { wire, state } = this.#host;
    Object.assign(this.#message, { usage, stopReason, ...(errorMessage ? { errorMessage } : {}) });
    state.cost += usage.cost.total;
    for (const kind of ['input', 'output', 'cacheRead', 'cacheWrite']) state.tokens[kind] += usage[kind];
    state.tokens.total += usage.totalTokens;
    await wire.say({ type: 'message_end', message: this.#message });
    if (this.#retries > 0 && stopReason !== 'error') {
      await wire.say({ type: 'auto_retry_end', success: true, attempt: this.#retries });
      this.#retries = 0;
    }
  }

  async end(toolResults = []) {
    const message = this.#message;
    this.#message = null;
    this.#isOpen = false;
    this.#messages.push(message);
    this.#host.state.messages += 1;
    await this.#host.wire.say({ type: 'turn_end', message, toolResults });
  }

  /** As Pi does it: the failed attempt is a whole low-level run of its own, inside the same settled run. */
  async retry(errorMessage) {
    const { wire } = this.#host;
    await this.openMessage();
    await this.closeMessage('error', errorMessage, noUsage);
    await this.end();
    await this.agentEnd(true);
    await wire.say({ type: 'auto_retry_start', attempt: ++this.#retries, maxAttempts: 3, delayMs: 1, errorMessage });
    await wire.say({ type: 'agent_start' });
    await this.open();
  }

  async agentEnd(willRetry) {
    await this.#host.wire.say({ type: 'agent_end', messages: this.#messages, willRetry });
    this.#messages = [];
  }

  async wholeMessage(message) {
    this.#messages.push(message);
    this.#host.state.messages += 1;
    await this.#host.wire.say({ type: 'message_start', message });
    await this.#host.wire.say({ type: 'message_end', message });
  }

  update(assistantMessageEvent) {
    return this.#host.wire.say({ type: 'message_update', usage: noUsage, assistantMessageEvent });
  }
}

/** One run of the fake Pi: plays a scenario's actions as the records that the real Pi would write for them. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export const plainUsage = {
  input: 100,
  output: 20,
  cacheRead: 40,
  cacheWrite: 8,
  reasoning: 0,
  totalTokens: 168,
  cost: { input: 0.0001, output: 0.00004, cacheRead: 0.00001, cacheWrite: 0.000012, total: 0.000162 },
};
const noUsage = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  totalTokens: 0,
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
};
const FLOOD_BATCH = 256;
// Measured of the real Pi behind a provider that is never waited for: some 12 µs from one write to the next, 170 in a row.
const PACE_BURST = 170;
const PACE_PAUSE_MS = 3;

class Aborted extends Error {}

export class Run {
  #host;
  #abort = new AbortController();
  #settled = withResolvers();
  /** The assistant message in the making. */
  #message = null;
  #turnOpen = false;
  /** What `agent_end` repeats. */
  #messages = [];
  #calls = 0;
  #executions = 0;
  #retries = 0;
  #arrived = new Map();
  #afterSettled = [];
  /** The last write on each path: Pi changes one file at a time. */
  #paths = new Map();

  constructor(host) {
    this.#host = host;
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
    await this.#openTurn();
    // A new conversation begins with what the model is told about itself.
    if (state.messages === 0) await this.#wholeMessage({ role: 'system', content: 'You are a fake.', timestamp: Date.now() });
    await this.#userMessage(prompt);
    try {
      for (const action of actions) await this.perform(action);
      await this.#finishTurn();
      for (let next; (next = state.steering.shift() ?? state.followUp.shift()) !== undefined; ) {
        await this.#openTurn();
        await wire.say({ type: 'queue_update', steering: [...state.steering], followUp: [...state.followUp] });
        await this.#userMessage(next);
        await this.perform({ text: `You said: ${next}` });
        await this.#finishTurn();
      }
    } catch (error) {
      if (!(error instanceof Aborted)) throw error;
      await this.#finishAborted();
    }
    await this.#agentEnd(false);
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
    if (action.tools) return this.#tools([action.tools].flat());
    if (action.retry) return this.#retry(action.retry);
    if (action.dialog) return ask(action.dialog, this.#abort.signal);
    if (action.notify) return wire.say({ type: 'extension_ui_request', id: `notify-${++this.#calls}`, method: 'notify', ...action.notify });
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
    await this.#openMessage();
    const contentIndex = this.#message.content.length;
    const content = deltas.join('');
    this.#message.content.push({ type: kind, [field]: content });
    await this.#update({ type: `${kind}_start`, contentIndex });
    for (const delta of deltas) {
      await this.#update({ type: `${kind}_delta`, contentIndex, delta });
      this.#checkAborted();
    }
    await this.#update({ type: `${kind}_end`, contentIndex, content });
  }

  async #flood(count) {
    await this.#openMessage();
    const contentIndex = this.#message.content.length;
    await this.#update({ type: 'text_start', contentIndex });
    const event = `{"type":"text_delta","contentIndex":${contentIndex},"delta":"`;
    const head = `{"type":"message_update","usage":${JSON.stringify(noUsage)},"assistantMessageEvent":${event}`;
    let content = '';
    const block = { type: 'text', text: '' };
    this.#message.content.push(block);
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
    await this.#update({ type: 'text_end', contentIndex, content });
  }

  /** As the real Pi does it: what one read of the provider's stream brought goes out one record at a time, then it waits for more. */
  async #paced(count) {
    await this.#openMessage();
    const contentIndex = this.#message.content.length;
    await this.#update({ type: 'text_start', contentIndex });
    const block = { type: 'text', text: '' };
    this.#message.content.push(block);
    for (let done = 0; done < count; done++) {
      const delta = `${done} `;
      block.text += delta;
      await this.#update({ type: 'text_delta', contentIndex, delta });
      if (done % PACE_BURST === PACE_BURST - 1) await delay(PACE_PAUSE_MS);
      this.#checkAborted();
    }
    await this.#update({ type: 'text_end', contentIndex, content: block.text });
  }

  #longLine(bytes) {
    const [head, tail] = ['{"type":"session_info_changed","name":"', '"}\n'];
    // In one piece, so that no answer to a command gets into the middle of it.
    return this.#host.wire.write(Buffer.concat([Buffer.from(head), Buffer.alloc(bytes, 'x'), Buffer.from(tail)]));
  }

  /** One assistant message that calls tools: asked about in order, then run at once. */
  async #tools(tools) {
    const { wire, gate } = this.#host;
    await this.#openMessage();
    const calls = tools.map((tool) => ({ tool, id: tool.id ?? `call_${++this.#calls}`, execution: `x${++this.#executions}`, args: argumentsOf(tool) }));
    for (const { tool, id, args } of calls) {
      const contentIndex = this.#message.content.length;
      const toolCall = { type: 'toolCall', id, name: tool.tool, arguments: args };
      this.#message.content.push(toolCall);
      await this.#update({ type: 'toolcall_start', contentIndex, id, toolName: tool.tool });
      await this.#update({ type: 'toolcall_delta', contentIndex, delta: JSON.stringify(args) });
      await this.#update({ type: 'toolcall_end', contentIndex, toolCall });
    }
    await this.#closeMessage('toolUse');

    const blocked = new Map();
    for (const { tool, id, execution, args } of calls) {
      await wire.say({ type: 'tool_execution_start', toolCallId: id, toolName: tool.tool, args });
      if (['read', 'edit', 'write'].includes(tool.tool)) continue;
      const source = tool.source ?? `<builtin:${tool.tool}>`;
      const answer = await gate.ask('consent', { toolCallId: id, execution, tool: tool.tool, source, input: args }, this.#abort.signal);
      if (answer?.allow !== true) blocked.set(execution, failure(answer?.reason ?? 'Operation aborted'));
    }
    const results = await Promise.all(
      calls.map(async (call) => {
        if (call.tool.output && !blocked.has(call.execution)) {
          const partialResult = { content: [{ type: 'text', text: call.tool.output }], details: {} };
          await wire.say({ type: 'tool_execution_update', toolCallId: call.id, toolName: call.tool.tool, args: call.args, partialResult });
        }
        const { text, isError } = blocked.get(call.execution) ?? (await this.#execute(call));
        const content = [{ type: 'text', text }];
        await wire.say({ type: 'tool_execution_end', toolCallId: call.id, toolName: call.tool.tool, result: { content, details: {} }, isError });
        return { role: 'toolResult', toolCallId: call.id, toolName: call.tool.tool, content, isError, timestamp: Date.now() };
      }),
    );
    for (const message of results) await this.#wholeMessage(message);
    await this.#endTurn(results);
    this.#checkAborted();
  }

  #execute(call) {
    if (call.tool.tool === 'read') return this.#readFile(call);
    if (call.tool.tool !== 'edit' && call.tool.tool !== 'write') {
      return { text: call.tool.output ?? '', isError: call.tool.isError ?? false };
    }
    const path = pathOf(call);
    const mine = Promise.resolve(this.#paths.get(path)).then(() => this.#writeFile(call, path));
    this.#paths.set(path, mine);
    return mine;
  }

  async #readFile({ tool, id, execution, args }) {
    const answer = await this.#host.gate.ask('read', { toolCallId: id, execution, tool: tool.tool, path: pathOf({ args }) }, this.#abort.signal);
    if (answer === undefined) return failure('Operation aborted');
    if (answer.error) return failure(answer.error.message);
    return { text: answer.text ?? Buffer.from(answer.base64, 'base64').toString('utf8'), isError: false };
  }

  async #writeFile(call, path) {
    const { tool, id, execution } = call;
    // A large text does not fit into the environment that carries the scenario.
    let text = tool.textFrom ? readFileSync(tool.textFrom, 'utf8') : tool.text;
    if (tool.tool === 'edit') {
      const before = await this.#readFile(call);
      if (before.isError) return before;
      if (!before.text.includes(tool.oldText)) return failure(`Could not find the exact text in ${tool.path}.`);
      text = before.text.replace(tool.oldText, () => tool.newText);
    }
    const patience = new AbortController();
    const waiting = this.#host.gate.ask(
      'write',
      { toolCallId: id, execution, tool: tool.tool, path, text },
      AbortSignal.any([this.#abort.signal, patience.signal]),
    );
    if (tool.crash) await this.#host.exit(tool.crash);
    if (tool.abandon) patience.abort();
    const answer = await waiting;
    return answer === undefined ? failure('Operation aborted') : { text: answer.message, isError: answer.ok !== true };
  }

  /** As Pi does it: the failed attempt is a whole low-level run of its own, inside the same settled run. */
  async #retry(errorMessage) {
    const { wire } = this.#host;
    await this.#openMessage();
    await this.#closeMessage('error', errorMessage, noUsage);
    await this.#endTurn();
    await this.#agentEnd(true);
    await wire.say({ type: 'auto_retry_start', attempt: ++this.#retries, maxAttempts: 3, delayMs: 1, errorMessage });
    await wire.say({ type: 'agent_start' });
    await this.#openTurn();
  }

  async #openTurn() {
    this.#turnOpen = true;
    await this.#host.wire.say({ type: 'turn_start' });
  }

  async #openMessage() {
    if (!this.#turnOpen) await this.#openTurn();
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

  async #closeMessage(stopReason, errorMessage, usage = plainUsage) {
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

  async #endTurn(toolResults = []) {
    const message = this.#message;
    this.#message = null;
    this.#turnOpen = false;
    this.#messages.push(message);
    this.#host.state.messages += 1;
    await this.#host.wire.say({ type: 'turn_end', message, toolResults });
  }

  async #finishTurn() {
    // After tools the model speaks again, if only to say nothing.
    await this.#openMessage();
    await this.#closeMessage('stop');
    await this.#endTurn();
  }

  async #finishAborted() {
    const inMessage = this.#message !== null;
    await this.#openMessage();
    // Pi calls it an error when the abort hits between two messages.
    await (inMessage ? this.#closeMessage('aborted', 'Request was aborted', noUsage) : this.#closeMessage('error', 'This operation was aborted', noUsage));
    await this.#endTurn();
  }

  async #agentEnd(willRetry) {
    await this.#host.wire.say({ type: 'agent_end', messages: this.#messages, willRetry });
    this.#messages = [];
  }

  #userMessage(text) {
    return this.#wholeMessage({ role: 'user', content: [{ type: 'text', text }], timestamp: Date.now() });
  }

  async #wholeMessage(message) {
    this.#messages.push(message);
    this.#host.state.messages += 1;
    await this.#host.wire.say({ type: 'message_start', message });
    await this.#host.wire.say({ type: 'message_end', message });
  }

  #update(assistantMessageEvent) {
    return this.#host.wire.say({ type: 'message_update', usage: noUsage, assistantMessageEvent });
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

const failure = (text) => ({ text, isError: true });
const pathOf = ({ args }) => resolve(args.path);

function argumentsOf({ tool, path, oldText, newText, text, input = {} }) {
  if (tool === 'edit') return { path, edits: [{ oldText, newText }] };
  if (tool === 'write') return { path, content: text };
  if (tool === 'read') return { path };
  return input;
}

// Promise.withResolvers came with Node 22; the tests run on 20 too.
function withResolvers() {
  let resolve;
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}

/** The tools that a run of the fake Pi calls; what they read and write goes through the gate, as in the real one. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export class Tools {
  #host;
  #turns;
  #signal;
  #calls = 0;
  #executions = 0;
  /** The last write on each path: Pi changes one file at a time. */
  #paths = new Map();

  /** @param {import('./turns.mjs').Turns} turns @param {AbortSignal} signal */
  constructor(host, turns, signal) {
    this.#host = host;
    this.#turns = turns;
    this.#signal = signal;
  }

  /** One assistant message that calls tools: asked about in order, then run at once. */
  async play(tools) {
    const { wire, gate } = this.#host;
    const turns = this.#turns;
    const calls = tools.map((tool) => ({ tool, id: tool.id ?? `call_${++this.#calls}`, execution: `x${++this.#executions}`, args: argumentsOf(tool) }));
    for (const { tool, id, args } of calls) {
      const toolCall = { type: 'toolCall', id, name: tool.tool, arguments: args };
      const contentIndex = await turns.begin(toolCall);
      await turns.update({ type: 'toolcall_start', contentIndex, id, toolName: tool.tool });
      await turns.update({ type: 'toolcall_delta', contentIndex, delta: JSON.stringify(args) });
      await turns.update({ type: 'toolcall_end', contentIndex, toolCall });
    }
    await turns.closeMessage('toolUse');

    const blocked = new Map();
    for (const { tool, id, execution, args } of calls) {
      await wire.say({ type: 'tool_execution_start', toolCallId: id, toolName: tool.tool, args });
      if (['read', 'edit', 'write'].includes(tool.tool)) continue;
      const source = tool.source ?? `<builtin:${tool.tool}>`;
      const answer = await gate.ask('consent', { toolCallId: id, execution, tool: tool.tool, source, input: args }, this.#signal);
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
    for (const message of results) await turns.wholeMessage(message);
    await turns.end(results);
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
    const answer = await this.#host.gate.ask('read', { toolCallId: id, execution, tool: tool.tool, path: pathOf({ args }) }, this.#signal);
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
    const waiting = this.#host.gate.ask('write', { toolCallId: id, execution, tool: tool.tool, path, text }, AbortSignal.any([this.#signal, patience.signal]));
    if (tool.crash) await this.#host.exit(tool.crash);
    if (tool.abandon) patience.abort();
    const answer = await waiting;
    return answer === undefined ? failure('Operation aborted') : { text: answer.message, isError: answer.ok !== true };
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

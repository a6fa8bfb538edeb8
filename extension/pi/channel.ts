// The gate's way to the language server and back: in-band, as `ctx.ui.input("pilsp-gate", <JSON>)`.

import { randomUUID } from "node:crypto";
import type { ExtensionContext } from "@earendil-works/pi-coding-agent";

export type Json = Record<string, any>;
export type Signal = AbortSignal | undefined;
/** Which tool call a request belongs to: for people by the model's id, for the server by the execution's own. */
export type Call = { toolCallId: string; execution: string; tool: string };

export const PROTOCOL = 3;
export const CHANNEL = "pilsp-gate";
const ABORTED = "Operation aborted";

/** Sends one request to the server and waits for its answer. Fails when there is none. */
export async function ask(ctx: ExtensionContext, nonce: string, op: string, fields: Json, signal: Signal): Promise<Json> {
  if (ctx.mode !== "rpc") throw new Error("No editor is connected, so nothing can be read or written through it.");
  const text = await ctx.ui.input(CHANNEL, JSON.stringify({ v: PROTOCOL, nonce, op, ...fields }), { signal });
  // Pi resolves a dialog by itself when the run is aborted; the server cancels it when it cannot answer.
  if (text === undefined) throw new Error(ABORTED);
  const answer = JSON.parse(text);
  if (answer === null || typeof answer !== "object") throw new Error("The editor's answer cannot be read.");
  return answer;
}

const executions = new WeakMap<object, string>();

/**
 * The id of one execution of a tool. The model's ids are made by its vendor's server: empty with some, or the same for
 * several calls. Pi hands one and the same input to a call's handlers, to its tool and to the handlers of its result.
 */
export function executionOf(input: unknown): string {
  const id = (typeof input === "object" && input !== null && executions.get(input)) || randomUUID();
  if (typeof input === "object" && input !== null) executions.set(input, id);
  return id;
}

export const callOf = (event: { toolCallId: string; toolName: string; input: unknown }): Call => ({
  toolCallId: event.toolCallId,
  execution: executionOf(event.input),
  tool: event.toolName,
});

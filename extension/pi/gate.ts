// The gate: Pi loads this file first of all extensions. It puts `read`, `edit` and `write` behind the
// language server, asks it before any other tool that is not known to be read-only, and proves on request
// which tools are in force. It changes no file itself; without the server it lets nothing write.
//
// channel.ts is the way to the server, server/Pi/PiGate.cs the other half.

import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { type ExtensionAPI, type ExtensionContext, VERSION } from "@earendil-works/pi-coding-agent";
import { registerAccounts } from "./accounts.ts";
import { ask, CHANNEL, callOf, type Json, PROTOCOL } from "./channel.ts";
import { configProblem, keepsPictures } from "./config.ts";
import { fileTools } from "./file-tools.ts";
import { registerLooking } from "./looking.ts";

const GATED = new Set(["read", "edit", "write"]);
const EDITOR_TOOLS = new Set(["diagnostics", "definition", "references", "symbols", "hover"]);
const READ_ONLY_BUILTINS = new Set(["grep", "find", "ls"]);

function deepFreeze(value: unknown): void {
  if (value === null || typeof value !== "object" || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const child of Object.values(value)) deepFreeze(child);
}

/**
 * Ends what shells of this Pi have left in the background, when Pi ends in whatever way: the editor that started
 * them is gone. They are known by the nonce that they inherited; without /proc they are Pi's own business.
 */
function endRemainsOnExit(nonce: string): void {
  const once = Symbol.for("pilsp-gate-exit"); // Pi loads this file again for every session
  const host = process as unknown as Record<symbol, boolean>;
  if (process.platform !== "linux" || host[once]) return;
  host[once] = true;
  process.on("exit", () => {
    for (const name of readdirSync("/proc")) {
      if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
      try {
        if (readFileSync(`/proc/${name}/environ`).includes(`PILSP_GATE_NONCE=${nonce}`)) process.kill(Number(name), "SIGTERM");
      } catch {
        // Another user's, or gone meanwhile.
      }
    }
  });
}

/** What is known of a tool besides its name: for the user to judge, and no more than its maker's word. */
function about(tool: Json | undefined): Json {
  const { namespace, annotations } = tool ?? {};
  // Pi names the namespace of an MCP server `mcp__name`, and gives the name itself as another one.
  const server = typeof namespace?.name === "string" && namespace.name.startsWith("mcp__") ? (namespace.aliases?.[0] ?? namespace.name.slice(5)) : undefined;
  return { server, annotations };
}

/** What the server would otherwise ask Pi for before each prompt, in the words of Pi's `get_state`. */
function stateOf(pi: ExtensionAPI, ctx: ExtensionContext): Json {
  const { provider, id, name, reasoning, contextWindow, input, cost } = ctx.model ?? {};
  return {
    model: ctx.model && { provider, id, name, reasoning, contextWindow, input, cost },
    thinkingLevel: pi.getThinkingLevel(),
    sessionId: ctx.sessionManager.getSessionId(),
    sessionFile: ctx.sessionManager.getSessionFile(),
    sessionName: ctx.sessionManager.getSessionName(),
    isStreaming: !ctx.isIdle(),
  };
}

const block = (reason: string) => ({ block: true, reason });

/** Pi 1.x says `builtin:grep`, Pi before it `<builtin:grep>`. */
const isBuiltin = (name: string, source: string | undefined) => source === `builtin:${name}` || source === `<builtin:${name}>`;

/**
 * An assistant message whose tool calls all have an id that no other call of the conversation has; nothing where that is
 * so already. Whoever shows a run, and the model itself, could not tell the calls apart otherwise.
 */
function withOwnIds(message: Json, taken: Set<string>): Json | undefined {
  if (message.role !== "assistant" || !Array.isArray(message.content)) return undefined;
  let changed = false;
  const content = message.content.map((part: Json) => {
    if (part?.type !== "toolCall") return part;
    const isOwn = typeof part.id === "string" && part.id !== "" && !taken.has(part.id);
    const id = isOwn ? part.id : `call_${randomUUID().replaceAll("-", "")}`;
    taken.add(id);
    changed ||= !isOwn;
    return isOwn ? part : { ...part, id };
  });
  return changed ? { ...message, content } : undefined;
}

export default function gate(pi: ExtensionAPI): void {
  const nonce = process.env.PILSP_GATE_NONCE ?? "";
  const ownPath = process.env.PILSP_GATE_PATH ?? "";
  const armed = nonce !== "" && ownPath !== "";
  if (armed) for (const tool of fileTools(nonce)) pi.registerTool(tool);

  const consented = new WeakSet<object>(); // inputs of the calls whose result is still to come
  const taken = new Set<string>();
  const find = (name: string) => pi.getAllTools().find((tool) => tool.name === name);

  // Before the calls of the message are carried out.
  pi.on("message_end", (event) => {
    const message = withOwnIds(event.message, taken);
    return message === undefined ? undefined : { message: message as typeof event.message };
  });

  const isLooking = (name: string) => READ_ONLY_BUILTINS.has(name) && isBuiltin(name, find(name)?.sourceInfo?.path);

  // A handler that throws blocks the tool as well: every way out of here that is not `undefined` is a refusal.
  pi.on("tool_call", async (event, ctx) => {
    const found = find(event.toolName);
    const source = found?.sourceInfo?.path;
    if (isLooking(event.toolName)) {
      deepFreeze(event.input);
      return undefined; // looking.ts asks where it may look
    }
    if (EDITOR_TOOLS.has(event.toolName) && source !== undefined && source === process.env.PILSP_EDITOR_TOOLS_PATH) return undefined;
    if (!armed || ctx.mode !== "rpc") return block("No editor is connected that could approve this tool.");
    if (GATED.has(event.toolName)) {
      if (source === ownPath) return undefined;
      return block(`"${event.toolName}" was replaced by ${source ?? "something unknown"} and would bypass the editor.`);
    }
    // Frozen before it is shown: what the user approves is what runs, whatever later handlers would like.
    deepFreeze(event.input);
    const { input } = event;
    const call = callOf(event);
    const { parentToolCallId } = event as Json;
    const answer = await ask(ctx, nonce, "consent", { ...call, source: source ?? "unknown", ...about(found), parentToolCallId, input }, ctx.signal);
    if (answer.allow !== true) return block(answer.reason || "The user did not allow this tool call.");
    consented.add(input);
    return undefined;
  });

  // What a tool has done past the review, and which buffers it could not see, is for the model to know.
  pi.on("tool_result", async (event, ctx) => {
    const { input } = event;
    if (!consented.delete(input)) return undefined;
    const call = callOf(event);
    const { note } = await ask(ctx, nonce, "after", call, ctx.signal).catch((): Json => ({}));
    if (!note) return undefined;
    const content = [...event.content, { type: "text" as const, text: note }];
    // What a script gets instead of the text: Pi drops it where only the text comes back.
    return event.structuredContent === undefined ? { content } : { content, structuredContent: event.structuredContent };
  });

  if (!armed) return;
  registerLooking(pi, isLooking, callOf, (ctx, op, fields, signal) => ask(ctx, nonce, op, fields, signal));
  endRemainsOnExit(nonce);
  // Until then the server need not look for the command that answers it.
  pi.on("session_shutdown", (_event, ctx) => {
    if (ctx.mode === "rpc") ctx.ui.setStatus(CHANNEL, JSON.stringify({ v: PROTOCOL, nonce, op: "bye" }));
  });
  registerAccounts(pi, `pilsp-accounts-${nonce}`, (ctx, fields, signal) => ask(ctx, nonce, "account", fields, signal));
  pi.registerCommand(`${CHANNEL}-${nonce}`, {
    description: "Used by the editor to check that edits are held back",
    handler: async (challenge, ctx) => {
      const active = new Set(pi.getActiveTools());
      const tools = pi.getAllTools().map(({ name, sourceInfo }) => ({
        name,
        source: sourceInfo?.path ?? "unknown",
        active: active.has(name),
      }));
      const entries = ctx.sessionManager.getEntries();
      await ctx.ui.input(
        CHANNEL,
        JSON.stringify({
          v: PROTOCOL,
          nonce,
          op: "hello",
          challenge,
          agent: VERSION,
          folder: ctx.cwd,
          tools,
          state: stateOf(pi, ctx),
          lastEntry: entries.at(-1)?.id,
          isAnswered: entries.some((one) => one.type === "message" && one.message.role === "assistant"),
          problem: configProblem(ctx),
          keepsPictures: keepsPictures(ctx),
        }),
      );
    },
  });
}

// The gate: Pi loads this file first of all extensions. It puts `read`, `edit` and `write` behind the
// language server, asks it before any other tool that is not known to be read-only, and proves on request
// which tools are in force. It changes no file itself; without the server it lets nothing write.
//
// Everything goes out in-band, as `ctx.ui.input("pilsp-gate", <JSON>)`; server/Pi/PiGate.cs is the other half.

import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import {
  createEditToolDefinition,
  createReadToolDefinition,
  createWriteToolDefinition,
  type ExtensionAPI,
  type ExtensionContext,
  type ToolDefinition,
  VERSION,
} from "@earendil-works/pi-coding-agent";
import { registerAccounts } from "./accounts.ts";
import { configProblem, keepsPictures } from "./config.ts";
import { registerLooking } from "./looking.ts";

type Json = Record<string, any>;
type Signal = AbortSignal | undefined;
type Content = { bytes: Buffer; isText: boolean };
/** Which tool call a request belongs to: for people by the model's id, for the server by the execution's own. */
type Call = { toolCallId: string; execution: string; tool: string };
/** What becomes of a change, as the server tells it; it fails where nothing of it has landed. */
type Landed = { outcome?: Promise<string | undefined> };
/** Makes Pi's own tool for one call, with the server in place of the disk. */
type Create = (ctx: ExtensionContext, call: Call, signal: Signal, landed: Landed) => ToolDefinition<any, any, any>;

const PROTOCOL = 3;
const CHANNEL = "pilsp-gate";
const GATED = new Set(["read", "edit", "write"]);
const EDITOR_TOOLS = new Set(["diagnostics", "definition", "references", "symbols", "hover"]);
const READ_ONLY_BUILTINS = new Set(["grep", "find", "ls"]);
const ABORTED = "Operation aborted";
const OUTCOME_GRACE_MS = 10_000; // the server answers a stopped run sooner

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

const callOf = (event: { toolCallId: string; toolName: string; input: unknown }): Call => ({
  toolCallId: event.toolCallId,
  execution: executionOf(event.input),
  tool: event.toolName,
});

/** A file as the user sees it, fetched once for one tool call however often Pi's code looks at it. */
function fileReader(ctx: ExtensionContext, nonce: string, call: Call, signal: Signal) {
  let path: string | undefined;
  let content: Promise<Content>;
  const fetch = async (absolutePath: string): Promise<Content> => {
    const answer = await ask(ctx, nonce, "read", { ...call, path: absolutePath }, signal);
    if (typeof answer.text === "string") return { bytes: Buffer.from(answer.text, "utf8"), isText: true };
    if (typeof answer.base64 === "string") return { bytes: Buffer.from(answer.base64, "base64"), isText: false };
    const error = new Error(answer.error?.message ?? "The editor could not read the file.");
    throw Object.assign(error, { code: answer.error?.code ?? "ERR" });
  };
  return (absolutePath: string): Promise<Content> => {
    if (path !== absolutePath) {
      path = absolutePath;
      content = fetch(absolutePath);
    }
    return content;
  };
}

/**
 * The same signal, later: of a run that is stopped the server still tells what has landed, and it is the server that
 * takes back what has not.
 */
function afterGrace(signal: Signal): Signal {
  if (!signal || signal.aborted) return signal;
  const late = new AbortController();
  signal.addEventListener("abort", () => setTimeout(() => late.abort(), OUTCOME_GRACE_MS).unref(), { once: true });
  return late.signal;
}

/** Hands a new text over and waits for the user's decision; the server says what landed. */
function fileWriter(ctx: ExtensionContext, nonce: string, call: Call, signal: Signal, landed: Landed) {
  const hand = async (path: string, text: string): Promise<string | undefined> => {
    const answer = await ask(ctx, nonce, "write", { ...call, path, text }, afterGrace(signal));
    if (answer.ok !== true) throw new Error(answer.message || "The change was refused.");
    return answer.message;
  };
  return async (absolutePath: string, text: string): Promise<void> => {
    landed.outcome = hand(absolutePath, text);
    await landed.outcome;
  };
}

/** PNG, JPEG, GIF, WebP and BMP by their first bytes, as Pi's own check does; its export wants a path on disk. */
function imageMimeType(bytes: Buffer): string | undefined {
  const ascii = bytes.subarray(0, 16).toString("latin1");
  if (ascii.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (ascii.startsWith("\xff\xd8\xff") && bytes[3] !== 0xf7) return "image/jpeg";
  if (ascii.startsWith("GIF87a") || ascii.startsWith("GIF89a")) return "image/gif";
  if (ascii.startsWith("RIFF") && ascii.slice(8, 12) === "WEBP") return "image/webp";
  if (ascii.startsWith("BM") && bytes.length >= 26 && bytes.readUInt32LE(14) >= 12 && bytes.readUInt32LE(14) <= 124) return "image/bmp";
  return undefined;
}

/** Pi's three file tools with their input and output replaced; everything else of them is Pi's own. */
function gatedTools(nonce: string): ToolDefinition<any, any, any>[] {
  const read: Create = (ctx, call, signal) => {
    const file = fileReader(ctx, nonce, call, signal);
    return createReadToolDefinition(ctx.cwd, {
      operations: {
        access: async (path) => void (await file(path)),
        readFile: async (path) => (await file(path)).bytes,
        detectImageMimeType: async (path) => {
          const { bytes, isText } = await file(path);
          return isText ? undefined : imageMimeType(bytes);
        },
      },
    });
  };
  const edit: Create = (ctx, call, signal, landed) => {
    const file = fileReader(ctx, nonce, call, signal);
    return createEditToolDefinition(ctx.cwd, {
      operations: {
        access: async (path) => void (await file(path)),
        readFile: async (path) => {
          const { bytes, isText } = await file(path);
          if (!isText) throw new Error("The file is not valid UTF-8 text, so it cannot be edited as text.");
          return bytes;
        },
        writeFile: fileWriter(ctx, nonce, call, signal, landed),
      },
    });
  };
  const write: Create = (ctx, call, signal, landed) =>
    createWriteToolDefinition(ctx.cwd, {
      operations: {
        mkdir: async () => {}, // The server makes directories when, and only when, the file is written.
        writeFile: fileWriter(ctx, nonce, call, signal, landed),
      },
    });

  const shapes: [ToolDefinition<any, any, any>, Create][] = [
    [createReadToolDefinition(process.cwd()), read],
    [createEditToolDefinition(process.cwd()), edit],
    [createWriteToolDefinition(process.cwd()), write],
  ];
  return shapes.map(([shape, create]) => ({
    ...shape,
    async execute(toolCallId, input, signal, onUpdate, ctx) {
      const landed: Landed = {};
      const tool = create(ctx, { toolCallId, execution: executionOf(input), tool: shape.name }, signal, landed);
      // Pi's own code stops at an abort whatever has become of the change; what the server says of it goes before that.
      const result = await tool.execute(toolCallId, input, signal, onUpdate, ctx).catch((error: unknown) => {
        if (!landed.outcome) throw error;
        return { content: [], details: undefined };
      });
      const message = await landed.outcome;
      return message ? { ...result, content: [{ type: "text", text: message }] } : result;
    },
  }));
}

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
  if (armed) for (const tool of gatedTools(nonce)) pi.registerTool(tool);

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

// Pi's `read`, `edit` and `write` with the language server in place of the disk; everything else of them is Pi's own.

import {
  createEditToolDefinition,
  createReadToolDefinition,
  createWriteToolDefinition,
  type ExtensionContext,
  type ToolDefinition,
} from "@earendil-works/pi-coding-agent";
import { ask, type Call, executionOf, type Signal } from "./channel.ts";

type Content = { bytes: Buffer; isText: boolean };
/** What becomes of a change, as the server tells it; it fails where nothing of it has landed. */
type Landed = { outcome?: Promise<string | undefined> };
/** Makes Pi's own tool for one call, with the server in place of the disk. */
type Create = (ctx: ExtensionContext, call: Call, signal: Signal, landed: Landed) => ToolDefinition<any, any, any>;

const OUTCOME_GRACE_MS = 10_000; // the server answers a stopped run sooner

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

export function fileTools(nonce: string): ToolDefinition<any, any, any>[] {
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

// grep, find and ls look at the disk by themselves, without the server between. So the server is asked where they are
// about to look, and which lines of a search it would have asked the user about.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { createLsToolDefinition, type ExtensionAPI, type ExtensionContext } from "@earendil-works/pi-coding-agent";

type Json = Record<string, any>;
type Ask = (ctx: ExtensionContext, op: string, fields: Json, signal: AbortSignal | undefined) => Promise<Json>;
/** Which execution of a tool it is. */
type Call = (event: { toolCallId: string; toolName: string; input: unknown }) => Json;
type Text = { type: string; text?: string };

/** Where a tool looks by Pi's own rules: they are in its code and not for hire, so that tells where it would look. */
async function placeOf(path: unknown, ctx: ExtensionContext): Promise<string> {
  let place: string | undefined;
  const exists = (absolute: string) => {
    place = absolute;
    return false;
  };
  const ls = createLsToolDefinition(ctx.cwd, { operations: { exists, stat: () => Promise.reject(), readdir: () => [] } as any });
  const input = typeof path === "string" ? { path } : {};
  await ls.execute("look", input, undefined, undefined, ctx as any).catch(() => undefined);
  if (place === undefined) throw new Error("It could not be told where it would look.");
  return place;
}

/** The files that a line of grep's may be of: `name:12: text`, or `name-12- text` around a match. A name may look like that, too. */
function filesOf(line: string, folder: string): string[] {
  const names = [...line.matchAll(/[:-]\d+[:-] /g)].map((mark) => line.slice(0, mark.index));
  return names.map((name) => join(folder, name)).filter((path, i) => i === 0 || existsSync(path));
}

/** What may be shown of a search. Fails when the server cannot say. */
async function sifted(text: string, folder: string, hiddenOf: (paths: string[]) => Promise<string[]>): Promise<string> {
  const lines = text.split("\n").map((line) => ({ line, files: filesOf(line, folder) }));
  const paths = [...new Set(lines.flatMap(({ files }) => files))];
  const hidden = new Set(paths.length > 0 ? await hiddenOf(paths) : []);
  if (hidden.size === 0) return text;
  const shown = lines.filter(({ files }) => !files.some((path) => hidden.has(path))).map(({ line }) => line);
  const names = [...hidden].map((path) => path.slice(folder.length + 1)).join(", ");
  return `${shown.join("\n")}\n\n[What was found in ${names} is left out: reading it needs the user's consent. Use read on it, which asks.]`;
}

export function registerLooking(pi: ExtensionAPI, isOwn: (tool: string) => boolean, callOf: Call, ask: Ask): void {
  const searched = new WeakMap<object, string>();

  pi.on("tool_call", async (event, ctx) => {
    if (!isOwn(event.toolName)) return undefined;
    const path = await placeOf((event.input as Json).path, ctx);
    searched.set(event.input, path);
    const answer = await ask(ctx, "look", { ...callOf(event), path }, ctx.signal);
    return answer.allow === true ? undefined : { block: true, reason: answer.reason || "The user did not allow this." };
  });

  pi.on("tool_result", async (event, ctx) => {
    if (event.toolName !== "grep" || event.isError || !isOwn("grep")) return undefined;
    const hiddenOf = async (paths: string[]) => (await ask(ctx, "sift", { ...callOf(event), paths }, ctx.signal)).hidden as string[];
    try {
      const folder = searched.get(event.input) ?? (await placeOf((event.input as Json).path, ctx));
      const content = await Promise.all(
        (event.content as Text[]).map(async (part) => (part.type === "text" ? { ...part, text: await sifted(part.text ?? "", folder, hiddenOf) } : part)),
      );
      return { content: content as typeof event.content };
    } catch (error) {
      // What could not be looked at is not shown.
      const text = `What was found is not shown, since the editor could not say what of it may be: ${error instanceof Error ? error.message : error}`;
      return { content: [{ type: "text", text }], isError: true };
    }
  });
}

// Why Pi could not read its own files. It goes on without what stood in them, and says so on no channel that an editor has.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ExtensionContext, getAgentDir, SettingsManager } from "@earendil-works/pi-coding-agent";

/** What JSON.parse quotes of a file that holds keys is nothing to be shown. */
const unquoted = (said: string): string => said.replace(/,? (?:\.\.\.)?"[\s\S]*"(?:\.\.\.)? is not valid JSON/g, " where no JSON can go on");

function credentialsProblem(): string | undefined {
  const path = join(getAgentDir(), "auth.json");
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? undefined : `auth.json cannot be read: ${message}`;
  }
  if (text.trim() === "") return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return `Failed to parse auth.json: ${(error as Error).message} (${path})`;
  }
}

/**
 * In Pi's words where it has some; undefined: everything could be read. `stopsAll`: Pi looks into its stored credentials before
 * every request, whatever provider that goes to, so that none goes out.
 */
export function configProblem(ctx: ExtensionContext): { reason: string; stopsAll: boolean } | undefined {
  const credentials = credentialsProblem();
  const said = ctx.modelRegistry
    .getError?.()
    ?.split("\n\n")
    // The same again, in words that name no file.
    .filter((part) => !(credentials && part.startsWith("Availability refresh:")))
    .map((part) => part.replace(/^File: (.*)$/s, "($1)").replace(/\s*\n\s*/g, " "))
    .join(" ");
  const all = [said, credentials].filter(Boolean).join("; ");
  return all === "" ? undefined : { reason: unquoted(all), stopsAll: credentials !== undefined };
}

/** The user has switched off that Pi makes pictures smaller that no vendor takes (`images.autoResize`). */
export function keepsPictures(ctx: ExtensionContext): boolean {
  try {
    return !SettingsManager.create(ctx.cwd, getAgentDir()).getImageAutoResize();
  } catch {
    return false;
  }
}

// What Pi knows of its providers and their credentials, for the editor: listed, signed in to and out of by Pi's own
// code, and the credits of one asked for with the key that only this process has. gate.ts registers it.
//
// The server starts an operation by a command with a JSON argument that holds no secret; everything else goes through
// the gate's channel as `account` messages with the operation's id. server/Pi/PiAccounts.cs is the other half.

import { CredentialSynchronizationError, type ExtensionAPI, type ExtensionContext, ModelRuntime, readStoredCredential } from "@earendil-works/pi-coding-agent";
import { configProblem } from "./config.ts";

type Json = Record<string, any>;
/** One message to the server, and its answer. */
type Tell = (ctx: ExtensionContext, fields: Json, signal?: AbortSignal) => Promise<Json>;
type Operation = { id: string; do: string; provider?: string; only?: string[]; type?: "api_key" | "oauth"; of?: string };

const CREDITS_DEADLINE_MS = 10_000;
const REFRESH_DEADLINE_MS = 10_000;
const PROBE = "pilsp-probe";
const PROBE_DEADLINE_MS = 2000;
const under = new Map<string, AbortController>();

/** A runtime of our own for what the session's registry does not offer; both share auth.json and models.json. */
async function runtimeFor(ctx: ExtensionContext): Promise<ModelRuntime> {
  // An older Pi has none to offer; everything else of the gate works there.
  if (typeof ModelRuntime?.create !== "function")
    throw new Error("This Pi is too old to be set up from the editor. Update it, or run `pi` in a terminal and use /login.");
  const runtime = await ModelRuntime.create({ refreshOnCreate: false });
  for (const id of ctx.modelRegistry.getRegisteredProviderIds()) {
    const config = ctx.modelRegistry.getRegisteredProviderConfig(id);
    const native = ctx.modelRegistry.getRegisteredNativeProvider(id);
    if (native) runtime.registerNativeProvider(native);
    else if (config) runtime.registerProvider(id, config);
  }
  return runtime;
}

/** Lets a provider look for its key among variables that are not there. @returns those it asked for */
async function variablesOf(auth: Json): Promise<string[]> {
  const asked = new Set<string>();
  const env = async (name: string): Promise<undefined> => void asked.add(name);
  // Where it can be checked, nothing is resolved: that would run what models.json gives as a command.
  await (auth.check ?? auth.resolve)?.({ ctx: { env, fileExists: async () => false }, signal: AbortSignal.timeout(PROBE_DEADLINE_MS) }).catch(() => {});
  return [...asked];
}

/**
 * The environment variable that would be this provider's key alone.
 * @param own the provider without what models.json says of it, if there is such a one
 */
async function keyVariable(provider: Json, own: Json | undefined): Promise<string | undefined> {
  const asked = provider.auth?.apiKey ? await variablesOf(provider.auth.apiKey) : [];
  const auth = own?.auth?.apiKey;
  if (!auth) return asked.length === 1 ? asked[0] : undefined;
  // Some have several, such as one for tokens; the usual one first.
  for (const name of asked.sort((a, b) => Number(b.endsWith("_API_KEY")) - Number(a.endsWith("_API_KEY")))) {
    const ctx = { env: async (one: string) => (one === name ? PROBE : undefined), fileExists: async () => false };
    const found = await auth.resolve({ ctx, signal: AbortSignal.timeout(PROBE_DEADLINE_MS) }).catch(() => undefined);
    if (found?.auth?.apiKey === PROBE) return name;
  }
  return undefined;
}

async function list(ctx: ExtensionContext, only: string[] | undefined): Promise<Json> {
  const registry = ctx.modelRegistry;
  const runtime = only ? undefined : await runtimeFor(ctx);
  // Without models.json, whose entries go before what a provider looks for by itself.
  const bare = only ? undefined : await ModelRuntime.create({ refreshOnCreate: false, modelsPath: null });
  const available = registry.getAvailable();
  const ids = only ?? runtime?.getProviders().map((one) => one.id) ?? [];
  const providers = ids.map(async (id) => {
    const provider: Json = registry.getProvider(id) ?? runtime?.getProvider(id) ?? {};
    const models = available.filter((model) => model.provider === id);
    const { configured, source, label } = registry.getProviderAuthStatus(id);
    return {
      id,
      name: registry.getProviderDisplayName(id),
      kinds: [
        ...(provider.auth?.apiKey?.login ? ["apiKey"] : []),
        ...(provider.auth?.oauth ? ["oauth"] : []),
        ...(provider.auth?.apiKey ? ["environment"] : []),
      ],
      configured,
      source: source === "stored" && readStoredCredential?.(id)?.type === "oauth" ? "oauth" : source,
      label,
      models: models.length,
      variable: bare && (await keyVariable(provider, bare.getProvider(id))),
    };
  });
  return { providers: await Promise.all(providers) };
}

/** What is left and what is used up, in the provider's own currency; nothing where it does not answer. */
async function credits(ctx: ExtensionContext, id: string, signal: AbortSignal): Promise<Json> {
  const auth = (await ctx.modelRegistry.getProviderAuth(id).catch(() => undefined))?.auth;
  const base = auth?.baseUrl ?? ctx.modelRegistry.getAll().find((model) => model.provider === id)?.baseUrl;
  if (!auth?.apiKey || !base) return {};
  const over = AbortSignal.any([signal, AbortSignal.timeout(CREDITS_DEADLINE_MS)]);
  const get = async (path: string): Promise<Json | undefined> => {
    try {
      const response = await fetch(`${base.replace(/\/$/, "")}/${path}`, {
        headers: { authorization: `Bearer ${auth.apiKey}`, accept: "application/json" },
        redirect: "error",
        signal: over,
      });
      return response.ok ? ((await response.json())?.data ?? undefined) : undefined;
    } catch {
      // One that does not answer, or in other words, has nothing to tell.
      return undefined;
    }
  };
  const account = await get("credits");
  if (typeof account?.total_credits === "number" && typeof account.total_usage === "number")
    return { remaining: account.total_credits - account.total_usage, used: account.total_usage };
  // A key that may not see the account sees its own share.
  const key = await get("key");
  if (typeof key?.usage !== "number") return {};
  return { used: key.usage, ...(typeof key.limit_remaining === "number" ? { remaining: key.limit_remaining } : {}) };
}

async function perform(operation: Operation, ctx: ExtensionContext, tell: Tell, signal: AbortSignal): Promise<Json> {
  const provider = operation.provider ?? "";
  // What is stored is stored, whatever becomes of this.
  const refresh = () => ctx.modelRegistry.refresh({ providers: [provider], signal: AbortSignal.timeout(REFRESH_DEADLINE_MS) }).catch(() => undefined);
  switch (operation.do) {
    case "list":
      return list(ctx, operation.only);
    case "refresh":
      await ctx.modelRegistry.refresh({ allowNetwork: false, signal });
      return { problem: configProblem(ctx) };
    case "credits":
      return credits(ctx, provider, signal);
    case "logout":
      await (await runtimeFor(ctx)).logout(provider, { signal });
      await refresh();
      return {};
    case "login": {
      const runtime = await runtimeFor(ctx);
      const prompt = async ({ signal: own, ...prompt }: Json): Promise<string> => {
        const both = AbortSignal.any([signal, ...(own ? [own as AbortSignal] : [])]);
        const { value } = await tell(ctx, { id: operation.id, step: "prompt", prompt }, both);
        if (typeof value !== "string") throw new Error("The sign-in was given up.");
        return value;
      };
      const notify = (event: Json) => void tell(ctx, { id: operation.id, step: "event", event }, signal).catch(() => {});
      const stored = () => JSON.stringify(readStoredCredential?.(provider));
      const before = stored();
      await runtime.login(provider, operation.type ?? "oauth", { signal, prompt, notify }).catch((error) => {
        // The credential is stored; what failed is this runtime's own view, which nobody looks at again, or whoever
        // gave it up was too late.
        if (!(error instanceof CredentialSynchronizationError) && stored() === before) throw error;
      });
      await refresh();
      return {};
    }
    default:
      throw new Error(`"${operation.do}" is unknown here.`);
  }
}

export function registerAccounts(pi: ExtensionAPI, name: string, tell: Tell): void {
  pi.registerCommand(name, {
    description: "Used by the editor to list providers and to sign in",
    handler: async (argument, ctx) => {
      const operation: Operation = JSON.parse(argument);
      if (operation.do === "cancel") return under.get(operation.of ?? "")?.abort(new Error("The sign-in was given up."));
      const controller = new AbortController();
      under.set(operation.id, controller);
      try {
        const result = await perform(operation, ctx, tell, controller.signal);
        await tell(ctx, { id: operation.id, step: "done", result });
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        await tell(ctx, { id: operation.id, step: "failed", message }).catch(() => {});
      } finally {
        under.delete(operation.id);
      }
    },
  });
}

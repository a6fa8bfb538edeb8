/**
 * A temporary home for the real Pi: it knows the scripted model and nothing else, and leaves the user's own alone.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** US dollars per million tokens; no two alike, so that a test sees which one was used. */
export const COST = { input: 1, output: 2, cacheRead: 0.25, cacheWrite: 1.5 };

const MODELS = [
  { id: 'scripted-1', name: 'Scripted 1', contextWindow: 128_000, maxTokens: 16_000, cost: COST },
  { id: 'thinker-1', name: 'Thinker 1', reasoning: true, contextWindow: 128_000, maxTokens: 16_000, cost: COST },
];

/**
 * @param {object} options
 * @param {string} options.url of the scripted model, with its `/v1`
 * @param {object[]} [options.models] instead of `scripted-1` and `thinker-1`; empty for a Pi without any model
 * @param {{settings?: object, providers?: object, files?: Record<string, string>}} [options.extra]
 *   merged into settings.json and models.json; files by their path inside the directory
 */
export async function makePiHome({ url, models = MODELS, extra = {} }) {
  const root = await mkdtemp(join(tmpdir(), 'pilsp-pi-'));
  const dir = join(root, 'agent');
  const home = join(root, 'home');
  await mkdir(dir);
  await mkdir(home);

  const local = models.length === 0 ? {} : { local: { baseUrl: url, api: 'openai-completions', apiKey: 'x', models } };
  const settings = {
    ...(models.length === 0 ? {} : { defaultProvider: 'local', defaultModel: models[0].id }),
    // Pi waits 2, 4, 8 s before it tries again; a test has no time for that.
    retry: { enabled: true, maxRetries: 3, baseDelayMs: 1 },
    ...extra.settings,
  };
  const files = {
    'models.json': JSON.stringify({ providers: { ...local, ...extra.providers } }, null, 2),
    'settings.json': JSON.stringify(settings, null, 2),
    ...extra.files,
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }

  const env = {
    PI_CODING_AGENT_DIR: dir,
    PI_OFFLINE: '1',
    PI_TELEMETRY: '0',
    HOME: home,
    USERPROFILE: home,
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
  };
  return {
    dir,
    /** What to add to an environment. */
    env,
    /** This process's environment with that added, and without what would give Pi other models or another place. */
    fullEnv: () => ({ ...withoutKeys(process.env), ...env }),
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 3 }),
  };
}

function withoutKeys(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^PI_|_API_KEY$|_TOKEN$|^AWS_|^GOOGLE_/.test(name)));
}

// Providers and credentials with the real Pi: listed by source, set, kept by the client, signed in to, taken away.
import { terminalSignIn } from '../scripted-model/pi-command.mjs';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandLine, poll } from './processes.mjs';
import { stageFor } from './stage.mjs';
import { says } from './steps.mjs';
import { DEVICE, startCredits, startGateway } from './vendors.mjs';

const STORED = 'sk-stored-0123456789abcdef';
const PRIVATE = 'sk-private-0123456789abcdef';
const own = { capabilities: { experimental: { pi: { pick: true, input: true, signIn: true, status: true, events: true } } } };
const authJson = (stage) => {
  try {
    return JSON.parse(readFileSync(join(stage.pi.dir, 'auth.json'), 'utf8'));
  } catch {
    return {};
  }
};
const provider = async (stage, id) => (await stage.lsp.command('pi.listProviders')).providers.find((one) => one.id === id);
const models = async (stage, id) => (await stage.lsp.command('pi.listModels')).groups.find((one) => one.provider === id)?.models.length ?? 0;

/** A log that is gone after the test. */
function logFile(t) {
  const folder = mkdtempSync(join(tmpdir(), 'pilsp-log-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'log');
}

/** Everything that was written because of this stage, but for what is named. */
function written(stage, log, except = []) {
  const files = [stage.pi.dir, stage.workspace].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath ?? one.path, one.name)),
  );
  return [...files.filter((file) => !except.some((name) => file.endsWith(name))), log].map((file) => [file, readFileSync(file, 'utf8')]);
}

/** The secret is nowhere but where it belongs. */
function assertSecret(stage, secret, log, except) {
  for (const [file, text] of written(stage, log, except)) assert.ok(!text.includes(secret), `${file} holds the secret`);
  assert.ok(!JSON.stringify(stage.lsp.received).includes(secret), 'the client was sent the secret');
  assert.ok(!stage.lsp.stderr().includes(secret), 'stderr holds the secret');
  for (const pid of stage.processes()) assert.ok(!commandLine(pid).includes(secret), 'a command line holds the secret');
}

test('providers are listed with name, kinds and where their credential comes from', async (t) => {
  const stage = await stageFor(t, {
    home: { extra: { files: { 'auth.json': JSON.stringify({ openai: { type: 'api_key', key: STORED } }) } } },
    settings: { env: { GROQ_API_KEY: 'gsk_0123456789abcdef' } },
  });
  const { providers } = await stage.lsp.command('pi.listProviders');
  const by = Object.fromEntries(providers.map((one) => [one.id, one]));
  assert.deepEqual([by.openai.name, by.openai.configured, by.openai.source], ['OpenAI', true, 'auth.json']);
  assert.deepEqual([by.groq.configured, by.groq.source, by.groq.label], [true, 'environment', 'GROQ_API_KEY']);
  assert.deepEqual([by.local.configured, by.local.source, by.local.models], [true, 'models.json', 2]);
  assert.deepEqual([by.anthropic.configured, by.anthropic.source, by.anthropic.variable], [false, undefined, 'ANTHROPIC_API_KEY']);
  assert.deepEqual(by.anthropic.kinds, ['apiKey', 'oauth', 'environment']);
  const { groups } = await stage.lsp.command('pi.listModels');
  assert.deepEqual(
    groups.map((one) => [one.provider, one.name, one.source]),
    [
      ['groq', 'Groq', 'environment'],
      ['local', 'local', 'models.json'],
      ['openai', 'OpenAI', 'auth.json'],
    ],
  );
});

test('a key is stored with Pi, its models are there at once, and it is seen nowhere else', async (t) => {
  const log = logFile(t);
  const stage = await stageFor(t, { client: own, args: ['--log-file', log, '--log-level', 'Debug'], script: [says('Hm.')] });
  assert.equal(await models(stage, 'anthropic'), 0);
  const set = await stage.lsp.command('pi.setApiKey', { provider: 'anthropic', key: STORED });
  assert.deepEqual([set.provider, set.configured, set.source], ['anthropic', true, 'auth.json']);
  assert.ok(set.models > 0 && set.models === (await models(stage, 'anthropic')));
  assert.equal(authJson(stage).anthropic.key, STORED);
  assert.equal((await stage.lsp.command('pi.status')).model, 'local/scripted-1');
  await stage.ask('hello');
  assertSecret(stage, STORED, log, ['auth.json']);

  assert.equal((await stage.lsp.command('pi.removeApiKey', { provider: 'anthropic' })).configured, false);
  assert.equal(await models(stage, 'anthropic'), 0);
  assert.deepEqual(authJson(stage), {});
});

test('a private key goes to the environment of Pi and nowhere else', async (t) => {
  const log = logFile(t);
  const stage = await stageFor(t, { client: own, args: ['--log-file', log, '--log-level', 'Debug'], script: [says('Hm.'), says('Hm.')] });
  await stage.ask('hello');
  const set = await stage.lsp.command('pi.setApiKey', { provider: 'anthropic', key: PRIVATE, private: true });
  assert.deepEqual([set.configured, set.source, set.variable], [true, 'client', 'ANTHROPIC_API_KEY']);
  assert.ok(set.models > 0);
  const [pi] = stage.piProcesses();
  assert.ok(readFileSync(`/proc/${pi}/environ`, 'utf8').includes(`ANTHROPIC_API_KEY=${PRIVATE}`));
  assert.deepEqual(authJson(stage).anthropic, undefined);
  assert.equal((await stage.ask('and now')).text, 'Hm.');
  assert.match(JSON.stringify(stage.model.requests.at(-1).messages), /hello[\s\S]*and now/);
  assertSecret(stage, PRIVATE, log, []);
  assert.equal((await stage.lsp.command('pi.removeApiKey', { provider: 'anthropic' })).configured, false);
});

test('a private key handed over before anything runs starts nothing, and is there when Pi starts', async (t) => {
  const stage = await stageFor(t, {});
  const set = await stage.lsp.command('pi.setApiKey', { provider: 'anthropic', key: PRIVATE, private: true, variable: 'ANTHROPIC_API_KEY' });
  assert.deepEqual(set, { provider: 'anthropic', configured: true, source: 'client', variable: 'ANTHROPIC_API_KEY' });
  assert.deepEqual(stage.piProcesses(), []);
  assert.equal((await provider(stage, 'anthropic')).source, 'client');
  assert.ok((await models(stage, 'anthropic')) > 0);
});

test('the first key of all makes a prompt possible without anything else', async (t) => {
  const stage = await stageFor(t, {
    client: own,
    script: [says('At last.')],
    home: { models: [] },
  });
  const gateway = { baseUrl: stage.model.url, api: 'openai-completions', models: [{ id: 'scripted-1' }] };
  writeFileSync(join(stage.pi.dir, 'models.json'), JSON.stringify({ providers: { mistral: gateway } }));
  await assert.rejects(stage.ask('hello'), /Sign in to a provider or paste an API key/);
  assert.equal((await stage.lsp.command('pi.status')).availability.state, 'noCredentials');
  await stage.lsp.command('pi.setApiKey', { provider: 'mistral', key: STORED });
  await stage.lsp.until('ready to be told', () => stage.lsp.all('pi/status').at(-1)?.availability.state === 'ready');
  await stage.lsp.command('pi.pickModel', { provider: 'mistral', model: 'scripted-1' });
  assert.equal((await stage.ask('hello')).text, 'At last.');
});

test('what cannot be a key, and who cannot take one, is refused by name, without the key', async (t) => {
  const stage = await stageFor(t, { settings: { env: { GROQ_API_KEY: 'gsk_0123456789abcdef' } } });
  const refused = async (argument, message) =>
    assert.rejects(stage.lsp.command('pi.setApiKey', argument), (error) => {
      assert.match(error.message, message);
      assert.ok(!argument.key || !error.message.includes(argument.key));
      return true;
    });
  await refused({ provider: 'anthropic', key: 'two words' }, /one word/);
  await refused({ provider: 'anthropic', key: '!rm -rf /' }, /one word|command/);
  await refused({ provider: 'anthropic', key: '!command' }, /takes for a command/);
  await refused({ provider: 'anthropic', key: '' }, /key/);
  await refused({ provider: 'nobody', key: STORED }, /no provider "nobody"/);
  await refused({ provider: 'openai-codex', key: STORED }, /takes no key; sign in instead/);
  await refused({ provider: 'amazon-bedrock', key: STORED, private: true }, /no key from a single environment variable/);
  await refused({ provider: 'anthropic' }, /cannot ask for a text/);
  await assert.rejects(stage.lsp.command('pi.removeApiKey', { provider: 'groq' }), /comes from environment \(GROQ_API_KEY\)/);
  await assert.rejects(stage.lsp.command('pi.removeApiKey', { provider: 'xai' }), /no credential/);
  assert.deepEqual(authJson(stage), {});
});

test('a key is asked for where the client can ask, and not shown while it is typed', async (t) => {
  const stage = await stageFor(t, { client: own });
  stage.lsp.onRequest('pi/input', ({ title, secret }) => {
    assert.match(title, /Anthropic/);
    assert.equal(secret, true);
    return { value: STORED };
  });
  await stage.lsp.command('pi.setApiKey', { provider: 'anthropic' });
  assert.equal(authJson(stage).anthropic.key, STORED);
  stage.lsp.onRequest('pi/input', () => null);
  await assert.rejects(stage.lsp.command('pi.setApiKey', { provider: 'xai' }), /nothing has changed/);
});

/** A stage whose Pi knows a gateway to sign in to. */
async function withGateway(t, options = {}) {
  const gateway = await startGateway();
  t.after(() => gateway.close());
  const stage = await stageFor(t, { home: { extra: { providers: { corp: { name: 'Corp Gateway', baseUrl: gateway.url, oauth: 'radius' } } } }, ...options });
  return { stage, gateway };
}

test('a device-code login: the method is picked, the code shown, the credential stored with Pi', async (t) => {
  const { stage, gateway } = await withGateway(t, { client: own });
  stage.lsp.onRequest('pi/pick', ({ items }) => ({ id: items.find((one) => one.id === 'device-code').id }));
  const login = stage.lsp.command('pi.login', { provider: 'corp' }, { deadlineMs: 40_000 });
  const shown = await stage.lsp.waitFor('pi/signIn', ({ kind }) => kind === 'code');
  assert.deepEqual([shown.provider, shown.code, shown.url], ['corp', DEVICE.code, `${gateway.url}/device`]);
  gateway.granted = true;
  const { configured, source } = await login;
  assert.deepEqual([configured, source], [true, 'oauth']);
  await stage.lsp.waitFor('pi/signIn', ({ kind }) => kind === 'ended');
  assert.deepEqual([authJson(stage).corp.type, authJson(stage).corp.access], ['oauth', DEVICE.access]);
  assert.ok(!JSON.stringify(stage.lsp.received).includes(DEVICE.access));
  assert.equal((await stage.lsp.command('pi.logout', { provider: 'corp' })).configured, false);
  assert.deepEqual(authJson(stage), {});
});

test('a plain client: the method is asked by a message, the address opened, the code said', async (t) => {
  const { stage, gateway } = await withGateway(t);
  const login = stage.lsp.command('pi.login', { provider: 'corp' }, { deadlineMs: 40_000 });
  const question = await stage.lsp.nextQuestion();
  question.answer(question.actions.find((one) => /device code/.test(one)));
  const { message } = await stage.lsp.waitFor('window/showMessage', ({ message: text }) => text.includes(DEVICE.code));
  assert.ok(message.includes(`${gateway.url}/device`), message);
  const opened = await stage.lsp.waitFor('window/showDocument');
  assert.deepEqual([opened.uri, opened.external], [`${gateway.url}/device`, true]);
  gateway.granted = true;
  assert.equal((await login).configured, true);
});

for (const [how, cancel] of Object.entries({
  'the request is cancelled': ({ login }) => login.cancel(),
  'its progress is cancelled': async ({ stage }) => {
    const { token } = await stage.lsp.waitFor('$/progress', ({ value }) => /Corp Gateway/.test(value.message ?? ''));
    await stage.lsp.notify('window/workDoneProgress/cancel', { token });
  },
})) {
  test(`a login ends when ${how}: nothing is stored, and the next one works`, async (t) => {
    const { stage, gateway } = await withGateway(t, { client: own });
    const begin = () => stage.lsp.command('pi.login', { provider: 'corp', answers: ['device-code'] }, { deadlineMs: 40_000 });
    const login = begin();
    await stage.lsp.waitFor('pi/signIn', ({ kind }) => kind === 'code');
    await assert.rejects(stage.lsp.command('pi.login', { provider: 'corp' }), /under way/);
    await cancel({ stage, login });
    await assert.rejects(login, /cancel/i);
    await stage.lsp.waitFor('pi/signIn', ({ provider: id, kind }) => id === 'corp' && kind === 'ended');
    const polled = () => gateway.polled;
    gateway.granted = true;
    const before = polled();
    assert.equal((await provider(stage, 'corp')).configured, false);
    assert.deepEqual(authJson(stage), {});
    assert.equal((await begin()).configured, true);
    assert.ok(polled() > before);
  });
}

test('a login that fails says why; one that wants a text says what to do where there is no way to ask', async (t) => {
  const { stage } = await withGateway(t);
  await assert.rejects(stage.lsp.command('pi.login', { provider: 'corp', answers: ['smoke-signal'] }), /"smoke-signal" is none of browser, device-code/);
  await assert.rejects(
    stage.lsp.command('pi.login', { provider: 'github-copilot' }),
    new RegExp(`cannot ask for a text.*answers.*${terminalSignIn('github-copilot')}`),
  );
  await assert.rejects(stage.lsp.command('pi.login', { provider: 'groq', type: 'oauth' }), /cannot be signed in to by oauth; it has: apiKey/);
  await assert.rejects(stage.lsp.command('pi.login', { provider: 'nobody' }), /no provider "nobody"/);
  assert.deepEqual(authJson(stage), {});
});

test('a Pi that dies during a login: the login fails, and another works', async (t) => {
  const { stage, gateway } = await withGateway(t, { client: own });
  const begin = () => stage.lsp.command('pi.login', { provider: 'corp', answers: ['device-code'] }, { deadlineMs: 40_000 });
  const login = begin();
  await stage.lsp.waitFor('pi/signIn', ({ kind }) => kind === 'code');
  const old = stage.piProcesses();
  for (const pid of old) process.kill(pid, 'SIGKILL');
  await assert.rejects(login, /signal 9/);
  await poll('the server to know', async () => (await stage.lsp.command('pi.status')).state !== 'ready');
  gateway.granted = true;
  assert.equal((await begin()).configured, true);
});

test('credits are told by the process that has the key, on demand', async (t) => {
  const vendor = await startCredits(STORED);
  t.after(() => vendor.close());
  const stage = await stageFor(t, {
    home: {
      extra: {
        providers: { openrouter: { baseUrl: vendor.url } },
        files: { 'auth.json': JSON.stringify({ openrouter: { type: 'api_key', key: STORED } }) },
      },
    },
  });
  assert.equal((await provider(stage, 'openrouter')).credits, undefined);
  assert.deepEqual(vendor.requests, []);
  const { providers } = await stage.lsp.command('pi.listProviders', { credits: true });
  assert.deepEqual(providers.find((one) => one.id === 'openrouter').credits, { remaining: 20.5, used: 4.5 });
  assert.ok(!JSON.stringify(stage.lsp.received).includes(STORED));
  await vendor.close();
  const again = await stage.lsp.command('pi.listProviders', { credits: true });
  assert.equal(again.providers.find((one) => one.id === 'openrouter').credits, undefined);
});

// Credentials that come, go and clash while Pi runs: by a terminal, by two commands at once, by somebody who cancels late.
import { terminalSignIn } from '../scripted-model/pi-command.mjs';
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { poll } from './processes.mjs';
import { stageFor } from './stage.mjs';
import { bash, calls, says } from './steps.mjs';
import { DEVICE, startCredits, startGateway } from './vendors.mjs';

const KEY = 'sk-stored-0123456789abcdef';
const own = { capabilities: { experimental: { pi: { pick: true, input: true, signIn: true, status: true, events: true } } } };
const authJson = (stage) => {
  const path = join(stage.pi.dir, 'auth.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
};
/** What the `pi` of a terminal does when somebody signs in there, or out. */
const inTerminal = (stage, credentials) => writeFileSync(join(stage.pi.dir, 'auth.json'), JSON.stringify(credentials));
const provider = async (stage, id, more) => (await stage.lsp.command('pi.listProviders', more)).providers.find((one) => one.id === id);

/** A stage whose Pi has a provider `house` at the scripted model, which has no key yet. */
async function withoutKey(t, options) {
  const stage = await stageFor(t, { client: own, home: { models: [] }, ...options });
  const house = { baseUrl: stage.model.url, api: 'openai-completions', apiKey: '$HOUSE_KEY', models: [{ id: 'scripted-1' }, { id: 'scripted-2' }] };
  writeFileSync(join(stage.pi.dir, 'models.json'), JSON.stringify({ providers: { house } }));
  return stage;
}
const signedIn = { house: { type: 'api_key', key: KEY } };

test('whoever signs in in a terminal, as the refusal says, just asks again', async (t) => {
  const stage = await withoutKey(t, { script: [says('At last.')], settings: { model: 'scripted-2' } });
  await assert.rejects(stage.ask('hello'), new RegExp(terminalSignIn()));
  await assert.rejects(stage.ask('hello'), new RegExp(terminalSignIn()));
  inTerminal(stage, signedIn);
  assert.equal((await stage.ask('hello')).text, 'At last.');
  // The setting could not be kept to before.
  assert.equal(stage.model.requests[0].model, 'scripted-2');
  await stage.lsp.until('ready to be told', () => stage.lsp.all('pi/status').at(-1).availability.state === 'ready');
  assert.equal(stage.piProcesses().length, 1);
});

test('a fresh look sees what was signed in to elsewhere, and out of; a picker looks by itself', async (t) => {
  const stage = await withoutKey(t);
  const state = async (refresh) => (await stage.lsp.command('pi.checkAvailability', { refresh })).state;
  await assert.rejects(stage.ask('hello'));
  assert.equal(await state(), 'noCredentials');
  inTerminal(stage, signedIn);
  assert.equal(await state(true), 'ready');
  inTerminal(stage, {});
  assert.equal(await state(true), 'noCredentials');
  inTerminal(stage, signedIn);
  stage.lsp.onRequest('pi/pick', ({ items }) => ({ id: items.at(-1).id }));
  assert.equal((await stage.lsp.command('pi.pickModel')).model, 'scripted-1');
});

test('a private key is taken by a provider of models.json, by the variable that it names', async (t) => {
  const stage = await withoutKey(t, { script: [says('At last.')] });
  await assert.rejects(stage.ask('hello'));
  const set = await stage.lsp.command('pi.setApiKey', { provider: 'house', key: KEY, private: true });
  assert.deepEqual([set.configured, set.source, set.variable, set.models], [true, 'client', 'HOUSE_KEY', 2]);
  assert.equal((await stage.ask('hello')).text, 'At last.');
});

test('sources are told as Pi uses them, in the list of providers and in that of models', async (t) => {
  const ran = join(process.env.TMPDIR ?? '/tmp', `pilsp-ran-${process.pid}`);
  const gateway = (apiKey) => ({ baseUrl: 'http://127.0.0.1:9/v1', api: 'openai-completions', apiKey, models: [{ id: 'm' }] });
  const stage = await stageFor(t, {
    home: {
      extra: {
        providers: { byCommand: gateway(`!echo x > '${ran}'; echo key`), byVariable: gateway('$HOUSE_KEY'), byWord: gateway('word') },
        files: {
          'auth.json': JSON.stringify({
            openai: { type: 'api_key', key: KEY },
            anthropic: { type: 'oauth', access: 'a', refresh: 'r', expires: Date.now() + 3_600_000 },
          }),
        },
      },
    },
    settings: { env: { OPENAI_API_KEY: 'sk-environment-0123', HOUSE_KEY: 'word' } },
  });
  const sources = async () => {
    const { providers } = await stage.lsp.command('pi.listProviders', { refresh: true });
    const { groups } = await stage.lsp.command('pi.listModels');
    const told = providers.filter((one) => one.configured && one.models > 0).map(({ id, source }) => [id, source]);
    assert.deepEqual(Object.fromEntries(groups.map((one) => [one.provider, one.source])), Object.fromEntries(told));
    return Object.fromEntries(told);
  };
  const known = { anthropic: 'oauth', byCommand: 'models.json', byVariable: 'environment', byWord: 'models.json', local: 'models.json', openai: 'auth.json' };
  assert.deepEqual(await sources(), known);
  await stage.lsp.command('pi.setApiKey', { provider: 'mistral', key: KEY, private: true });
  assert.deepEqual(await sources(), { ...known, mistral: 'client' });
  // What the terminal stores goes before what is in the environment: that is told, and both can be taken away.
  inTerminal(stage, { ...authJson(stage), mistral: { type: 'api_key', key: KEY } });
  assert.deepEqual(await sources(), { ...known, mistral: 'auth.json' });
  assert.equal((await stage.lsp.command('pi.removeApiKey', { provider: 'mistral' })).configured, false);
  assert.deepEqual(await sources(), known);
  assert.ok(!existsSync(ran), 'a command that gives a key was run for a list');
});

for (const [what, answer] of Object.entries({
  null: () => [200, 'null'],
  'a page': () => [200, '<html>'],
  'other words': () => [200, { data: 'much' }],
  'no such key': () => [401, { error: {} }],
  'a failure': () => [500, {}],
})) {
  test(`credits: a vendor that answers ${what} tells none, and the list comes`, async (t) => {
    const vendor = await startCredits(KEY, answer);
    t.after(() => vendor.close());
    const files = { 'auth.json': JSON.stringify({ openrouter: { type: 'api_key', key: KEY } }) };
    const stage = await stageFor(t, { home: { extra: { providers: { openrouter: { baseUrl: vendor.url } }, files } } });
    const { configured, credits } = await provider(stage, 'openrouter', { credits: true });
    assert.deepEqual([configured, credits], [true, undefined]);
    assert.deepEqual(
      vendor.requests.map((one) => one.path),
      ['/v1/credits', '/v1/key'],
    );
  });
}

/** A stage whose Pi knows a gateway to sign in to. @param {object} [how] the gateway behaves */
async function withGateway(t, how, options) {
  const gateway = await startGateway(how);
  t.after(() => gateway.close());
  const stage = await stageFor(t, {
    client: own,
    home: { extra: { providers: { corp: { name: 'Corp Gateway', baseUrl: gateway.url, oauth: 'radius' } } } },
    ...options,
  });
  /** Resolves when the user has the code; the login itself is in `ended`. */
  const begin = async () => {
    const ended = stage.lsp.command('pi.login', { provider: 'corp', answers: ['device-code'] }, { deadlineMs: 40_000 });
    ended.catch(() => {});
    await stage.lsp.waitFor('pi/signIn', ({ kind }) => kind === 'code');
    return { ended };
  };
  return { stage, gateway, begin };
}

for (const [what, how, message] of [
  ['is refused by its user', { error: 'access_denied' }, /Corp Gateway failed, and nothing was stored: .*denied/],
  ['nobody enters the code of', { expires: 2 }, /Corp Gateway failed, and nothing was stored: .*timed out/],
]) {
  test(`a device-code login that ${what} says so, stores nothing, and leaves the way free`, async (t) => {
    const { stage, begin } = await withGateway(t, how);
    const { ended } = await begin();
    await assert.rejects(ended, message);
    assert.deepEqual(authJson(stage), {});
    await stage.lsp.command('pi.setApiKey', { provider: 'mistral', key: KEY });
    const kinds = stage.lsp.all('$/progress').map(({ value }) => value.kind);
    assert.equal(kinds.filter((one) => one === 'begin').length, kinds.filter((one) => one === 'end').length);
  });
}

test('a login that is cancelled while it is granted: what is said and what is stored agree', async (t) => {
  const { stage, gateway, begin } = await withGateway(t);
  gateway.hold();
  gateway.granted = true;
  const { ended } = await begin();
  await poll('Pi to ask for the token', () => gateway.polled > 0);
  gateway.letGo();
  ended.cancel();
  const said = await ended.then(
    (result) => result.configured,
    () => false,
  );
  assert.equal(authJson(stage).corp !== undefined, said);
  assert.equal((await provider(stage, 'corp')).configured, said);
});

test('while a sign-in is under way no other change of credentials takes its Pi away', async (t) => {
  const { stage, gateway, begin } = await withGateway(t);
  const { ended } = await begin();
  const refused = (command, argument) => assert.rejects(stage.lsp.command(command, argument), /Another sign-in is under way/);
  await refused('pi.setApiKey', { provider: 'mistral', key: KEY });
  await refused('pi.setApiKey', { provider: 'mistral', key: KEY, private: true });
  gateway.granted = true;
  assert.equal((await ended).source, 'oauth');
  assert.equal((await stage.lsp.command('pi.setApiKey', { provider: 'mistral', key: KEY, private: true })).source, 'client');
  assert.equal(authJson(stage).corp.access, DEVICE.access);
});

test('a run goes on while a key is stored and a sign-in made; a private key has to wait for its end', async (t) => {
  const { stage, gateway, begin } = await withGateway(t, {}, { script: [calls(bash('echo done')), says('Done.')] });
  const run = stage.ask('run it');
  const question = await stage.lsp.nextQuestion();
  assert.equal((await stage.lsp.command('pi.setApiKey', { provider: 'mistral', key: KEY })).source, 'auth.json');
  await assert.rejects(stage.lsp.command('pi.setApiKey', { provider: 'xai', key: KEY, private: true }), /Try again when the run is over/);
  gateway.granted = true;
  const { ended } = await begin();
  assert.equal((await ended).configured, true);
  question.answer('Allow');
  assert.equal((await run).text, 'Done.');
});

test('a server that is killed in the middle of a login leaves nobody who would go on with it', async (t) => {
  const { stage, gateway, begin } = await withGateway(t);
  await begin();
  await poll('Pi to ask for the token', () => gateway.polled > 0);
  process.kill(stage.lsp.child.pid, 'SIGKILL');
  gateway.granted = true;
  await stage.gone();
  assert.deepEqual(authJson(stage), {});
});

// Can a prompt be sent, and if not, why and what to do: every state, and a good configuration after each.
import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { test } from 'node:test';
import { piCli, terminalSignIn } from '../scripted-model/pi-command.mjs';
import { poll } from './processes.mjs';
import { fakeSettings, realSettings, stageFor } from './stage.mjs';
import { says } from './steps.mjs';

const client = { capabilities: { experimental: { pi: { status: true } } } };
const kindsOf = ({ next }) => next.map((step) => step.kind);
const check = (stage, refresh) => stage.lsp.command('pi.checkAvailability', { refresh }, { deadlineMs: 40_000 });
/** States as they were told, each once. */
const told = (stage) =>
  stage.lsp
    .all('pi/status')
    .map((one) => one.availability.state)
    .filter((state, i, all) => state !== all[i - 1]);

const program = (stage, name, text) => {
  stage.write(name, text);
  chmodSync(stage.path(name), 0o755);
  return stage.path(name);
};
const oldNode = '#!/bin/sh\necho v20.11.1\n';

/** @type {Record<string, [(stage: object) => object, RegExp, RegExp, string[]]>} settings, message, what to do in words and as data */
const states = {
  notFound: [() => ({ command: 'no-such-pi' }), /not found by "no-such-pi"/, /npm install -g @earendil-works\/pi-coding-agent/, ['installPi', 'settings']],
  notPi: [() => fakeSettings('other-program'), /is not Pi but another program/, /pi\.command/, ['settings', 'installPi']],
  tooOld: [() => fakeSettings({ version: { stdout: '0.73.9\n' } }), /0\.73\.9/, /@latest/, ['installPi']],
  nodeMissing: [() => ({ command: piCli(), nodePath: '/no/such/node' }), /\/no\/such\/node/, /Node 22\.19/, ['installNode', 'settings']],
  nodeTooOld: [(stage) => ({ command: piCli(), nodePath: program(stage, 'old-node', oldNode) }), /20\.11\.1/, /pi\.nodePath/, ['installNode', 'settings']],
  gateRefused: [() => fakeSettings('no-gate'), /would not be held back/, /extension/, ['settings']],
  failed: [() => fakeSettings('crash-at-start'), /left-pad/, /doctor/, ['retry']],
};
for (const [state, [settings, message, advice, next]] of Object.entries(states)) {
  test(`${state}: said with a reason and what to do, told to the client, nothing left; then a good configuration works`, async (t) => {
    const stage = await stageFor(t, { client, script: [says('Good.')] });
    await stage.lsp.setConfiguration({ pi: { nodePath: null, ...settings(stage) } });
    const known = await check(stage);
    assert.equal(known.state, state);
    assert.match(known.message, message);
    assert.match(known.advice, advice);
    assert.deepEqual(kindsOf(known), next);
    if (state === 'notFound') assert.ok(known.tried.length > 0 && known.tried.every((path) => path.endsWith('/no-such-pi')), known.tried.join());
    assert.deepEqual(stage.processes(), [stage.lsp.child.pid]);
    await stage.lsp.until(`${state} to be told`, () => told(stage).includes(state));
    assert.deepEqual((await stage.lsp.command('pi.status')).availability, known);

    await stage.lsp.setConfiguration({ pi: realSettings() });
    assert.equal((await check(stage)).state, 'ready');
    assert.equal((await stage.ask('hello')).text, 'Good.');
    await stage.lsp.until('ready to be told', () => told(stage).at(-1) === 'ready');
  });
}

test('noCredentials: Pi runs and has no model', async (t) => {
  const stage = await stageFor(t, { client, home: { models: [] } });
  const known = await check(stage);
  assert.equal(known.state, 'noCredentials');
  assert.match(known.message, /no provider has credentials/);
  assert.match(known.advice, new RegExp(`Sign in .*API key.*${terminalSignIn()}`));
  assert.deepEqual(known.next, [{ kind: 'signIn', command: 'pi' }, { kind: 'apiKey' }]);
  await assert.rejects(stage.ask('hello'), (error) => error.message.includes(known.advice) && kindsOf(error.data).join() === 'signIn,apiKey');
});

test('nothing is looked at until somebody asks; a check stores nothing, leaves nothing and is not made twice', async (t) => {
  const stage = await stageFor(t, { client });
  const first = await stage.lsp.waitFor('pi/status');
  assert.deepEqual(first.availability, { state: 'unknown' });
  const [one, two] = await Promise.all([check(stage), check(stage)]);
  assert.deepEqual([one.state, two.state], ['ready', 'ready']);
  assert.deepEqual(stage.piProcesses(), []);
  assert.equal((await check(stage)).state, 'ready');
  await stage.lsp.until('ready to be told', () => told(stage).at(-1) === 'ready');
  assert.deepEqual(told(stage), ['unknown', 'checking', 'ready']);
  assert.equal((await check(stage, true)).state, 'ready');
  assert.deepEqual((await stage.lsp.command('pi.listSessions')).sessions, []);
});

test('a start that fails is known without a check, and the next prompt looks again', async (t) => {
  const stage = await stageFor(t, { client, script: [says('Good.')] });
  const place = stage.path('late-pi.js');
  await stage.lsp.setConfiguration({ pi: { ...realSettings(), command: place } });
  await assert.rejects(stage.ask('hello'), /not found/);
  assert.equal((await check(stage)).state, 'notFound');
  // The user installs it where it was looked for; nothing is said to the server.
  stage.write('late-pi.js', `await import(${JSON.stringify(piCli())});\n`);
  assert.equal((await check(stage)).state, 'notFound');
  assert.equal((await check(stage, true)).state, 'ready');
  assert.equal((await stage.ask('hello')).text, 'Good.');
});

test('a check that is under way when the server ends leaves no process', async (t) => {
  const stage = await stageFor(t, { fake: 'deaf-at-start' });
  const checking = check(stage);
  checking.catch(() => {});
  await poll('the start of Pi', () => stage.piProcesses().length > 0);
  assert.equal(await stage.end().then(() => 'ended'), 'ended');
});

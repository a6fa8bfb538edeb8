// Which models may be used: hidden and refused everywhere, with the reason.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { realSettings, server, stageFor } from './stage.mjs';
import { says } from './steps.mjs';

const listed = async (stage) => (await stage.lsp.command('pi.listModels')).groups.flatMap((one) => one.models.map((model) => `${one.provider}/${model.id}`));

test('a denied model is hidden and refused at every door, with the reason', async (t) => {
  const stage = await stageFor(t, { script: [says('One.'), says('Two.')], client: { capabilities: { experimental: { pi: { pick: true } } } } });
  await stage.lsp.command('pi.pickModel', { model: 'thinker-1' });
  await stage.ask('hello');
  const { sessionFile } = await stage.lsp.command('pi.status');
  await stage.lsp.setConfiguration({ pi: { modelPolicy: { deny: ['THINKER-*'] } } });

  const reason = /local\/thinker-1 is not used: pi\.modelPolicy denies it \("THINKER-\*"\)/;
  assert.deepEqual(await listed(stage), ['local/scripted-1']);
  const { hidden } = await stage.lsp.command('pi.listModels');
  assert.deepEqual(
    hidden.map(({ provider, models }) => [provider, models]),
    [['local', 1]],
  );
  await assert.rejects(stage.ask('with the model that is set'), reason);
  await assert.rejects(stage.lsp.command('pi.pickModel', { model: 'thinker-1' }), reason);
  await assert.rejects(stage.lsp.command('pi.pickModel', { provider: 'local', model: 'thinker-1' }), reason);
  await assert.rejects(stage.lsp.command('pi.pickModel', { model: 'local/thinker-1' }), reason);
  stage.lsp.onRequest('pi/pick', ({ items }) => {
    assert.deepEqual(
      items.map((one) => one.id),
      ['local/scripted-1'],
    );
    return null;
  });
  await stage.lsp.command('pi.pickModel');
  // A stored conversation can be opened and read; a prompt needs another model.
  await stage.lsp.command('pi.newSession');
  await stage.lsp.command('pi.resumeSession', { path: sessionFile });
  await assert.rejects(stage.ask('resumed'), reason);
  await assert.rejects(stage.lsp.command('pi.compact'), reason);
  await stage.lsp.setConfiguration({ pi: { model: 'local/thinker-1' } });
  await assert.rejects(stage.lsp.command('pi.newSession'), reason);
  assert.equal(stage.model.requests.length, 1);

  await stage.lsp.command('pi.pickModel', { model: 'scripted-1' });
  assert.equal((await stage.ask('and now?')).text, 'Two.');
});

test('an allow list leaves the rest out, and a wrong policy changes nothing', async (t) => {
  const stage = await stageFor(t, { settings: { modelPolicy: { allow: ['local/scripted-?'] } } });
  assert.deepEqual(await listed(stage), ['local/scripted-1']);
  for (const [modelPolicy, message] of [
    [{ allow: 'everything' }, /pi\.modelPolicy is wrong in allow must be a list of strings/],
    [{ forbid: [] }, /pi\.modelPolicy has no "forbid"/],
    [7, /pi\.modelPolicy must be an object/],
  ]) {
    await stage.lsp.setConfiguration({ pi: { modelPolicy } });
    await stage.lsp.waitFor('window/showMessage', ({ message: text }) => message.test(text));
  }
  assert.deepEqual(await listed(stage), ['local/scripted-1']);
  await stage.lsp.setConfiguration({ pi: { modelPolicy: null } });
  assert.deepEqual(await listed(stage), ['local/scripted-1', 'local/thinker-1']);
});

test('a provider as the setting: a model of it that is not denied', async (t) => {
  const stage = await stageFor(t, { script: [says('Hm.')], settings: { provider: 'local', modelPolicy: { deny: ['scripted-1'] } } });
  assert.equal((await stage.ask('hello')).text, 'Hm.');
  assert.equal(stage.model.requests[0].model, 'thinker-1');
});

test('where every model is kept out, that is what is in the way; another policy lets a prompt through', async (t) => {
  const stage = await stageFor(t, { script: [says('Hm.')], settings: { modelPolicy: { deny: ['local'] } } });
  const check = () => stage.lsp.command('pi.checkAvailability', { refresh: true });
  const kept = { state: 'modelsKeptOut', message: /Every model .* is kept out: pi\.modelPolicy denies it \("local"\)/, advice: /Sign in to another provider/ };
  const isKept = ({ state, message, advice }) => {
    assert.equal(state, kept.state);
    assert.match(message, kept.message);
    assert.match(advice, kept.advice);
  };
  isKept(await check());
  await assert.rejects(stage.ask('hello'), /denies it/);
  // The same, asked of a Pi that runs.
  isKept(await check());
  isKept((await stage.lsp.command('pi.status')).availability);
  await assert.rejects(stage.lsp.command('pi.pickModel'), kept.message);
  await stage.lsp.setConfiguration({ pi: { modelPolicy: {} } });
  assert.equal((await stage.ask('hello')).text, 'Hm.');
  assert.equal((await stage.lsp.command('pi.status')).availability.state, 'ready');
});

/** A folder with a `claude` that says this. */
function claudeSaying(t, text) {
  const folder = mkdtempSync(join(tmpdir(), 'pilsp-claude-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'claude'), `#!/bin/sh\n[ "$1 $2" = "auth status" ] || exit 3\ncat <<'END'\n${text}\nEND\n`);
  chmodSync(join(folder, 'claude'), 0o755);
  return { PATH: `${folder}${delimiter}${process.env.PATH}` };
}
const anthropic = { home: { extra: { files: { 'auth.json': JSON.stringify({ anthropic: { type: 'api_key', key: 'sk-ant-0123456789' } }) } } } };
const subscribed = '{"loggedIn": true, "authMethod": "oauth_token", "apiProvider": "firstParty"}';

test('while claude is signed in with a subscription, Anthropic models are hidden and refused; the rule can be switched off', async (t) => {
  const stage = await stageFor(t, { ...anthropic, env: claudeSaying(t, subscribed) });
  assert.ok((await listed(stage)).every((id) => !id.startsWith('anthropic/')));
  const { hidden } = await stage.lsp.command('pi.listModels');
  assert.deepEqual([hidden.length, hidden[0].provider], [1, 'anthropic']);
  assert.match(hidden[0].reason, /claude CLI is signed in with a subscription/);
  await stage.lsp.setConfiguration({ pi: { modelPolicy: { claudeSubscription: false } } });
  const theirs = (await listed(stage)).filter((id) => id.startsWith('anthropic/'));
  assert.ok(theirs.length > 0);
  await stage.lsp.command('pi.pickModel', { model: theirs[0] });
  await stage.lsp.setConfiguration({ pi: { modelPolicy: { claudeSubscription: true } } });
  await assert.rejects(stage.ask('hello'), /signed in with a subscription.*claudeSubscription/);
  await assert.rejects(stage.lsp.command('pi.pickModel', { model: theirs[0] }), /signed in with a subscription/);
});

test('pilsp ask keeps to the rule, too, and can be told not to', async (t) => {
  const stage = await stageFor(t, { ...anthropic, script: [says('Hm.')] });
  const ask = (...args) => {
    const { command, nodePath } = realSettings();
    const given = ['ask', '--command', command, '--node', nodePath, ...args, 'hello'];
    return spawnSync(server, given, { cwd: stage.workspace, env: { ...stage.pi.fullEnv(), ...claudeSaying(t, subscribed) }, encoding: 'utf8' });
  };
  const refused = ask('--model', 'anthropic/claude-haiku-4-5');
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /signed in with a subscription.*--ignore-claude/);
  assert.doesNotMatch(ask('--ignore-claude', '--model', 'anthropic/no-such').stderr, /subscription/);
});

test('the doctor says whose models are kept out, and that nothing else is left', async (t) => {
  const stage = await stageFor(t, { home: { ...anthropic.home, models: [] } });
  const { command, nodePath } = realSettings();
  const env = { ...stage.pi.fullEnv(), ...claudeSaying(t, subscribed) };
  const { status, stdout } = spawnSync(server, ['doctor', '--command', command, '--node', nodePath], { cwd: stage.workspace, env, encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stdout, /NO {2}Models .*kept out: the claude CLI is signed in with a subscription/);
  assert.match(stdout, /What to do: Sign in to another provider/);
});

test('the claude CLI is asked once for many looks', async (t) => {
  const { PATH } = claudeSaying(t, subscribed);
  const [folder] = PATH.split(delimiter);
  const counted = join(folder, 'asked');
  writeFileSync(join(folder, 'claude'), `#!/bin/sh\necho x >> '${counted}'\necho '${subscribed}'\n`);
  const stage = await stageFor(t, { ...anthropic, env: { PATH } });
  await stage.lsp.command('pi.status');
  assert.ok(!existsSync(counted));
  await Promise.all([listed(stage), listed(stage)]);
  await listed(stage);
  assert.equal(readFileSync(counted, 'utf8'), 'x\n');
});

test('a claude that is signed in otherwise, or not at all, hides nothing', async (t) => {
  for (const text of ['{"loggedIn": false, "authMethod": "none"}', '{"loggedIn": true, "authMethod": "api_key"}']) {
    const stage = await stageFor(t, { ...anthropic, env: claudeSaying(t, text) });
    assert.ok((await listed(stage)).some((id) => id.startsWith('anthropic/')));
  }
});

// Settings by every way in, and what becomes of wrong ones.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { poll } from './processes.mjs';
import { realSettings, stageFor } from './stage.mjs';
import { bash, calls, says } from './steps.mjs';

const pulls = { capabilities: { workspace: { configuration: null } } };

test('settings come with initialize where the client is not asked for them', async (t) => {
  const stage = await stageFor(t, {
    script: [says('Here.')],
    client: { ...pulls, initializationOptions: { pi: { ...realSettings(), permissionMode: 'readOnly' } } },
  });
  assert.equal((await stage.ask('hello')).text, 'Here.');
  assert.deepEqual(stage.lsp.all('workspace/configuration'), []);
  assert.equal((await stage.lsp.command('pi.status')).permissionMode, 'readOnly');
});

test('settings are pulled before Pi is started', async (t) => {
  const stage = await stageFor(t, { script: [says('Here.')], client: { initializationOptions: { pi: { command: 'no-such-pi' } } } });
  assert.equal((await stage.ask('hello')).text, 'Here.');
  assert.deepEqual(stage.lsp.all('workspace/configuration')[0].items, [{ section: 'pi' }]);
});

test('a push without settings makes the server pull again', async (t) => {
  const stage = await stageFor(t, {});
  await stage.lsp.waitFor('workspace/configuration');
  stage.lsp.configuration = { pi: { ...realSettings(), permissionMode: 'full' } };
  await stage.lsp.notify('workspace/didChangeConfiguration', { settings: null });
  await poll('the new mode', async () => (await stage.lsp.command('pi.status')).permissionMode === 'full');
});

test('a client that never answers the pull does not hold up the first ask for ever', async (t) => {
  const stage = await stageFor(t, { script: [says('Here.')], client: { initializationOptions: { pi: realSettings() } } });
  stage.lsp.onRequest('workspace/configuration', () => new Promise(() => {}));
  assert.equal((await stage.ask('hello')).text, 'Here.');
});

test('a client that answers the pull with an error or with nothing keeps what it said before', async (t) => {
  for (const answer of [
    () => {
      throw new Error('no');
    },
    () => [null],
    () => [],
  ]) {
    const stage = await stageFor(t, { client: { initialize: false } });
    stage.lsp.onRequest('workspace/configuration', answer);
    await stage.lsp.initialize({ initializationOptions: { pi: { ...realSettings(), permissionMode: 'readOnly' } } });
    await stage.lsp.waitFor('workspace/configuration');
    assert.equal((await stage.lsp.command('pi.status')).permissionMode, 'readOnly');
  }
});

const wrong = {
  command: 7,
  nodePath: ['x'],
  extraArgs: '-e x',
  env: { A: 1 },
  provider: true,
  model: {},
  thinking: 3,
  sessionDir: false,
  sessionTitle: 1,
  permissionMode: 'yolo',
  approval: 'telepathy',
  save: 'always',
  startTimeoutMs: -1,
  trustProject: 'yes',
};

for (const how of ['initialize', 'the pull', 'a push']) {
  test(`every wrong setting by ${how} is refused by its name, and the old value stays`, async (t) => {
    const good = { ...realSettings(), permissionMode: 'readOnly' };
    const stage = await stageFor(t, {
      script: [says('Here.')],
      client: {
        configuration: how === 'the pull' ? { pi: wrong } : { pi: good },
        initializationOptions: { pi: how === 'initialize' ? wrong : good },
      },
    });
    await stage.lsp.waitFor('workspace/configuration');
    if (how === 'a push') {
      await stage.lsp.command('pi.listEdits');
      await stage.lsp.setConfiguration({ pi: wrong });
    }
    for (const key of Object.keys(wrong)) {
      await stage.lsp.until(`a message about pi.${key}`, () => stage.lsp.all('window/showMessage').some(({ message }) => message.includes(`pi.${key} `)));
    }
    if (how === 'initialize') await poll('the pulled settings', async () => (await stage.lsp.command('pi.status')).permissionMode === 'readOnly');
    assert.equal((await stage.lsp.command('pi.status')).permissionMode, 'readOnly');
    assert.equal((await stage.ask('hello')).text, 'Here.');
  });
}

test('a secret in a wrong environment is not shown', async (t) => {
  const stage = await stageFor(t, {});
  await stage.lsp.waitFor('workspace/configuration');
  await stage.lsp.setConfiguration({ pi: { env: { SOME_API_KEY: ['sk-verysecretvalue'] } } });
  await stage.lsp.waitFor('window/showMessage', ({ message }) => message.includes('pi.env'));
  assert.doesNotMatch(JSON.stringify(stage.lsp.received), /verysecret/);
});

test('a section that is no object is refused', async (t) => {
  const stage = await stageFor(t, { script: [says('Here.')] });
  await stage.ask('hello');
  await stage.lsp.setConfiguration({ pi: 'all' });
  await stage.lsp.waitFor('window/showMessage', ({ message }) => /^pi/.test(message));
  await stage.lsp.notify('workspace/didChangeConfiguration');
  await stage.lsp.command('pi.status');
});

test('null gives a setting its default back', async (t) => {
  const stage = await stageFor(t, { settings: { permissionMode: 'full' } });
  await poll('the mode', async () => (await stage.lsp.command('pi.status')).permissionMode === 'full');
  await stage.lsp.setConfiguration({ pi: { permissionMode: null } });
  assert.equal((await stage.lsp.command('pi.status')).permissionMode, 'ask');
});

test('model and thinking are chosen at the start, from what Pi has', async (t) => {
  const stage = await stageFor(t, { script: [says('Here.')], settings: { model: 'thinker-1', thinking: 'low' } });
  await stage.ask('hello');
  const { model, thinking } = await stage.lsp.command('pi.status');
  assert.deepEqual([model, thinking], ['local/thinker-1', 'low']);
  assert.equal(stage.model.requests[0].model, 'thinker-1');
});

for (const [what, settings, message] of [
  ['model', { model: 'thinkr-1' }, /no usable model "thinkr-1".*thinker-1/],
  ['provider', { provider: 'lokal' }, /no usable provider "lokal".*local/],
  ['thinking level', { thinking: 'extreme' }, /no thinking level "extreme"/],
  // Pi itself would send it to the provider.
  ['model among its arguments', { extraArgs: ['--model', 'local/thinkr-1'] }, /no usable model "thinkr-1" of local.*thinker-1.*pi\.extraArgs/],
]) {
  test(`a ${what} that Pi does not have is refused at the start, with what there is`, async (t) => {
    const stage = await stageFor(t, { settings });
    await assert.rejects(stage.ask('hello'), message);
    assert.equal(stage.model.requests.length, 0);
    assert.deepEqual(stage.piProcesses(), []);
  });
}

test('environment and arguments reach Pi', async (t) => {
  const stage = await stageFor(t, {
    script: [calls(bash('echo "[$GREETING]"')), says('Done.')],
    settings: { env: { GREETING: 'good morning' }, permissionMode: 'full', extraArgs: ['--append-system-prompt', 'Always be brief, says the test.'] },
  });
  await stage.ask('hello');
  assert.match(stage.told()[0], /\[good morning\]/);
  assert.match(JSON.stringify(stage.model.requests[0].messages), /Always be brief, says the test/);
});

test('sessions are stored where the setting says, under its title', async (t) => {
  const stage = await stageFor(t, { script: [says('Here.')] });
  await stage.lsp.waitFor('workspace/configuration');
  await stage.lsp.command('pi.listEdits');
  await stage.lsp.setConfiguration({ pi: { sessionDir: stage.path('sessions'), sessionTitle: 'From the editor' } });
  await stage.ask('hello');
  assert.equal(existsSync(stage.path('sessions')), true);
  assert.equal(readdirSync(stage.path('sessions')).filter((name) => name.endsWith('.jsonl')).length, 1);
  const { sessions } = await stage.lsp.command('pi.listSessions');
  assert.deepEqual(
    sessions.map((one) => [one.title, one.current]),
    [['From the editor', true]],
  );
});

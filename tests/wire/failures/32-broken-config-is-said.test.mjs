// A models.json or auth.json that Pi cannot read is told as that, and not as missing credentials.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { realSettings, server, stageFor } from '../stage.mjs';
import { says } from '../steps.mjs';

const BROKEN = '{ "providers": { "local": { "apiKey": "sk-abcdefgh12345678" ';
const status = { capabilities: { experimental: { pi: { status: true } } } };

function doctor(stage, ...more) {
  const { command, nodePath } = realSettings();
  return spawnSync(server, ['doctor', '--command', command, '--node', nodePath, ...more], { cwd: stage.workspace, env: stage.pi.fullEnv(), encoding: 'utf8' });
}

test('failure 32: a broken models.json is why nothing can be asked, with its place and no secret; mended, the next prompt goes through', async (t) => {
  const stage = await stageFor(t, { client: status, script: [says('Good.')] });
  const good = join(stage.pi.dir, 'models.json');
  const text = JSON.stringify({ providers: { local: { baseUrl: stage.model.url, api: 'openai-completions', apiKey: 'x', models: [{ id: 'scripted-1' }] } } });
  writeFileSync(good, BROKEN);
  const known = await stage.lsp.command('pi.checkAvailability', {}, { deadlineMs: 40_000 });
  assert.equal(known.state, 'configBroken');
  assert.match(known.message, /could not read its configuration: Failed to parse models\.json: .*JSON.*models\.json/);
  assert.doesNotMatch(known.message, /sk-|credential/);
  assert.match(known.advice, /Mend that file/);
  await assert.rejects(stage.ask('hello'), (error) => /Failed to parse models\.json/.test(error.message) && !/API key|Sign in|pi\.login/.test(error.message));
  const told = doctor(stage);
  assert.equal(told.status, 1);
  assert.match(told.stdout, /NO {2}Config .*Failed to parse models\.json/);
  assert.doesNotMatch(told.stdout, /no provider has credentials/);
  writeFileSync(good, text);
  assert.equal((await stage.ask('hello')).text, 'Good.');
});

/** With a provider that comes from elsewhere than the broken file. */
async function withSpare(t, file) {
  const stage = await stageFor(t, { script: [says('Good.')] });
  stage.write(
    'x.mjs',
    `const cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
    const model = { id: 'scripted-1', name: 'S', reasoning: false, input: ['text'], cost, contextWindow: 1000, maxTokens: 100 };
    export default (pi) => { pi.registerProvider('spare', { baseUrl: '${stage.model.url}', apiKey: 'x', api: 'openai-completions', models: [model] }); };`,
  );
  writeFileSync(join(stage.pi.dir, file), BROKEN);
  await stage.lsp.setConfiguration({ pi: { ...stage.lsp.configuration.pi, extraArgs: ['-e', stage.path('x.mjs')], provider: 'spare', model: 'scripted-1' } });
  return stage;
}

test('failure 32: a broken models.json is said where another provider works all the same', async (t) => {
  const stage = await withSpare(t, 'models.json');
  assert.equal((await stage.ask('hello')).text, 'Good.');
  const { availability } = await stage.lsp.command('pi.status');
  assert.equal(availability.state, 'ready');
  assert.match(availability.message, /Failed to parse models\.json/);
  const notices = stage.lsp.all('window/showMessage').map((one) => one.message);
  assert.equal(notices.filter((one) => /Failed to parse models\.json/.test(one)).length, 1, notices.join('\n'));
  assert.doesNotMatch(notices.join('\n'), /sk-/);
});

test('failure 32: a broken auth.json, without which Pi sends nothing to any provider, is said before it is tried', async (t) => {
  const stage = await withSpare(t, 'auth.json');
  const known = await stage.lsp.command('pi.checkAvailability', {}, { deadlineMs: 40_000 });
  assert.deepEqual(
    [known.state, /Failed to parse auth\.json: .* \(.*auth\.json\)/.test(known.message), /sk-/.test(known.message)],
    ['configBroken', true, false],
    known.message,
  );
  writeFileSync(join(stage.pi.dir, 'auth.json'), '{}');
  assert.equal((await stage.ask('hello')).text, 'Good.');
  assert.equal((await stage.lsp.command('pi.status')).availability.state, 'ready');
});

test('failure 32: the doctor says it of auth.json too, and that no prompt can be sent', async (t) => {
  const stage = await stageFor(t);
  writeFileSync(join(stage.pi.dir, 'auth.json'), BROKEN);
  const { status: code, stdout } = doctor(stage, '--json');
  assert.equal(code, 1);
  assert.equal(JSON.parse(stdout).availability.state, 'configBroken');
  assert.match(JSON.parse(stdout).config.detail, /Failed to parse auth\.json: .* \(.*auth\.json\)/);
});

// What Pi reports beside a conversation: that an extension has shut it down, what its settings name in vain, who has
// stopped a run, what was used while nothing ran.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { sincePi, terminalSignIn } from '../scripted-model/pi-command.mjs';
import { realSettings, server, stageFor } from './stage.mjs';
import { bash, calls, says } from './steps.mjs';

const withEvents = { client: { capabilities: { experimental: { pi: { events: true, proposals: true } } } } };
const extension = (source) => ({ extra: { files: { 'extensions/ext.ts': `export default function (pi) {\n${source}\n}` } } });
const noticed = (stage, text) => stage.lsp.waitFor('pi/event', (e) => e.type === 'notice' && text.test(e.text));
const pi = () => {
  const { command, nodePath } = realSettings();
  return ['--command', command, '--node', nodePath];
};

test('an extension that shuts an idle Pi down is no crash, and the next prompt starts it again', sincePi('1.5.1'), async (t) => {
  const home = extension('pi.registerCommand("bye", { handler: async (_, ctx) => { setTimeout(() => ctx.shutdown(), 50); } });');
  const stage = await stageFor(t, { ...withEvents, home, script: [says('One.'), says('Two.')] });
  await stage.ask('hello');
  await stage.ask('/bye');
  const { level, text } = await noticed(stage, /shut down/);
  assert.deepEqual([level, text], ['info', 'Pi was shut down by one of its extensions; it starts again with the next prompt.']);
  const status = await stage.lsp.command('pi.status');
  assert.deepEqual([status.state, status.problem], ['notStarted', undefined]);
  assert.equal((await stage.ask('again')).text, 'Two.');
});

test('a run that an extension stops has been stopped, and no error', sincePi('1.5.1'), async (t) => {
  const home = extension('pi.on("tool_execution_start", (_, ctx) => ctx.abort());');
  const stage = await stageFor(t, { ...withEvents, home, script: [calls(bash('true')), says('never')] });
  const result = await stage.ask('go');
  assert.deepEqual([result.stopReason, result.error], ['aborted', undefined]);
});

test('models that the settings of Pi name in vain are told, by the doctor too', async (t) => {
  const home = { extra: { settings: { enabledModels: ['local/scripted-1', 'local/no-such'] } } };
  const stage = await stageFor(t, { ...withEvents, home, script: [says('Hm.')] });
  await stage.ask('hello');
  const words = /Pi's settings name the models "local\/no-such" \(enabledModels\), and no model that can be used is called so\./;
  assert.equal((await noticed(stage, words)).level, 'warning');
  const { stdout, status } = spawnSync(server, ['doctor', ...pi()], { cwd: stage.workspace, env: stage.pi.fullEnv(), encoding: 'utf8' });
  assert.equal(status, 0, stdout);
  assert.match(stdout, words);
});

test('keeping the cache warm between runs is told with what it costs and where it is switched off', sincePi('1.5.1'), async (t) => {
  const models = [
    {
      id: 'scripted-1',
      contextWindow: 128_000,
      maxTokens: 16_000,
      promptCache: { short: 12 },
      cost: { input: 10_000, output: 1, cacheRead: 1, cacheWrite: 0 },
    },
  ];
  const stage = await stageFor(t, {
    ...withEvents,
    home: { models },
    script: [
      { text: 'One.', usage: { input: 1000, output: 1 } },
      { text: 'x', usage: { cacheRead: 1000, input: 0, output: 1 } },
    ],
  });
  const { usage } = await stage.ask('hello');
  assert.match((await noticed(stage, /warm/)).text, /costs.*"cacheWarming".*settings\.json/);
  const warmed = await stage.lsp.waitFor('pi/event', (e) => e.type === 'usedBeside');
  assert.deepEqual([warmed.kind, warmed.provider, warmed.model, warmed.usage.cacheRead], ['cache_warm', 'local', 'scripted-1', 1000]);
  const status = await stage.lsp.command('pi.status');
  assert.ok(status.cacheWarmingCost > 0);
  assert.ok(status.cost > usage.cost);
});

test('the doctor and the check of the availability start no MCP servers', async (t) => {
  const stage = await stageFor(t, { ...withEvents });
  const trace = stage.path('started');
  const starts = { command: process.execPath, args: ['-e', `require("fs").writeFileSync(${JSON.stringify(trace)}, "x")`] };
  writeFileSync(`${stage.pi.dir}/mcp.json`, JSON.stringify({ mcpServers: { mine: starts } }));
  const { status } = spawnSync(server, ['doctor', ...pi()], { cwd: stage.workspace, env: stage.pi.fullEnv(), encoding: 'utf8' });
  assert.equal(status, 0);
  assert.equal((await stage.lsp.command('pi.checkAvailability', { refresh: true })).state, 'ready');
  assert.equal(existsSync(trace), false);
});

test('where nobody is signed in, the way in a terminal is the one that this Pi has', async (t) => {
  const stage = await stageFor(t, { home: { models: [] } });
  const wanted = new RegExp(terminalSignIn());
  assert.match((await stage.lsp.command('pi.checkAvailability')).advice, wanted);
  await assert.rejects(stage.ask('hello'), wanted);
  const { stdout } = spawnSync(server, ['doctor', ...pi()], { cwd: stage.workspace, env: stage.pi.fullEnv(), encoding: 'utf8' });
  assert.match(stdout, wanted);
});

/** The scripted model behind the real Pi: what the suites rely on, tried once each. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { piCli, piNode } from './pi-command.mjs';
import { COST, makePiHome } from './pi-home.mjs';
import { startPi } from './pi-rpc.mjs';
import { startScriptedModel } from './server.mjs';

let model;
let home;
let workspace;
let pi;

before(async () => {
  model = await startScriptedModel();
  home = await makePiHome({ url: model.url });
  workspace = await mkdtemp(join(tmpdir(), 'pilsp-ws-'));
  await writeFile(join(workspace, 'a.txt'), 'alpha\nbeta\n');
  await writeFile(join(workspace, 'b.txt'), 'gamma\n');
  pi = startPi({ command: piNode(), args: [piCli(), '--mode', 'rpc', '--no-session'], env: home.fullEnv(), cwd: workspace });
  await pi.command('get_state');
});

// A step left over would answer the next test's prompt.
afterEach(() => assert.equal(model.left(), 0));

after(async () => {
  await pi?.stop();
  await model?.close();
  await home?.remove();
  await rm(workspace, { recursive: true, force: true });
});

/** Sends a prompt and resolves with the records of its run. */
async function run(message) {
  const from = pi.records.length;
  assert.equal((await pi.command('prompt', { message })).success, true);
  await pi.event('agent_settled', { from });
  return pi.records.slice(from);
}

const deltas = (records, kind) => records.filter((one) => one.assistantMessageEvent?.type === `${kind}_delta`).map((one) => one.assistantMessageEvent.delta);
const answers = (records) => records.filter((one) => one.type === 'message_end' && one.message.role === 'assistant').map((one) => one.message);

test('pi lists the scripted models and starts with the first', async () => {
  const { data } = await pi.command('get_available_models');
  assert.deepEqual(
    data.models.map((one) => one.id),
    ['scripted-1', 'thinker-1'],
  );
  assert.equal((await pi.command('get_state')).data.model.id, 'scripted-1');
});

test('text comes in the deltas of the script, and its usage costs what the model costs', async () => {
  model.add({ text: ['Hel', 'lo', ' \u2028 there'], usage: { input: 1000, output: 200, cacheRead: 400, cacheWrite: 80 } });
  const records = await run('say hello');

  assert.deepEqual(deltas(records, 'text'), ['Hel', 'lo', ' \u2028 there']);
  const [{ usage, stopReason }] = answers(records);
  assert.equal(stopReason, 'stop');
  assert.deepEqual([usage.input, usage.output, usage.cacheRead, usage.cacheWrite, usage.totalTokens], [1000, 200, 400, 80, 1680]);
  const dollars = (1000 * COST.input + 200 * COST.output + 400 * COST.cacheRead + 80 * COST.cacheWrite) / 1e6;
  assert.ok(Math.abs(usage.cost.total - dollars) < 1e-12, `${usage.cost.total} instead of ${dollars}`);
  assert.equal(model.lastUserText(), 'say hello');
});

test('thinking is told apart from text', async () => {
  model.add({ thinking: ['hm', ', well'], text: 'Yes.' });
  const records = await run('think');
  assert.deepEqual(deltas(records, 'thinking'), ['hm', ', well']);
  assert.deepEqual(
    answers(records)[0].content.map((part) => part.thinking ?? part.text),
    ['hm, well', 'Yes.'],
  );
});

test('a tool call runs and its result comes back to the model and into the templates', async () => {
  model.add({ toolCalls: [{ name: 'read', arguments: { path: 'a.txt' }, id: 'call_read' }] }, { text: '{{lastUser}}: {{lastToolResult}}' });
  const records = await run('read it');
  assert.equal(answers(records).at(-1).content[0].text, 'read it: alpha\nbeta\n');
  assert.deepEqual(model.toolResults().at(-1), { id: 'call_read', text: 'alpha\nbeta\n' });
});

test('two calls of one message both run, and each result keeps its id', async () => {
  model.add(
    {
      toolCalls: [
        { name: 'read', arguments: { path: 'a.txt' }, id: 'call_a' },
        { name: 'read', arguments: { path: 'b.txt' }, id: 'call_b' },
      ],
    },
    { text: 'both' },
  );
  const records = await run('read both');
  assert.equal(records.filter((one) => one.type === 'tool_execution_end' && !one.isError).length, 2);
  assert.deepEqual(model.toolResults().slice(-2), [
    { id: 'call_a', text: 'alpha\nbeta\n' },
    { id: 'call_b', text: 'gamma\n' },
  ]);
});

for (const status of [500, 529, 429]) {
  test(`a ${status} is tried again at once and then succeeds`, async () => {
    model.add({ status }, { text: 'better' });
    const records = await run(`fail with ${status}`);
    const retry = records.find((one) => one.type === 'auto_retry_start');
    assert.equal(retry.delayMs, 1);
    assert.match(retry.errorMessage, new RegExp(status));
    assert.equal(records.find((one) => one.type === 'auto_retry_end').success, true);
    assert.deepEqual(
      answers(records).map((one) => one.stopReason),
      ['error', 'stop'],
    );
  });
}

test('a refused key is not tried again', async () => {
  model.add({ status: 401 });
  const records = await run('who am I');
  assert.ok(!records.some((one) => one.type === 'auto_retry_start'));
  assert.match(answers(records)[0].errorMessage, /401/);
});

test('a dropped connection leaves the text so far and an error that is tried again', async () => {
  model.add({ text: 'half an ans', disconnect: true }, { text: 'whole' });
  const records = await run('cut');
  assert.deepEqual(deltas(records, 'text'), ['half an ans', 'whole']);
  assert.deepEqual(
    answers(records).map((one) => one.stopReason),
    ['error', 'stop'],
  );
});

test('a cut-off answer says length', async () => {
  model.add({ text: 'and so on and', finish: 'length' });
  assert.equal(answers(await run('go on'))[0].stopReason, 'length');
});

test('a hanging model can be left by an abort, and the model sees it', async () => {
  model.add({ text: 'wait for', hang: true });
  const from = pi.records.length;
  await pi.command('prompt', { message: 'hang' });
  await pi.event('message_update', { from, where: (one) => one.assistantMessageEvent.delta === 'wait for' });
  await pi.command('abort');
  await pi.event('agent_settled', { from });
  const index = model.requests.length - 1;
  await model.until('the dropped request', () => model.dropped.includes(index));
  assert.equal(answers(pi.records.slice(from))[0].stopReason, 'aborted');
});

test('steps with a match wait for their own prompt', async () => {
  model.add({ match: 'second', text: 'for the second' }, { match: 'first', text: 'for the first' });
  assert.equal(answers(await run('the first'))[0].content[0].text, 'for the first');
  assert.equal(answers(await run('the second'))[0].content[0].text, 'for the second');
});

test('a script that is over says so', async () => {
  assert.equal(answers(await run('anything'))[0].content[0].text, 'the script is over');
});

test('a home without models leaves pi without any', async () => {
  const empty = await makePiHome({ url: model.url, models: [] });
  const other = startPi({ command: piNode(), args: [piCli(), '--mode', 'rpc', '--no-session'], env: empty.fullEnv(), cwd: workspace });
  try {
    assert.deepEqual((await other.command('get_available_models')).data.models, []);
    assert.match((await other.command('prompt', { message: 'hi' })).error, /No API key|No model/);
  } finally {
    await other.stop();
    await empty.remove();
  }
});

test('the program prints its address and ends with its stdin', async () => {
  const script = join(workspace, 'steps.json');
  await writeFile(script, JSON.stringify([{ text: 'from a file' }]));
  const child = spawn(process.execPath, [fileURLToPath(new URL('server.mjs', import.meta.url)), '--port', '0', '--script', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const { url } = JSON.parse(line);
  const response = await fetch(`${url}/chat/completions`, { method: 'POST', body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'x' }] }) });
  assert.match(await response.text(), /from a file[\s\S]*data: \[DONE\]/);
  child.stdin.end();
  assert.deepEqual(await once(child, 'close'), [0, null]);
});

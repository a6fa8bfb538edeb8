// Models, thinking and what goes wrong at the provider.
import { terminalSignIn } from '../scripted-model/pi-command.mjs';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { poll } from './processes.mjs';
import { stageFor } from './stage.mjs';
import { calls, edit, read, says } from './steps.mjs';

const many = Array.from({ length: 11 }, (_, i) => ({ id: `m-${String(i + 1).padStart(2, '0')}` }));
const other = { other: { baseUrl: 'http://127.0.0.1:9/v1', api: 'openai-completions', apiKey: 'k', models: many } };

test('pi.listModels groups what Pi has by provider', async (t) => {
  const stage = await stageFor(t, { home: { extra: { providers: other } } });
  const { current, groups } = await stage.lsp.command('pi.listModels');
  assert.equal(current, 'local/scripted-1');
  assert.deepEqual(
    groups.map((g) => [g.provider, g.models.length]),
    [
      ['local', 2],
      ['other', 11],
    ],
  );
  const [scripted, thinker] = groups[0].models;
  assert.deepEqual(
    [scripted.id, scripted.name, scripted.reasoning, scripted.contextWindow, scripted.input],
    ['scripted-1', 'Scripted 1', false, 128_000, ['text']],
  );
  assert.deepEqual(scripted.cost, { input: 1, output: 2 });
  assert.equal(thinker.reasoning, true);
});

test('a given model is set and answers the next prompt', async (t) => {
  const stage = await stageFor(t, { script: [says('Hm.')] });
  for (const argument of [{ provider: 'local', model: 'thinker-1' }, { model: 'local/scripted-1' }, { model: 'thinker-1' }]) {
    const chosen = await stage.lsp.command('pi.pickModel', argument);
    assert.equal(chosen.model, argument.model.replace('local/', ''));
  }
  await stage.ask('hello');
  assert.equal(stage.model.requests[0].model, 'thinker-1');
  assert.equal((await stage.lsp.command('pi.status')).model, 'local/thinker-1');
});

test('an unknown model is refused and nothing changes', async (t) => {
  const stage = await stageFor(t, { script: [says('Hm.')] });
  for (const argument of [{ provider: 'local', model: 'gpt-99' }, { model: 'gpt-99' }, { provider: 'nobody', model: 'scripted-1' }]) {
    await assert.rejects(stage.lsp.command('pi.pickModel', argument), /gpt-99|nobody/);
  }
  assert.equal((await stage.lsp.command('pi.status')).model, 'local/scripted-1');
  await stage.ask('hello');
  assert.equal(stage.model.requests[0].model, 'scripted-1');
});

test('the user picks by messages: provider, then model, page by page', async (t) => {
  const stage = await stageFor(t, { home: { extra: { providers: other } } });
  const picked = stage.lsp.command('pi.pickModel');
  const provider = await stage.lsp.nextQuestion();
  assert.deepEqual(provider.actions, ['local', 'other']);
  provider.answer('other');
  const few = await stage.lsp.nextQuestion();
  assert.deepEqual(few.actions, ['m-11', 'm-10', 'm-09', 'm-08', 'm-07', 'Show all…']);
  few.answer('Show all…');
  const first = await stage.lsp.nextQuestion();
  assert.deepEqual([first.actions.length, first.actions[0]], [9, 'm-01']);
  first.answer(first.actions.at(-1));
  const second = await stage.lsp.nextQuestion();
  assert.deepEqual(second.actions, ['m-09', 'm-10', 'm-11']);
  second.answer('m-10');
  assert.deepEqual(await picked, { model: 'm-10', provider: 'other', thinking: 'off' });
});

test('a dismissed pick changes nothing', async (t) => {
  const stage = await stageFor(t, {});
  const picked = stage.lsp.command('pi.pickModel');
  (await stage.lsp.nextQuestion()).answer(null);
  assert.equal((await picked).model, 'scripted-1');
});

test('a choice that nobody makes is over in time, and an edit is asked about after it', async (t) => {
  const stage = await stageFor(t, {
    files: { 'notes.txt': 'one\ntwo\n' },
    script: [calls(edit('notes.txt', ['two', '2'])), says('Done.')],
    settings: { questionTimeoutMs: 3000 },
  });
  const uri = await stage.open('notes.txt');
  const picked = stage.lsp.command('pi.pickModel');
  await stage.lsp.nextQuestion();
  const asked = stage.ask('change it');
  const question = await stage.lsp.nextQuestion();
  assert.match(question.message, /notes\.txt/);
  question.answer('Apply');
  assert.deepEqual((await asked).edits, [{ uri, status: 'applied' }]);
  assert.equal((await picked).model, 'scripted-1');
});

test('a client with its own picker gets all models at once', async (t) => {
  const stage = await stageFor(t, { client: { capabilities: { experimental: { pi: { pick: true } } } } });
  stage.lsp.onRequest('pi/pick', ({ title, items }) => {
    assert.match(title, /./);
    return { id: items.find((one) => one.label === 'Thinker 1').id };
  });
  assert.equal((await stage.lsp.command('pi.pickModel')).model, 'thinker-1');
  stage.lsp.onRequest('pi/pick', () => null);
  assert.equal((await stage.lsp.command('pi.pickModel')).model, 'thinker-1');
  stage.lsp.onRequest('pi/pick', () => ({ id: 'local/made-up' }));
  await stage.lsp.command('pi.pickModel').catch(() => {});
  assert.equal((await stage.lsp.command('pi.status')).model, 'local/thinker-1');
});

test('a picker gets the groups by the names of the providers, what to show first, and details to search in', async (t) => {
  const stage = await stageFor(t, {
    client: { capabilities: { experimental: { pi: { pick: true } } } },
    home: { extra: { providers: { other: { ...other.other, name: 'The Other' } } } },
  });
  stage.lsp.onRequest('pi/pick', ({ items }) => {
    const theirs = items.filter((one) => one.group === 'The Other');
    assert.equal(theirs.length, 11);
    assert.deepEqual(
      theirs.filter((one) => one.primary).map((one) => one.id),
      ['other/m-11', 'other/m-10', 'other/m-09', 'other/m-08', 'other/m-07'],
    );
    assert.match(items.find((one) => one.id === 'local/thinker-1').detail, /thinker-1 · 128k context · thinks · \$1\/\$2/);
    return { id: 'other/m-03' };
  });
  assert.equal((await stage.lsp.command('pi.pickModel')).model, 'm-03');
});

test('credentials and models that somebody else changed are there after a refresh', async (t) => {
  const stage = await stageFor(t, {});
  const providers = async (refresh) => (await stage.lsp.command('pi.listModels', { refresh })).groups.map((one) => one.provider);
  assert.deepEqual(await providers(), ['local']);
  writeFileSync(join(stage.pi.dir, 'auth.json'), JSON.stringify({ mistral: { type: 'api_key', key: 'k-0123456789' } }));
  assert.deepEqual(await providers(true), ['local', 'mistral']);
});

test('the thinking level is kept by a model that has it, and the user is told when one has not', async (t) => {
  const stage = await stageFor(t, { client: { capabilities: { experimental: { pi: { events: true } } } } });
  await stage.lsp.command('pi.pickModel', { model: 'thinker-1' });
  await stage.lsp.command('pi.setThinking', { level: 'high' });
  assert.deepEqual(await stage.lsp.command('pi.pickModel', { model: 'scripted-1' }), {
    model: 'scripted-1',
    provider: 'local',
    thinking: 'off',
    clamped: 'high',
  });
  const { text } = await stage.lsp.waitFor('pi/event', ({ type }) => type === 'notice');
  assert.match(text, /Scripted 1 has no thinking level "high"; it is "off" now/);
  assert.deepEqual(await stage.lsp.command('pi.pickModel', { model: 'thinker-1' }), { model: 'thinker-1', provider: 'local', thinking: 'high' });
});

test('a made-up model is refused at every door, and a stored session keeps its own', async (t) => {
  const stage = await stageFor(t, { script: [says('One.'), says('Two.')], settings: { model: 'local/thinker-1' } });
  await stage.ask('hello');
  const { sessionFile } = await stage.lsp.command('pi.status');
  await stage.lsp.command('pi.pickModel', { model: 'scripted-1' });
  await assert.rejects(stage.lsp.command('pi.pickModel', { model: 'local/gpt-99' }), /no usable model "gpt-99"/);
  await stage.lsp.setConfiguration({ pi: { model: 'gpt-99' } });
  await assert.rejects(stage.lsp.command('pi.newSession'), /no usable model "gpt-99".*local\/scripted-1/);
  // What was open stays as it was, and what is stored goes on with its own model whatever the setting says.
  assert.equal((await stage.lsp.command('pi.status')).model, 'local/scripted-1');
  await stage.lsp.command('pi.resumeSession', { path: sessionFile });
  assert.equal((await stage.ask('and now?')).text, 'Two.');
  assert.equal(stage.model.requests.at(-1).model, 'scripted-1');
});

test('a stored session with a model that is gone goes on with another one, and says so', async (t) => {
  const stage = await stageFor(t, { script: [says('One.'), says('Two.')], home: { extra: { providers: other } } });
  await stage.ask('hello');
  const { sessionFile } = await stage.lsp.command('pi.status');
  await stage.lsp.command('pi.pickModel', { provider: 'other', model: 'm-01' });
  const config = JSON.parse(readFileSync(join(stage.pi.dir, 'models.json'), 'utf8'));
  delete config.providers.other;
  writeFileSync(join(stage.pi.dir, 'models.json'), JSON.stringify(config));
  for (const pid of stage.piProcesses()) process.kill(pid, 'SIGKILL');
  await poll('the server to know', async () => (await stage.lsp.command('pi.status')).state === 'notStarted');
  const resumed = await stage.lsp.command('pi.resumeSession', { path: sessionFile });
  assert.match(resumed.model, /^local\//);
  const { message } = await stage.lsp.waitFor('window/showMessage', ({ message: text }) => /m-01/.test(text));
  assert.match(message, /other\/m-01.*local\//);
  assert.equal((await stage.ask('and now?')).text, 'Two.');
});

test('thinking levels are those of the current model', async (t) => {
  const stage = await stageFor(t, { script: [says('Hm.')] });
  await assert.rejects(stage.lsp.command('pi.setThinking', { level: 'high' }), /no thinking level "high"/);
  await stage.lsp.command('pi.pickModel', { model: 'thinker-1' });
  const { thinking, levels } = await stage.lsp.command('pi.setThinking', { level: 'high' });
  assert.equal(thinking, 'high');
  assert.ok(levels.includes('off') && levels.includes('high'), levels.join());
  await assert.rejects(stage.lsp.command('pi.setThinking', { level: 'extreme' }), /no thinking level "extreme"/);
  assert.equal((await stage.lsp.command('pi.status')).thinking, 'high');
});

test('a model chosen by hand is kept over a crash', async (t) => {
  const stage = await stageFor(t, { script: [says('One.'), says('Two.')] });
  await stage.ask('first');
  await stage.lsp.command('pi.pickModel', { model: 'thinker-1' });
  for (const pid of stage.piProcesses()) process.kill(pid, 'SIGKILL');
  await poll('the server to know', async () => (await stage.lsp.command('pi.status')).state === 'notStarted');
  assert.equal((await stage.ask('second')).text, 'Two.');
  assert.equal(stage.model.requests.at(-1).model, 'thinker-1');
});

test('a provider that fails for good: the result says error, with its words', async (t) => {
  const stage = await stageFor(t, { script: [{ status: 400, body: { error: { message: 'the model is on holiday', type: 'invalid_request_error' } } }] });
  const { stopReason, error, text } = await stage.ask('hello');
  assert.deepEqual([stopReason, text], ['error', '']);
  assert.match(error, /on holiday/);
  stage.model.add(says('Back.'));
  assert.equal((await stage.ask('and now?')).text, 'Back.');
});

test('a provider that fails again and again: tried as often as Pi does, then an error', async (t) => {
  const stage = await stageFor(t, { script: Array(10).fill({ status: 500 }) });
  const { stopReason, error } = await stage.ask('hello');
  assert.equal(stopReason, 'error');
  assert.match(error, /500|failure/);
});

test('a provider that hangs up in the middle is tried again, and its half text is not the answer', async (t) => {
  const stage = await stageFor(t, { script: [{ text: 'half an ans', disconnect: true }, says('The whole answer.')] });
  const { stopReason, text } = await stage.ask('hello');
  assert.deepEqual([stopReason, text], ['stop', 'The whole answer.']);
});

test('an answer cut off for its length says so', async (t) => {
  const stage = await stageFor(t, { script: [{ text: 'cut o', finish: 'length' }] });
  const { stopReason, text } = await stage.ask('hello');
  assert.deepEqual([stopReason, text], ['length', 'cut o']);
});

test('arguments of a tool that are no JSON are an error for the model, not for the run', async (t) => {
  const stage = await stageFor(t, { script: [calls({ name: 'edit', arguments: '{"path": "no' }), calls({ name: 'levitate', arguments: {} }), says('Sorry.')] });
  assert.equal((await stage.ask('hello')).text, 'Sorry.');
  assert.equal(stage.told().length, 2);
});

test('without any credentials: what to do is in the error, and in the empty list', async (t) => {
  const stage = await stageFor(t, { home: { models: [] } });
  await assert.rejects(stage.ask('hello'), new RegExp(terminalSignIn()));
  assert.deepEqual((await stage.lsp.command('pi.listModels')).groups, []);
  await assert.rejects(stage.lsp.command('pi.pickModel'), new RegExp(`no model to use.*${terminalSignIn()}`));
  assert.deepEqual(
    stage.lsp.all('$/progress').filter((p) => p.value.kind === 'begin').length,
    stage.lsp.all('$/progress').filter((p) => p.value.kind === 'end').length,
  );
});

test('context, usage and cost are in the status, each turn once', async (t) => {
  const stage = await stageFor(t, {
    files: { 'a.txt': 'x\n' },
    script: [
      { ...calls(read('a.txt')), usage: { input: 100, output: 10 } },
      { text: 'Done.', usage: { input: 200, output: 20 } },
    ],
  });
  await stage.ask('hello');
  const { usage, cost, context, openEdits } = await stage.lsp.command('pi.status');
  assert.deepEqual([usage.input, usage.output, openEdits], [300, 30, 0]);
  assert.ok(Math.abs(cost - 360 / 1e6) < 1e-12, `${cost}`);
  assert.deepEqual([context.tokens, context.window], [220, 128_000]);
});

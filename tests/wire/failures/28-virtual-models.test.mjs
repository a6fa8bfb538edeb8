// A policy about models is held against the model that answers, not only against the one that is set: a virtual model of
// an extension sends each request to whatever it likes.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sincePi } from '../../scripted-model/pi-command.mjs';
import { headlessFor } from '../headless-stage.mjs';
import { fileURLToPath } from 'node:url';
import { stageFor } from '../stage.mjs';
import { bash, calls, edit, says, write } from '../steps.mjs';

const only = sincePi('0.99.0');

/** `router/auto` sends the requests to these models, one after another; the last one keeps the rest. */
const routing = (...models) => ({
  extra: {
    files: {
      'extensions/router.ts': `export default function (pi) {
  const models = ${JSON.stringify(models)};
  pi.registerVirtualModel({ provider: "router", id: "auto", name: "Auto", route: (_, ctx) => ({
    model: ctx.modelRegistry.find("local", models.length > 1 ? models.shift() : models[0]), thinkingLevel: "off" }) });
}`,
    },
    settings: { defaultProvider: 'router', defaultModel: 'auto' },
  },
});
const asked = (stage) => stage.model.requests.map((one) => one.model);

test('failure 28: a virtual model that routes to a denied one ends the run, with the model and the rule', only, async (t) => {
  const stage = await stageFor(t, {
    home: routing('thinker-1'),
    script: [{ text: 'from the denied one', ...calls(write('a.txt', 'x'), bash('echo hi > b.txt')) }, says('and on it goes')],
    settings: { modelPolicy: { deny: ['thinker-*'] }, permissionMode: 'full' },
    client: { capabilities: { experimental: { pi: { events: true } } } },
  });
  const result = await stage.ask('hello');
  assert.equal(result.stopReason, 'error');
  assert.match(result.error, /local\/thinker-1 answered in place of router\/auto.*pi\.modelPolicy denies it \("thinker-\*"\)/);
  assert.equal(existsSync(stage.path('a.txt')) || existsSync(stage.path('b.txt')), false);
  const settled = await stage.lsp.waitFor('pi/event', (e) => e.type === 'runSettled');
  assert.deepEqual([settled.stopReason, settled.error], ['error', result.error]);
  // Nothing goes on by itself; the next prompt is the user's own.
  assert.equal(stage.model.requests.length, 1);
  await stage.lsp.command('pi.pickModel', { model: 'scripted-1' });
  assert.equal((await stage.ask('again')).text, 'and on it goes');
});

test('failure 28: a route that changes in the middle of a run is judged at the message', only, async (t) => {
  const stage = await stageFor(t, {
    home: routing('scripted-1', 'thinker-1'),
    files: { 'a.txt': 'old\n' },
    script: [calls(edit('a.txt', ['old', 'new'])), calls(edit('a.txt', ['new', 'newer'])), says('never')],
    settings: { modelPolicy: { allow: ['router/*', 'scripted-1'] }, permissionMode: 'acceptEdits' },
  });
  const result = await stage.ask('go');
  assert.match(result.error, /local\/thinker-1 answered.*pi\.modelPolicy allows only "router\/\*", "scripted-1"/);
  assert.deepEqual(asked(stage), ['scripted-1', 'thinker-1']);
  assert.deepEqual(
    result.edits.map((one) => one.status),
    ['applied'],
  );
});

test('failure 28: while the denied model is still writing it is stopped already', only, async (t) => {
  const stage = await stageFor(t, {
    home: routing('thinker-1'),
    script: [{ text: ['a', 'b'], hang: true }],
    settings: { modelPolicy: { deny: ['local/thinker-1'] } },
  });
  const result = await stage.ask('hello');
  assert.match(result.error, /local\/thinker-1/);
  await stage.model.until('the end of the request', () => stage.model.dropped.length === 1);
});

test('failure 28: a virtual model that is allowed answers, and the one that answered is told', only, async (t) => {
  const stage = await stageFor(t, {
    home: routing('thinker-1'),
    script: [says('Hm.')],
    client: { capabilities: { experimental: { pi: { events: true } } } },
  });
  const result = await stage.ask('hello');
  assert.deepEqual([result.text, result.stopReason, result.answeredBy], ['Hm.', 'stop', ['local/thinker-1']]);
  const completed = await stage.lsp.waitFor('pi/event', (e) => e.type === 'messageCompleted');
  assert.deepEqual([completed.provider, completed.model, completed.selectedModel], ['local', 'thinker-1', 'router/auto']);
  const { entries } = await stage.lsp.command('pi.getTranscript');
  const said = entries.find((one) => one.kind === 'assistant');
  assert.deepEqual([said.provider, said.model, said.selectedModel], ['local', 'thinker-1', 'router/auto']);
  const status = await stage.lsp.command('pi.status');
  assert.deepEqual([status.model, status.answeredBy], ['router/auto', 'local/thinker-1']);
  // Of an ordinary model nothing of the kind is said.
  stage.model.add(says('Ho.'));
  await stage.lsp.command('pi.pickModel', { model: 'scripted-1' });
  const plain = await stage.ask('again');
  assert.deepEqual([plain.text, plain.answeredBy], ['Ho.', undefined]);
  assert.equal((await stage.lsp.command('pi.status')).answeredBy, undefined);
});

test('failure 28: the Markdown of the conversation names the model that answered', only, async (t) => {
  const stage = await stageFor(t, { home: routing('thinker-1'), script: [says('Hm.')] });
  await stage.ask('hello', { transcript: true });
  const { uri } = await stage.lsp.command('pi.showTranscript');
  assert.match(readFileSync(fileURLToPath(uri), 'utf8'), /## Pi\n\n\*`local\/thinker-1` answered for `router\/auto`:\*\n\nHm\./);
});

test('failure 28: pilsp ask says who answers, as text and as JSON', only, async (t) => {
  const stage = await headlessFor(t, { home: routing('thinker-1'), script: [says('One.'), says('Two.')] });
  const prose = await stage.ask(['hello']);
  assert.match(prose.stderr, /^model {3}local\/thinker-1 answers for router\/auto$/m);
  assert.equal(prose.stdout, 'One.\n');
  const lines = (await stage.ask(['--json', 'hello'])).lines();
  assert.equal(lines.find((one) => one.type === 'messageCompleted').selectedModel, 'router/auto');
  const { model, answeredBy } = lines.at(-1);
  assert.deepEqual([model, answeredBy], ['router/auto', ['local/thinker-1']]);
});

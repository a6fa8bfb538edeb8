// What people are told of a run: no terminal codes in outputs, no keys in errors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headlessFor } from './headless-stage.mjs';
import { stageFor } from './stage.mjs';
import { bash, calls, says } from './steps.mjs';

const events = { capabilities: { experimental: { pi: { events: true } } } };
const COLOURS = `printf '\\033[31mred\\033[0m \\033]0;title\\007done\\n10%%\\r50%%\\r100%%\\n'`;
const READS = 'red done\n100%\n';
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CODES = /\\u001b|\\u0007|\u001b|\u0007/;

test('escape codes and lines that were written over are in no event, entry or document, and the model gets what it always got', async (t) => {
  const stage = await stageFor(t, { script: [calls(bash(COLOURS)), says('Done.')], settings: { permissionMode: 'full' }, client: events });
  await stage.ask('colour it');
  const ended = stage.lsp.all('pi/event').find((one) => one.type === 'toolEnded');
  assert.equal(ended.text, READS);
  for (const one of stage.lsp.all('pi/event').filter((event) => /^tool(Ended|Progressed)$/.test(event.type)))
    assert.doesNotMatch(JSON.stringify(one.text), CODES);
  const { entries } = await stage.lsp.command('pi.getTranscript');
  assert.equal(entries.find((one) => one.kind === 'tool').output, READS);
  const { sessionFile } = await stage.lsp.command('pi.status');
  await stage.lsp.command('pi.newSession');
  await stage.lsp.command('pi.resumeSession', { path: sessionFile });
  const stored = (await stage.lsp.command('pi.getTranscript')).entries.find((one) => one.kind === 'tool');
  assert.equal(stored.output, READS);
});

test("the user's own command is told without them, in whatever pieces it comes", async (t) => {
  const stage = await stageFor(t, { client: events });
  const result = await stage.lsp.command('pi.bash', { command: `printf '\\033'; sleep 0.2; printf '[32mone'; sleep 0.2; printf ' two\\033[0m\\n'` });
  assert.equal(result.output, 'one two\n');
  const parts = stage.lsp.all('pi/event').filter((one) => one.type === 'bashOutput');
  assert.equal(parts.map((one) => one.text).join(''), 'one two\n');
});

const refused = { status: 401, body: { error: { message: 'Incorrect API key provided: my-own-4711-key-of-mine.', type: 'invalid_request_error' } } };

test('a key that a 401 repeats stands in no error, event, transcript or notice', async (t) => {
  const stage = await stageFor(t, { script: [refused], client: events });
  const result = await stage.ask('hello');
  assert.match(result.error, /Incorrect API key provided: \[hidden\]/);
  const { entries } = await stage.lsp.command('pi.getTranscript');
  for (const told of [result, entries, stage.lsp.all('pi/event'), stage.lsp.all('window/showMessage')]) assert.doesNotMatch(JSON.stringify(told), /4711/);
});

test('nor in what pilsp ask prints', async (t) => {
  for (const args of [['hello'], ['--json', 'hello']]) {
    const stage = await headlessFor(t, { script: [refused] });
    const { stdout, stderr } = await stage.ask(args);
    assert.match(stdout + stderr, /\[hidden\]/);
    assert.doesNotMatch(stdout + stderr, /4711/);
  }
});

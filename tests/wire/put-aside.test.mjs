// Questions that a client puts aside: open until they are answered, asked again when the user says so.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { poll } from './processes.mjs';
import { stageFor } from './stage.mjs';
import { bash, calls, says } from './steps.mjs';

const client = { capabilities: { experimental: { pi: { proposals: true, status: true, pick: true } } } };
/** Answers each question as the list says, in its order. */
function answering(stage, method, answers) {
  const asked = [];
  stage.lsp.onRequest(method, (params) => {
    asked.push(params);
    return answers[asked.length - 1];
  });
  return asked;
}
const putAside = (stage) => stage.lsp.all('pi/status').at(-1)?.putAside;

test('a command that is put aside waits, is told in the status, and runs when it is asked again and allowed', async (t) => {
  const stage = await stageFor(t, { script: [calls(bash('touch proof')), says('Done.')], client });
  const asked = answering(stage, 'pi/confirm', [{ later: true }, { later: true }, { allow: true }]);
  const run = stage.ask('go');
  await stage.lsp.until('the status to say so', () => putAside(stage) === 1);
  assert.equal(existsSync(stage.path('proof')), false);
  assert.equal((await stage.lsp.command('pi.listSessions')).sessions[0].state, 'waiting');

  assert.deepEqual(await stage.lsp.command('pi.askAgain'), { asked: 1 });
  await poll('the second question', () => asked.length === 2);
  await stage.lsp.until('it to be put aside again', () => putAside(stage) === 1);
  assert.deepEqual(await stage.lsp.command('pi.askAgain'), { asked: 1 });
  await run;
  assert.equal(existsSync(stage.path('proof')), true);
  assert.equal(asked.length, 3);
  assert.deepEqual(await stage.lsp.command('pi.askAgain'), { asked: 0 });
  assert.equal((await stage.lsp.command('pi.status')).putAside, undefined);
});

test('a run that is stopped takes with it what was put aside', async (t) => {
  const stage = await stageFor(t, { script: [calls(bash('touch proof'))], client });
  const asked = answering(stage, 'pi/confirm', [{ later: true }]);
  const run = stage.ask('go');
  await stage.lsp.until('the status to say so', () => putAside(stage) === 1);
  await stage.lsp.command('pi.abort');
  assert.equal((await run).stopReason, 'aborted');
  assert.deepEqual(await stage.lsp.command('pi.askAgain'), { asked: 0 });
  assert.deepEqual([asked.length, existsSync(stage.path('proof'))], [1, false]);
});

test('“Always” says what it covers, and is not offered for what fetches and runs code', async (t) => {
  const script = [calls(bash('echo one')), calls(bash('curl -s file:///dev/null | sh')), says('Done.')];
  const stage = await stageFor(t, { script, client });
  const asked = answering(stage, 'pi/confirm', [
    { allow: true, always: true },
    { allow: true, always: true },
  ]);
  await stage.ask('go');
  assert.match(asked[0].always, /exactly these words/);
  assert.equal(asked[1].always, undefined);
  const { allowances } = await stage.lsp.command('pi.listAllowances');
  assert.deepEqual(
    allowances.map((one) => one.shellCommand),
    ['echo one'],
  );
});

test('commands that only look pass where the setting says so; one that would read a key is asked about, and so is any other', async (t) => {
  const script = [calls(bash('cat notes.txt | grep -n two')), calls(bash('cat .env')), calls(bash('ls; touch proof')), says('Done.')];
  const files = { 'notes.txt': 'one\ntwo\n', '.env': 'KEY=1\n' };
  const stage = await stageFor(t, { script, files, client, settings: { lookingCommands: 'allow' } });
  const asked = answering(stage, 'pi/confirm', [{ allow: false }, { allow: false }]);
  await stage.ask('go');
  assert.deepEqual(
    asked.map((one) => one.what),
    ['cat .env', 'ls; touch proof'],
  );
  assert.match(stage.told()[0], /2:two/);
  assert.equal(existsSync(stage.path('proof')), false);
});

// `pilsp ask`: which session and which model are asked, and how the session is opened again.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { piCli, piNode } from '../../scripted-model/pi-command.mjs';
import { headlessFor, resumed } from '../headless-stage.mjs';
import { says } from '../steps.mjs';

const words = (request) => request.messages.map((one) => JSON.stringify(one.content)).join('\n');

test('without --session each ask is a conversation of its own; with it one goes on', async (t) => {
  const stage = await headlessFor(t, { script: [says('One.'), says('Two.'), says('Three.'), says('Four.')] });
  const first = await stage.ask(['first']);
  const second = await stage.ask(['--new', 'second']);
  assert.doesNotMatch(words(stage.model.requests.at(-1)), /first/);
  const file = resumed(first.stderr);
  assert.notEqual(resumed(second.stderr), file);
  const third = await stage.ask(['third', '--session', file]);
  assert.match(words(stage.model.requests.at(-1)), /first[\s\S]*One\.[\s\S]*third/);
  assert.equal(resumed(third.stderr), file);
  const { id } = JSON.parse(readFileSync(file, 'utf8').split('\n')[0]);
  await stage.ask(['--session', id, 'fourth']);
  assert.match(words(stage.model.requests.at(-1)), /first[\s\S]*third[\s\S]*Three\.[\s\S]*fourth/);
});

test('the line at the end opens the session in the terminal pi', async (t) => {
  const stage = await headlessFor(t, { script: [says('The number is 42.'), says('It was 42.'), says('Still 42.')] });
  const { stderr } = await stage.ask(['remember 42']);
  const line = /^resume {2}pi (.+)$/m.exec(stderr)[1];
  const pi = spawn('sh', ['-c', `exec "$NODE" "$PI" ${line} --print "which number?"`], {
    cwd: stage.workspace,
    env: { ...stage.environment, NODE: piNode(), PI: piCli() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  pi.stdout.on('data', (text) => (said += text));
  assert.deepEqual([(await once(pi, 'close'))[0], said], [0, 'It was 42.\n']);
  assert.match(words(stage.model.requests.at(-1)), /remember 42[\s\S]*The number is 42[\s\S]*which number/);
  // And what was written there goes on here.
  const again = await stage.ask(['--session', resumed(stderr), 'and now?']);
  assert.equal(again.stdout, 'Still 42.\n');
  assert.match(words(stage.model.requests.at(-1)), /which number\?[\s\S]*It was 42\.[\s\S]*and now/);
});

test('a directory whose name needs quotes: the line still opens the session', async (t) => {
  const stage = await headlessFor(t, { script: [says('One.'), says('Two.')] });
  const cwd = stage.path("it's a $HOME & more");
  mkdirSync(cwd);
  const { stderr } = await stage.ask(['first'], { cwd });
  const line = /^resume {2}pi (.+)$/m.exec(stderr)[1];
  const pi = spawn('sh', ['-c', `exec "$NODE" "$PI" ${line} --print second`], {
    cwd,
    env: { ...stage.environment, NODE: piNode(), PI: piCli() },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  assert.equal((await once(pi, 'close'))[0], 0);
  assert.match(words(stage.model.requests.at(-1)), /first[\s\S]*One\.[\s\S]*second/);
});

test("--model chooses from Pi's list; one that is not in it is refused before a prompt is sent", async (t) => {
  const stage = await headlessFor(t, { script: [says('Here.')] });
  assert.equal((await stage.ask(['--json', '--model', 'local/thinker-1', 'hello'])).lines().at(-1).model, 'local/thinker-1');
  assert.equal(stage.model.requests.at(-1).model, 'thinker-1');
  const { code, stdout, stderr } = await stage.ask(['--model', 'thinker-2', 'hello']);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /^pilsp ask: .*thinker-2.*thinker-1/m);
  assert.equal(stage.model.requests.length, 1);
});

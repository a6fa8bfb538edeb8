// One session, here and in the terminal's Pi: what one of the two has written the other lists, opens and knows.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { piCli, piNode } from '../scripted-model/pi-command.mjs';
import { history, list } from './conversations.mjs';
import { stageFor } from './stage.mjs';
import { says } from './steps.mjs';

test('the terminal opens what was written here, by the line that is given for it', async (t) => {
  const stage = await stageFor(t, { script: [says('The number is 42.'), says('Still 42.')] });
  const folder = stage.path("it's a folder");
  mkdirSync(folder);
  await stage.lsp.setConfiguration({ pi: { ...stage.lsp.configuration.pi, sessionDir: folder } });
  await stage.ask('remember a number');
  const { command, path } = await stage.lsp.command('pi.resumeCommand', { shell: 'sh' });
  assert.equal(dirname(path), folder);
  // The shell is the judge of the quotes.
  const line = command.replace(/^pi /, '"$@" ');
  const child = spawn('sh', ['-c', `${line} -p 'which number?' < /dev/null`, 'sh', piNode(), piCli()], { cwd: stage.workspace, env: stage.pi.fullEnv() });
  let out = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  const [code] = await once(child, 'close');
  assert.deepEqual([code, out.trim()], [0, 'Still 42.']);
  assert.match(history(stage), /remember a number[\s\S]*The number is 42[\s\S]*which number/);
});

test('what the terminal wrote is listed and opened here', async (t) => {
  const stage = await stageFor(t, { script: [says('The number is 42.'), says('Still 42.')] });
  const terminal = spawn(piNode(), [piCli(), '-p', 'remember a number'], {
    cwd: stage.workspace,
    env: stage.pi.fullEnv(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  assert.deepEqual(await once(terminal, 'close'), [0, null]);
  const [one] = await list(stage);
  assert.deepEqual([one.firstWords, one.messages, one.state], ['remember a number', 2, 'stored']);
  await stage.lsp.command('pi.resumeSession', { path: one.path });
  await stage.ask('which number?');
  assert.match(history(stage), /remember a number[\s\S]*The number is 42[\s\S]*which number/);
});

test('what a terminal adds to an open session is known to the next prompt here, and that is said', async (t) => {
  const stage = await stageFor(t, {
    client: { capabilities: { experimental: { pi: { events: true } } } },
    script: [says('The number is 42.'), says('Now it is 43.'), says('It is 43.'), says('Still 43.')],
  });
  await stage.ask('remember a number');
  const { sessionFile } = await stage.lsp.command('pi.status');
  const terminal = spawn(piNode(), [piCli(), '--session', sessionFile, '-p', 'add one'], {
    cwd: stage.workspace,
    env: stage.pi.fullEnv(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  assert.deepEqual(await once(terminal, 'close'), [0, null]);
  assert.equal((await stage.ask('which number?')).text, 'It is 43.');
  assert.match(history(stage), /42[\s\S]*add one[\s\S]*Now it is 43[\s\S]*which number/);
  const said = () => stage.lsp.all('pi/event').filter((one) => one.type === 'notice' && /continued elsewhere/.test(one.text));
  assert.equal(said().length, 1);
  await stage.ask('and now?');
  assert.equal(said().length, 1);
});

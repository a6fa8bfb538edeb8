// What a prompt costs before it is on its way: whatever the gate's answer carries is not asked for besides.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isNewerPi } from '../scripted-model/pi-command.mjs';
import { stageFor } from './stage.mjs';
import { says } from './steps.mjs';

const tap = fileURLToPath(new URL('tap.cjs', import.meta.url));
// Before 1.x Pi does not say what became of a prompt: it is asked where no run has begun yet, and that is as it happens.
const isNecessary = (type) => isNewerPi() || type !== 'get_state';

/** A stage and what its real Pi is asked: `asked()` gives the types since the last time, the gate's challenge as `hello`. */
async function tapped(t, options) {
  const stage = await stageFor(t, { ...options, settings: { env: { NODE_OPTIONS: `--require=${tap}` } } });
  let known = 0;
  const asked = () => {
    const lines = readFileSync(`${stage.pi.dir}/tap.jsonl`, 'utf8').split('\n').filter(Boolean).slice(known);
    known += lines.length;
    return lines
      .map((line) => JSON.parse(line))
      .filter(({ type }) => type !== 'extension_ui_response')
      .map(({ type, message }) => (type === 'prompt' && message.startsWith('/pilsp-gate-') ? 'hello' : type))
      .filter(isNecessary);
  };
  return { ...stage, asked };
}

test('a prompt costs the challenge and itself, the first one and each that follows', async (t) => {
  const { ask, asked } = await tapped(t, { script: [says('One.'), says('Two.'), says('Three.')] });
  await ask('first');
  // Whether Pi has loaded the gate, and its first proof, belong to the start.
  assert.deepEqual(asked(), ['get_commands', 'hello', 'hello', 'prompt']);
  for (const prompt of ['second', 'third']) {
    await ask(prompt);
    assert.deepEqual(asked(), ['hello', 'prompt']);
  }
});

test('whether Pi has loaded the gate is looked at again when Pi has let go of it', async (t) => {
  const again = `export default (pi) => {
    pi.registerCommand('again', { description: 'read the extensions again', handler: async (_, ctx) => ctx.reload() });
    pi.registerCommand('anew', { description: 'begin anew', handler: async (_, ctx) => void (await ctx.newSession()) });
  };`;
  const { ask, asked } = await tapped(t, {
    home: { extra: { files: { 'extensions/again.ts': again } } },
    script: [says('One.'), says('Two.'), says('Three.')],
  });
  await ask('first');
  for (const command of ['/again', '/anew']) {
    asked();
    await ask(command);
    assert.deepEqual(asked(), ['hello', 'prompt']);
    await ask('go on');
    assert.deepEqual(asked(), ['get_commands', 'hello', 'prompt']);
  }
});

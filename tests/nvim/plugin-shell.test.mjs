/** The user's own shell commands. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { says } from '../wire/steps.mjs';
import { poll } from '../wire/processes.mjs';
import { inEachNeovim } from './editor.mjs';

inEachNeovim('shell commands with the plugin', (startEditor) => {
  const start = (t) => startEditor(t, { files: { 'a.txt': 'one\n' }, open: 'a.txt', script: [says('I see two.')] });

  test('the chat shows the output and how it ended, and the model reads it with the next prompt', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi !echo two; exit 3');
    await vim.saidLike(/Pi: exit code 3/);
    assert.match(await vim.chat(), /\*\*!\*\* `echo two; exit 3` – exit code 3\n`````text\ntwo\n`````$/);
    await vim.ex('Pi !!true');
    await vim.saidLike(/Pi: done/);
    assert.match(await vim.chat(), /\n\*\*!!\*\* `true` ✓$/);
    await vim.ex('Pi ask what do you see?');
    await poll('the answer', async () => /I see two\./.test(await vim.chat()), vim.chat);
    const told = JSON.stringify(vim.model.requests.at(-1));
    assert.match(told, /Ran `echo two; exit 3`/);
    assert.doesNotMatch(told, /Ran `true`/);
  });

  test('it is shown as it grows, and stopped', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi !echo begun; sleep 600');
    await poll('the output', async () => /`echo begun; sleep 600`\n`````text\nbegun\n\n`````$/.test(await vim.chat()), vim.chat);
    await vim.ex('Pi stop');
    await vim.saidLike(/Pi: stopped/);
    assert.match(await vim.chat(), /`echo begun; sleep 600` – stopped\n`````text\nbegun\n`````$/);
    assert.equal(await vim.lua('return rawget(_G, "_")'), null, 'no global is made');
  });
});

/** The plugin where nothing is set up yet, or where a provider fails: what is said, and what can be done at once. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { says } from '../wire/steps.mjs';
import { inEachNeovim } from './editor.mjs';

inEachNeovim('the first run with the plugin', (startEditor) => {
  const start = (t, options = {}) =>
    startEditor(t, { files: { 'a.txt': 'one\n' }, open: 'a.txt', script: [says('hi')], init: 'vim.o.columns, vim.o.lines = 130, 30', ...options });

  test('without credentials the chat says so, with what can be done; asking offers it to choose from', async (t) => {
    const vim = await start(t, { home: { models: [] } });
    await vim.ex('Pi chat');
    await vim.until('the problem', `require('pi').status().problem ~= nil`);
    const screen = await vim.screen('first-run');
    assert.match(screen, /Pi cannot be asked \(:Pi check\)/);
    assert.match(screen, /Pi cannot be asked yet\n[\s\S]*:Pi login {2}Sign in\n[\s\S]*:Pi key {2}Paste an API key\n[\s\S]*:Pi setup/);
    await vim.answer('Paste an API key', 'Anthropic');
    await vim.ex('Pi ask hello');
    await vim.until('the providers', '#_G.seen.asked == 2');
    const [offered, providers] = await vim.asked();
    assert.deepEqual(offered.labels.slice(0, 2), ['Sign in', 'Paste an API key']);
    assert.match(providers.prompt, /API key/);
    await vim.prompted();
    await vim.keys('<Esc>');
    assert.match(await vim.chat(), /## You\n\nhello\n\n\*\*.*\(:Pi login, :Pi key, :Pi setup\)\*\*/);
    const models = { local: { baseUrl: vim.model.url, api: 'openai-completions', apiKey: 'x', models: [{ id: 'scripted-1' }] } };
    writeFileSync(join(vim.pi.dir, 'models.json'), JSON.stringify({ providers: models }));
    await vim.ex('Pi retry');
    await vim.saidLike(/Pi: done/);
    assert.match(vim.model.lastUserText(), /^hello/);
    await vim.until('no problem', `require('pi').status().problem == nil`);
    assert.doesNotMatch(await vim.screen('first-run-over'), /cannot be asked/);
  });

  test('where Pi is not found its installation is put into a terminal, for the user to send', async (t) => {
    const vim = await start(t, { settings: { command: '/nowhere/pi' } });
    await vim.answer('Install Pi in a terminal');
    await vim.ex('Pi setup');
    await vim.until(
      'the line in the terminal',
      `vim.bo.buftype == 'terminal' and table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), ''):find('npm install %-g')`,
    );
    assert.match((await vim.asked())[0].prompt, /not found|does not exist|no such/i);
    await vim.screen('install');
  });

  test('what a provider refuses is a sentence with what can be done, and can be tried again', async (t) => {
    const vim = await start(t, {
      script: [{ status: 400, body: { error: { message: 'the model is on strike', type: 'invalid_request_error' } } }, says('better')],
    });
    await vim.answer('Try again');
    await vim.ex('Pi ask hello');
    await vim.until('the offer', '#_G.seen.asked == 1');
    const [offered] = await vim.asked();
    assert.ok(offered.labels.includes('Try again'), JSON.stringify(offered));
    await vim.saidLike(/Pi: done/);
    assert.match(await vim.chat(), /\*\*the model is on strike\.\*\* \(:Pi retry\) \*K: details\*[\s\S]*ended by an error[\s\S]*better/);
    await vim.ex('Pi chat');
    await vim.until('the chat', `vim.api.nvim_buf_get_name(0):match('^pi://chat')`);
    await vim.keys('gg/strike<CR>K');
    await vim.until('the details', `#vim.tbl_filter(function(w) return vim.api.nvim_win_get_config(w).relative ~= '' end, vim.api.nvim_list_wins()) == 1`);
    assert.match(await vim.screen('provider-failed'), /nvalid_request_error/);
  });
});

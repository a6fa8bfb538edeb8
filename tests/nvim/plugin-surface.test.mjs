/** The plugin's surface: commands and their completion, maps, pickers, status line, log, health, finding the server. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { calls, edit, says } from '../wire/steps.mjs';
import { inEachNeovim } from './editor.mjs';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

inEachNeovim("the plugin's surface", (startEditor) => {
  const start = (t, options = {}) => startEditor(t, { files: { 'a.txt': 'one\ntwo\nthree\n' }, open: 'a.txt', script: [says('done')], ...options });
  const completed = (vim, line) => vim.lua('return vim.fn.getcompletion(..., "cmdline")', line);

  test('nothing is loaded and nothing runs before the first use; no map and no global is made', async (t) => {
    const vim = await start(t);
    assert.deepEqual(await vim.lua(`return vim.tbl_filter(function(name) return name:match('^pi%f[%W]') end, vim.tbl_keys(package.loaded))`), []);
    assert.deepEqual(await vim.lua(`return vim.lsp.get_clients()`), []);
    const maps = await vim.lua(
      `return vim.tbl_map(function(m) return m.lhs end, vim.tbl_filter(function(m) return (m.desc or ''):match('^Pi') end, vim.api.nvim_get_keymap('n')))`,
    );
    assert.ok(maps.length > 5);
    assert.ok(maps.every((one) => one.startsWith('<Plug>(pi-')));
    const before = await vim.lua('return vim.tbl_keys(_G)');
    await vim.ex('Pi ask hello');
    await vim.saidLike(/Pi: done/);
    assert.deepEqual(
      (await vim.lua('return vim.tbl_keys(_G)')).filter((one) => !before.includes(one)),
      [],
    );
  });

  test('what is not understood is said, with what there is', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi foo');
    await vim.saidLike(/there is no ":Pi foo"\. There are: allowances, answer, apply, ask/);
    await vim.ex('Pi next please');
    await vim.saidLike(/:Pi next takes no words, not "please"/);
    await vim.ex('1,2Pi model');
    await vim.saidLike(/:Pi model takes no range/);
    await vim.ex('Pi! apply');
    await vim.saidLike(/nothing for the ! to force/);
    await vim.ex('Pi apply everything');
    await vim.saidLike(/"everything" is nothing that can be applied/);
    await vim.ex('Pi apply');
    await vim.saidLike(/no change of Pi is here/);
    await vim.ex('Pi model gpt');
    await vim.saidLike(/"gpt" is no model/);
    await vim.ex('Pi mode yolo');
    await vim.saidLike(/"mode" must be one of/);
    await vim.ex('Pi next');
    await vim.saidLike(/nothing waits/);
    await vim.ex('Pi undo');
    await vim.saidLike(/nothing|no run/i);
  });

  test('subcommands and their words are completed', async (t) => {
    const vim = await start(t);
    assert.deepEqual(await completed(vim, 'Pi re'), ['reject', 'remark', 'rename', 'restart', 'resume', 'retry', 'review']);
    assert.deepEqual(await completed(vim, '1,2Pi! apply f'), ['file']);
    assert.deepEqual(await completed(vim, 'Pi mode a'), ['ask', 'acceptEdits']);
    await vim.ex('Pi ask hello');
    await vim.saidLike(/Pi: done/);
    assert.deepEqual(await completed(vim, 'Pi model local/th'), ['local/thinker-1']);
    assert.deepEqual(await completed(vim, 'Pi ask look at @a'), ['@a.txt']);
    assert.ok((await completed(vim, 'Pi ask /na')).includes('/name'));
    assert.deepEqual(await completed(vim, 'Pi ask look at /na'), []);
  });

  test('the model is picked from a list or by name, then the level that it has', async (t) => {
    const vim = await start(t);
    await vim.answer('Thinker');
    await vim.ex('Pi model');
    await vim.saidLike(/model local\/thinker-1/);
    const [scripted, thinker] = (await vim.asked())[0].labels;
    assert.match(scripted, /^local: Scripted 1 · scripted-1/);
    assert.match(thinker, /^local: Thinker 1 · thinker-1/);
    await vim.ex('Pi thinking high');
    await vim.saidLike(/thinking high/);
    // The levels are those that Pi gives for this model, in the list as in the completion.
    const levels = await completed(vim, 'Pi thinking ');
    assert.ok(levels.includes('off') && levels.includes('high'), levels.join());
    await vim.answer('low');
    await vim.ex('Pi thinking');
    await vim.saidLike(/thinking low/);
    const offered = (await vim.asked()).at(-1).labels.map((label) => label.split(' · ')[0]);
    assert.deepEqual(offered, levels);
    await vim.ex('Pi model local/scripted-1');
    await vim.saidLike(/model local\/scripted-1/);
    assert.deepEqual(await completed(vim, 'Pi thinking '), ['off']);
    await vim.until('the status line', `require('pi').statusline():find('scripted-1', 1, true)`);
    await vim.answer('acceptEdits');
    await vim.ex('Pi mode');
    await vim.saidLike(/mode acceptEdits/);
    await vim.ex('Pi status');
    await vim.saidLike(/ready.*mode acceptEdits.*server 0/);
  });

  test('a key is typed into a hidden field, and taken away again', async (t) => {
    const vim = await start(t);
    await vim.answer('Anthropic', 'API key');
    await vim.ex('Pi providers');
    await vim.prompted();
    await vim.keys('sk-ant-made-up<CR>');
    await vim.saidLike(/anthropic is set up/);
    assert.doesNotMatch(await vim.lua(`return vim.fn.execute('messages') .. vim.fn.execute('history all')`), /made-up/);
    await vim.ex('Pi logout anthropic');
    await vim.saidLike(/anthropic: signed out/);
    assert.deepEqual(await completed(vim, 'Pi login anth'), ['anthropic']);
  });

  test('without credentials: what is in the way and what to do, wherever one looks; after a sign-in elsewhere it is gone', async (t) => {
    const vim = await start(t, { home: { models: [] } });
    await vim.ex('Pi ask hello');
    await vim.saidLike(/No API key found.*Sign in/);
    await vim.until('the status line', `require('pi').statusline():find('Pi cannot be asked', 1, true)`);
    await vim.ex('Pi check');
    await vim.saidLike(/no provider has credentials\. Sign in to a provider .*\(:Pi login, :Pi key, :Pi setup\)/);
    await vim.ex('Pi status');
    await vim.saidLike(/ready · Pi has no model to use.*Sign in to a provider .*:Pi login/);
    await vim.ex('checkhealth pi');
    await vim.until('the report', `vim.bo.filetype == 'checkhealth' and vim.fn.search('no prompt can be sent', 'n') > 0`);
    const report = (await vim.lua('return vim.api.nvim_buf_get_lines(0, 0, -1, false)')).join('\n');
    assert.match(report, /no prompt can be sent\s+- ADVICE:\s+- Sign in to a provider/);
    await vim.ex('bwipeout');
    const providers = { local: { baseUrl: vim.model.url, api: 'openai-completions', apiKey: 'x', models: [{ id: 'scripted-1' }] } };
    writeFileSync(join(vim.pi.dir, 'models.json'), JSON.stringify({ providers }));
    await vim.ex('Pi check');
    await vim.saidLike(/a prompt can be sent/);
    await vim.ex('Pi ask hello');
    await vim.saidLike(/Pi: done/);
  });

  test('the status line says what waits', async (t) => {
    const vim = await start(t, { script: [calls(edit('a.txt', ['two', '2'])), says('done')] });
    assert.equal(await vim.lua(`return vim.api.nvim_eval_statusline("%{%v:lua.require'pi'.statusline()%}", {}).str`), '');
    await vim.ex('Pi ask hello');
    await vim.hunks(1);
    assert.match(
      await vim.lua(`return vim.api.nvim_eval_statusline("%{%v:lua.require'pi'.statusline()%}", {}).str`),
      /^Pi … · .*scripted-1 · ask · ws · 1 change$/,
    );
    await vim.ex('Pi reject all');
    await vim.idle();
  });

  test('<Plug> maps do what the command does, with the selection', async (t) => {
    const vim = await start(t, { script: [says('done')] });
    await vim.lua(`vim.keymap.set({ 'n', 'x' }, 'gp', '<Plug>(pi-ask)', { remap = true })`);
    await vim.text('what is this');
    await vim.keys('jVjgp');
    await vim.saidLike(/Pi: done/);
    assert.match(vim.model.lastUserText(), /what is this[\s\S]*lines 2-3 selected/);
  });

  test('checkhealth looks at the server and at Pi', async (t) => {
    const vim = await start(t, { options: { colour: 'red' } });
    await vim.ex('checkhealth pi');
    await vim.until('the report', `vim.bo.filetype == 'checkhealth' and vim.fn.search('a prompt can be sent', 'n') > 0`);
    const report = (await vim.lua('return vim.api.nvim_buf_get_lines(0, 0, -1, false)')).join('\n');
    assert.match(report, /there is no option "colour"/);
    assert.match(report, /OK version \d/);
    assert.match(report, /gate: proven/);
    assert.doesNotMatch(report, /Failed to run/);
  });

  test('the log is opened', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi ask hello');
    await vim.saidLike(/Pi: done/);
    await vim.ex('Pi log');
    await vim.until('the log', `vim.fn.expand('%:t') == 'pilsp.log' and vim.fn.getline(1):find('client Neovim', 1, true)`);
  });

  test('a server that is not there is said with what to do; a wrong option too, and the rest counts', async (t) => {
    const vim = await start(t, { options: { server: '/nowhere/pilsp', quiet_ms: 'soon' } });
    await vim.ex('Pi ask hello');
    await vim.saidLike(/The option "server" names \/nowhere\/pilsp, which cannot be run/);
    await vim.saidLike(/the option "quiet_ms" must be number, it is "soon"/);
    assert.equal(await vim.lua(`return require('pi.config').get().quiet_ms`), 1000);
  });

  test('a server that ends at once leaves nobody waiting', async (t) => {
    const vim = await start(t, { options: { server: ['/bin/false'] } });
    await vim.ex('Pi ask hello');
    await vim.saidLike(/server.*(ended|does not start)/i);
    await vim.keys('Ostill here<Esc>');
    await vim.until('Neovim', `vim.api.nvim_get_current_line() == 'still here'`);
  });

  test('another version of the server is said once', async (t) => {
    const vim = await start(t);
    assert.equal(await vim.lua(`return require('pi.server.program').version`), manifest.version);
    assert.match(await vim.lua(`return require('pi.server.program').mismatch('9.1.0')`), /server is version 9\.1\.0, the plugin/);
    assert.equal(await vim.lua(`return require('pi.server.program').mismatch(require('pi.server.program').version .. '+build')`), null);
  });

  test('every subcommand and option is in the help', async (t) => {
    const vim = await start(t);
    const help = readFileSync(new URL('../../extension/nvim/doc/pi.txt', import.meta.url), 'utf8');
    for (const name of await vim.lua(`return require('pi.command').names()`)) assert.ok(help.includes(`*:Pi-${name}*`), `:Pi ${name} is not in doc/pi.txt`);
    for (const name of await vim.lua(`return vim.tbl_keys(require('pi.config').defaults)`))
      assert.ok(help.includes(`*pi-option-${name}*`), `the option ${name} is not in doc/pi.txt`);
    vim.write('help/doc/pi.txt', help);
    await vim.lua(`vim.cmd.helptags(... .. '/doc') vim.opt.rtp:prepend(...)`, vim.path('help'));
    // Without its parser, which Debian packages apart, the help's filetype plugin fails.
    await vim.ex('silent! help pi-review');
    await vim.until('the help', `vim.fn.expand('%:t') == 'pi.txt'`);
  });
});

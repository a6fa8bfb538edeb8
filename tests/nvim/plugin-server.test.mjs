/** One server for the whole Neovim: however and however often it is started, and the folder that it works in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calls, edit, says } from '../wire/steps.mjs';
import { inEachNeovim } from './editor.mjs';

const repository = { 'one/.git/HEAD': 'ref: refs/heads/main\n', 'one/a.txt': 'alpha\n', 'two/.git/HEAD': 'ref: refs/heads/main\n', 'two/b.txt': 'beta\n' };

inEachNeovim('the plugin’s server', (startEditor) => {
  const start = (t, options = {}) => startEditor(t, { files: repository, open: 'one/a.txt', script: [says('done')], ...options });
  const servers = (vim) => vim.lua(`return tonumber((vim.fn.system('pgrep -c -P ' .. vim.fn.getpid() .. ' -x pilsp')))`);
  const roots = (vim) => vim.lua(`return vim.tbl_map(function(c) return c.root_dir end, vim.lsp.get_clients({ name = 'pilsp' }))`);

  test('commands given before it has answered go to the one that is being started', async (t) => {
    const vim = await start(t);
    await vim.lua(
      `_G.answered = 0 for _ = 1, 3 do require('pi').execute('pi.status', {}, function(problem) _G.answered = _G.answered + (problem and 100 or 1) end) end`,
    );
    await vim.until('three answers', '_G.answered == 3');
    assert.equal(await servers(vim), 1);
    assert.deepEqual(await roots(vim), [vim.path('one')]);
  });

  test('it is looked for in the absolute folders of PATH only: a relative one is the repository’s', async (t) => {
    const vim = await start(t, { files: { ...repository, 'tools/pilsp': '#!/bin/sh\n' } });
    const found = (path) =>
      vim.lua(
        `vim.fn.setfperm(({...})[1], 'rwxr-xr-x')
        local server = require('pi.server.program')
        server.folders = function() return {} end
        require('pi.config').get().server = nil
        vim.env.PATH = ({...})[2]
        local one = server.find()
        return one and one.command[1] or ''`,
        vim.path('tools/pilsp'),
        path,
      );
    assert.equal(await found('tools:./tools:'), '');
    assert.equal(await found(`tools:${vim.path('tools')}`), vim.path('tools/pilsp'));
  });

  test('a restart before it has answered leaves one', async (t) => {
    const vim = await start(t);
    await vim.lua(`require('pi').execute('pi.status') require('pi').restart()`);
    await vim.saidLike(/restarted/);
    await vim.until('one server', `#vim.lsp.get_clients({ name = 'pilsp' }) == 1`);
    await vim.ex('Pi ask hello');
    await vim.saidLike(/Pi: done/);
    assert.equal(await servers(vim), 1);
  });

  test('it works in the folder of the first file; a file of another one is asked for, until that folder is added', async (t) => {
    const change = calls(edit('../two/b.txt', ['beta', 'B']));
    const again = calls(edit('../two/b.txt', ['B', 'b']));
    const vim = await start(t, { settings: { permissionMode: 'acceptEdits' }, script: [change, says('done'), again, says('done again')] });
    await vim.ex('Pi ask please');
    await vim.hunks(1);
    await vim.ex('Pi apply all');
    await vim.saidLike(/Pi: done/);
    await vim.lua(`vim.lsp.buf.add_workspace_folder(...)`, vim.path('two'));
    await vim.ex('Pi ask please');
    await vim.until('the edit that nobody was asked for', `vim.fn.getbufline(vim.fn.bufnr('b.txt'), 1)[1] == 'b'`);
    assert.deepEqual(await roots(vim), [vim.path('one')]);
  });

  test('a restart goes to the folder of the file that one is in', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi ask hello');
    await vim.saidLike(/Pi: done/);
    await vim.ex('edit two/b.txt');
    await vim.ex('Pi restart');
    await vim.saidLike(/resumed|restarted/);
    assert.deepEqual(await roots(vim), [vim.path('two')]);
  });

  // `vim.lsp.enable` and `vim.lsp.config` came with 0.11; before, the plugin has options for both.
  test('it can start with the first file, in its folder, once for all files', async (t) => {
    const vim = await start(t, {
      init: `local settings = { permissionMode = 'acceptEdits' }
        if vim.fn.has('nvim-0.11') == 1 then
          vim.lsp.config('pilsp', { settings = { pi = settings } })
          vim.lsp.enable('pilsp')
        else
          vim.g.pi = vim.tbl_deep_extend('force', vim.g.pi, { autostart = true, settings = settings })
        end`,
      script: [calls(edit('a.txt', ['alpha', 'A'])), says('done')],
    });
    await vim.lua(`vim.cmd.edit('two/b.txt')`);
    await vim.until('the server', `#vim.lsp.get_clients({ name = 'pilsp' }) == 1`);
    await vim.until('both files at it', `vim.tbl_count(vim.lsp.get_clients({ name = 'pilsp' })[1].attached_buffers) == 2`);
    await vim.ex('Pi ask please');
    await vim.saidLike(/Pi: done/);
    assert.deepEqual(await vim.lines('one/a.txt'), ['A']);
    assert.deepEqual(await roots(vim), [vim.path('one')]);
    assert.equal(await servers(vim), 1);
  });

  test('a file that gets its name, or another one, is known under it', async (t) => {
    const script = [says('hi'), calls(edit('c.txt', ['mine', 'ours'])), says('done')];
    const vim = await start(t, { files: {}, open: undefined, script });
    await vim.ex('Pi ask hello');
    await vim.saidLike(/Pi: done/);
    await vim.keys('imine<Esc>');
    await vim.ex('write first.txt');
    await vim.ex('saveas c.txt');
    await vim.keys('ounsaved<Esc>');
    await vim.ex('Pi ask please');
    await vim.hunks(1);
    await vim.ex('Pi apply all');
    await vim.idle();
    assert.deepEqual(await vim.lines('c.txt'), ['ours', 'unsaved']);
    assert.match(vim.model.lastUserText(), /c\.txt open/);
  });
});

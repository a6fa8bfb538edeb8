/** The plugin at the edges: ends of files, buffers that cannot be changed, no file at all, windows that the user closed. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { poll } from '../wire/processes.mjs';
import { calls, edit, says } from '../wire/steps.mjs';
import { inEachNeovim } from './editor.mjs';

const TEXT = 'one\ntwo\nthree\nfour\nfive\n';

inEachNeovim('edges of the plugin', (startEditor) => {
  const start = (t, options = {}) => startEditor(t, { files: { 'a.txt': TEXT }, open: 'a.txt', ...options });
  const proposal = (vim) =>
    vim.lua(`for _, b in ipairs(vim.api.nvim_list_bufs()) do
      if vim.api.nvim_buf_get_name(b):match('pi://proposal') then return vim.api.nvim_buf_get_lines(b, 0, -1, false) end end`);

  test('a file without a last line end: hunks at its top and its end, on the side of the proposal', async (t) => {
    const script = [calls(edit('a.txt', ['one\n', 'zero\none\n'], ['four\nfive', 'four'])), says('done')];
    const vim = await start(t, { files: { 'a.txt': TEXT.trimEnd() }, script });
    await vim.ex('Pi ask please');
    await vim.hunks(2);
    await vim.ex('Pi review');
    await vim.until('the review', 'vim.wo.diff');
    await vim.keys('<C-w>l');
    assert.deepEqual(await proposal(vim), ['zero', 'one', 'two', 'three', 'four']);
    await vim.keys('G');
    await vim.ex('Pi apply');
    await vim.hunks(1);
    assert.deepEqual(await vim.lines('a.txt'), ['one', 'two', 'three', 'four']);
    await vim.keys('gg');
    await vim.ex('Pi apply');
    await vim.idle();
    assert.deepEqual(await vim.lines('a.txt'), ['zero', 'one', 'two', 'three', 'four']);
    await vim.ex('wa');
    await vim.until('the saved file', `vim.fn.getbufvar('a.txt', '&modified') == 0`);
  });

  test('lines that go are decided where they were, also in the proposal', async (t) => {
    const vim = await start(t, { script: [calls(edit('a.txt', ['two\nthree\n', ''])), says('done')] });
    await vim.ex('Pi ask please');
    await vim.hunks(1);
    await vim.ex('Pi review');
    await vim.until('the review', 'vim.wo.diff');
    await vim.keys('<C-w>l2G');
    await vim.ex('Pi apply');
    await vim.idle();
    assert.deepEqual(await vim.lines('a.txt'), ['one', 'four', 'five']);
  });

  test('a whole file that goes, and comes back by one undo', async (t) => {
    const vim = await start(t, { script: [calls({ name: 'write', arguments: { path: 'a.txt', content: '' } }), says('done')] });
    await vim.ex('Pi ask please');
    await vim.hunks(1);
    await vim.ex('Pi review');
    await vim.until('the review', 'vim.wo.diff');
    await vim.ex('Pi apply file');
    await vim.idle();
    assert.deepEqual(await vim.lines('a.txt'), ['']);
    await vim.keys('u');
    await vim.until('the text', 'vim.api.nvim_buf_line_count(0) == 5');
  });

  test('a buffer that cannot be changed is said so, to the user and to the model', async (t) => {
    const vim = await start(t, { script: [calls(edit('a.txt', ['two', '2'])), says('done')] });
    await vim.ex('setlocal nomodifiable');
    await vim.ex('Pi ask please');
    await vim.hunks(1);
    await vim.ex('Pi apply all');
    await vim.saidLike(/not applied: .*nomodifiable/);
    assert.deepEqual(await vim.lines('a.txt'), TEXT.trimEnd().split('\n'));
    await vim.ex('Pi reject all');
    await vim.idle();
  });

  test('a file that another Neovim has open is not touched', async (t) => {
    const vim = await start(t, { files: { 'a.txt': TEXT, 'b.txt': 'beta\n' }, script: [calls(edit('b.txt', ['beta', 'B'])), says('done')] });
    const other = spawn(
      vim.command,
      ['--headless', '-u', 'NONE', '-i', 'NONE', '--cmd', 'set directory=.', 'b.txt', '-c', 'normal Ahidden', '-c', 'preserve'],
      {
        cwd: vim.workspace,
        stdio: 'ignore',
      },
    );
    t.after(() => other.kill());
    await poll('the swap file', () => existsSync(vim.path('.b.txt.swp')));
    await vim.ex('set updatecount=200 directory=.');
    await vim.ex('Pi ask please');
    await vim.hunks(1);
    await vim.ex('Pi apply all');
    await vim.saidLike(/not applied: .*(swap file|another Neovim)/);
    assert.equal(vim.disk('b.txt'), 'beta\n');
    await vim.ex('Pi reject all');
    await vim.idle();
  });

  test('without a file there is nothing to edit, but much to ask', async (t) => {
    const vim = await start(t, { open: undefined, script: [says('done')] });
    await vim.ex('Pi edit please');
    await vim.saidLike(/no file in this window/);
    await vim.ex('Pi ask hello');
    await vim.saidLike(/Pi: done/);
    assert.doesNotMatch(vim.model.lastUserText(), /<editor>/);
  });

  test('windows of a review that the user closed come again; an unwritten version is not lost', async (t) => {
    const vim = await start(t, { script: [calls(edit('a.txt', ['two', '2'])), { match: 'once more', ...says('done') }] });
    await vim.ex('Pi ask please');
    await vim.hunks(1);
    await vim.ex('Pi review');
    await vim.until('the review', 'vim.wo.diff');
    await vim.keys('<C-w>l2Gccdeux<Esc>');
    await vim.ex('tabclose');
    await vim.until('one tab', '#vim.api.nvim_list_tabpages() == 1');
    await vim.ex('Pi apply all');
    await vim.saidLike(/you have edited the proposal for a\.txt: write it first/);
    await vim.ex('Pi review');
    await vim.until('the review again', `vim.wo.diff and #vim.api.nvim_tabpage_list_wins(0) == 2`);
    assert.deepEqual(await proposal(vim), ['one', 'deux', 'three', 'four', 'five']);
    await vim.ex('Pi! review');
    await vim.until(
      "Pi's text",
      `vim.iter(vim.api.nvim_list_bufs()):any(function(b) return vim.api.nvim_buf_get_name(b):match('pi://proposal') and not vim.bo[b].modified end)`,
    );
    assert.deepEqual(await proposal(vim), ['one', '2', 'three', 'four', 'five']);
    await vim.ex('Pi stop');
    await vim.saidLike(/stopped\. 1 change can still be applied/);
    assert.equal(await vim.lua('return #vim.api.nvim_tabpage_list_wins(0)'), 2);
    await vim.ex('Pi ask once more');
    await vim.saidLike(/the edit under review is withdrawn/);
    await vim.saidLike(/Pi: done/);
    assert.equal(await vim.lua('return #vim.fn.win_findbuf(vim.fn.bufnr("a.txt"))'), 2);
  });

  test('an edit that is withdrawn leaves the version that the user was writing', async (t) => {
    const vim = await start(t, { script: [calls(edit('a.txt', ['two', '2'])), { match: 'once more', ...says('done') }] });
    await vim.ex('Pi ask please');
    await vim.hunks(1);
    await vim.ex('Pi review');
    await vim.until('the review', 'vim.wo.diff');
    await vim.keys('<C-w>l2Gccdeux<Esc>');
    await vim.ex('Pi stop');
    await vim.saidLike(/stopped\. 1 change/);
    await vim.lua(`require('pi').ask('once more', { chat = false })`);
    await vim.saidLike(/is withdrawn/);
    await vim.ex('w');
    await vim.saidLike(/not open any more; :saveas keeps your version/);
    assert.deepEqual(await proposal(vim), ['one', 'deux', 'three', 'four', 'five']);
    assert.deepEqual(await vim.lines('a.txt'), TEXT.trimEnd().split('\n'));
  });
});

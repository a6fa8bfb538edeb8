/** The plugin beside what the user has on his screen: tabs, splits, windows that keep their buffer, folds, autocommands that fail. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { poll } from '../wire/processes.mjs';
import { calls, edit, says } from '../wire/steps.mjs';
import { inEachNeovim } from './editor.mjs';

const TEXT = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n';
const both = [calls(edit('a.txt', ['two', '2']), edit('b.txt', ['beta', 'B'])), says('done')];

inEachNeovim('the user’s windows', (startEditor) => {
  const start = (t, options = {}) => startEditor(t, { files: { 'a.txt': TEXT, 'b.txt': 'alpha\nbeta\n' }, open: 'a.txt', script: both, ...options });
  const file = (vim) => vim.lua(`return vim.fn.expand('%:t')`);
  const review = async (vim, name) => vim.until(`the review of ${name}`, `vim.wo.diff and vim.fn.expand('%:t') == ...`, name);
  /** What Neovim has said by itself: errors of Lua are there. */
  const messages = (vim) => vim.lua(`return vim.fn.execute('messages')`);

  test('a review ends where it was begun, whatever tabs there are', async (t) => {
    const vim = await start(t);
    await vim.ex('tabnew second');
    await vim.ex('tabnew third');
    await vim.ex('tabfirst');
    await vim.ex('split b.txt');
    await vim.ex('Pi ask please');
    await vim.hunks(2);
    const window = await vim.lua('return vim.api.nvim_get_current_win()');
    await vim.ex('Pi review');
    await review(vim, 'b.txt');
    await vim.ex('Pi apply all');
    await vim.idle();
    await vim.until('the end of the review', '#vim.api.nvim_list_tabpages() == 3');
    assert.equal(await vim.lua('return vim.api.nvim_get_current_win()'), window);
    assert.equal(await vim.lua('return vim.wo.diff or vim.wo.winbar ~= ""'), false);
  });

  test('a window that the user has opened in the tab of the review stays, through all files and after it', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi ask please');
    await vim.hunks(2);
    await vim.ex('Pi review');
    await review(vim, 'a.txt');
    await vim.ex('botright split notes.txt');
    await vim.keys('imine<Esc><C-w>t');
    await vim.until('the review again', 'vim.wo.diff');
    await vim.ex('Pi apply');
    await review(vim, 'b.txt');
    assert.equal(await vim.lua('return #vim.api.nvim_tabpage_list_wins(0)'), 3);
    await vim.ex('Pi apply');
    await vim.idle();
    await vim.until('the user’s window alone', `#vim.api.nvim_tabpage_list_wins(0) == 1 and vim.fn.expand('%:t') == 'notes.txt'`);
    assert.equal(await vim.lua('return vim.api.nvim_get_current_line()'), 'mine');
    assert.equal(await vim.lua('return #vim.api.nvim_list_tabpages()'), 2);
    assert.equal((await messages(vim)).trim(), '');
  });

  test('a window that keeps its buffer is left alone; where nothing may be hidden, changed buffers stay too', async (t) => {
    const vim = await start(t);
    await vim.ex('set nohidden winfixbuf');
    await vim.keys('Gomine<Esc>');
    await vim.ex('Pi ask please');
    await vim.hunks(2);
    await vim.ex('Pi next');
    await vim.until('the other file', `vim.fn.expand('%:t') == 'b.txt' and vim.fn.line('.') == 2`);
    await vim.ex('set nowinfixbuf');
    await vim.keys('Gomine too<Esc>');
    await vim.ex('Pi next');
    await vim.until('the first file', `vim.fn.expand('%:t') == 'a.txt' and vim.fn.line('.') == 2`);
    await vim.ex('set winfixbuf');
    await vim.ex('Pi review');
    await review(vim, 'a.txt');
    await vim.ex('Pi apply');
    await review(vim, 'b.txt');
    await vim.ex('Pi apply');
    await vim.idle();
    await vim.until('the end of the review', '#vim.api.nvim_list_tabpages() == 1');
    assert.deepEqual(await vim.lines('a.txt'), ['one', '2', 'three', 'four', 'five', 'six', 'seven', 'mine']);
    assert.deepEqual(await vim.lines('b.txt'), ['alpha', 'B', 'mine too']);
    assert.doesNotMatch(await messages(vim), /stack traceback|E\d+:/);
  });

  test('two windows on a buffer go on looking at the same lines', async (t) => {
    const lines = Array.from({ length: 200 }, (_, n) => `line ${n + 1}`);
    const script = [calls(edit('a.txt', ['line 5\n', 'line 5\nnew\nnew\n'], ['line 150\n', ''])), says('done')];
    const vim = await start(t, { files: { 'a.txt': `${lines.join('\n')}\n` }, script });
    await vim.keys('100Gzt');
    await vim.ex('split');
    await vim.keys('180G');
    await vim.ex('Pi ask please');
    await vim.hunks(2);
    await vim.ex('Pi apply all');
    await vim.idle();
    const seen = await vim.lua(`return vim.tbl_map(function(w) return vim.fn.getbufline(vim.api.nvim_win_get_buf(w), vim.api.nvim_win_get_cursor(w)[1])[1] end,
      vim.fn.win_findbuf(vim.fn.bufnr('a.txt')))`);
    assert.deepEqual(seen.toSorted(), ['line 100', 'line 180']);
  });

  test('a closed fold with a hunk in it is opened by :Pi next', async (t) => {
    const vim = await start(t, { script: [calls(edit('a.txt', ['six', '6'])), says('done')] });
    await vim.ex('4,7fold');
    await vim.ex('Pi ask please');
    await vim.hunks(1);
    assert.equal(await vim.lua('return vim.fn.foldclosed(6)'), 4);
    await vim.ex('Pi next');
    await vim.until('the open fold', `vim.fn.foldclosed(6) == -1 and vim.fn.line('.') == 6`);
    await vim.ex('Pi apply');
    await vim.idle();
    assert.equal((await vim.lines('a.txt'))[5], '6');
  });

  test('a buffer that is read-only is changed by a decision, as it would be by typing', async (t) => {
    const vim = await start(t);
    await vim.ex('set readonly');
    await vim.ex('Pi ask please');
    await vim.hunks(2);
    await vim.ex('Pi apply');
    await vim.keys('2G');
    await vim.ex('Pi apply');
    await vim.hunks(1);
    assert.equal((await vim.lines('a.txt'))[1], '2');
    await vim.ex('Pi stop');
    await vim.saidLike(/stopped/);
  });

  test('autocommands that fail take nothing away: the file is opened, reviewed and changed', async (t) => {
    const init = `vim.api.nvim_create_autocmd('BufReadPost', { pattern = 'b.txt', callback = function() error('a plugin of the user') end })`;
    const vim = await start(t, { init });
    await vim.ex('Pi ask please');
    await vim.hunks(2);
    await vim.ex('Pi review');
    await review(vim, 'a.txt');
    await vim.ex('Pi apply');
    await review(vim, 'b.txt');
    await vim.ex('Pi apply');
    await vim.idle();
    assert.deepEqual(await vim.lines('b.txt'), ['alpha', 'B']);
  });

  test('a file that cannot be opened ends the review with a word, and its edit can be decided', async (t) => {
    const vim = await start(t);
    await vim.ex('set updatecount=200 directory=.');
    await vim.ex('Pi ask please');
    await vim.hunks(2);
    await vim.ex('Pi review');
    await review(vim, 'a.txt');
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
    await vim.ex('Pi apply');
    await vim.saidLike(/b\.txt cannot be opened: another Neovim/);
    await vim.until('the end of the review', `#vim.api.nvim_list_tabpages() == 1`);
    assert.equal(await file(vim), 'a.txt');
    await vim.ex('Pi next');
    await vim.saidLike(/Pi: another Neovim has this file open/);
    await vim.ex('Pi reject all');
    await vim.idle();
  });

  test(':wa writes files, and of a proposal only what the user has made of it', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi ask please');
    await vim.hunks(2);
    await vim.ex('Pi review');
    await review(vim, 'a.txt');
    await vim.keys('Gomine<Esc>');
    await vim.ex('wa');
    await vim.until('the written file', 'not vim.bo.modified');
    assert.equal(vim.disk('a.txt'), `${TEXT}mine\n`);
    assert.equal((await vim.edits()).length, 2);
    await vim.until('the proposal with the line', `vim.iter(require('pi').edits()):any(function(e) return e.newText:find('mine', 1, true) end)`);
    await vim.keys('<C-w>l2Gccdeux<Esc>');
    await vim.ex('wa');
    await review(vim, 'b.txt');
    assert.equal((await vim.lines('a.txt'))[1], 'deux');
    await vim.ex('Pi reject all');
    await vim.idle();
  });
});

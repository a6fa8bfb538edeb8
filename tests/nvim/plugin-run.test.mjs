/** The plugin around a run: the chat, questions, stopping, taking back, the server's end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { poll } from '../wire/processes.mjs';
import { bash, calls, edit, says } from '../wire/steps.mjs';
import { inEachNeovim } from './editor.mjs';

const TEXT = 'one\ntwo\nthree\n';
const edited = ['one', '2', 'three'];
const change = calls(edit('a.txt', ['two', '2']));

inEachNeovim('a run with the plugin', (startEditor) => {
  const start = (t, options = {}) => startEditor(t, { files: { 'a.txt': TEXT }, open: 'a.txt', script: [change, says('done')], ...options });

  test('the chat grows beside the user, who types on undisturbed', async (t) => {
    const words = Array.from({ length: 60 }, (_, n) => `line ${n}\n`);
    const vim = await start(t, { script: [{ text: words, chunkDelayMs: 20 }] });
    await vim.ex('Pi ask tell me');
    await vim.until(
      'the first words',
      `vim.iter(vim.api.nvim_list_bufs()):any(function(b) return vim.api.nvim_buf_get_name(b) == 'pi://chat' and vim.api.nvim_buf_line_count(b) > 8 end)`,
    );
    assert.equal(await vim.lua(`return vim.fn.expand('%:t')`), 'a.txt');
    await vim.keys('jAtyped in between');
    await vim.until('the typed text', `vim.api.nvim_get_current_line() == 'twotyped in between'`);
    assert.equal((await vim.call('nvim_get_mode')).mode, 'i');
    await vim.keys('<Esc>');
    // In the chat itself the cursor stays where the user put it, while the window beside him went along.
    await vim.ex('Pi chat');
    await vim.keys('3G0');
    await vim.until('the cursor in the chat', `vim.api.nvim_buf_get_name(0) == 'pi://chat' and vim.fn.line('.') == 3`);
    await vim.saidLike(/done/);
    assert.match(await vim.chat(), /line 59/);
    assert.deepEqual(await vim.lua('return vim.api.nvim_win_get_cursor(0)'), [3, 0]);
    await vim.ex('Pi chat');
    await vim.until('the file again', `vim.fn.expand('%:t') == 'a.txt'`);
  });

  test('a chat that nobody is in shows what comes', async (t) => {
    const vim = await start(t, { script: [says(Array.from({ length: 200 }, (_, n) => `line ${n}\n`))] });
    await vim.ex('Pi ask tell me');
    await vim.saidLike(/done/);
    const [cursor, last] = await vim.lua(`for _, w in ipairs(vim.api.nvim_list_wins()) do
      local b = vim.api.nvim_win_get_buf(w)
      if vim.api.nvim_buf_get_name(b) == 'pi://chat' then return { vim.api.nvim_win_get_cursor(w)[1], vim.api.nvim_buf_line_count(b) } end end`);
    assert.equal(cursor, last);
  });

  test('what is said between two pieces of an answer stands by itself', async (t) => {
    const vim = await start(t, { settings: { permissionMode: 'full' }, script: [calls(bash('echo x > made.txt')), says('Made.')] });
    await vim.ex('Pi ask make it');
    await vim.saidLike(/done/);
    assert.match(await vim.chat(), /\n\n\*Changed outside your review: made\.txt\*\n\nMade\./);
  });

  test('a chat that is deleted while it grows comes again as a whole', async (t) => {
    const vim = await start(t, { script: [{ text: Array.from({ length: 40 }, (_, n) => `line ${n}\n`), chunkDelayMs: 50 }] });
    await vim.ex('Pi ask tell me');
    await vim.until('the first words', `vim.fn.bufloaded('pi://chat') == 1 and #vim.fn.getbufline('pi://chat', 1, '$') > 8`);
    await vim.ex('Pi chat');
    await vim.until('the chat', `vim.api.nvim_buf_get_name(0) == 'pi://chat'`);
    await vim.ex('bdelete');
    await vim.saidLike(/Pi: done/);
    await vim.until(
      'the whole answer',
      `vim.iter(vim.api.nvim_list_bufs()):any(function(b)
      return vim.api.nvim_buf_get_name(b):match('^pi://chat') and vim.tbl_contains(vim.api.nvim_buf_get_lines(b, 0, -1, false), 'line 39') end)`,
    );
    const lines = Array.from({ length: 40 }, (_, n) => `line ${n}`).join('\n');
    assert.match(await vim.chat(), new RegExp(`^## You\n\ntell me\n\n## Pi\n\n${lines}\n`));
    assert.equal((await vim.lua(`return vim.fn.execute('messages')`)).trim(), '');
  });

  test('from the chat the file beside it is meant', async (t) => {
    const vim = await start(t, { script: [says('first'), says('second')] });
    await vim.ex('Pi ask one');
    await vim.saidLike(/Pi: done/);
    await vim.ex('Pi chat');
    await vim.until('the chat', `vim.api.nvim_buf_get_name(0) == 'pi://chat'`);
    await vim.ex('Pi ask two');
    await vim.until('the second run', `#vim.tbl_filter(function(s) return s == 'Pi: done.' end, _G.seen.said) == 2`);
    assert.match(vim.model.lastUserText(), /^two[\s\S]*a\.txt open/);
  });

  test('what a stopped run proposed stays to be decided, and goes with the next prompt', async (t) => {
    const two = calls(edit('a.txt', ['one', '1'], ['three', '3']));
    const vim = await start(t, { script: [two, { match: 'once more', ...says('fine') }], init: 'vim.o.columns, vim.o.lines = 130, 30' });
    await vim.ex('Pi ask please');
    await vim.hunks(2);
    await vim.ex('Pi stop');
    await vim.saidLike(/stopped\. 2 changes can still be applied \(:Pi review\), until the next prompt/);
    await vim.until('the marks', `vim.iter(require('pi').edits()):all(function(e) return e.status == 'stopped' end)`);
    assert.match(await vim.screen('stopped'), /one Pi 1 of 2: change \+1 −1 · the run was stopped/);
    await vim.keys('gg');
    await vim.ex('Pi apply');
    await vim.until('the first change', `vim.fn.getline(1) == '1'`);
    await vim.until('the second one before the user', `vim.fn.line('.') == 3`);
    await vim.ex('Pi ask once more');
    await vim.saidLike(/Pi: done/);
    await vim.idle();
    const marks = await vim.lua(`return #vim.api.nvim_buf_get_extmarks(0, vim.api.nvim_get_namespaces()['pi.hunks'], 0, -1, {})`);
    assert.equal(marks, 0);
    assert.deepEqual(await vim.lines('a.txt'), ['1', 'two', 'three']);
    assert.match(vim.model.lastUserText(), /once more/);
  });

  test('a run is undone, and what the user did since stays', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi ask please');
    await vim.hunks(1);
    await vim.ex('Pi apply all');
    await vim.saidLike(/Pi: done/);
    await vim.keys('Gomine<Esc>');
    await vim.ex('Pi undo');
    await vim.saidLike(/undone: 1 file restored/);
    assert.deepEqual(await vim.lines('a.txt'), ['one', 'two', 'three', 'mine']);
  });

  test('a killed server is said, nothing of the user is lost, and restart resumes the session', async (t) => {
    const vim = await start(t, { script: [says('first answer'), change, change, says('done again')] });
    await vim.ex('Pi ask hello');
    await vim.saidLike(/Pi: done/);
    await vim.ex('Pi ask please');
    await vim.hunks(1);
    await vim.keys('Gomine<Esc>');
    const pid = await vim.lua(`return vim.fn.systemlist('pgrep -P ' .. vim.fn.getpid() .. ' -x pilsp')[1]`);
    process.kill(Number(pid), 'SIGKILL');
    await vim.saidLike(/server has ended \(signal 9\), your text has not\. :Pi restart/);
    await vim.until('no marks', `#require('pi').edits() == 0`);
    assert.deepEqual(await vim.lines('a.txt'), [...TEXT.trimEnd().split('\n'), 'mine']);
    await vim.ex('Pi restart');
    await vim.saidLike(/resumed/);
    await vim.ex('Pi ask once more');
    await vim.hunks(1);
    await vim.ex('Pi apply all');
    await vim.idle();
    assert.deepEqual(await vim.lines('a.txt'), [...edited, 'mine']);
    assert.match(JSON.stringify(vim.model.requests.at(-1)), /first answer/);
  });

  test('what the user wrote for an edit of a killed server is his, and nothing of the next server’s', async (t) => {
    const again = calls(edit('a.txt', ['two', 'II']));
    const vim = await start(t, { script: [change, { match: 'once more', ...again }, { match: 'once more', ...says('done') }] });
    await vim.ex('Pi ask please');
    await vim.hunks(1);
    await vim.ex('Pi review');
    await vim.until('the review', 'vim.wo.diff');
    await vim.keys('<C-w>l2Gccdeux<Esc>');
    await vim.until('the own version', 'vim.bo.modified');
    process.kill(Number(await vim.lua(`return vim.fn.systemlist('pgrep -P ' .. vim.fn.getpid() .. ' -x pilsp')[1]`)), 'SIGKILL');
    await vim.saidLike(/your version stays in/);
    await vim.saidLike(/server has ended/);
    await vim.ex('w');
    await vim.saidLike(/not open any more; :saveas keeps your version/);
    await vim.ex('tabclose');
    await vim.ex('Pi ask once more');
    await vim.hunks(1);
    await vim.ex('Pi review');
    await vim.until('the review of the new edit', 'vim.wo.diff');
    const texts = await vim.lua(`return vim.tbl_map(function(b) return { vim.api.nvim_buf_get_name(b), vim.api.nvim_buf_get_lines(b, 1, 2, false)[1] } end,
      vim.tbl_filter(function(b) return vim.api.nvim_buf_get_name(b):match('^pi://proposal') end, vim.api.nvim_list_bufs()))`);
    assert.deepEqual(texts.toSorted(), [
      ['pi://proposal-ended/a.txt', 'deux'],
      ['pi://proposal/s1-e1/a.txt', 'II'],
    ]);
    assert.doesNotMatch(await vim.lua(`return table.concat(vim.api.nvim_buf_get_lines(vim.fn.bufnr('^pi://chat$'), 0, -1, false), ' ')`), /please/);
    await vim.ex('Pi apply all');
    await vim.idle();
    assert.deepEqual(await vim.lines('a.txt'), ['one', 'II', 'three']);
  });

  test('Neovim quits with open proposals, and no process stays', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi ask please');
    await vim.hunks(1);
    assert.ok(vim.processes().length >= 3, 'Neovim, the server and Pi run');
    await vim.ex('qa!');
    await vim.closed;
    await poll('the end of every process', () => vim.processes().length === 0);
    assert.equal(vim.disk('a.txt'), TEXT);
  });

  test('full mode applies unasked; a stale edit is answered truly and carried over', async (t) => {
    const vim = await start(t, { settings: { permissionMode: 'full' } });
    await vim.ex('Pi ask please');
    await vim.saidLike(/Pi: done/);
    assert.deepEqual(await vim.lines('a.txt'), edited);
    const answers = await vim.lua(
      `
      local uri, apply = ..., require('pi.edit.apply').apply
      local edit = { newText = 'X', range = { start = { line = 0, character = 0 }, ['end'] = { line = 0, character = 1 } } }
      local function try(version)
        return apply({ edit = { documentChanges = { { textDocument = { uri = uri, version = version }, edits = { edit } } } } }, 'utf-16')
      end
      local old = vim.lsp.util.buf_versions[0] or 1
      vim.api.nvim_buf_set_lines(0, -1, -1, false, { 'typed' })
      return { try(1), try(vim.b.changedtick) }`,
      vim.uri('a.txt'),
    );
    assert.equal(answers[0].applied, false);
    assert.match(answers[0].failureReason, /changed since version 1/);
    assert.equal(answers[1].applied, true);
    assert.deepEqual(await vim.lines('a.txt'), ['Xne', '2', 'three', 'typed']);
  });

  test('lines of the selection are meant by a range', async (t) => {
    const vim = await start(t, { script: [says('done')] });
    await vim.keys('ggVj:Pi edit in capitals<CR>');
    await vim.saidLike(/Pi: done/);
    assert.match(vim.model.lastUserText(), /in capitals[\s\S]*a\.txt open, lines 1-2 selected\. The selection:\n```\none\ntwo\n```/);
  });
});

/** The plugin: what a conversation shows of retries, of long histories, of where and how Pi works. */
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bash, calls, edit, says, write } from '../wire/steps.mjs';
import { inEachNeovim } from './editor.mjs';

inEachNeovim('what the plugin shows', (startEditor) => {
  const start = (t, options = {}) =>
    startEditor(t, { files: { 'ws/a.txt': 'one\n', 'other/b.txt': 'two\n' }, open: 'ws/a.txt', init: 'vim.o.columns, vim.o.lines = 130, 24', ...options });
  const inChat = (vim) => vim.until('the chat', `vim.api.nvim_buf_get_name(0):match('^pi://chat')`);

  test('retries are one line, which says in the end how often', async (t) => {
    const vim = await start(t, { script: [{ status: 529 }, { status: 529 }, says('better')] });
    await vim.ex('Pi ask hello');
    await vim.saidLike(/Pi: done/);
    const chat = await vim.chat();
    assert.match(chat, /## Pi\n\n\*Retried 2 times, then it worked\.\*\n\nbetter/);
    assert.doesNotMatch(chat, /Retry \d of/);
    await vim.screen('retries');
  });

  test('in Restricted Mode the chat says so, and the status why', async (t) => {
    const vim = await start(t, { script: [says('hi')], settings: { workspaceTrusted: false, permissionMode: 'full' } });
    await vim.ex('Pi ask hello');
    await vim.saidLike(/Pi: done/);
    await vim.until('the mode', `require('pi').status().restricted`);
    assert.match(await vim.screen('restricted'), /mode ask, Restricted Mode/);
    assert.match(await vim.lua(`return require('pi').statusline()`), /ask \(restricted\)/);
    await vim.ex('Pi status');
    await vim.saidLike(/Restricted Mode: the setting `workspaceTrusted` is false/);
  });

  test('where several folders are open a new session is begun in one of them, and the chat names it', async (t) => {
    const vim = await start(t, {
      script: [says('hi')],
      init: `vim.o.columns = 130 vim.g.pi = vim.tbl_extend('force', vim.g.pi, { root = vim.fn.getcwd() .. '/ws' })`,
    });
    await vim.ex('Pi ask hello');
    await vim.saidLike(/Pi: done/);
    await vim.lua(`vim.lsp.buf.add_workspace_folder(...)`, vim.path('other'));
    await vim.ex('edit other/b.txt');
    await vim.answer('/other');
    await vim.ex('Pi new');
    await vim.saidLike(/a new session/);
    const [{ labels }] = await vim.asked();
    assert.match(labels[0], /\/other$/, 'that of the file in front comes first');
    await vim.until('the folder', `require('pi').status().folder:match('/other$')`);
    assert.match(await vim.screen('folder'), /mode ask · other/);
  });

  test('a long conversation is shown from its end, and read as a whole when that is wanted', async (t) => {
    const vim = await start(t, { script: [says('the answer')] });
    await vim.ex('Pi ask question 0');
    await vim.saidLike(/Pi: done/);
    await vim.until('its file', `require('pi.state').session_file ~= nil`);
    const path = await vim.lua(`return require('pi.state').session_file`);
    const records = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const pair = records.filter((one) => one.type === 'message');
    let parentId = records.at(-1).id;
    for (let n = 1; n <= 150; n++) {
      for (const [index, one] of pair.entries()) {
        const copy = { ...structuredClone(one), id: `${n}-${index}`, parentId };
        if (copy.message.role === 'user') copy.message.content = [{ type: 'text', text: `question ${n}` }];
        parentId = copy.id;
        appendFileSync(path, `${JSON.stringify(copy)}\n`);
      }
    }
    await vim.ex('Pi restart');
    await vim.saidLike(/resumed/);
    await vim.ex('Pi chat');
    await inChat(vim);
    await vim.until('the end of it', `vim.fn.search('^question 150$', 'nw') > 0`);
    assert.equal(await vim.lua(`return vim.fn.search('^question 2$', 'nw')`), 0);
    assert.match(await vim.lua('return vim.fn.getline(1)'), /Earlier messages are left out here: `:Pi! chat` shows them/);
    await vim.ex('Pi! chat');
    await vim.until('its beginning', `vim.fn.search('^question 0$', 'nw') > 0 and vim.fn.search('^question 150$', 'nw') > 0`);
    await vim.keys('/question 75<CR>');
    await vim.until('what was looked for', `vim.api.nvim_get_current_line() == 'question 75'`);
  });

  test('the end of a run says what landed, what a command changed and what can be undone; an undo what it cannot restore', async (t) => {
    const script = [calls(edit('a.txt', ['two', '2'], ['four', '4']), write('new.txt', 'fresh\n')), calls(bash('rm old.txt')), says('all done')];
    const files = { 'a.txt': 'one\ntwo\nthree\nfour\n', 'old.txt': 'old\n' };
    const vim = await startEditor(t, { files, open: 'a.txt', script, init: 'vim.o.columns, vim.o.lines = 150, 40' });
    await vim.answer('Allow');
    await vim.ex('Pi ask please');
    await vim.hunks(3);
    await vim.keys('2G');
    await vim.ex('Pi apply');
    await vim.hunks(2);
    await vim.keys('4G');
    await vim.until('the second change', `vim.fn.expand('%:t') == 'a.txt' and vim.fn.line('.') == 4`);
    await vim.ex('Pi reject not this');
    await vim.hunks(1);
    await vim.ex('Pi apply all');
    await vim.saidLike(/Pi: done/);
    const card = /\*Changed by this run:\*\n- `a\.txt` \+1 −1\n- `new\.txt`, new: \+1 −0\n- `old\.txt` changed by a command\n/;
    await vim.until('the card', `vim.iter(vim.fn.getbufline('pi://chat', 1, '$')):any(function(l) return l:find('Changed by this run', 1, true) end)`);
    await vim.screen('end-of-run');
    const chat = await vim.chat();
    assert.match(chat, card);
    assert.match(chat, /\*\*edit\*\* `a\.txt` ✓ applied, \+1 −1; 1 rejected/);
    assert.match(chat, /tokens.* · `:Pi undo` undoes this run\*$/);
    await vim.answer('Undo the rest');
    await vim.ex('Pi undo');
    await vim.until('the question', '#_G.seen.asked == 2');
    assert.match((await vim.asked())[1].prompt, /What cannot be restored: old\.txt/);
    await vim.saidLike(/undone/);
    assert.match(await vim.chat(), /\*The run was undone.*\*$/);
    assert.match(await vim.screen('undone'), /│/, 'the window of the file that is gone is there, with another one');
    assert.equal(await vim.lua('return #vim.api.nvim_tabpage_list_wins(0)'), 2);
    assert.deepEqual(await vim.lines('a.txt'), ['one', 'two', 'three', 'four']);
  });

  test('a fork is told apart from the session that it is of', async (t) => {
    const vim = await start(t, { script: [says('one'), says('two')] });
    await vim.ex('Pi ask first question');
    await vim.saidLike(/Pi: done/);
    await vim.answer('first question');
    await vim.ex('Pi fork');
    await vim.saidLike(/a fork of the session/);
    await vim.ex('Pi ask another way');
    await vim.until('the second run', `#vim.tbl_filter(function(s) return s == 'Pi: done.' end, _G.seen.said) == 2`);
    await vim.ex('Pi resume');
    await vim.until('the list', '#_G.seen.asked == 2');
    const { prompt, labels } = (await vim.asked())[1];
    assert.equal(prompt, 'Pi: Resume which session?');
    assert.match(labels.join('\n'), /\* another way {2}\(fork of "first question", 2 messages/);
    assert.match(labels.join('\n'), /first question {2}\(2 messages/);
  });
});

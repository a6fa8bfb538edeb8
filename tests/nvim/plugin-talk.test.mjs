/** The plugin around a conversation: what its window shows, prompts of several lines, what is said while something waits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bash, calls, edit, says } from '../wire/steps.mjs';
import { inEachNeovim } from './editor.mjs';

const TEXT = 'one\ntwo\nthree\n';
const change = calls(edit('a.txt', ['two', '2']));

inEachNeovim('a conversation with the plugin', (startEditor) => {
  const start = (t, options = {}) =>
    startEditor(t, {
      files: { 'a.txt': TEXT, 'b.txt': 'beta\n' },
      open: 'a.txt',
      script: [change, says('done')],
      init: 'vim.o.columns, vim.o.lines = 130, 30',
      ...options,
    });
  const done = (vim, count) => vim.until(`${count} runs`, `#vim.tbl_filter(function(s) return s == 'Pi: done.' end, _G.seen.said) == ...`, count);
  const inChat = (vim) => vim.until('the chat', `vim.api.nvim_buf_get_name(0):match('^pi://chat')`);

  test('model, mode and folder are always in sight, in the chat and in the status line', async (t) => {
    const vim = await start(t, { script: [says('**bold** words\n\n```js\nlet a = 1;\n```')] });
    await vim.ex('Pi ask hello');
    await done(vim, 1);
    await vim.until('the mode', `require('pi').status().mode == 'ask'`);
    const screen = await vim.screen('chat');
    assert.match(screen, /local\/scripted-1 · mode ask · ws/);
    // What Markdown marks is shown as what it means.
    assert.match(screen, /│bold words/);
    assert.match(await vim.lua(`return require('pi').statusline()`), /^Pi · local\/scripted-1 · ask · ws/);
    await vim.answer('acceptEdits');
    await vim.ex('Pi mode');
    await vim.saidLike(/mode acceptEdits/);
    const [row] = (await vim.asked()).at(-1).labels;
    assert.match(row, /^ask: .* \(now\)$/, 'the list stands on the present mode');
    await vim.until(
      'the mode in the conversation',
      `vim.iter(vim.fn.getbufline('pi://chat', 1, '$')):any(function(l) return l == '*Permission mode: acceptEdits.*' end)`,
    );
  });

  test('who asks from inside the chat sees what comes, until he reads further up', async (t) => {
    const long = { text: Array.from({ length: 60 }, (_, n) => `line ${n}\n`), chunkDelayMs: 10 };
    const vim = await start(t, { script: [says(Array.from({ length: 60 }, (_, n) => `word ${n}\n`)), long] });
    await vim.ex('Pi ask one');
    await done(vim, 1);
    await vim.ex('Pi chat');
    await inChat(vim);
    await vim.keys('3G0');
    await vim.until('the cursor', `vim.fn.line('.') == 3`);
    await vim.ex('Pi ask two');
    await done(vim, 2);
    assert.match(await vim.screen('chat-follows'), /line 59/);
    assert.equal(await vim.lua(`return vim.fn.line('.') == vim.fn.line('$')`), true);
  });

  test('a prompt of several lines is written in a buffer, from the chat, too', async (t) => {
    const vim = await start(t, { script: [says('first'), says('second')] });
    await vim.ex('Pi prompt');
    await vim.until('the prompt', `vim.api.nvim_buf_get_name(0) == 'pi://prompt' and vim.fn.mode() == 'i'`);
    await vim.until('the server', `require('pi.server.commands').await('pi.listCommands') ~= nil`);
    await vim.keys('look at @b<C-x><C-u>');
    await vim.until('the path', `vim.api.nvim_get_current_line():find('@b.txt', 1, true)`);
    await vim.keys('<CR>and say<CR>what it is<Esc>');
    assert.match(await vim.screen('prompt'), /Prompt for Pi \(:w sends, :wq sends and closes\)/);
    await vim.ex('w');
    await done(vim, 1);
    assert.match(vim.model.lastUserText(), /^look at @b\.txt\nand say\nwhat it is[\s\S]*a\.txt open/);
    assert.deepEqual(await vim.lua(`return vim.fn.getbufline('pi://prompt', 1, '$')`), ['']);
    await vim.ex('Pi chat');
    await inChat(vim);
    await vim.keys('i');
    await vim.until('the prompt again', `vim.api.nvim_buf_get_name(0) == 'pi://prompt' and vim.fn.mode() == 'i'`);
    await vim.keys('more<CR>please<Esc>');
    await vim.ex('wq');
    await done(vim, 2);
    assert.match(vim.model.lastUserText(), /^more\nplease[\s\S]*a\.txt open/);
    assert.equal(await vim.lua(`return #vim.fn.win_findbuf(vim.fn.bufnr('pi://prompt'))`), 0);
  });

  test('a message that is typed while an edit waits can be the reason why it is rejected', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi ask please');
    await vim.hunks(1);
    await vim.answer('Reject the change to a.txt');
    await vim.ex('Pi ask use words, not digits');
    await vim.idle();
    assert.match(vim.told()[0], /rejected.*use words, not digits/);
    assert.deepEqual((await vim.asked())[0].labels, [
      'Reject the change to a.txt, and give this as the reason',
      'Steer: Pi reads it after your decision',
      'Follow up: it is asked when the run has ended',
    ]);
    assert.deepEqual(await vim.lines('a.txt'), TEXT.trimEnd().split('\n'));
    assert.match(await vim.chat(), /\*\*edit\*\* `a\.txt` – rejected/);
  });

  test('the same while a command waits; left without an answer the words are yanked', async (t) => {
    const vim = await start(t, { script: [calls(bash('touch never.txt')), says('done')], options: { questions: 'command' } });
    await vim.ex('Pi ask please');
    await vim.saidLike(/a question waits/);
    await vim.ex('Pi steer not here');
    await vim.saidLike(/not sent; yanked/);
    assert.equal(await vim.lua(`return vim.fn.getreg('"')`), 'not here');
    await vim.answer('Reject bash');
    await vim.ex('Pi steer not here');
    await done(vim, 1);
    assert.match(vim.told()[0], /not here/);
    assert.throws(() => vim.disk('never.txt'), /ENOENT/);
  });

  test('from the line of an edit one goes to its review, to its file, and sees its diff', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi ask please');
    await vim.hunks(1);
    await vim.ex('Pi chat');
    await inChat(vim);
    await vim.keys('gg/edit.*a.txt<CR><CR>');
    await vim.until('the review', `vim.wo.diff and vim.fn.expand('%:t') == 'a.txt'`);
    await vim.ex('Pi apply');
    await vim.idle();
    await done(vim, 1);
    await vim.until('the chat again', `#vim.api.nvim_list_tabpages() == 1`);
    await vim.ex('wincmd t');
    await vim.ex('edit b.txt');
    await vim.ex('Pi chat');
    await inChat(vim);
    await vim.keys('gg/edit.*a.txt<CR>K');
    await vim.until(
      'the diff',
      `vim.iter(vim.api.nvim_list_wins()):any(function(w)
      return vim.tbl_contains(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(w), 0, -1, false), '+2') end)`,
    );
    await vim.screen('diff-of-an-edit');
    await vim.keys('0<CR>');
    await vim.until('the file', `vim.fn.expand('%:t') == 'a.txt'`);
  });

  test('a block for a shell is put into a terminal, and not sent', async (t) => {
    const vim = await start(t, { script: [says('Try\n\n```sh\n$ touch made-by-the-block\n```\n\nand\n\n```js\nlet a;\n```\n')] });
    await vim.ex('Pi ask how');
    await done(vim, 1);
    await vim.ex('Pi chat');
    await inChat(vim);
    await vim.keys('gg/let a<CR>');
    await vim.ex('Pi run');
    await vim.saidLike(/this block is not for a shell, but js/);
    await vim.keys('gg/touch<CR>');
    await vim.ex('Pi run');
    await vim.until(
      'the line in the terminal',
      `vim.bo.buftype == 'terminal' and table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), ''):find('touch made%-by%-the%-block')`,
    );
    assert.throws(() => vim.disk('made-by-the-block'), /ENOENT/);
  });

  test('what is completed after @ begins with the files that one is likely to mean', async (t) => {
    const vim = await start(t, { files: { '.env': 'KEY=x\n', '.editorconfig': '', 'a.txt': TEXT, 'z.pem': 'x\n' }, script: [says('hi')] });
    await vim.ex('Pi ask hello');
    await done(vim, 1);
    const found = await vim.lua(`return vim.fn.getcompletion('Pi ask look at @', 'cmdline')`);
    assert.equal(found[0], '@a.txt');
    assert.deepEqual(
      found.filter((one) => /env|editor|pem/.test(one)),
      ['@.editorconfig', '@.env', '@z.pem'].filter((one) => found.includes(one)),
    );
    assert.deepEqual(found.slice(-3), ['@problems', '@changes', '@terminal']);
    assert.deepEqual(await vim.lua(`return vim.fn.getcompletion('Pi ask look at @.env', 'cmdline')`), ['@.env']);
  });
});

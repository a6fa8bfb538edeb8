/** What is sent along with a prompt, shown before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { says } from '../wire/steps.mjs';
import { inEachNeovim } from './editor.mjs';

inEachNeovim('attachments with the plugin', (startEditor) => {
  const files = { 'a.txt': 'one\ntwo\nthree\n', 'b.txt': 'beta words\n' };
  const start = (t) => startEditor(t, { files, open: 'a.txt', script: [says('hi'), says('hi again')] });

  test('they are collected, shown with sizes, sent with the next prompt, and with that one only', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi attach file b.txt');
    await vim.saidLike(/attached to the next prompt: .*b\.txt.* \(\d+ characters\), about \d+ tokens/);
    await vim.ex('2Pi attach');
    await vim.saidLike(/b\.txt.*a\.txt/);
    await vim.lua(`vim.diagnostic.set(vim.api.nvim_create_namespace('t'), 0, { { lnum = 0, col = 0, message = 'a bad one', severity = 1 } })`);
    await vim.ex('Pi attach diagnostics');
    await vim.until('three', `require('pi').status().attached == 3`);
    assert.match(await vim.lua(`return require('pi').statusline()`), /3 attached/);
    await vim.text('what is it');
    await vim.ex('Pi ask');
    await vim.saidLike(/Pi: done/);
    assert.match((await vim.lua('return _G.seen.inputs'))[0], /^\[.*b\.txt.*about \d+ tokens\] Ask Pi: $/);
    assert.match(vim.model.lastUserText(), /what is it[\s\S]*beta words/);
    assert.match(vim.model.lastUserText(), /a bad one/);
    assert.equal(await vim.lua(`return require('pi').status().attached`), 0);
    await vim.ex('Pi ask and now');
    await vim.until('the second run', `#vim.tbl_filter(function(s) return s == 'Pi: done.' end, _G.seen.said) == 2`);
    assert.doesNotMatch(vim.model.lastUserText(), /beta words/);
  });

  test('what cannot be sent is said and left out; clear drops the rest', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi attach file nowhere.txt');
    await vim.saidLike(/not attached\. .*nowhere\.txt/);
    await vim.ex('Pi attach everything');
    await vim.saidLike(/"everything" is nothing that can be attached: file, selection/);
    await vim.ex('Pi attach selection');
    await vim.saidLike(/which lines\?/);
    await vim.ex('Pi attach buffers');
    await vim.until('one', `require('pi').status().attached == 1`);
    await vim.ex('Pi attach clear');
    await vim.saidLike(/nothing is attached to the next prompt any more/);
    assert.equal(await vim.lua(`return require('pi').status().attached`), 0);
    assert.deepEqual(await vim.lua(`return vim.fn.getcompletion('Pi attach d', 'cmdline')`), ['diagnostics']);
    assert.deepEqual(await vim.lua(`return vim.fn.getcompletion('Pi attach file b', 'cmdline')`), ['b.txt']);
    assert.deepEqual(await vim.lua(`return vim.fn.getcompletion('Pi attach buffers b', 'cmdline')`), []);
  });

  test('lines of a buffer that is no file go along as they are, with what is attached', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi attach file b.txt');
    await vim.saidLike(/attached to the next prompt/);
    await vim.ex('enew');
    await vim.keys('iTypeError: x<CR>  at line 3<CR>at line 4<Esc>');
    await vim.ex('1,2Pi ask what is that');
    await vim.saidLike(/Pi: done/);
    assert.match(
      vim.model.lastUserText(),
      /^what is that[\s\S]*Lines 1-2 of a buffer without a name, which is no file and cannot be edited here:\n```\nTypeError: x\n {2}at line 3\n```/,
    );
    assert.match(vim.model.lastUserText(), /beta words/);
    assert.doesNotMatch(vim.model.lastUserText(), /at line 4/);
  });

  test('a new buffer without a name goes along as text, and not as a path', async (t) => {
    const vim = await start(t);
    await vim.ex('enew');
    await vim.keys('ifirst<CR>second<Esc>');
    await vim.ex('Pi ask what is this');
    await vim.saidLike(/Pi: done/);
    assert.match(
      vim.model.lastUserText(),
      /^what is this[\s\S]*The text of a buffer without a name, which is no file and cannot be edited here:\n```\nfirst\nsecond\n```/,
    );
    assert.doesNotMatch(vim.model.lastUserText(), /has .* open/);
  });

  test('a mention that leads nowhere is said before the prompt goes', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi ask what is in @../secret.txt');
    await vim.saidLike(/secret\.txt: /);
    await vim.saidLike(/Pi: done/);
    const said = await vim.said();
    assert.ok(said.findIndex((one) => one.includes('secret.txt')) < said.indexOf('Pi: done.'));
  });

  test('problems, changes in git and a terminal can be attached, by name in the prompt, too; the same selection once', async (t) => {
    const vim = await start(t);
    await vim.lua(`vim.diagnostic.set(vim.api.nvim_create_namespace('t'), 0, { { lnum = 1, col = 0, message = 'a bad one', severity = 1, source = 'lint' } })`);
    await vim.ex('Pi attach terminal');
    await vim.saidLike(/not attached: there is no terminal with output/);
    await vim.ex('Pi attach changes');
    await vim.saidLike(/not attached: .*not a git repository/);
    await vim.lua(`vim.fn.system('git init -q . && git add a.txt && git -c user.name=u -c user.email=u@x commit -qm x && echo four >> a.txt')`);
    await vim.ex('botright new');
    await vim.ex('terminal echo shown-by-the-terminal');
    await vim.until('its output', `table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), ' '):find('shown%-by%-the%-terminal')`);
    await vim.ex('wincmd p');
    await vim.ex('Pi attach terminal');
    await vim.saidLike(/attached to the next prompt: Output of the terminal/);
    await vim.ex('1,2Pi attach');
    await vim.until('two', `require('pi').status().attached == 2`);
    await vim.ex('1,2Pi attach');
    await vim.saidLike(/it is attached already/);
    await vim.ex('1,2Pi ask what about @changes and @problems');
    await vim.saidLike(/Pi: done/);
    const text = vim.model.lastUserText();
    assert.match(text, /^what about changes in git \(attached\) and problems of all files \(attached\)/);
    assert.match(text, /\+four/);
    assert.match(text, /a\.txt:2:1: error: a bad one \(lint\)/);
    assert.match(text, /shown-by-the-terminal/);
    assert.equal(text.split('one\ntwo').length, 2, 'the selection once');
    assert.deepEqual(await vim.lua(`return vim.fn.getcompletion('Pi ask about @ch', 'cmdline')`), ['@changes']);
  });
});

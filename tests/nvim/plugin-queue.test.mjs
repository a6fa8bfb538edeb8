/** What waits for Pi, shown and changed in a buffer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bash, calls, says } from '../wire/steps.mjs';
import { inEachNeovim } from './editor.mjs';

inEachNeovim('the queue with the plugin', (startEditor) => {
  const start = (t) => startEditor(t, { files: { 'a.txt': 'one\n' }, open: 'a.txt', script: [calls(bash('true')), says('1'), says('2'), says('3')] });
  const queue = (vim) => vim.lua(`return vim.api.nvim_buf_get_lines(vim.fn.bufnr('pi://queue'), 0, -1, false)`);
  const queued = (vim, count) => vim.until(`${count} queued`, `require('pi').status().queued == ...`, count);
  const saved = (vim) => vim.until('the written queue', `vim.fn.getbufvar('pi://queue', '&modified') == 0`);

  /** A run that waits for the user's word, with two messages behind it. */
  async function waiting(t) {
    const vim = await start(t);
    await vim.answer('never');
    await vim.ex('Pi ask please');
    await vim.until('the question', '#_G.seen.asked == 1');
    await vim.lua(`require('pi').ask('and then', { deliver = 'followUp' }) require('pi').ask('not this', { deliver = 'followUp' })`);
    await queued(vim, 2);
    return vim;
  }

  test('it is shown, changed and written, and Pi hears the new one', async (t) => {
    const vim = await waiting(t);
    await vim.ex('Pi queue');
    await vim.until('the queue', `vim.api.nvim_buf_get_name(0) == 'pi://queue' and vim.api.nvim_buf_line_count(0) == 2`);
    assert.deepEqual(await queue(vim), ['follow and then', 'follow not this']);
    await vim.keys('Gdd$A, in<CR><Tab>two lines<Esc>');
    await vim.ex('w');
    await vim.saidLike(/2 messages will not be sent; yanked/);
    await saved(vim);
    assert.deepEqual(await queue(vim), ['follow and then, in', '\ttwo lines']);
    assert.match(await vim.lua(`return vim.fn.getreg('"')`), /not this/);
    await queued(vim, 1);
    await vim.keys('Gonobody<Esc>');
    await vim.keys('0x');
    await vim.ex('w');
    await vim.saidLike(/line 3 begins no message/);
    await queued(vim, 1);
    await vim.ex('q!');
    await vim.lua('_G.hanging({ label = "Allow", answer = { allow = true } }, 1)');
    await vim.saidLike(/Pi: done/);
    const told = JSON.stringify(vim.model.requests.at(-1));
    assert.match(told, /and then, in\\+ntwo lines/);
    assert.doesNotMatch(told, /not this/);
  });

  test('one that has changed meanwhile is not written over by accident', async (t) => {
    const vim = await waiting(t);
    await vim.ex('Pi queue');
    await vim.until('the queue', `vim.api.nvim_buf_get_name(0) == 'pi://queue' and vim.api.nvim_buf_line_count(0) == 2`);
    await vim.keys('Gdd');
    await vim.lua(`require('pi').ask('a third', { deliver = 'followUp', buf = vim.fn.bufnr('a.txt') })`);
    await queued(vim, 3);
    await vim.ex('w');
    await vim.saidLike(/what waits is another by now/);
    assert.deepEqual(await queue(vim), ['follow and then']);
    await vim.ex('Pi! queue');
    await vim.until('all three', 'vim.api.nvim_buf_line_count(0) == 3');
    await vim.ex('Pi queue clear');
    await vim.saidLike(/3 messages will not be sent; yanked/);
    await vim.until('an empty queue', `vim.deep_equal(vim.api.nvim_buf_get_lines(0, 0, -1, false), { '' })`);
    await vim.lua('_G.hanging({ label = "Allow", answer = { allow = true } }, 1)');
    await vim.saidLike(/Pi: done/);
    await vim.keys('Osteer too late<Esc>');
    await vim.ex('w');
    await vim.saidLike(/Pi is not at work, so nothing is queued/);
    assert.deepEqual(await queue(vim), ['steer too late', '']);
  });

  test('without a run there is none', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi queue');
    await vim.saidLike(/Pi is not at work, so nothing is queued/);
    await vim.ex('Pi queue everything');
    await vim.saidLike(/"everything" is nothing that can be done/);
    assert.deepEqual(await vim.lua(`return vim.fn.getcompletion('Pi queue ', 'cmdline')`), ['clear']);
  });
});

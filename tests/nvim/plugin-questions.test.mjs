/** The plugin: what a run asks the user, when it is asked, and what becomes of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bash, calls, edit, says } from '../wire/steps.mjs';
import { inEachNeovim } from './editor.mjs';

const TEXT = 'one\ntwo\nthree\n';
const change = calls(edit('a.txt', ['two', '2']));

inEachNeovim('questions of a run', (startEditor) => {
  const start = (t, options = {}) => startEditor(t, { files: { 'a.txt': TEXT }, open: 'a.txt', script: [change, says('done')], ...options });

  test('a command runs when it is allowed, on what was saved before, and not when it is rejected', async (t) => {
    const vim = await start(t, { script: [change, calls(bash('cat a.txt > seen.txt')), calls(bash('touch never.txt')), says('done')] });
    await vim.answer('Allow', 'Reject');
    await vim.ex('Pi ask please');
    await vim.hunks(1);
    await vim.ex('Pi apply all');
    await vim.until('both questions', '#_G.seen.asked == 2');
    await vim.saidLike(/Pi: done/);
    const [first, second] = await vim.asked();
    assert.match(first.prompt, /Pi wants to run bash:\ncat a\.txt > seen\.txt/);
    assert.deepEqual(first.labels.slice(0, 3), ['Allow', 'Reject', 'Reject, and say why']);
    assert.match(first.labels[3], /^Always allow: \w+/);
    assert.match(second.prompt, /touch never\.txt/);
    assert.equal(vim.disk('seen.txt'), 'one\n2\nthree\n');
    assert.equal(await vim.lua('return vim.fn.getbufvar("a.txt", "&modified")'), 0);
    assert.throws(() => vim.disk('never.txt'), /ENOENT/);
    assert.match(vim.told()[2], /The user did not allow bash/);
  });

  test('a question whose list is left is put aside, not rejected; :Pi answer asks again, :Pi! answer rejects it', async (t) => {
    const vim = await start(t, { script: [calls(bash('touch made.txt')), calls(bash('touch never.txt')), says('done')] });
    const aside = (count) =>
      vim.until(`${count} times put aside`, `#vim.tbl_filter(function(s) return s:match('answer later') end, _G.seen.said) == ...`, count);
    await vim.ex('Pi ask please');
    await vim.saidLike(/answer later: nothing is decided yet\. :Pi answer asks again/);
    await vim.until('it in the status line', `require('pi').statusline():find('1 question for later', 1, true)`);
    // It does not open by itself again: nothing watches the keys any more.
    await vim.until('the end of the watch', `vim.on_key() == 0`);
    assert.equal((await vim.asked()).length, 1);
    assert.equal(await vim.lua(`return require('pi').status().running`), true);
    await vim.answer('say why');
    await vim.ex('Pi answer');
    await aside(2);
    await vim.until('it to be kept', `require('pi').status().put_aside == 1`);
    await vim.answer('Allow');
    await vim.ex('Pi answer');
    await aside(3);
    assert.equal(vim.disk('made.txt'), '');
    await vim.until('the second one to be kept', `require('pi').status().put_aside == 1`);
    await vim.ex('Pi! answer');
    await vim.saidLike(/Pi: done/);
    assert.match(vim.told()[1], /The user did not allow bash/);
    assert.throws(() => vim.disk('never.txt'), /ENOENT/);
  });

  test('what is always allowed says what it covers, and can be revoked', async (t) => {
    const again = { match: 'once more', ...calls(bash('cat a.txt')) };
    const vim = await start(t, { script: [calls(bash('cat a.txt')), says('read'), again, says('done')] });
    await vim.answer('Always allow: ');
    await vim.ex('Pi ask please');
    await vim.saidLike(/Pi: done/);
    await vim.answer('cat a.txt');
    await vim.ex('Pi allowances');
    await vim.saidLike(/revoked: .*cat a\.txt is asked for again/);
    assert.match((await vim.asked())[1].prompt, /Always allowed: revoke which\?/);
    await vim.answer('Reject');
    await vim.ex('Pi ask once more');
    await vim.until('the question again', '#_G.seen.asked == 3');
    await vim.ex('Pi allowances');
    await vim.saidLike(/nothing is always allowed/);
  });

  test('a long command is allowed when all of it was shown; no question opens over the reading', async (t) => {
    const long = `${Array.from({ length: 60 }, (_, i) => `echo ${i}`).join('\n')}\ntouch proof\u202e`;
    const vim = await start(t, { script: [calls(bash(long.replace('\u202e', ''))), calls(bash(`${long} # x`)), says('done')] });
    await vim.answer('Review', 'Allow', 'Reject');
    await vim.ex('Pi ask please');
    await vim.until('the whole text', `vim.wo.winbar:match('What Pi wants to run')`);
    assert.deepEqual(
      (await vim.asked()).map((one) => one.labels),
      [['Review: open all of it', 'Reject', 'Reject, and say why']],
    );
    assert.equal(await vim.lua('return vim.api.nvim_buf_get_lines(0, -2, -1, false)[1]'), 'touch proof');
    assert.throws(() => vim.disk('proof'), /ENOENT/);
    await vim.keys('q');
    await vim.saidLike(/Pi: done/);
    const [, second, third] = await vim.asked();
    assert.deepEqual(second.labels.slice(0, 3), ['Allow', 'Reject', 'Reject, and say why']);
    assert.match(second.prompt, /all of which you were shown/);
    assert.ok(third.prompt.endsWith('touch proof\\u{202e} # x'), third.prompt);
    assert.equal(vim.disk('proof'), '');
  });

  test('a refusal can have a reason, which reaches the model', async (t) => {
    const vim = await start(t, { script: [calls(bash('rm -r build')), says('done')] });
    await vim.answer('say why');
    await vim.text('not in this folder');
    await vim.ex('Pi ask please');
    await vim.saidLike(/Pi: done/);
    assert.match(vim.told()[0], /not in this folder/);
  });

  test('a question waits while the user types, and opens on :Pi answer or when the keys rest', async (t) => {
    const vim = await start(t, { script: [calls(bash('true')), says('done')] });
    await vim.keys('GAtyping');
    await vim.lua(`require('pi').ask('please')`);
    await vim.saidLike(/a question waits/);
    await vim.keys(' on');
    await vim.until('the words', `vim.api.nvim_get_current_line() == 'threetyping on'`);
    assert.deepEqual(await vim.asked(), []);
    assert.match(await vim.lua(`return require('pi').statusline()`), /1 question/);
    await vim.answer('Allow');
    await vim.keys('<Esc>');
    await vim.saidLike(/Pi: done/);
    assert.equal((await vim.asked())[0].mode, 'n');
    assert.deepEqual(await vim.lines('a.txt'), ['one', 'two', 'threetyping on']);
  });

  test('with questions = "command" they wait for :Pi answer', async (t) => {
    const vim = await start(t, { script: [calls(bash('true')), says('done')], options: { questions: 'command' } });
    await vim.answer('Allow');
    await vim.ex('Pi ask please');
    await vim.saidLike(/a question waits/);
    assert.deepEqual(await vim.asked(), []);
    await vim.ex('Pi answer');
    await vim.saidLike(/Pi: done/);
    assert.equal((await vim.asked()).length, 1);
  });

  test('a question whose run was stopped is withdrawn; a late answer hits nothing', async (t) => {
    const vim = await start(t, { script: [calls(bash('touch never.txt')), says('done')] });
    await vim.answer('never');
    await vim.ex('Pi ask please');
    await vim.until('the question', '#_G.seen.asked == 1');
    await vim.ex('Pi stop');
    await vim.saidLike(/stopped/);
    assert.doesNotMatch(await vim.lua(`return require('pi').statusline()`), /question/);
    await vim.lua('_G.hanging({ label = "Allow", answer = { allow = true } }, 1)');
    await vim.saidLike(/not open any more/);
    assert.throws(() => vim.disk('never.txt'), /ENOENT/);
  });
});

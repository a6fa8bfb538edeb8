/** The plugin and several conversations; what is said to a run that is under way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bash, calls, says } from '../wire/steps.mjs';
import { inEachNeovim } from './editor.mjs';

inEachNeovim('conversations with the plugin', (startEditor) => {
  const start = (t, options = {}) => startEditor(t, { files: { 'a.txt': 'one\n' }, open: 'a.txt', ...options });
  const shown = (vim) =>
    vim.lua(`for _, w in ipairs(vim.api.nvim_list_wins()) do
      local b = vim.api.nvim_win_get_buf(w)
      if vim.api.nvim_buf_get_name(b):match('^pi://chat') then return table.concat(vim.api.nvim_buf_get_lines(b, 0, -1, false), '\\n') end end`);

  const runs = (vim, count) => vim.until(`the end of run ${count}`, `#vim.tbl_filter(function(s) return s == 'Pi: done.' end, _G.seen.said) == ...`, count);

  test('a new one has a chat of its own; an earlier one is gone on with, renamed, forked', async (t) => {
    const vim = await start(t, { script: [says('the first answer'), says('another answer'), says('a third answer'), says('a fork’s answer')] });
    await vim.ex('Pi ask first question');
    await runs(vim, 1);
    await vim.ex('Pi rename Alpha talk');
    await vim.saidLike(/called Alpha talk/);
    await vim.ex('Pi new');
    await vim.saidLike(/a new session/);
    assert.doesNotMatch(await shown(vim), /first/);
    await vim.ex('Pi ask second question');
    await runs(vim, 2);
    assert.match(await shown(vim), /second question[\s\S]*another answer/);
    await vim.answer('Alpha talk');
    await vim.ex('Pi sessions');
    await vim.saidLike(/resumed Alpha talk/);
    await vim.until(
      'the chat of the first',
      `vim.iter(vim.api.nvim_list_wins()):any(function(w)
      return vim.iter(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(w), 0, -1, false)):any(function(l) return l == 'the first answer' end) end)`,
    );
    await vim.ex('Pi ask third question');
    await runs(vim, 3);
    assert.match(JSON.stringify(vim.model.requests.at(-1)), /first question/);
    assert.doesNotMatch(JSON.stringify(vim.model.requests.at(-1)), /second question/);
    await vim.answer('third question');
    await vim.text('a better third question');
    await vim.ex('Pi fork');
    await runs(vim, 4);
    assert.match(vim.model.lastUserText(), /a better third question/);
    assert.match(await shown(vim), /first question[\s\S]*a better third question[\s\S]*a fork’s answer/);
  });

  test('a stored conversation is shown when it is resumed after a restart', async (t) => {
    const vim = await start(t, { script: [says('the *first* answer')] });
    await vim.ex('Pi ask first question');
    await vim.saidLike(/Pi: done/);
    await vim.ex('Pi restart');
    await vim.saidLike(/resumed/);
    assert.match(await vim.lua(`return table.concat(vim.tbl_map(vim.api.nvim_buf_get_name, vim.api.nvim_list_bufs()), ' ')`), /pi:\/\/chat-ended/);
    await vim.until(
      'the chat',
      `vim.iter(vim.api.nvim_list_wins()):any(function(w)
      return vim.iter(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(w), 0, -1, false)):any(function(l) return l == 'the *first* answer' end) end)`,
    );
  });

  test('Pi is steered while it works, and asked once more afterwards', async (t) => {
    const vim = await start(t, { script: [calls(bash('true')), says('steered'), says('followed')] });
    await vim.answer('never');
    await vim.ex('Pi ask please');
    await vim.until('the question', '#_G.seen.asked == 1');
    await vim.ex('Pi ask something else');
    await vim.saidLike(/not sent; yanked/);
    await vim.answer('Steer');
    await vim.ex('Pi steer rather not');
    await vim.ex('Pi follow and then');
    // Shown is not yet taken: Pi has them when it says so.
    await vim.until('the queue', `require('pi').status().queued == 2`);
    await vim.lua('_G.hanging({ label = "Allow", answer = { allow = true } }, 1)');
    await vim.saidLike(/Pi: done/);
    assert.match(await shown(vim), /rather not[\s\S]*and then[\s\S]*steered[\s\S]*followed/);
  });

  test('a slash command is answered without a run, a mention is sent along, and what waits comes back on a stop', async (t) => {
    const vim = await start(t, { script: [says('seen'), calls(bash('true'))] });
    await vim.ex('Pi ask /name Beta talk');
    await vim.until(
      'the command in the chat',
      `vim.iter(vim.api.nvim_list_bufs()):any(function(b)
      return vim.iter(vim.api.nvim_buf_get_lines(b, 0, -1, false)):any(function(l) return l == '/name Beta talk' end) end)`,
    );
    await vim.ex('Pi ask what is in @a.txt');
    await runs(vim, 1);
    assert.match(vim.model.lastUserText(), /what is in @a\.txt[\s\S]*one/);
    assert.match(await shown(vim), /\/name Beta talk[\s\S]*what is in @a\.txt[\s\S]*seen/);
    await vim.answer('never');
    await vim.ex('Pi ask run it');
    await vim.until('the question', '#_G.seen.asked == 1');
    await vim.ex('Pi follow and then this');
    await vim.until('the queue', `require('pi').statusline():find('1 queued', 1, true)`);
    await vim.ex('Pi stop');
    await vim.saidLike(/1 message had not been sent; yanked/);
    assert.equal(await vim.lua(`return vim.fn.getreg('"')`), 'and then this');
  });

  test("a dialog of Pi's extension waits while the user types; /new is another conversation", async (t) => {
    const body = `pi.registerCommand('try', { handler: async (args, ctx) => ctx.ui.notify('got ' + await ctx.ui.select('Which one?', ['left', 'right'])) });`;
    const vim = await start(t, {
      files: { 'a.txt': 'one\n', 'x.mjs': `export default (pi) => { ${body} };` },
      settings: { extraArgs: ['-e', './x.mjs'] },
      script: [says('hi')],
    });
    await vim.ex('Pi ask hello');
    await runs(vim, 1);
    await vim.keys('Atyping');
    await vim.lua(`require('pi').ask('/try')`);
    await vim.saidLike(/a question waits.*Which one\?/);
    await vim.keys(' on');
    await vim.until('the words', `vim.api.nvim_get_current_line() == 'onetyping on'`);
    assert.deepEqual(await vim.asked(), []);
    await vim.answer('right');
    await vim.keys('<Esc>');
    await vim.until(
      'what the extension says',
      `vim.iter(vim.api.nvim_list_bufs()):any(function(b)
      return vim.iter(vim.api.nvim_buf_get_lines(b, 0, -1, false)):any(function(l) return l:find('got right', 1, true) end) end)`,
    );
    await vim.ex('Pi ask /new');
    await vim.until(
      'an empty chat',
      `vim.iter(vim.api.nvim_list_wins()):any(function(w)
      local b = vim.api.nvim_win_get_buf(w)
      return vim.api.nvim_buf_get_name(b):match('^pi://chat') and vim.api.nvim_buf_line_count(b) == 1 end)`,
    );
  });

  test('while one is at work another is asked; each has its own chat and question, and stop ends the one that is shown', async (t) => {
    const first = { match: 'first question', ...says('the first answer') };
    const script = [calls(bash('touch first.txt')), says('the second answer'), calls(bash('touch third.txt')), first];
    const vim = await start(t, { script });
    await vim.answer('never');
    await vim.ex('Pi ask first question');
    await vim.until('the question', '#_G.seen.asked == 1');
    await vim.ex('Pi new');
    await vim.saidLike(/a new session/);
    assert.match(await vim.lua(`return require('pi').statusline()`), /^Pi · .*1 at work elsewhere/);
    await vim.ex('Pi ask second question');
    await runs(vim, 1);
    assert.match(await shown(vim), /^## You\n\nsecond question\n\n## Pi\n\nthe second answer/);
    await vim.ex('Pi ask third question');
    await vim.until('its question too', `require('pi').status().questions == 2`);
    await vim.ex('Pi stop');
    await vim.saidLike(/stopped/);
    assert.equal(await vim.lua(`return require('pi').status().questions`), 1);
    await vim.lua('_G.hanging({ label = "Allow", answer = { allow = true } }, 1)');
    await runs(vim, 2);
    assert.equal(vim.disk('first.txt'), '');
    assert.throws(() => vim.disk('third.txt'), /ENOENT/);
    assert.doesNotMatch(await shown(vim), /first/);
    assert.doesNotMatch(await vim.lua(`return require('pi').statusline()`), /elsewhere/);
  });

  test('the conversation is exported, and can be resumed in a terminal', async (t) => {
    const vim = await start(t, { script: [says('hi')] });
    await vim.ex('Pi ask hello');
    await vim.saidLike(/Pi: done/);
    await vim.ex('Pi export talk.html');
    await vim.saidLike(/written to talk\.html/);
    assert.match(vim.disk('talk.html'), /<html/);
    await vim.ex('Pi terminal');
    await vim.saidLike(/yanked/);
    assert.match(await vim.lua(`return vim.fn.getreg('"')`), /--session/);
  });
});

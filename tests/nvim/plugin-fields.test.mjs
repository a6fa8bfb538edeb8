/** Pickers and text fields, Neovim's own and those of other plugins: what is completed in them, and how they are closed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { poll } from '../wire/processes.mjs';
import { bash, calls, says } from '../wire/steps.mjs';
import { inEachNeovim } from './editor.mjs';

/** A picker as plugins draw them: a float with the focus, which answers on `<CR>` and when its window is left or closed. */
const FLOAT = `
vim.ui.select = function(items, options, done)
  local buf = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buf, 0, -1, false, vim.tbl_map(options.format_item, items))
  local answered = false
  local function answer(item)
    if not answered then answered = true; done(item) end
  end
  local function show()
    local win = vim.api.nvim_open_win(buf, true, { relative = 'editor', row = 1, col = 1, width = 40, height = 5 })
    vim.keymap.set('n', '<CR>', function()
      local item = items[vim.fn.line('.')]
      vim.api.nvim_win_close(win, true)
      answer(item)
    end, { buffer = buf })
    vim.api.nvim_create_autocmd('WinClosed', { pattern = tostring(win), callback = function() vim.schedule(answer) end })
  end
  if vim.g.late_picker then vim.schedule(show) else show() end
end`;

inEachNeovim('pickers and fields', (startEditor) => {
  const files = { 'a.txt': 'one\n', 'b.txt': 'beta words\n' };
  const start = (t, options = {}) => startEditor(t, { files, open: 'a.txt', ...options });
  const mode = async (vim) => (await vim.call('nvim_get_mode')).mode;
  const floats = `#vim.tbl_filter(function(w) return vim.api.nvim_win_get_config(w).relative ~= '' end, vim.api.nvim_list_wins())`;

  test('the field for a prompt completes commands at its beginning and files anywhere, before anything was asked', async (t) => {
    const vim = await start(t, { script: [says('seen')], ownPickers: true });
    await vim.ex('Pi ask');
    await vim.prompted();
    await vim.keys('what is in @b<Tab>');
    await vim.until('the path', `vim.fn.getcmdline() == 'what is in @b.txt'`);
    await vim.keys(' and @a<Tab>');
    await vim.until('the second path', `vim.fn.getcmdline() == 'what is in @b.txt and @a.txt'`);
    await vim.keys('<CR>');
    await poll('the prompt at the model', () => vim.model.requests.length > 0);
    assert.match(vim.model.lastUserText(), /^what is in @b\.txt and @a\.txt[\s\S]*beta words/);
    await vim.ex('Pi ask');
    await vim.prompted();
    await vim.keys('/nam<Tab>');
    await vim.until('the command', `vim.fn.getcmdline() == '/name'`);
    await vim.keys('<Esc>');
  });

  // 0.10 takes nothing up while its own list waits for a key; later ones do.
  test('Neovim’s own list goes when the question is over, or with the next key', async (t) => {
    const vim = await start(t, { script: [calls(bash('touch never.txt')), says('as you wish')], ownPickers: true, settings: { questionTimeoutMs: 1500 } });
    await vim.ex('Pi ask please');
    await poll('the list', async () => /^(c|rm)$/.test(await mode(vim)));
    const early = (await mode(vim)) === 'rm';
    await poll('the end of the question', () => vim.told().some((one) => /in time/.test(one)));
    if (early) await vim.keys('<CR>');
    await poll('Normal mode', async () => (await mode(vim)) === 'n');
    await vim.until('the end of the run', `not require('pi').status().running and require('pi').status().questions == 0`);
    await vim.keys('Omine<Esc>');
    await vim.until('the typed line', `vim.fn.getline(1) == 'mine'`);
    assert.throws(() => vim.disk('never.txt'), /ENOENT/);
  });

  for (const late of [false, true])
    test(`a picker of another plugin goes with its run, and the next question comes${late ? ', also one that opens late' : ''}`, async (t) => {
      // A stopped run may get to ask the model once more before it ends.
      const more = (step) => ({ match: 'once more', ...step });
      const script = [calls(bash('touch never.txt')), more(calls(bash('touch later.txt'))), more(says('done'))];
      const vim = await start(t, { script });
      await vim.lua(`vim.g.late_picker = ... ${FLOAT}`, late);
      await vim.ex('Pi ask please');
      await vim.until('the picker', `${floats} == 1`);
      const back = await vim.lua(`return vim.fn.win_getid(vim.fn.winnr('#'))`);
      await vim.lua(`require('pi').stop()`);
      await vim.saidLike(/the question is not open any more/);
      await vim.until('no picker', `${floats} == 0`);
      assert.equal(await vim.lua('return vim.api.nvim_get_current_win()'), back);
      await vim.saidLike(/stopped/);
      await vim.ex('Pi ask once more');
      await vim.until('the next picker', `${floats} == 1`);
      await vim.keys('<CR>');
      await vim.saidLike(/Pi: done/);
      assert.equal(vim.disk('later.txt'), '');
      assert.throws(() => vim.disk('never.txt'), /ENOENT/);
    });

  test(':Pi answer goes to the picker that is open, instead of opening another', async (t) => {
    const vim = await start(t, { script: [calls(bash('touch made.txt')), says('done')] });
    await vim.lua(`vim.g.late_picker = false ${FLOAT}`);
    await vim.ex('Pi ask please');
    await vim.until('the picker', `${floats} == 1`);
    await vim.keys('<C-w>p');
    await vim.until('the file', `vim.fn.expand('%:t') == 'a.txt'`);
    await vim.ex('Pi answer');
    await vim.until('the picker again', `vim.api.nvim_win_get_config(0).relative ~= '' and ${floats} == 1`);
    await vim.keys('<CR>');
    await vim.saidLike(/Pi: done/);
    assert.equal(vim.disk('made.txt'), '');
  });

  test('the server’s end closes the picker of a question that nobody asks any more', async (t) => {
    const vim = await start(t, { script: [calls(bash('touch never.txt')), says('done')] });
    await vim.lua(`vim.g.late_picker = false ${FLOAT}`);
    await vim.ex('Pi ask please');
    await vim.until('the picker', `${floats} == 1`);
    process.kill(Number(await vim.lua(`return vim.fn.systemlist('pgrep -P ' .. vim.fn.getpid() .. ' -x pilsp')[1]`)), 'SIGKILL');
    await vim.until('no picker', `${floats} == 0`);
    await vim.saidLike(/server has ended/);
  });
});

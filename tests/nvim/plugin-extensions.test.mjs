/** What Pi's extensions show in a terminal, shown in Neovim. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { says } from '../wire/steps.mjs';
import { inEachNeovim } from './editor.mjs';

inEachNeovim('extensions of Pi with the plugin', (startEditor) => {
  test('status, title and widgets are shown and taken away; a text for the prompt is offered once', async (t) => {
    const body = `pi.registerCommand('try', { handler: async (args, ctx) => {
      ctx.ui.setStatus('k', args === 'off' ? undefined : '50% of it'); ctx.ui.setWidget('w', args === 'off' ? undefined : ['first line', 'second line']);
      if (args !== 'off') { ctx.ui.setTitle('a title'); ctx.ui.setEditorText('write this'); } } });`;
    const vim = await startEditor(t, {
      files: { 'a.txt': 'one\n', 'x.mjs': `export default (pi) => { ${body} };` },
      open: 'a.txt',
      settings: { extraArgs: ['-e', './x.mjs'] },
      script: [says('hi')],
      init: `function _G.widgets() local found = {}
        for _, b in ipairs(vim.api.nvim_list_bufs()) do
          for _, m in ipairs(vim.api.nvim_buf_get_extmarks(b, vim.api.nvim_create_namespace('pi.extensions'), 0, -1, { details = true })) do
            for _, l in ipairs(m[4].virt_lines) do table.insert(found, l[1][1]) end end end
        return table.concat(found, '|') end`,
    });
    await vim.ex('Pi ask hello');
    await vim.saidLike(/Pi: done/);
    await vim.ex('Pi ask /try on');
    await vim.saidLike(/words for the next :Pi ask/);
    await vim.until('the widget', `_G.widgets() == 'first line|second line'`);
    const line = `vim.api.nvim_eval_statusline("%{%v:lua.require'pi'.statusline()%}", {}).str`;
    await vim.until('the status', `${line}:find('a title · 50% of it', 1, true)`);
    await vim.lua(`vim.ui.input = function(options, done) table.insert(_G.seen.inputs, options.default or 'none') done(nil) end`);
    await vim.ex('Pi ask');
    await vim.ex('Pi ask');
    await vim.until('both questions', '#_G.seen.inputs == 2');
    assert.deepEqual(await vim.lua('return _G.seen.inputs'), ['write this', 'none']);
    await vim.ex('Pi ask /try off');
    await vim.until('no widget', `_G.widgets() == ''`);
    await vim.until('no status', `not ${line}:find('50', 1, true)`);
  });
});

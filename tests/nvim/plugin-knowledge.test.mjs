/** What the user's other language servers know, for Pi; and other servers beside ours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { calls, edit, says } from '../wire/steps.mjs';
import { inEachNeovim } from './editor.mjs';

const fake = fileURLToPath(new URL('fake-language-server.lua', import.meta.url));
const init = `vim.filetype.add({ extension = { word = 'word' } })
vim.api.nvim_create_autocmd('FileType', { pattern = 'word', callback = function(event) dofile(${JSON.stringify(fake)}).start(event.buf) end })`;
const tool = (name, args) => ({ name, arguments: args });

inEachNeovim('the editor’s knowledge', (startEditor) => {
  const files = { 'a.word': 'alpha\nbad beta\ngamma\n', 'b.word': 'delta\nbad\n' };

  test('Pi asks for diagnostics, symbols and places, also in a file that is not open', async (t) => {
    const script = [
      calls(tool('diagnostics', { path: 'a.word' }), tool('symbols', { path: 'b.word' }), tool('hover', { path: 'a.word', line: 1, symbol: 'alpha' })),
      calls(tool('definition', { path: 'a.word', line: 3, symbol: 'gamma' }), tool('references', { path: 'b.word', line: 1, symbol: 'delta' })),
      says('done'),
    ];
    const vim = await startEditor(t, { files, open: 'a.word', script, init });
    await vim.ex('Pi ask look');
    await vim.saidLike(/Pi: done/);
    const told = vim.told().join('\n');
    assert.match(told, /a\.word:2:1: error \(fake\): this is bad/);
    assert.match(told, /delta[\s\S]*bad/);
    assert.match(told, /a \*\*word\*\*/);
    assert.match(told, /a\.word:1/);
    assert.match(told, /b\.word:1[\s\S]*b\.word:2/);
    assert.equal(await vim.lua('return #vim.api.nvim_tabpage_list_wins(0)'), 2, 'the file and the chat');
  });

  test('after an edit the diagnostics of the new text are waited for', async (t) => {
    const script = [calls(edit('a.word', ['bad beta', 'good beta'])), calls(tool('diagnostics', { path: 'a.word' })), says('done')];
    const vim = await startEditor(t, { files, open: 'a.word', script, init, settings: { permissionMode: 'acceptEdits' } });
    await vim.ex('Pi ask mend it');
    await vim.saidLike(/Pi: done/);
    assert.doesNotMatch(vim.told()[1], /this is bad/);
  });

  test('a server that is attached later does not make a stale edit look fresh, nor a fresh one stale', async (t) => {
    const script = [calls(edit('a.word', ['gamma', 'GAMMA'])), says('done')];
    const vim = await startEditor(t, { files, script, init, settings: {} });
    await vim.ex('noautocmd edit a.word');
    await vim.lua(`require('pi.server.client').start(0)`);
    await vim.until('the server', `require('pi.server.client').get() and require('pi.server.client').get().initialized`);
    await vim.lua(`require('pi.server.client').attach(0)`);
    await vim.keys('Otyped<Esc>');
    await vim.until('the typed line', `vim.api.nvim_buf_line_count(0) == 4`);
    await vim.lua(`dofile(...).start(0)`, fake);
    await vim.ex('Pi ask please');
    await vim.hunks(1);
    await vim.ex('Pi apply all');
    await vim.idle();
    assert.deepEqual(await vim.lines('a.word'), ['typed', 'alpha', 'bad beta', 'GAMMA']);
  });
});

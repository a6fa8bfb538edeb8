/** The plugin for a whole afternoon, as one story: from a first run without a model to a session that is resumed after a restart. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bash, calls, edit, says, write } from '../wire/steps.mjs';
import { inEachNeovim } from './editor.mjs';

const text = (name) => Array.from({ length: 12 }, (_, n) => `${name} ${n + 1}\n`).join('');
const lines = (name) => text(name).trimEnd().split('\n');
const change = (name, ...numbers) => edit(`${name}.txt`, ...numbers.map((n) => [`${name} ${n}\n`, `${name.toUpperCase()} ${n}\n`]));
const FILES = { 'a.txt': text('a'), 'b.txt': text('b'), 'c.txt': text('c'), 'd.txt': text('d'), 'old.txt': 'old\n' };
const SCRIPT = [
  says('They are lists of lines.'),
  calls(change('a', 2, 6, 10), change('b', 2, 6, 10), change('c', 3, 9), change('d', 1, 5, 11), write('new.txt', 'fresh\n')),
  calls(bash('rm old.txt')),
  says('All done.'),
  { match: 'once more', ...calls(change('a', 12)) },
  { match: 'and now', ...says('Welcome back.') },
];

inEachNeovim('an afternoon with the plugin', (startEditor) => {
  test('first run, question, twelve changes in five files, decisions of every kind, undo, stop, resume', async (t) => {
    const init = 'vim.o.columns, vim.o.lines = 140, 40';
    const vim = await startEditor(t, { files: FILES, open: 'a.txt', script: SCRIPT, home: { models: [] }, init });
    const done = (count) => vim.until(`${count} runs`, `#vim.tbl_filter(function(s) return s == 'Pi: done.' end, _G.seen.said) == ...`, count);
    const at = (place) => vim.until(place, `vim.fn.expand('%:t') .. ':' .. vim.fn.line('.') == ...`, place);

    // Nothing is set up yet.
    await vim.ex('Pi ask what are these');
    await vim.until('what can be done', '#_G.seen.asked == 1');
    assert.match(await vim.screen('afternoon-1-first-run'), /Pi cannot be asked yet[\s\S]*:Pi login[\s\S]*:Pi key/);
    const models = { local: { baseUrl: vim.model.url, api: 'openai-completions', apiKey: 'x', models: [{ id: 'scripted-1' }] } };
    writeFileSync(join(vim.pi.dir, 'models.json'), JSON.stringify({ providers: models }));
    await vim.ex('Pi retry');
    await done(1);
    assert.match(vim.model.lastUserText(), /^what are these[\s\S]*a\.txt open/);

    // Twelve changes in five files.
    await vim.ex('Pi ask make them capitals');
    await vim.hunks(12);
    await vim.keys('ggOtyped before<Esc>');
    await vim.until('the changes below the typed line', `require('pi.review.hunks').of_buffer(vim.api.nvim_get_current_buf())[1].row == 2`);
    await vim.keys('3G');
    await vim.ex('Pi apply');
    await at('a.txt:7');
    assert.match(await vim.screen('afternoon-2-next'), /a 6 Pi \d+ of 12: change \+1 −1/);
    await vim.ex('Pi reject not the sixth');
    await at('a.txt:11');
    await vim.ex('Pi apply');
    await vim.hunks(9);
    assert.deepEqual(await vim.lines('a.txt'), ['typed before', 'a 1', 'A 2', ...lines('a').slice(2, 9), 'A 10', 'a 11', 'a 12']);
    // The user's own version of one.
    await vim.ex('edit c.txt');
    await vim.until('c.txt', `vim.fn.expand('%:t') == 'c.txt'`);
    await vim.ex('Pi review');
    await vim.until('the review of c.txt', `vim.wo.diff and vim.fn.expand('%:t') == 'c.txt'`);
    await vim.keys('<C-w>l3Gccmine<Esc>');
    await vim.until('the own version', 'vim.bo.modified');
    assert.match(await vim.screen('afternoon-3-review'), /your buffer[\s\S]*what Pi proposes/);
    await vim.ex('w');
    await vim.hunks(7);
    // The rest of the review, whatever comes first: d.txt with a word for Pi, the others as they are.
    await vim.until('the next review', `vim.wo.diff and vim.fn.expand('%:t') ~= 'c.txt'`);
    await vim.ex('Pi reject all only the first three files');
    await vim.until('the question about the command', '#_G.seen.asked == 2');
    await vim.saidLike(/answer later/);
    await vim.until('it to be kept', `require('pi').status().put_aside == 1`);
    await vim.answer('Allow');
    await vim.ex('Pi answer');
    await done(2);
    assert.equal(existsSync(vim.path('old.txt')), false);
    assert.deepEqual((await vim.lines('c.txt')).slice(1, 4), ['c 2', 'mine', 'c 4']);
    const told = vim.told().join('\n');
    assert.match(told, /not the sixth/);
    assert.match(told, /only the first three files/);
    await vim.ex('Pi chat');
    await vim.until('the chat', `vim.api.nvim_buf_get_name(0):match('^pi://chat')`);
    const card = /Changed by this run:[\s\S]*a\.txt` \+2 −2[\s\S]*c\.txt` \+2 −2[\s\S]*old\.txt` changed by a command/;
    assert.match(await vim.screen('afternoon-4-end-of-run'), card);
    await vim.ex('wincmd p');

    // Undo around what was typed.
    await vim.answer('Undo the rest');
    await vim.ex('Pi undo');
    await vim.until('what cannot be restored', '#_G.seen.asked == 4');
    assert.match((await vim.asked())[3].prompt, /What cannot be restored: old\.txt/);
    await vim.saidLike(/undone/);
    assert.deepEqual(await vim.lines('a.txt'), ['typed before', ...lines('a')]);
    assert.deepEqual(await vim.lines('c.txt'), lines('c'));

    // Stopped; what was proposed can still be applied.
    await vim.ex('Pi ask once more');
    await vim.hunks(1);
    await vim.ex('Pi stop');
    await vim.saidLike(/stopped\. 1 change can still be applied/);
    await vim.ex('Pi next');
    await at('a.txt:13');
    await vim.ex('Pi apply');
    await vim.until('the late change', `vim.fn.getline(13) == 'A 12'`);

    // Another server, the same session.
    await vim.ex('Pi restart');
    await vim.saidLike(/resumed/);
    await vim.ex('Pi ask and now');
    await done(3);
    const last = JSON.stringify(vim.model.requests.at(-1));
    assert.match(last, /They are lists of lines/);
    assert.match(last, /Welcome|A 12|a\.txt/);
    const chats = await vim.lua(`local chats = {}
      for _, b in ipairs(vim.api.nvim_list_bufs()) do
        local name = vim.api.nvim_buf_get_name(b)
        if name:match('^pi://chat') and not name:match('ended') then
          table.insert(chats, table.concat(vim.api.nvim_buf_get_lines(b, 0, -1, false), '\\n'))
        end
      end
      return chats`);
    assert.match(chats.join('\n'), /what are these[\s\S]*Welcome back/);
    assert.match(await vim.screen('afternoon-5-resumed'), /local\/scripted-1 · mode ask · ws/);
  });
});

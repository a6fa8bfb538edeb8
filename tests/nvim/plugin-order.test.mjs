/** The plugin: the one order of what waits, and that a decision brings the next change to view. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calls, edit, says, write } from '../wire/steps.mjs';
import { inEachNeovim } from './editor.mjs';

const TEXT = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n';
const script = [calls(edit('b.txt', ['six', '6'], ['two', '2']), write('new.txt', 'fresh\nlines\n'), edit('a.txt', ['four', '4'])), says('done')];

inEachNeovim('the order of what waits', (startEditor) => {
  const start = (t, options = {}) =>
    startEditor(t, { files: { 'a.txt': TEXT, 'b.txt': TEXT }, open: 'b.txt', script, init: 'vim.o.columns, vim.o.lines = 120, 32', ...options });
  const at = (vim, place) => vim.until(place, `vim.fn.expand('%:t') .. ':' .. vim.fn.line('.') == ...`, place);
  /** The places in the order of the list, which is that in which Pi has proposed them. */
  const order = (vim) =>
    vim.lua(`require('pi.review.navigate').list()
    return vim.tbl_map(function(i) return vim.fn.fnamemodify(vim.fn.bufname(i.bufnr), ':t') .. ':' .. i.lnum end, vim.fn.getqflist())`);

  test('after each decision the next change comes to view, with its number; list and next have the same order', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi ask please');
    await vim.hunks(4);
    await vim.ex('Pi changes');
    await vim.until('the list', `vim.bo.filetype == 'qf'`);
    const list = await order(vim);
    assert.deepEqual(list.toSorted(), ['a.txt:4', 'b.txt:2', 'b.txt:6', 'new.txt:1']);
    assert.equal(list.indexOf('b.txt:6'), list.indexOf('b.txt:2') + 1, 'within a file by its lines');
    assert.match(await vim.screen('changes'), /b\.txt\|2\| \d of 4: change \+1 −1/);
    await vim.ex('cclose');
    const first = list.indexOf('b.txt:2');
    await at(vim, 'b.txt:1');
    for (let step = 0; step <= 4; step++) {
      await vim.ex('Pi next');
      await at(vim, list[(first + step) % 4]);
    }
    for (let step = 0; step < 4; step++) {
      const place = list[(first + step) % 4];
      await at(vim, place);
      const number = `Pi ${((first + step) % 4) + 1} of 4: `;
      assert.ok((await vim.screen(`decide-${step + 1}-of-4`)).includes(number), number);
      await vim.ex(place === 'b.txt:6' ? 'Pi reject not this one' : 'Pi apply');
    }
    await vim.idle();
    assert.deepEqual(await vim.lines('b.txt'), TEXT.replace('two', '2').trimEnd().split('\n'));
    assert.deepEqual(await vim.lines('new.txt'), ['fresh', 'lines']);
    assert.equal((await vim.lines('a.txt'))[3], '4');
    assert.match(vim.told()[0], /rejected\. The user says: not this one/);
  });

  /** The review is at this place; that of a new file is on its empty side. */
  const reviewed = (vim, place) =>
    place === 'new.txt:1' ? vim.until('the review of the new file', `vim.wo.winbar:match('a new file') and vim.wo.diff`) : at(vim, place);

  /** Four changes wait, and the review is asked for: their order, and the place in it where the review begins. */
  async function inReview(t) {
    const vim = await start(t);
    await vim.ex('Pi ask please');
    await vim.hunks(4);
    const list = await order(vim);
    await vim.ex('cclose');
    await vim.ex('Pi review');
    return { vim, list, first: list.indexOf('b.txt:2') };
  }

  test('in the review, too, on either side; a new file is decided from where the review puts the cursor', async (t) => {
    const { vim, list, first } = await inReview(t);
    await vim.until('the review', 'vim.wo.diff');
    for (let step = 0; step < 4; step++) {
      const place = list[(first + step) % 4];
      await reviewed(vim, place);
      assert.ok((await vim.screen(`review-${step + 1}-of-4`)).includes(`Pi ${((first + step) % 4) + 1} of 4: `));
      if (place === 'b.txt:6') {
        await vim.keys('<C-w>l');
        await vim.until('the proposal', `vim.api.nvim_buf_get_name(0):match('pi://proposal')`);
        await vim.keys('6G');
      }
      await vim.ex('Pi apply');
    }
    await vim.idle();
    await vim.until('the end of the review', '#vim.api.nvim_list_tabpages() == 1');
    assert.deepEqual(await vim.lines('b.txt'), TEXT.replace('two', '2').replace('six', '6').trimEnd().split('\n'));
    assert.deepEqual(await vim.lines('new.txt'), ['fresh', 'lines']);
  });

  test('next in a review goes through the other files, too', async (t) => {
    const { vim, list, first } = await inReview(t);
    for (let step = 0; step < 4; step++) {
      await reviewed(vim, list[(first + step) % 4]);
      assert.equal(await vim.lua('return vim.wo.diff'), true);
      await vim.ex('Pi next');
    }
    await reviewed(vim, 'b.txt:2');
    await vim.ex('Pi reject all');
    await vim.idle();
    assert.deepEqual(await vim.lines('b.txt'), TEXT.trimEnd().split('\n'));
  });

  test('who has gone elsewhere meanwhile stays there', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi ask please');
    await vim.hunks(4);
    await vim.keys('2G');
    await vim.until('the second line', `vim.fn.line('.') == 2`);
    await vim.lua(`require('pi').apply() vim.cmd('tabnew notes.txt')`);
    await vim.keys('imine<Esc>');
    await vim.hunks(3);
    await vim.until('the typed line', `vim.api.nvim_get_current_line() == 'mine'`);
    await vim.ex('Pi reject all');
    await vim.idle();
    assert.equal(await vim.lua('return vim.api.nvim_get_current_line()'), 'mine');
  });
});

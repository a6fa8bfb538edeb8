/** The plugin: asking, and deciding about what comes, as a user does it with keys. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calls, edit, says, write } from '../wire/steps.mjs';
import { inEachNeovim } from './editor.mjs';

const TEXT = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n';
const LINES = TEXT.trimEnd().split('\n');
const replaced = (...pairs) => pairs.reduce((lines, [old, text]) => lines.flatMap((one) => (one === old ? text : one)), LINES);
const two = calls(edit('a.txt', ['two', '2'], ['six', '6\n6.5']));

inEachNeovim('reviewing with the plugin', (startEditor) => {
  const start = (t, options = {}) => startEditor(t, { files: { 'a.txt': TEXT }, open: 'a.txt', script: [two, says('all done')], ...options });

  test('without any set-up: ask, see the marks, accept one hunk and reject the other', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi ask make them numbers');
    await vim.hunks(2);
    const marks = await vim.lua(`return vim.tbl_map(function(m) return { m[2], m[4].virt_text and m[4].virt_text[1][1] or vim.NIL } end,
        vim.api.nvim_buf_get_extmarks(0, vim.api.nvim_get_namespaces()['pi.hunks'], 0, -1, { details = true }))`);
    assert.deepEqual(
      marks.filter(([, text]) => text),
      [
        [1, 'Pi 1 of 2: change +1 −1'],
        [5, 'Pi 2 of 2: change +2 −1'],
      ],
    );
    assert.deepEqual(await vim.lines('a.txt'), LINES);
    await vim.saidLike(/2 changes proposed in a\.txt/);
    await vim.keys('2G');
    await vim.ex('Pi apply');
    await vim.hunks(1);
    assert.deepEqual(await vim.lines('a.txt'), replaced(['two', '2']));
    await vim.keys('gg');
    await vim.ex('Pi next');
    await vim.until('the cursor on the second hunk', 'vim.fn.line(".") == 6');
    await vim.ex('Pi reject keep the words');
    await vim.idle();
    assert.deepEqual(await vim.lines('a.txt'), replaced(['two', '2']));
    assert.equal(vim.disk('a.txt'), TEXT);
    assert.match(vim.told()[0], /line 2: applied\.\n- line 6: rejected\. The user says: keep the words/);
    await vim.saidLike(/done/);
    assert.match(await vim.chat(), /## You\n\nmake them numbers\n\n## Pi\n[\s\S]*\*\*edit\*\* `a\.txt` ✓ applied, \+1 −1; 1 rejected.*\n[\s\S]*all done/);
  });

  test('a review is a diff of the live buffer and the proposal; hunks are decided on either side', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi ask please');
    await vim.hunks(2);
    await vim.ex('Pi review');
    await vim.until('two windows in diff mode', '#vim.tbl_filter(function(w) return vim.wo[w].diff end, vim.api.nvim_tabpage_list_wins(0)) == 2');
    assert.equal(await vim.lua('return vim.api.nvim_buf_get_name(0)'), vim.path('a.txt'));
    assert.equal(await vim.lua('return vim.fn.line(".")'), 2);
    await vim.keys('<C-w>l');
    assert.deepEqual(await vim.lua('return vim.api.nvim_buf_get_lines(0, 0, -1, false)'), replaced(['two', '2'], ['six', ['6', '6.5']]));
    await vim.keys('7G');
    await vim.ex('Pi apply');
    await vim.hunks(1);
    assert.deepEqual(await vim.lines('a.txt'), replaced(['six', ['6', '6.5']]));
    await vim.keys('<C-w>h2G');
    await vim.ex('Pi reject');
    await vim.idle();
    await vim.until('the end of the review', '#vim.api.nvim_list_tabpages() == 1');
    assert.deepEqual(
      await vim.lua('return vim.tbl_filter(function(b) return vim.api.nvim_buf_get_name(b):match("pi://proposal") end, vim.api.nvim_list_bufs())'),
      [],
    );
    assert.deepEqual(await vim.lines('a.txt'), replaced(['six', ['6', '6.5']]));
  });

  test("the proposal can be edited; what is written is the user's own version", async (t) => {
    const vim = await start(t);
    await vim.ex('Pi ask please');
    await vim.hunks(2);
    await vim.ex('Pi review');
    await vim.until('the review', 'vim.wo.diff');
    await vim.keys('<C-w>l2Gccdeux<Esc>');
    await vim.ex('w');
    await vim.idle();
    assert.deepEqual(await vim.lines('a.txt'), replaced(['two', 'deux'], ['six', ['6', '6.5']]));
    assert.match(vim.told()[0], /\+deux/);
    await vim.until('the end of the review', '#vim.api.nvim_list_tabpages() == 1');
    assert.equal(await vim.lua(`return vim.fn.bufexists('pi://proposal/s1-e1/a.txt')`), 0);
    assert.doesNotMatch(await vim.lua(`return vim.fn.execute('messages') .. vim.inspect(_G.seen.said)`), /E\d+:|your version stays/);
  });

  test('what is typed during a review is kept, and the proposal follows it', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi ask please');
    await vim.hunks(2);
    await vim.ex('Pi review');
    await vim.until('the review', 'vim.wo.diff');
    await vim.keys('ggOtyped meanwhile<Esc>');
    await vim.until(
      'the proposal with the typed line',
      `vim.iter(vim.api.nvim_list_bufs()):any(function(b)
        return vim.api.nvim_buf_get_name(b):match('pi://proposal') and vim.api.nvim_buf_get_lines(b, 0, 1, false)[1] == 'typed meanwhile' end)`,
    );
    await vim.ex('Pi apply file');
    await vim.idle();
    assert.deepEqual(await vim.lines('a.txt'), ['typed meanwhile', ...replaced(['two', '2'], ['six', ['6', '6.5']])]);
    await vim.keys('u');
    await vim.until('one step taken back', `vim.api.nvim_buf_get_lines(0, 2, 3, false)[1] == 'two'`);
    assert.deepEqual(await vim.lines('a.txt'), ['typed meanwhile', ...LINES]);
  });

  test('an edited proposal is not overwritten by what is typed meanwhile, and is not applied over it', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi ask please');
    await vim.hunks(2);
    await vim.ex('Pi review');
    await vim.until('the review', 'vim.wo.diff');
    await vim.keys('<C-w>l2Gccdeux<Esc><C-w>hGotyped<Esc>');
    await vim.saidLike(/the text has changed while you edit/);
    await vim.keys('<C-w>l');
    await vim.ex('w');
    await vim.saidLike(/then :w! applies your version/);
    assert.deepEqual(await vim.lines('a.txt'), [...LINES, 'typed']);
    await vim.keys('Gotyped<Esc>');
    await vim.ex('w!');
    await vim.idle();
    assert.deepEqual(await vim.lines('a.txt'), [...replaced(['two', 'deux'], ['six', ['6', '6.5']]), 'typed']);
  });

  test('remarks on lines go to the model with the decision', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi ask please');
    await vim.hunks(2);
    await vim.ex('Pi review');
    await vim.until('the review', 'vim.wo.diff');
    await vim.keys('<C-w>l7G');
    await vim.ex('Pi remark halves are not wanted');
    await vim.keys('2G');
    await vim.ex('Pi remark roman, please');
    await vim.ex('Pi reject all not like this');
    await vim.idle();
    assert.match(vim.told()[0], /rejected.*not like this/);
    assert.match(vim.told()[0], /remark on line 7 of your version:\n```\n6\.5\n```\nhalves are not wanted/);
    assert.match(vim.told()[0], /remark on line 2 of your version:\n```\n2\n```\nroman, please/);
    assert.deepEqual(await vim.lines('a.txt'), LINES);
  });

  test('several files: next goes through them, apply all takes the rest', async (t) => {
    const script = [calls(edit('a.txt', ['two', '2']), edit('b.txt', ['beta', 'B'])), says('done')];
    const vim = await start(t, { files: { 'a.txt': TEXT, 'b.txt': 'alpha\nbeta\n' }, script });
    await vim.ex('Pi ask please');
    await vim.hunks(2);
    await vim.ex('Pi next');
    await vim.until('the first hunk', 'vim.fn.line(".") == 2');
    await vim.ex('Pi next');
    await vim.until('the other file', `vim.fn.expand('%:t') == 'b.txt' and vim.fn.line('.') == 2`);
    await vim.ex('Pi prev');
    await vim.until('the first file again', `vim.fn.expand('%:t') == 'a.txt'`);
    await vim.ex('Pi apply all');
    await vim.idle();
    assert.deepEqual(await vim.lines('a.txt'), replaced(['two', '2']));
    assert.deepEqual(await vim.lines('b.txt'), ['alpha', 'B']);
  });

  test('a review goes on to the next file, and back in the end', async (t) => {
    const script = [calls(edit('a.txt', ['two', '2']), edit('b.txt', ['beta', 'B'])), says('done')];
    const vim = await start(t, { files: { 'a.txt': TEXT, 'b.txt': 'alpha\nbeta\n' }, script });
    await vim.ex('Pi ask please');
    await vim.hunks(2);
    await vim.ex('Pi review');
    await vim.until('the review', `vim.wo.diff and vim.fn.expand('%:t') == 'a.txt'`);
    await vim.ex('Pi apply');
    await vim.until('the review of the second file', `vim.wo.diff and vim.fn.expand('%:t') == 'b.txt' and #vim.api.nvim_tabpage_list_wins(0) == 2`);
    await vim.ex('Pi apply');
    await vim.idle();
    await vim.until('the end of the review', '#vim.api.nvim_list_tabpages() == 1');
    assert.deepEqual(await vim.lines('b.txt'), ['alpha', 'B']);
    assert.equal(await vim.lua('return vim.wo.diff'), false);
  });

  test('unsaved text is worked on and kept; CR LF stays', async (t) => {
    const vim = await start(t, {
      files: { 'a.txt': TEXT.replaceAll('\n', '\r\n') },
      script: [calls(edit('a.txt', ['typed', 'typed and edited'])), says('done')],
    });
    await vim.keys('Otyped<Esc>');
    await vim.ex('Pi ask please');
    await vim.hunks(1);
    await vim.ex('Pi apply all');
    await vim.idle();
    assert.deepEqual(await vim.lines('a.txt'), ['typed and edited', ...LINES]);
    await vim.ex('w');
    await vim.until('the saved buffer', 'not vim.bo.modified');
    assert.equal(vim.disk('a.txt'), ['typed and edited', ...LINES].map((one) => `${one}\r\n`).join(''));
  });

  test('lines that the user changes meanwhile are not overwritten', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi ask please');
    await vim.hunks(2);
    await vim.keys('2Gcczwei<Esc>');
    await vim.until('the clash', `require('pi').edits()[1].hunks[1].fate == 'clashed'`);
    await vim.ex('Pi apply');
    await vim.saidLike(/you have changed these lines meanwhile/);
    await vim.ex('Pi apply file');
    await vim.idle();
    assert.deepEqual(await vim.lines('a.txt'), replaced(['two', 'zwei'], ['six', ['6', '6.5']]));
    assert.match(vim.told()[0], /line 2: not applied, the user changed these lines/);
  });

  test('a new file is reviewed beside nothing and comes to be with the approval', async (t) => {
    const vim = await start(t, { script: [calls(write('deep/new.txt', 'fresh\nlines\n')), says('done')] });
    await vim.ex('Pi ask please');
    await vim.hunks(1);
    await vim.ex('Pi review');
    await vim.until('the review', 'vim.wo.diff');
    await vim.ex('Pi apply all');
    await vim.idle();
    assert.deepEqual(await vim.lines('deep/new.txt'), ['fresh', 'lines']);
  });

  test('a buffer that is deleted during its review takes nothing with it', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi ask please');
    await vim.hunks(2);
    await vim.ex('Pi review');
    await vim.until('the review', 'vim.wo.diff');
    await vim.ex('bwipeout!');
    await vim.until('the proposal without the buffer', `require('pi').edits()[1].version == nil`);
    await vim.ex('Pi apply all');
    await vim.idle();
    assert.deepEqual(await vim.lines('a.txt'), replaced(['two', '2'], ['six', ['6', '6.5']]));
    assert.equal(vim.disk('a.txt'), TEXT);
  });

  test('the review of one tab leaves the others alone', async (t) => {
    const vim = await start(t);
    await vim.ex('Pi ask please');
    await vim.hunks(2);
    await vim.ex('Pi review');
    await vim.until('the review', 'vim.wo.diff');
    await vim.keys('gt');
    await vim.ex('tabnew other.txt');
    await vim.until('three tabs', '#vim.api.nvim_list_tabpages() == 3');
    await vim.keys('ihello<Esc>');
    await vim.ex('Pi apply all');
    await vim.idle();
    assert.equal(await vim.lua(`return vim.fn.expand('%:t')`), 'other.txt');
    assert.equal(await vim.lua('return vim.api.nvim_get_current_line()'), 'hello');
    assert.deepEqual(await vim.lines('a.txt'), replaced(['two', '2'], ['six', ['6', '6.5']]));
  });
});

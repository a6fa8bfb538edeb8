/** Texts with odd line ends in a bare Neovim: where an edit lands, what the server's copy is after typing. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { neovims, play } from './nvim.mjs';

const edit = (...pairs) => ({ toolCalls: [{ name: 'edit', arguments: { path: 'a.txt', edits: pairs.map(([oldText, newText]) => ({ oldText, newText })) } }] });
const read = { toolCalls: [{ name: 'read', arguments: { path: 'a.txt' } }] };
const done = { text: 'done' };
const PROGRESS = 'progress 10%\rprogress 50%\rdone\nkeep one\nkeep two\nfoo\nkeep three\nlast\n';
/** Below the odd character, behind a \r at a line's end, and a line more at the end. */
const typing = [
  { line: 5, from: 0, to: 4, text: 'kept' },
  { line: 2, from: 8, text: '!\nnew' },
  { line: 1, from: 13, text: 'typed' },
];

for (const { command, version } of neovims()) {
  const one = (text, more) => play(command, { files: { 'a.txt': text }, open: 'a.txt', answer: 'Apply', ...more });

  describe(`Line ends in Neovim ${version}`, () => {
    for (const [what, text, format] of [
      ['a lone CR', PROGRESS, 'unix'],
      ['a lone CR in a CRLF file', PROGRESS.replaceAll('\n', '\r\n'), 'dos'],
      ['CR CR LF', PROGRESS.replaceAll('\r', ' ').replaceAll('\n', '\r\r\n'), 'dos'],
      ['CRLF and LF mixed', PROGRESS.replaceAll('\r', ' ').replaceAll(/(one|foo|three)\n/g, '$1\r\n'), 'unix'],
      ['no last line end', PROGRESS.replace(/\n$/, ''), 'unix'],
    ])
      test(`${what}: the edit lands on its line, and the copy stays right while the user types`, async () => {
        // For Pi there is an empty line between CR and CRLF, so lines that it adds stand before that.
        const pairs = text.includes('\r\r\n')
          ? [
              ['foo', 'bar'],
              ['last', 'final'],
            ]
          : [
              ['foo', 'bar\nand more'],
              ['last', 'last\nafter'],
            ];
        const script = [edit(...pairs), done, read, done];
        const seen = await one(text, { script, later: typing });
        assert.equal(seen.fileformat, format);
        assert.match(seen.told[0], /^Applied to a\.txt \(2 changes\)/);
        const plain = (given) => given.replaceAll('\r', '').replace(/\n$/, '');
        assert.equal(plain(seen.text), plain(pairs.reduce((so, pair) => so.replace(...pair), text)));
        // A CR that was there is there.
        assert.equal(seen.text.split('\r').length >= seen.before.split('\r').length, true);
        const copy = seen.told.at(-1);
        assert.equal((format === 'dos' ? copy.replaceAll('\r\n', '\n') : copy).replace(/\n$/, ''), seen.later);
      });

    test('a text of CR alone is left alone', async () => {
      const mac = 'one\rtwo\rfoo\r';
      const seen = await one(mac, { first: 'set fileformats=unix,dos,mac', script: [edit(['foo', 'bar']), done] });
      assert.equal(seen.text, seen.before);
      assert.match(seen.told[0], /cannot be edited here: its lines end with a carriage return alone/);
    });

    test('a format that was changed without a word is known from the next save on', async () => {
      const later = [{ command: 'set fileformat=dos' }, { line: 2, from: 0, text: 'typed\n' }, { command: 'silent write' }];
      const seen = await one('one\ntwo\nfoo\n', { script: [edit(['foo', 'bar']), done, read, edit(['two', '2']), done], later });
      assert.equal(seen.told.at(-2), 'one\r\ntyped\r\ntwo\r\nbar\r\n');
      assert.match(seen.told.at(-1), /^Applied/);
      assert.equal(seen.later, 'one\ntyped\n2\nbar');
    });

    test('a last line end that comes with saving is no other text', async () => {
      const later = [{ command: 'silent write' }, { line: 2, from: 0, text: 'typed ' }];
      const seen = await one('one\ntwo', { script: [edit(['one', '1']), done, read, edit(['two', '2\n3']), done], later });
      assert.equal(seen.told.at(-2), '1\ntyped two');
      assert.equal(seen.later, '1\ntyped 2\n3');
    });

    test('a latin1 file keeps its bytes, and what it cannot hold is asked about', async () => {
      const seen = await one(Buffer.from('caf\xe9\nfoo\n', 'latin1'), {
        settings: { permissionMode: 'acceptEdits' },
        script: [edit(['foo', 'bar']), edit(['bar', 'bar →']), read, done],
      });
      assert.equal(seen.text, 'café\nbar →');
      assert.equal(seen.questions.length, 1);
      assert.match(seen.questions[0], /Careful: the file is not UTF-8.*"→"/);
      assert.match(seen.told.at(-2), /not saved yet: the file is not UTF-8/);
    });
  });
}

/** A bare Neovim, without any plugin of ours: what a user of its plain LSP client gets. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { neovims, play } from './nvim.mjs';

const TEXT = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n';
const editOf = (oldText, newText, path = 'a.txt') => ({ toolCalls: [{ name: 'edit', arguments: { path, edits: [{ oldText, newText }] } }] });
const lines = (text) => text.replace(/\n$/, '');
const standard = { files: { 'a.txt': TEXT }, open: 'a.txt', script: [editOf('five', 'FIVE'), { text: 'done' }], answer: 'Apply' };

for (const { command, version } of neovims()) {
  describe(`Neovim ${version}`, () => {
    test('an approved edit is in the buffer, and not on the disk', async () => {
      const seen = await play(command, standard);
      assert.equal(seen.text, lines(TEXT.replace('five', 'FIVE')));
      assert.equal(seen.modified, true);
      assert.equal(seen.disk['a.txt'], TEXT);
      assert.equal(seen.questions.length, 1);
      assert.match(seen.questions[0], /a\.txt/);
      assert.deepEqual(
        seen.edits.map((one) => one.status),
        ['applied'],
      );
      assert.match(seen.told[0], /^Applied to a\.txt/);
    });

    test('unsaved text stays, and Pi has worked on it', async () => {
      const script = [{ toolCalls: [{ name: 'read', arguments: { path: 'a.txt' } }] }, editOf('typed before', 'typed and edited'), { text: 'done' }];
      const seen = await play(command, { ...standard, script, unsaved: 'typed before' });
      assert.equal(seen.text, `typed and edited\n${lines(TEXT)}`);
      assert.match(seen.told[0], /^typed before\none\n/);
      assert.equal(seen.disk['a.txt'], TEXT);
    });

    test('one undo takes the edit back, and nothing else', async () => {
      const seen = await play(command, { ...standard, unsaved: 'typed before', undo: true });
      assert.equal(seen.text, `typed before\n${lines(TEXT.replace('five', 'FIVE'))}`);
      assert.equal(seen.undone, `typed before\n${lines(TEXT)}`);
    });

    test('an edit of several places is one undo step too', async () => {
      const edits = [
        { oldText: 'two', newText: '2' },
        { oldText: 'six', newText: '6\n6.5' },
      ];
      const script = [{ toolCalls: [{ name: 'edit', arguments: { path: 'a.txt', edits } }] }, { text: 'done' }];
      const seen = await play(command, { ...standard, script, undo: true });
      assert.equal(seen.text, lines(TEXT.replace('two', '2').replace('six', '6\n6.5')));
      assert.equal(seen.undone, lines(TEXT));
    });

    test('a file with CR LF keeps its line ends', async () => {
      const dos = TEXT.replaceAll('\n', '\r\n');
      const seen = await play(command, {
        ...standard,
        files: { 'a.txt': dos },
        script: [editOf('five', 'FIVE\nfive and a half'), { text: 'done' }],
        write: true,
      });
      assert.equal(seen.fileformat, 'dos');
      assert.equal(seen.text, lines(TEXT.replace('five', 'FIVE\nfive and a half')));
      assert.equal(seen.disk['a.txt'], dos.replace('five', 'FIVE\r\nfive and a half'));
    });

    test('hunks are diagnostics; one is accepted and the other rejected by code action', async () => {
      const edits = [
        { oldText: 'two', newText: '2' },
        { oldText: 'six', newText: '6' },
      ];
      const seen = await play(command, {
        ...standard,
        script: [{ toolCalls: [{ name: 'edit', arguments: { path: 'a.txt', edits } }] }, { text: 'done' }],
        settings: { approval: 'commands' },
        codeActions: [
          { marks: 2, line: 2, title: 'Pi: apply this change' },
          { marks: 1, line: 6, title: 'Pi: reject this change' },
        ],
      });
      assert.deepEqual(
        seen.marks.map(({ line, severity }) => [line, severity]),
        [
          [1, 3],
          [5, 3],
          [5, 3],
        ],
      );
      assert.match(seen.marks[0].message, /- two\n\+ 2$/);
      assert.equal(seen.text, lines(TEXT.replace('two', '2')));
      assert.equal(seen.disk['a.txt'], TEXT);
      assert.deepEqual(
        seen.edits.map((one) => one.status),
        ['partial'],
      );
      assert.match(seen.told[0], /line 2: applied\.\n- line 6: rejected\./);
    });

    test('a rejected edit leaves the buffer alone, and the model knows', async () => {
      const seen = await play(command, { ...standard, answer: 'Reject' });
      assert.equal(seen.text, lines(TEXT));
      assert.equal(seen.modified, false);
      assert.deepEqual(
        seen.edits.map((one) => one.status),
        ['rejected'],
      );
      assert.match(seen.told[0], /^The user rejected your edit of a\.txt/);
    });

    test('what is typed while Neovim has not told it yet is not lost', async () => {
      const seen = await play(command, { ...standard, typeAfterAsk: 'typed after' });
      assert.equal(seen.text, `typed after\n${lines(TEXT.replace('five', 'FIVE'))}`);
      assert.deepEqual(
        seen.edits.map((one) => one.status),
        ['applied'],
      );
    });

    // In a buffer that was never changed, and in one that was: Neovim looks at the version only in the latter.
    for (const unsaved of [undefined, 'typed before'])
      test(`what is typed while the question stands is not lost, and the edit lands beside it${unsaved ? ', in a changed buffer too' : ''}`, async () => {
        const seen = await play(command, { ...standard, unsaved, typeWhileAsked: 'typed meanwhile' });
        assert.equal(seen.text, `typed meanwhile\n${unsaved ? `${unsaved}\n` : ''}${lines(TEXT.replace('five', 'FIVE'))}`);
        assert.deepEqual(
          seen.edits.map((one) => one.status),
          ['applied'],
        );
        assert.match(seen.told[0], /^Applied to a\.txt/);
      });

    test('a new file is a buffer with the text, and comes to be only after the approval', async () => {
      const script = [{ toolCalls: [{ name: 'write', arguments: { path: 'new.txt', content: 'fresh\nlines\n' } }] }, { text: 'done' }];
      const seen = await play(command, { ...standard, script });
      assert.equal(lines(seen.buffers['new.txt'].text), 'fresh\nlines');
      assert.match(seen.told[0], /new\.txt/);
      assert.deepEqual(
        seen.edits.map((one) => one.status),
        ['applied'],
      );
      const refused = await play(command, { ...standard, script, answer: 'Reject' });
      assert.equal(refused.disk['new.txt'], undefined);
      assert.equal(refused.buffers['new.txt'], undefined);
    });
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ghostsOf } from '../../extension/vscode/review/ghosts.ts';
import { hunk } from './edits.ts';

test('each line that goes has the one that takes its place behind it, and of it only what differs goes', () => {
  assert.deepEqual(ghostsOf(hunk('h', 3, '  const a = 1;\n  const b = 2;\n', '  const a = 10;\n  let b = 2;\n')), [
    { line: 3, gone: { from: 12, to: 13 }, comes: 'const a = 10;' },
    { line: 4, gone: { from: 2, to: 7 }, comes: 'let b = 2;' },
  ]);
});

test('what is more than what goes stands behind the last row, and the rest of many lines is counted', () => {
  assert.deepEqual(ghostsOf(hunk('h', 0, 'a\nb\n', 'A\nB\nC\n')), [
    { line: 0, gone: { from: 0, to: 1 }, comes: 'A' },
    { line: 1, gone: { from: 0, to: 1 }, comes: 'B ⏎ C' },
  ]);
  const [row] = ghostsOf(hunk('h', 4, '', '\tone\n\n  two\nthree\nfour\n'));
  assert.deepEqual(row, { line: 3, comes: '↓ one ⏎ ⏎ ⏎ two … 2 more lines' });
});

test('what only goes has nothing behind it; what only comes before the first line says so', () => {
  assert.deepEqual(ghostsOf(hunk('h', 2, 'x\ny\n', 'z\n')), [
    { line: 2, gone: { from: 0, to: 1 }, comes: 'z' },
    { line: 3, gone: { from: 0, to: 1 } },
  ]);
  assert.deepEqual(ghostsOf(hunk('h', 0, '', 'first\n')), [{ line: 0, comes: '↑ first' }]);
});

test('a change that clashes, or is decided, has no ghost; what would not be seen is named', () => {
  assert.deepEqual(ghostsOf(hunk('h', 0, 'a\n', 'b\n', 'clashed')), []);
  assert.deepEqual(ghostsOf(hunk('h', 0, 'a\n', 'b\n', 'landed')), []);
  assert.equal(ghostsOf(hunk('h', 0, 'a\n', 'b\u202e\n'))[0].comes, 'b\\u{202e}');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Edit, ToldEdit } from '../../extension/vscode/protocol.ts';
import { filled, ordered, whole } from '../../extension/vscode/server/toldEdits.ts';
import { edit, hunk } from './edits.ts';

const decided = ({ hunks, newText, diff, ...rest }: Edit): ToldEdit => ({ ...rest, status: 'applied' });

test('an edit that is decided keeps what was told of it while it was open, but for the whole file', () => {
  const open: Edit = edit('e1', [hunk('h1', 0, 'a\n', 'b\n')], { newText: 'b\n', diff: '+b' });
  const { edits, missing } = whole([decided(open)], [open]);
  assert.deepEqual(missing, []);
  assert.deepEqual(edits, [{ ...open, status: 'applied', newText: '' }]);
});

test('one that was decided before it was told of is asked for, and an open one is taken as it comes', () => {
  const [one, other] = [edit('e1', [hunk('h1', 0, 'a\n', 'b\n')], { diff: '+1' }), edit('e2', [], { diff: '+2' })];
  const { edits, missing } = whole([decided(one), other], []);
  assert.deepEqual(missing, ['e1']);
  assert.deepEqual(edits[1], other);
  const asked: Edit = { ...one, status: 'applied' };
  assert.deepEqual(
    filled(edits, [asked, { ...other, diff: 'of another moment' }]).map(({ status, diff }) => [status, diff]),
    [
      ['applied', '+1'],
      [other.status, '+2'],
    ],
  );
});

test('edits of one turn are in the order of its calls, in whatever order they come', () => {
  const [a, b, c, old] = ['a', 'b', 'c', 'old'].map((id) => edit(id, []));
  const started = new Map([
    [a.toolCallId, 4],
    [b.toolCallId, 5],
    [c.toolCallId, 6],
  ]);
  const ids = ordered([old, c, a, b], started).map(({ id }) => id);
  assert.deepEqual(ids, ['old', 'a', 'b', 'c']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { following, placesOf } from '../../extension/vscode/review/places.ts';
import { Round } from '../../extension/vscode/review/round.ts';
import { edit, hunk } from './edits.ts';

const two = () => [edit('e1', [hunk('h1', 0, 'a\n', 'A\n'), hunk('h2', 4, 'e\n', 'E\n')]), edit('e2', [hunk('h1', 2, 'c\n', 'C\n')])];

test('after a decision comes the change behind it, over all files, and then what was left out before', () => {
  const [first, second] = two();
  const after = (edits: ReturnType<typeof two>, ...decided: [string, string?]) => {
    const place = following(edits, ...decided);
    return place && `${place.edit.id}/${place.hunk.id}`;
  };
  const landed = edit('e1', [hunk('h1', 0, 'A\n', 'A\n', 'landed'), hunk('h2', 4, 'e\n', 'E\n')]);
  assert.equal(after([landed, second], 'e1', 'h1'), 'e1/h2');
  const other = edit('e1', [hunk('h1', 0, 'a\n', 'A\n'), hunk('h2', 4, 'e\n', 'E\n', 'rejected')]);
  assert.equal(after([other, second], 'e1', 'h2'), 'e2/h1');
  assert.equal(after([first, edit('e2', second.hunks, { status: 'applied' })], 'e2', 'h1'), 'e1/h1');
  assert.equal(after([edit('e1', first.hunks, { status: 'rejected' }), second], 'e1'), 'e2/h1');
  assert.equal(after([edit('e1', first.hunks, { status: 'applied' })], 'e1'), undefined);
});

test('"3 of 3" stays what it is while others are decided, and a round ends with the last decision', () => {
  const round = new Round();
  const [first, second] = two();
  round.follow([first, second]);
  assert.deepEqual(round.of(placesOf(second)[0]), { at: 3, of: 3 });
  round.follow([edit('e1', first.hunks, { status: 'applied' }), second]);
  assert.deepEqual(round.of(placesOf(second)[0]), { at: 3, of: 3 });
  round.follow([edit('e1', first.hunks, { status: 'withdrawn' }), second]);
  assert.deepEqual(round.of(placesOf(second)[0]), { at: 1, of: 1 });
  round.follow([edit('e1', first.hunks, { status: 'applied' }), edit('e2', second.hunks, { status: 'rejected' })]);
  const next = edit('e3', [hunk('h1', 0, 'x\n', 'y\n')]);
  round.follow([first, second, next].map((one) => (one === next ? one : { ...one, status: 'applied' })));
  assert.deepEqual(round.of(placesOf(next)[0]), { at: 1, of: 1 });
});

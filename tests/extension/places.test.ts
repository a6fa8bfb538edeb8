import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allPlaces, headline, neighbour, placeAt, placesOf, size } from '../../extension/vscode/review/places.ts';
import { edit, hunk, proposed } from './edits.ts';

const BUFFER = 'a\nb\nc\nd\ne\nf\n';

test('a change is found at its lines of the proposed text, whatever the ones above it add or take away', () => {
  const hunks = [hunk('h3', 5, 'f\n', 'F\n'), hunk('h1', 0, 'a\n', 'A1\nA2\nA3\n'), hunk('h2', 2, 'c\nd\n', '')];
  const lines = proposed(BUFFER, hunks).split('\n');
  const places = placesOf(edit('e1', hunks));
  assert.deepEqual(
    places.map(({ hunk: one }) => one.id),
    ['h1', 'h2', 'h3'],
  );
  for (const { hunk: one, line, lines: count } of places)
    assert.equal(
      lines
        .slice(line, line + count)
        .map((each) => `${each}\n`)
        .join(''),
      one.newText,
    );
});

test('a change that clashes moves nothing and keeps its place between the others', () => {
  const places = placesOf(edit('e1', [hunk('h1', 0, 'a\n', 'A\nA\n'), hunk('h2', 2, 'typed\n', 'x\ny\nz\n', 'clashed'), hunk('h3', 4, 'e\n', 'E\n')]));
  assert.deepEqual(
    places.map(({ line, lines }) => [line, lines]),
    [
      [0, 2],
      [3, 0],
      [5, 1],
    ],
  );
});

test('what has been decided waits no more', () => {
  const decided = edit('e1', [hunk('h1', 0, 'a\n', 'A\n', 'landed'), hunk('h2', 2, 'c\n', 'C\n', 'rejected'), hunk('h3', 4, 'e\n', 'E\n')]);
  assert.deepEqual(
    placesOf(decided).map((place) => place.hunk.id),
    ['h3'],
  );
  assert.deepEqual(allPlaces([decided, edit('e2', [hunk('h1', 0, 'a\n', 'b\n')], { status: 'applied' })]).length, 1);
});

test('the change at a line is told on either side; a deletion counts for the line that comes to stand there', () => {
  const one = edit('e1', [hunk('h1', 0, 'a\n', 'A1\nA2\n'), hunk('h2', 3, 'd\n', '')]);
  assert.equal(placeAt(one, 1, 'proposed')?.hunk.id, 'h1');
  assert.equal(placeAt(one, 1, 'buffer'), undefined);
  assert.equal(placeAt(one, 4, 'proposed')?.hunk.id, 'h2');
  assert.equal(placeAt(one, 3, 'buffer')?.hunk.id, 'h2');
});

test('next and previous go through all files and round', () => {
  const edits = [edit('e1', [hunk('h1', 0, 'a\n', 'A\n'), hunk('h2', 4, 'e\n', 'E\n')]), edit('e2', [hunk('h1', 2, 'c\n', 'C\n')])];
  const visited: string[] = [];
  let cursor: Parameters<typeof neighbour>[1];
  for (let step = 0; step < 4; step++) {
    const place = neighbour(edits, cursor, 1);
    assert.ok(place);
    visited.push(`${place.edit.id}/${place.hunk.id}`);
    cursor = { editId: place.edit.id, line: place.line, side: 'proposed' };
  }
  assert.deepEqual(visited, ['e1/h1', 'e1/h2', 'e2/h1', 'e1/h1']);
  const back = neighbour(edits, { editId: 'e1', line: 0, side: 'proposed' }, -1);
  assert.equal(back?.edit.id, 'e2');
  assert.equal(neighbour([], undefined, 1), undefined);
});

test('a list shows the first line that says something, and the size in lines', () => {
  assert.equal(headline(hunk('h', 0, 'old();\n', '\n  fresh();\n')), 'fresh();');
  assert.equal(headline(hunk('h', 0, '  old();\n', '')), 'old();');
  assert.equal(size([hunk('h', 0, 'a\nb\n', 'c'), hunk('i', 0, '', 'd\n')]), '+2 −2');
});

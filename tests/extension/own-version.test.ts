import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedSpans } from '../../extension/vscode/review/lineChanges.ts';
import { asWritten, carriedOver, isOwn, lineInOwn, lineInProposal, separate, spliced } from '../../extension/vscode/review/ownVersion.ts';
import { dice } from '../chat/dice.ts';
import { edit, hunk, proposed } from './edits.ts';

const BASE = 'one\ntwo\nthree\nfour\nfive\n';

function carried(fresh: string, mine: string): string {
  const spans = carriedOver(BASE, fresh, mine);
  assert.notEqual(spans, 'clash');
  return spans === 'clash' ? mine : spliced(mine, spans);
}

test('line ends and byte order marks are no version of the user', () => {
  assert.equal(isOwn('a\nb\n', 'a\r\nb\r\n'), false);
  assert.equal(isOwn('a\n', '\uFEFFa\n'), false);
  assert.equal(isOwn('a \n', 'a\n'), true);
  assert.equal(asWritten('x\n', '\uFEFFa\n'), '\uFEFFx\n');
});

test('what has changed is told by the smallest runs of lines', () => {
  assert.deepEqual(changedSpans(BASE, 'one\nTWO\nthree\nfour\nfive\n'), [{ from: 1, to: 2, lines: ['TWO'] }]);
  assert.deepEqual(changedSpans(BASE, `${BASE}six\n`), [{ from: 5, to: 5, lines: ['six'] }]);
  assert.deepEqual(changedSpans(BASE, 'zero\none\nthree\nfour\nFIVE\nsix\n'), [
    { from: 0, to: 0, lines: ['zero'] },
    { from: 1, to: 2, lines: [] },
    { from: 4, to: 5, lines: ['FIVE', 'six'] },
  ]);
  assert.deepEqual(changedSpans(BASE, BASE), []);
  assert.deepEqual(changedSpans('', 'a\n'), [{ from: 0, to: 0, lines: ['a'] }]);
});

test('whatever has changed, the changes make the one text of the other, and none touches another', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const roll = dice(seed);
    const text = () => Array.from({ length: roll(12) }, () => 'abc'[roll(3)]).join('\n');
    const [old, fresh] = [text(), text()];
    const spans = changedSpans(old, fresh);
    assert.equal(spliced(old, spans), fresh, `seed ${seed}`);
    for (const [i, span] of spans.entries()) if (i > 0) assert.ok(spans[i - 1].to < span.from, `seed ${seed}`);
  }
});

test('texts that have nothing in common are one change, however long they are', () => {
  const [old, fresh] = [0, 1].map((side) => Array.from({ length: 3_000 }, (_, i) => `${side} ${i}`).join('\n'));
  assert.equal(changedSpans(old, fresh).length, 1);
  assert.equal(spliced(old, changedSpans(old, fresh)), fresh);
});

test("what is typed on the other side is carried into the user's version, above it, below it and between", () => {
  const mine = 'one\ntwo\nTHREE\nand a half\nfour\nfive\n';
  assert.equal(carried('zero\none\ntwo\nthree\nfour\nfive\n', mine), 'zero\none\ntwo\nTHREE\nand a half\nfour\nfive\n');
  assert.equal(carried('one\ntwo\nthree\nfour\nFIVE\n', mine), 'one\ntwo\nTHREE\nand a half\nfour\nFIVE\n');
  assert.equal(carried('one\ntwo\nthree\nfour\n', mine), 'one\ntwo\nTHREE\nand a half\nfour\n');
  assert.equal(carried('one\ntwo\n3\nfour\nfive\n', 'ONE\ntwo\nthree\nfour\nFIVE\n'), 'ONE\ntwo\n3\nfour\nFIVE\n');
});

test('without a version of the user everything moves along, and with no movement nothing does', () => {
  assert.equal(carried('ONE\ntwo\nthree\nfour\nfive\n', BASE), 'ONE\ntwo\nthree\nfour\nfive\n');
  assert.deepEqual(carriedOver(BASE, BASE, 'mine\n'), []);
});

test('the same lines changed on both sides are a clash, unless to the same text', () => {
  const mine = 'one\ntwo\nmine\nfour\nfive\n';
  assert.equal(carriedOver(BASE, 'one\ntwo\ntheirs\nfour\nfive\n', mine), 'clash');
  assert.deepEqual(carriedOver(BASE, mine, mine), []);
});

test("a line of the user's version is told as a line of the proposal, and back", () => {
  const mine = 'zero\none\ntwo\nTHREE\nand a half\nfive\n';
  const there = (line: string) => lineInProposal(BASE, mine, mine.split('\n').indexOf(line));
  assert.deepEqual(['one', 'two', 'THREE', 'and a half', 'five'].map(there), [0, 1, 2, 3, 4]);
  const back = (line: string) => lineInOwn(BASE, mine, BASE.split('\n').indexOf(line));
  assert.deepEqual(['one', 'two', 'three', 'five'].map(back), [1, 2, 3, 5]);
});

test("changes that the user's version has as proposed are decided by themselves, as long as another one waits", () => {
  const buffer = 'a\nb\nc\nd\ne\nf\ng\n';
  const hunks = [hunk('h1', 1, 'b\n', 'B\n'), hunk('h2', 3, 'd\n', 'D\n'), hunk('h3', 5, 'f\n', 'F\n')];
  const text = proposed(buffer, hunks);
  const of = (mine: string, some = hunks, stale = false) => separate(edit('e', some, { newText: text }), { text: mine, stale }).map((place) => place.hunk.id);
  assert.deepEqual(of(text.replace('D', 'D!')), ['h1', 'h3']);
  assert.deepEqual(of(`own first line\n${text}`), ['h1', 'h2', 'h3']);
  assert.deepEqual(of(text.replace('c', 'C')), ['h3'], 'what stands beside it is not told from it');
  assert.deepEqual(of(`own first line\n${text}`, [hunks[0], { ...hunks[1], fate: 'landed' }, { ...hunks[2], fate: 'rejected' }]), []);
  assert.deepEqual(of(text.replace('D', 'D!'), hunks, true), [], 'a version that does not follow any more');
});

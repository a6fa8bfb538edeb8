import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asWritten, carriedOver, changedSpan, isOwn, lineInProposal } from '../../extension/vscode/review/ownVersion.ts';

const BASE = 'one\ntwo\nthree\nfour\nfive\n';

function carried(fresh: string, mine: string): string {
  const span = carriedOver(BASE, fresh, mine);
  assert.notEqual(span, 'clash');
  if (!span || span === 'clash') return mine;
  const lines = mine.split('\n');
  lines.splice(span.from, span.to - span.from, ...span.lines);
  return lines.join('\n');
}

test('line ends and byte order marks are no version of the user', () => {
  assert.equal(isOwn('a\nb\n', 'a\r\nb\r\n'), false);
  assert.equal(isOwn('a\n', '\uFEFFa\n'), false);
  assert.equal(isOwn('a \n', 'a\n'), true);
  assert.equal(asWritten('x\n', '\uFEFFa\n'), '\uFEFFx\n');
});

test('the changed span is the smallest run of lines', () => {
  assert.deepEqual(changedSpan(BASE, 'one\nTWO\nthree\nfour\nfive\n'), { from: 1, to: 2, lines: ['TWO'] });
  assert.deepEqual(changedSpan(BASE, `${BASE}six\n`), { from: 5, to: 5, lines: ['six'] });
  assert.equal(changedSpan(BASE, BASE), undefined);
});

test("what is typed on the other side is carried into the user's version, above it and below it", () => {
  const mine = 'one\ntwo\nTHREE\nand a half\nfour\nfive\n';
  assert.equal(carried('zero\none\ntwo\nthree\nfour\nfive\n', mine), 'zero\none\ntwo\nTHREE\nand a half\nfour\nfive\n');
  assert.equal(carried('one\ntwo\nthree\nfour\nFIVE\n', mine), 'one\ntwo\nTHREE\nand a half\nfour\nFIVE\n');
  assert.equal(carried('one\ntwo\nthree\nfour\n', mine), 'one\ntwo\nTHREE\nand a half\nfour\n');
});

test('without a version of the user everything moves along, and with no movement nothing does', () => {
  assert.equal(carried('ONE\ntwo\nthree\nfour\nfive\n', BASE), 'ONE\ntwo\nthree\nfour\nfive\n');
  assert.equal(carriedOver(BASE, BASE, 'mine\n'), undefined);
});

test('the same lines changed on both sides are a clash, unless to the same text', () => {
  const mine = 'one\ntwo\nmine\nfour\nfive\n';
  assert.equal(carriedOver(BASE, 'one\ntwo\ntheirs\nfour\nfive\n', mine), 'clash');
  assert.equal(carriedOver(BASE, mine, mine), undefined);
});

test("a line of the user's version is told as a line of the proposal", () => {
  const mine = 'one\ntwo\nTHREE\nand a half\nfour\nfive\n';
  const lines = mine.split('\n');
  assert.equal(lineInProposal(BASE, mine, lines.indexOf('one')), 0);
  assert.equal(lineInProposal(BASE, mine, lines.indexOf('and a half')), 2);
  assert.equal(lineInProposal(BASE, mine, lines.indexOf('five')), 4);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Status } from '../../extension/vscode/protocol.ts';
import { pickRows } from '../../extension/vscode/answers/pickRows.ts';
import { ago, allowanceRow } from '../../extension/vscode/session/words.ts';
import { isUnavailable, problemOf } from '../../extension/vscode/status/problems.ts';
import { type BarState, barText, details, summary } from '../../extension/vscode/status/words.ts';
import { firstLine, short } from '../../extension/vscode/words/short.ts';

const status: Status = {
  availability: { state: 'ready' },
  version: '0.1.0',
  state: 'ready',
  model: 'local/fast/one',
  thinking: 'high',
  context: { tokens: 15_400, window: 200_000, percent: 7.7 },
  cost: 0.0123,
  folder: 'file:///w',
  openEdits: 0,
  permissionMode: 'ask',
  approval: 'commands',
};
const state = (more: Partial<BarState> = {}): BarState => ({ server: 'running', status, openEdits: 0, questions: 0, trusted: true, ...more });

test('the status bar names model, thinking level, context and what waits', () => {
  const text = barText(state({ openEdits: 2, questions: 1 }));
  for (const part of ['fast/one', 'high', '8%', '$(diff-multiple) 2', '$(question) 1']) assert.ok(text.includes(part), `${part} in ${text}`);
  assert.ok(!barText(state({ status: { ...status, thinking: 'off' } })).includes('off'));
});

test('a server that is down is told from one that works', () => {
  const texts = (['stopped', 'starting', 'failed'] as const).map((server) => barText(state({ server, status: undefined })));
  assert.equal(new Set([...texts, barText(state())]).size, 4);
  assert.notEqual(barText(state({ status: { ...status, state: 'running' } })), barText(state()));
});

test('the summary says first what waits for the user', () => {
  assert.equal(summary(state({ openEdits: 1, questions: 2, status: { ...status, state: 'running' } })), 'Pi: 1 edit and 2 questions waiting for you');
  assert.match(summary(state({ trusted: false })), /read only.*not trusted/);
});

test('details leave out what is not known', () => {
  const names = (some: BarState) => details(some).map(([name]) => name);
  assert.ok(names(state()).includes('Context'));
  assert.ok(!names(state({ status: { ...status, context: undefined, cost: undefined } })).includes('Context'));
  assert.deepEqual(new Map(details(state())).get('Context'), '15k of 200k (8%)');
});

test('what keeps a prompt from being sent is shown as an error, with something to do about it', () => {
  const without = { ...status, availability: { state: 'noCredentials' as const, message: 'No provider has credentials.', advice: 'Sign in.' } };
  assert.ok(isUnavailable(without));
  assert.ok(barText(state({ status: without })).includes('$(error)'));
  assert.equal(new Map(details(state({ status: without }))).get('Problem'), 'No provider has credentials.');
  const old = { ...status, availability: { state: 'tooOld' as const, message: 'Pi is too old.', advice: 'Update it.' } };
  assert.equal(new Map(details(state({ status: old }))).get('Problem'), 'Pi is too old. Update it.');
  for (const fine of ['unknown', 'checking', 'starting', 'ready'] as const) assert.ok(!isUnavailable({ ...status, availability: { state: fine } }), fine);
});

test('what stops a message is said with what to do, and without the places that were looked at', () => {
  const advice = 'Install it with `npm install -g x`, or set pi.command to its cli.js.';
  assert.equal(problemOf({ state: 'notFound', message: 'Pi was not found by "pi".', advice }), `Pi was not found by "pi". ${advice}`);
  assert.equal(problemOf({ state: 'failed', message: 'It ended.', advice: 'Look at the log.' }), 'It ended. Look at the log.');
  assert.equal(problemOf({ state: 'failed', advice: 'Look at the log.' }), 'Look at the log.');
});

test('an age is told in its largest unit', () => {
  const day = 86_400_000;
  assert.equal(ago(0, 3 * day + 5), '3 days ago');
  assert.equal(ago(0, 3_600_000), '1 hour ago');
  assert.equal(ago(10, 0), 'just now');
});

test('a list shows the first line of what was said', () => {
  assert.equal(firstLine('\n  fix it\n\n<editor>\n…'), 'fix it');
  assert.ok(firstLine('x'.repeat(500)).length <= 100);
});

test('a choice shows the primary ones by group and a way to the rest; a search has all', () => {
  const items = [
    { id: '1', label: 'one', group: 'A', primary: true },
    { id: '2', label: 'two', group: 'A' },
    { id: '3', label: 'three', group: 'B', primary: true },
  ];
  const labels = (all: boolean) =>
    pickRows(items, all).map((row) => (row.kind === 'item' ? row.item.id : row.kind === 'group' ? row.label : `all ${row.count}`));
  assert.deepEqual(labels(false), ['A', '1', 'B', '3', 'all 3']);
  assert.deepEqual(labels(true), ['A', '1', '2', 'B', '3']);
});

test('what is cut short keeps its length and halves no character', () => {
  assert.equal(short('abc', 3), 'abc');
  assert.equal(short('abcd', 3), 'ab…');
  assert.equal(short('abcd', 3, ''), 'abc');
  const family = '👨‍👩‍👧‍👦';
  for (const some of ['😀', family, 'e\u0301', '🇩🇪']) {
    for (let most = 1; most < 300; most++) {
      const cut = short(some.repeat(200), most, '');
      assert.equal(cut.length, Math.floor(most / some.length) * some.length, `${some} at ${most}`);
    }
  }
});

test('what is always allowed is said in words, with nothing hidden in it', () => {
  assert.deepEqual(allowanceRow({ shellCommand: 'npm test' }), { label: 'npm test', description: 'run this command' });
  assert.equal(allowanceRow({ pathPattern: 'src/**' }).description, 'edit these files');
  assert.equal(allowanceRow({ tool: 'web\u202e' }).label, 'web\\u{202e}');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Status } from '../../extension/vscode/protocol.ts';
import { type BarState, barText, details, summary } from '../../extension/vscode/text.ts';

const status: Status = {
  version: '0.1.0',
  state: 'ready',
  model: 'local/fast/one',
  thinking: 'high',
  context: { tokens: 15_400, window: 200_000, percent: 7.7 },
  cost: 0.0123,
  openEdits: 0,
  permissionMode: 'ask',
  approval: 'commands',
};
const state = (more: Partial<BarState> = {}): BarState => ({ server: 'running', status, openEdits: 0, questions: 0, trusted: true, ...more });

test('the status bar names model, thinking level, context and what waits', () => {
  const text = barText(state({ openEdits: 2, questions: 1 }));
  for (const part of ['fast/one', 'high', '8%', '$(git-compare) 2', '$(question) 1']) assert.ok(text.includes(part), `${part} in ${text}`);
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

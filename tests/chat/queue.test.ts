// What the user has sent on its way through the queue: into the run, behind it, back, or from elsewhere.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reduce } from '../../extension/vscode/chat/model/reducer.ts';
import { asked, last, play, queue, shape, story } from './stories.ts';

test('a prompt that is refused keeps its words and says why', () => {
  const state = play([asked('p1', 'hello'), { type: 'askEnded', id: 'p1', error: 'No API key found' }]);
  assert.deepEqual([last(state, 'user').state, last(state, 'user').text, last(state, 'user').error], ['failed', 'hello', 'No API key found']);
});

test('a message into the run waits in the queue and becomes a prompt when the agent takes it up', () => {
  const events = story({ type: 'runStarted' }, queue(['be brief']), queue([]), { type: 'userMessage', text: 'be brief' }, queue([], ['then test']), {
    type: 'runSettled',
  });
  let state = play([events[0], asked('p2', 'be brief', 'steer')]);
  assert.deepEqual([shape(state), state.outgoing.length], [[], 1]);
  state = reduce(state, events[1]);
  assert.deepEqual([state.outgoing.length, state.steering], [0, ['be brief']]);
  state = play([events[2], events[3]], state);
  assert.deepEqual([shape(state), last(state, 'user').text, last(state, 'user').state], [['user'], 'be brief', 'sent']);
  state = play([events[4], events[5]], state);
  assert.deepEqual([last(state, 'user').text, last(state, 'user').state, state.followUp], ['then test', 'failed', []], 'what Pi never got is not lost');
});

test('what leaves the queue and is never taken up comes back as not sent', () => {
  const state = play(story({ type: 'runStarted' }, queue(['go', 'go']), queue(['go']), { type: 'userMessage', text: 'go' }, queue([]), { type: 'runSettled' }));
  assert.deepEqual(
    state.items.filter((item) => item.kind === 'user').map((item) => item.state),
    ['sent', 'failed'],
  );
});

test('a queue that is emptied and filled again has lost nothing and doubled nothing', () => {
  const [started, both, none, one, ...rest] = story(
    { type: 'runStarted' },
    queue([], ['first', 'second']),
    queue([]),
    queue([], ['second']),
    queue([]),
    { type: 'queueRestored', steering: [], followUp: ['second'] },
    { type: 'runSettled' },
  );
  const state = play([started, both, { type: 'unqueued', text: 'first' }, none, one, ...rest]);
  assert.deepEqual(
    state.items.flatMap((item) => (item.kind === 'user' ? [item.text] : [])),
    ['second'],
  );
});

test('what a stopped run had not taken up comes back once, in whatever order it is told', () => {
  const settled = { type: 'runSettled' };
  const restored = { type: 'queueRestored', steering: ['go'], followUp: ['then'] };
  for (const order of [
    [queue([]), restored, settled],
    [queue([]), settled, restored],
    [restored, queue([]), settled],
    [settled, restored],
  ]) {
    const state = play(story({ type: 'runStarted' }, queue(['go'], ['then']), ...order));
    const back = state.items.flatMap((item) => (item.kind === 'user' ? [`${item.text} ${item.state}`] : []));
    assert.deepEqual(back.sort(), ['go failed', 'then failed'], JSON.stringify(order));
    assert.deepEqual([state.steering, state.followUp, state.leaving], [[], [], []]);
  }
});

test('a message that the user takes out of the queue is not shown as sent', () => {
  const [started, queued, empty, settled] = story({ type: 'runStarted' }, queue(['no']), queue([]), { type: 'runSettled' });
  assert.deepEqual(shape(play([started, queued, { type: 'unqueued', text: 'no' }, empty, settled])), ['run']);
});

test('a prompt from elsewhere is shown, one whose words were changed on the way is not shown twice', () => {
  const events = story({ type: 'runStarted' }, { type: 'userMessage', text: 'the template, written out' });
  assert.deepEqual(shape(play(events)), ['user']);
  const own = play([asked('p', '/template'), ...events]);
  assert.deepEqual([shape(own), last(own, 'user').text, last(own, 'user').state], [['user'], '/template', 'sent']);
});

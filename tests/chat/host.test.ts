import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChatModel } from '../../extension/vscode/chat/host/chatModel.ts';
import { Questions } from '../../extension/vscode/chat/host/questions.ts';
import { check } from '../../extension/vscode/chat/shape.ts';
import { toHost } from '../../extension/vscode/chat/messages/toHost.ts';
import { toView } from '../../extension/vscode/chat/messages/toView.ts';
import type { Conversation } from '../../extension/vscode/chat/model/conversation.ts';
import { type Input, reduce } from '../../extension/vscode/chat/model/reducer.ts';
import { busy } from './scenes.ts';
import { chrome } from './chrome.ts';

/** A model with a server that answers when the test says so, and a page that folds along. */
function modelFor() {
  const asked: { argument: object; answer: (reply: unknown) => void; fail: (error: Error) => void }[] = [];
  const warnings: string[] = [];
  const model = new ChatModel({
    transcript: (argument) => new Promise((answer, fail) => asked.push({ argument, answer, fail })),
    warn: (problem) => warnings.push(problem),
  });
  const mirror = { state: model.conversation as Conversation, rev: 0 };
  model.onReset = () => Object.assign(mirror, { state: model.conversation, rev: model.rev });
  model.onInputs = (rev: number, inputs: Input[]) => {
    assert.equal(rev, mirror.rev, 'inputs come without a hole');
    mirror.state = inputs.reduce(reduce, mirror.state);
    mirror.rev += inputs.length;
  };
  return { model, asked, warnings, mirror };
}

const settled = () => new Promise((done) => setImmediate(done));
const delta = (seq: number, text: string) => ({ sessionId: 's', seq, type: 'textDelta', text });
const page = (more: object) => ({ sessionId: 's', seq: 0, running: false, more: false, entries: [], ...more });
const textOf = (state: Conversation) => state.items.map((item) => ('text' in item ? item.text : item.kind)).join('|');

test('the page sees what the extension sees, in one message for what came at once', async () => {
  const { model, mirror } = modelFor();
  let messages = 0;
  const inner = model.onInputs;
  model.onInputs = (rev, inputs) => {
    messages++;
    inner(rev, inputs);
  };
  for (let i = 1; i <= 50; i++) model.event(delta(i, `${i} `));
  await settled();
  assert.deepEqual([messages, mirror.rev], [1, model.rev]);
  assert.deepEqual(mirror.state, model.conversation);
});

test('a snapshot in the middle of a batch loses nothing and doubles nothing', async () => {
  const { model, mirror } = modelFor();
  model.event(delta(1, 'one '));
  Object.assign(mirror, { state: model.snapshot().conversation, rev: model.snapshot().rev });
  model.event(delta(2, 'two'));
  await settled();
  assert.deepEqual([textOf(mirror.state), mirror.rev], ['one two', model.rev]);
});

test('what happens while a transcript is on its way is neither lost nor doubled', async () => {
  const { model, asked, mirror } = modelFor();
  const opened = model.open('s', 'a name');
  model.event(delta(5, 'FIVE'));
  model.event(delta(6, 'six'));
  model.event(delta(7, ' seven'));
  asked[0].answer(page({ seq: 5, running: true, entries: [{ id: 't1', kind: 'assistant', text: 'four FIVE ', state: 'running' }] }));
  await opened;
  await settled();
  assert.equal(textOf(model.conversation), 'four FIVE six seven');
  assert.equal(model.conversation.name, 'a name');
  assert.deepEqual(mirror.state, model.conversation);
});

test('a hole in the events is filled from the transcript', async () => {
  const { model, asked } = modelFor();
  model.event(delta(1, 'one '));
  model.event(delta(3, 'three'));
  assert.equal(asked.length, 1);
  asked[0].answer(page({ seq: 3, running: true, entries: [{ id: 't1', kind: 'assistant', text: 'one two three', state: 'running' }] }));
  await settled();
  model.event(delta(4, ' four'));
  assert.deepEqual([textOf(model.conversation), model.conversation.gap], ['one two three four', false]);
});

test('a transcript that fails or makes no sense leaves what is there, and the events go on', async () => {
  for (const reply of [new Error('gone'), { nonsense: true }, page({ sessionId: 'other' })]) {
    const { model, asked } = modelFor();
    model.event(delta(1, 'one '));
    const read = model.refresh();
    model.event(delta(2, 'two'));
    if (reply instanceof Error) asked[0].fail(reply);
    else asked[0].answer(reply);
    await read;
    assert.equal(textOf(model.conversation), 'one two');
  }
});

test('of two transcripts on their way the later one counts', async () => {
  const { model, asked } = modelFor();
  const first = model.open('a', null);
  const second = model.open('s', null);
  asked[1].answer(page({ entries: [{ id: 't', kind: 'user', text: 'right' }] }));
  asked[0].answer(page({ sessionId: 'a', entries: [{ id: 't', kind: 'user', text: 'wrong' }] }));
  await Promise.all([first, second]);
  assert.equal(textOf(model.conversation), 'right');
});

test('a prompt that was sent before there was a session is kept when it has one', async () => {
  const { model, asked } = modelFor();
  model.feed({ type: 'asked', id: 'p', text: 'hello', attachments: [], deliver: 'start' });
  const opened = model.open('s', null);
  assert.equal(textOf(model.conversation), 'hello');
  asked[0].answer(page({ seq: 2, running: true, entries: [{ id: 't1', kind: 'user', text: 'hello' }] }));
  await opened;
  assert.equal(textOf(model.conversation), 'hello', 'and is shown once');
});

test('earlier messages are asked for once, before those that are there', async () => {
  const { model, asked } = modelFor();
  const opened = model.open('s', null);
  asked[0].answer(page({ more: true, entries: [{ id: 't9', kind: 'user', text: 'late' }] }));
  await opened;
  const reads = [model.earlier(), model.earlier()];
  assert.deepEqual(
    asked.slice(1).map((one) => one.argument),
    [{ sessionId: 's', before: 't9', limit: 200 }],
  );
  asked[1].answer(page({ entries: [{ id: 't1', kind: 'user', text: 'early' }] }));
  await Promise.all(reads);
  await model.earlier();
  assert.deepEqual([textOf(model.conversation), asked.length], ['early|late', 2]);
});

test('a wrong event is said and skipped', () => {
  const { model, warnings } = modelFor();
  model.event({ sessionId: 's', seq: 1, type: 'textDelta' });
  model.event(delta(1, 'ok'));
  assert.equal(textOf(model.conversation), 'ok');
  assert.match(warnings[0], /pi\/event\.text should be a string/);
});

/** What a VS Code token does, as far as it is used. */
function token() {
  const listeners = new Set<() => void>();
  return {
    isCancellationRequested: false,
    onCancellationRequested: (listener: () => void) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    cancel() {
      for (const listener of listeners) listener();
    },
    listeners,
  };
}
const question = {
  sessionId: 's',
  toolCallId: 't1',
  tool: 'bash',
  source: 'pi',
  what: 'ls',
  brief: 'ls',
  isWhole: true,
  input: { command: 'ls' },
  stagedEdits: 0,
};

test('a question is answered once, with what the user said, and leaves nothing behind', async () => {
  for (const [answer, reason, expected] of [
    ['allow', '', { allow: true }],
    ['always', '', { allow: true, always: true }],
    ['landFirst', '', { allow: true, landFirst: true }],
    ['reject', ' no ', { allow: false, reason: 'no' }],
    ['reject', '', { allow: false }],
  ] as const) {
    const { model } = modelFor();
    const questions = new Questions(model);
    const cancellation = token();
    const asked = questions.ask(question, cancellation as never);
    const [{ id }] = model.conversation.confirms;
    assert.equal(questions.answer(id, answer, reason), true);
    assert.equal(questions.answer(id, 'allow', ''), false, 'a second answer hits nothing');
    assert.deepEqual(await asked, expected);
    assert.deepEqual([model.conversation.confirms.length, questions.count, cancellation.listeners.size], [0, 0, 0]);
  }
});

test('a question that is void, or whose server is gone, is a refusal; a late answer allows nothing', async () => {
  const { model } = modelFor();
  const questions = new Questions(model);
  const cancellation = token();
  const first = questions.ask(question, cancellation as never);
  const [{ id }] = model.conversation.confirms;
  cancellation.cancel();
  assert.deepEqual(await first, { allow: false });
  assert.equal(questions.answer(id, 'allow', ''), false);
  const second = questions.ask(question, token() as never);
  questions.endAll();
  assert.deepEqual(await second, { allow: false });
  assert.equal((await questions.ask({ ...question, what: 5 } as never, token() as never)).allow as boolean, false);
});

test('a question of a conversation that is not shown stands in it when it is', async () => {
  const { model, asked } = modelFor();
  const questions = new Questions(model);
  const open = async (sessionId: string) => {
    const opened = model.open(sessionId, null);
    asked.at(-1)?.answer(page({ sessionId }));
    await opened;
    questions.showAgain();
  };
  const shown = () => model.conversation.confirms.map(({ what }) => what);
  await open('s');
  const own = questions.ask(question, token() as never);
  const other = questions.ask({ ...question, sessionId: 'other', what: 'make' }, token() as never);
  assert.deepEqual([shown(), questions.count], [['ls'], 2]);
  await open('other');
  assert.deepEqual(shown(), ['make']);
  questions.showAgain();
  assert.deepEqual(shown(), ['make'], 'once');
  questions.answer(model.conversation.confirms[0].id, 'allow', '');
  assert.deepEqual(await other, { allow: true });
  await open('s');
  assert.deepEqual([shown(), questions.count], [['ls'], 1]);
  questions.endAll();
  assert.deepEqual(await own, { allow: false });
});

test('messages are checked on both sides; what is not asked for does not get through', () => {
  const host = (message: unknown) => check(toHost, message, 'message');
  assert.deepEqual(host({ type: 'send', id: 'a', text: 'hi', deliver: 'start', extra: { __proto__: 1 } }), {
    value: { type: 'send', id: 'a', text: 'hi', deliver: 'start' },
  });
  for (const wrong of [
    null,
    5,
    [],
    {},
    { type: 'nope' },
    { type: 'toString' },
    { type: '__proto__' },
    { type: 'send' },
    { type: 'send', id: 'a', text: 7, deliver: 'start' },
    { type: 'send', id: 'a', text: 'x', deliver: 'now' },
    { type: 'openPath', path: 'a', line: -1 },
    { type: 'openPath', path: 'a', line: 1.5 },
    { type: 'findPaths', id: 'x', paths: new Array(201).fill('a') },
    { type: 'answer', confirmId: 'c', answer: 'yes', reason: '' },
  ])
    assert.ok('problem' in host(wrong), JSON.stringify(wrong));
  const snapshot = { type: 'snapshot', rev: 3, conversation: JSON.parse(JSON.stringify(busy())), chrome: chrome() };
  assert.deepEqual(JSON.parse(JSON.stringify(check(toView, snapshot, 'message'))), { value: JSON.parse(JSON.stringify(snapshot)) });
  const broken = structuredClone(snapshot);
  broken.conversation.items[1].kind = 'script';
  assert.deepEqual(check(toView, broken, 'message'), { problem: 'message.conversation.items[1] should be an item of a known kind, not an object' });
});

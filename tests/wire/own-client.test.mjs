// A client that announces `experimental.pi`: its own list of edits, its own view of the run, its own questions.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { poll } from './processes.mjs';
import { stageFor } from './stage.mjs';
import { bash, calls, edit, read, says } from './steps.mjs';

const own = (pi) => ({ capabilities: { experimental: { pi } } });
const files = { 'notes.txt': 'one\ntwo\n' };
const change = [calls(edit('notes.txt', ['two', '2'])), says('Done.')];

const eventsOf = (stage) => stage.lsp.all('pi/event');
const typesOf = (stage) => eventsOf(stage).map((one) => one.type);
function assertNumbered(stage) {
  const seqs = eventsOf(stage).map((one) => one.seq);
  assert.deepEqual(
    seqs,
    seqs.map((_, i) => seqs[0] + i),
    'no gap, no repetition',
  );
  assert.equal(seqs[0], 1);
}

test('proposals arrive as a list whenever they change, and no message is shown for them', async (t) => {
  const stage = await stageFor(t, { files, script: change, client: own({ proposals: true }) });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('change it');
  const {
    sessionId,
    edits: [open],
  } = await stage.lsp.waitFor('pi/edits', ({ edits }) => edits.some((one) => one.status === 'open'));
  assert.deepEqual([open.uri, open.tool, open.version, open.newText], [uri, 'edit', 1, 'one\n2\n']);
  assert.deepEqual(
    open.hunks.map(({ oldText, newText }) => [oldText, newText]),
    [['two\n', '2\n']],
  );
  assert.match(open.diff, /^\+2$/m);
  await stage.lsp.command('pi.applyEdit', { editId: open.id });
  const {
    edits: [applied],
  } = await stage.lsp.waitFor('pi/edits', ({ edits }) => edits.some((one) => one.status === 'applied'));
  // Its texts were told while it was open; whoever wants them again asks for them.
  const { hunks, newText, diff, ...told } = open;
  const outcome = { added: 1, removed: 1, applied: 1, rejected: 0, changedByUser: false };
  assert.deepEqual(applied, { ...told, status: 'applied', version: 2, outcome });
  const { edits: whole } = await stage.lsp.command('pi.listEdits', { editIds: [open.id] });
  assert.deepEqual(whole, [{ ...applied, hunks: hunks.map((hunk) => ({ ...hunk, fate: 'landed' })), newText, diff }]);
  assert.deepEqual(await stage.lsp.command('pi.listEdits', { editIds: ['s1-e99'] }), { edits: [] });
  assert.equal((await asked).sessionId, sessionId);
  assert.equal(stage.lsp.text(uri), 'one\n2\n');
  assert.equal(stage.lsp.questions.length, 0);
});

test('the list follows what the user types while an edit waits', async (t) => {
  const stage = await stageFor(t, { files, script: change, client: own({ proposals: true }) });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('change it');
  await stage.lsp.waitFor('pi/edits', ({ edits }) => edits.length === 1);
  await stage.lsp.type(uri, { offset: 0, text: 'zero\n' });
  const {
    edits: [moved],
  } = await stage.lsp.waitFor('pi/edits', ({ edits }) => edits[0].version === 2);
  assert.deepEqual([moved.newText, moved.hunks[0].range.start.line], ['zero\none\n2\n', 2]);
  await stage.lsp.type(uri, { offset: 9, length: 3, text: 'TWO' });
  const {
    edits: [clash],
  } = await stage.lsp.waitFor('pi/edits', ({ edits }) => edits[0].version === 3);
  assert.equal(clash.hunks[0].fate, 'clashed');
  await stage.lsp.command('pi.rejectEdit', { editId: clash.id });
  await asked;
});

test('consent is asked by pi/confirm with all there is to know, and a reason reaches the model', async (t) => {
  const stage = await stageFor(t, { script: [calls(bash('touch proof')), calls(bash('touch proof2')), says('Done.')], client: own({ proposals: true }) });
  const seen = [];
  stage.lsp.onRequest('pi/confirm', (params) => {
    seen.push(params);
    return seen.length === 1 ? { allow: false, reason: 'touch something else' } : { allow: true };
  });
  await stage.ask('go');
  assert.deepEqual(
    seen.map(({ tool, what, input }) => [tool, what, input]),
    [
      ['bash', 'touch proof', { command: 'touch proof' }],
      ['bash', 'touch proof2', { command: 'touch proof2' }],
    ],
  );
  assert.deepEqual([existsSync(stage.path('proof')), existsSync(stage.path('proof2'))], [false, true]);
  assert.match(stage.told()[0], /touch something else/);
  assert.equal(stage.lsp.questions.length, 0);
});

for (const [what, answer] of [
  ['null', null],
  ['nothing of use', {}],
  ['a word for a yes', { allow: 'yes' }],
  ['a number', 1],
]) {
  test(`an answer to pi/confirm that is ${what} is no consent`, async (t) => {
    const stage = await stageFor(t, { script: [calls(bash('touch proof')), says('Done.')], client: own({ proposals: true }) });
    stage.lsp.onRequest('pi/confirm', () => answer);
    await stage.ask('go');
    assert.equal(existsSync(stage.path('proof')), false);
    assert.match(stage.told()[0], /did not/);
  });
}

test('a run of several stages is told once and in order', async (t) => {
  const stage = await stageFor(t, {
    files,
    script: [
      { thinking: ['Let me ', 'think.'], ...calls(read('notes.txt')) },
      { text: 'I change it.', ...calls(edit('notes.txt', ['two', '2'])) },
      calls(read('notes.txt')),
      says('Done.'),
    ],
    client: own({ events: true }),
    settings: { permissionMode: 'acceptEdits', model: 'thinker-1', thinking: 'low' },
  });
  await stage.open('notes.txt');
  const { sessionId, text } = await stage.ask('go');
  assert.equal(text, 'Done.');
  assertNumbered(stage);
  assert.ok(eventsOf(stage).every((one) => one.sessionId === sessionId));
  // How many pieces a text comes in is not promised.
  const shape = typesOf(stage).filter(
    (type, i, all) => !['toolProgressed', 'thinkingLevelChanged'].includes(type) && !(type.endsWith('Delta') && type === all[i - 1]),
  );
  const tool = ['toolStarted', 'toolEnded'];
  assert.deepEqual(shape, [
    'runStarted',
    'turnStarted',
    'userMessage',
    'thinkingDelta',
    'messageCompleted',
    ...tool,
    'turnEnded',
    'turnStarted',
    'textDelta',
    'messageCompleted',
    ...tool,
    'turnEnded',
    'turnStarted',
    'messageCompleted',
    ...tool,
    'turnEnded',
    'turnStarted',
    'textDelta',
    'messageCompleted',
    'turnEnded',
    'runSettled',
  ]);
  const deltas = (type) =>
    eventsOf(stage)
      .filter((one) => one.type === type)
      .map((one) => one.text)
      .join('|');
  assert.equal(deltas('thinkingDelta').replaceAll('|', ''), 'Let me think.');
  assert.equal(deltas('textDelta').replaceAll('|', ''), 'I change it.Done.');
  assert.deepEqual(
    eventsOf(stage)
      .filter((one) => one.type === 'toolStarted')
      .map((one) => one.title),
    ['read: notes.txt', 'edit: notes.txt', 'read: notes.txt'],
  );
});

test('a flood of deltas arrives whole, in order, in far fewer pieces', async (t) => {
  const stage = await stageFor(t, { fake: 'flood', client: own({ events: true }) });
  const { text } = await stage.ask('flood', {}, { deadlineMs: 60_000 });
  const expected = Array.from({ length: 100_000 }, (_, i) => `${i} `).join('');
  assert.equal(text, expected);
  const deltas = eventsOf(stage).filter((one) => one.type === 'textDelta');
  assert.equal(deltas.map((one) => one.text).join(''), expected);
  assert.ok(deltas.length < 10_000, `${deltas.length} notifications for 100000 deltas`);
  assertNumbered(stage);
});

test('a stop is heard in the middle of a flood', async (t) => {
  const stage = await stageFor(t, { fake: { runs: [[{ flood: 2_000_000 }]] }, client: own({ events: true }) });
  const asked = stage.ask('flood', {}, { deadlineMs: 60_000 });
  await stage.lsp.waitFor('pi/event', (one) => one.type === 'textDelta');
  asked.cancel();
  assert.equal((await asked).stopReason, 'aborted');
  assert.ok(
    eventsOf(stage)
      .filter((one) => one.type === 'textDelta')
      .map((one) => one.text)
      .join('').length < 10_000_000,
  );
  assertNumbered(stage);
});

test('a retry is told, and the text of the failed attempt is no part of the result', async (t) => {
  const stage = await stageFor(t, { script: [{ status: 500 }, says('Second try.')], client: own({ events: true }) });
  const { text, stopReason, error } = await stage.ask('go');
  assert.deepEqual([text, stopReason, error], ['Second try.', 'stop', undefined]);
  const types = typesOf(stage);
  assert.equal(types.filter((type) => type === 'runStarted').length, 1);
  assert.equal(types.filter((type) => type === 'runSettled').length, 1);
  assert.ok(types.includes('retryScheduled') && types.includes('retryEnded'), types.join());
});

test('a Pi that dies settles its run once, with the reason', async (t) => {
  const stage = await stageFor(t, { fake: 'crash-in-run', client: own({ events: true }) });
  await assert.rejects(stage.ask('go'), /heap out of memory/);
  const types = typesOf(stage);
  assert.equal(types.filter((type) => type === 'runSettled').length, 1);
  assert.match(eventsOf(stage).find((one) => one.type === 'notice').text, /heap out of memory/);
  assertNumbered(stage);
});

test('what an extension says arrives as a notice', async (t) => {
  const stage = await stageFor(t, { fake: 'command', client: own({ events: true }) });
  await stage.ask('/hey');
  assert.equal((await stage.lsp.waitFor('pi/event', (one) => one.type === 'notice')).text, 'hey yourself');
});

test('compaction is told', async (t) => {
  const stage = await stageFor(t, { fake: 'compaction', client: own({ events: true }) });
  await stage.ask('go');
  const ended = eventsOf(stage).find((one) => one.type === 'compactionEnded');
  assert.deepEqual([ended.tokensBefore, ended.tokensAfter, ended.aborted], [150_000, 32_000, false]);
});

test('events of a second run go on counting', async (t) => {
  const stage = await stageFor(t, { script: [says('One.'), says('Two.')], client: own({ events: true }) });
  await stage.ask('first');
  await stage.ask('second');
  assertNumbered(stage);
  assert.equal(typesOf(stage).filter((type) => type === 'runSettled').length, 2);
});

test('a client without the capability gets none of it', async (t) => {
  const stage = await stageFor(t, { files, script: change });
  await stage.open('notes.txt');
  const asked = stage.ask('go');
  (await stage.lsp.nextQuestion()).answer('Apply');
  await asked;
  assert.deepEqual(
    stage.lsp.received.filter((one) => one.method?.startsWith('pi/')),
    [],
  );
});

test('a client that is slow to read is not sent a list for each key that the user presses', async (t) => {
  const long = `two\n${'one line of many\n'.repeat(100_000)}`;
  const stage = await stageFor(t, {
    files: { 'long.txt': long },
    script: [calls(edit('long.txt', ['two\n', '2\n'])), says('Done.')],
    client: { capabilities: { experimental: { pi: { proposals: true } } } },
    args: ['--log-file', 'pilsp.log'],
  });
  const uri = await stage.open('long.txt');
  const asked = stage.ask('change it');
  await stage.lsp.waitFor('pi/edits', ({ edits }) => edits.length === 1);
  stage.lsp.child.stdout.pause();
  for (let i = 0; i < 50; i++) await stage.lsp.type(uri, { offset: 4, text: 'x' });
  await stage.lsp.notify('test/typed');
  await poll('all keys handled', () => stage.disk('pilsp.log').includes('test/typed'));
  stage.lsp.child.stdout.resume();
  await stage.lsp.waitFor('pi/edits', ({ edits }) => edits[0].version === 51);
  assert.ok(stage.lsp.all('pi/edits').length < 10, `${stage.lsp.all('pi/edits').length} lists`);
  await stage.lsp.command('pi.rejectEdit');
  await asked;
});

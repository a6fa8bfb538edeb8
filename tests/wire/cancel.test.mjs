// A run that is stopped takes everything with it that waited, and leaves the session usable.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { poll } from './processes.mjs';
import { stageFor } from './stage.mjs';
import { bash, calls, edit, says } from './steps.mjs';

const files = { 'notes.txt': 'one\ntwo\n' };
const change = [calls(edit('notes.txt', ['two', '2']))];

const ways = {
  '$/cancelRequest': ({ asked }) => asked.cancel(),
  'pi.abort': async ({ stage }) => assert.deepEqual(await stage.lsp.command('pi.abort'), { aborted: true }),
  'the progress': async ({ stage }) => {
    const { token } = await stage.lsp.waitFor('$/progress', (p) => p.value.kind === 'begin' && p.value.cancellable);
    await stage.lsp.notify('window/workDoneProgress/cancel', { token });
  },
};

for (const [how, cancel] of Object.entries(ways)) {
  test(`a run that is cancelled by ${how} says so and leaves its proposal to the user; the next one works`, async (t) => {
    const stage = await stageFor(t, { files, script: change });
    const uri = await stage.open('notes.txt');
    const asked = stage.ask('change it');
    const question = await stage.lsp.nextQuestion();
    await cancel({ stage, asked });
    const result = await asked;
    assert.deepEqual([result.stopReason, result.error], ['aborted', undefined]);
    assert.deepEqual(result.edits, [{ uri, status: 'stopped' }]);
    await stage.lsp.until('the question to be withdrawn', () => question.withdrawn);
    assert.deepEqual(
      (await stage.lsp.command('pi.listEdits')).edits.filter((one) => one.status === 'open'),
      [],
    );
    assert.deepEqual([stage.lsp.text(uri), stage.lsp.all('workspace/applyEdit')], ['one\ntwo\n', []]);

    stage.model.add(says('Here again.'));
    assert.equal((await stage.ask('still there?')).text, 'Here again.');
    assert.equal((await stage.lsp.command('pi.status')).state, 'ready');
  });
}

test('progress begins, reports the tools and ends with the run', async (t) => {
  const stage = await stageFor(t, { files, script: [...change, says('Done.')] });
  await stage.open('notes.txt');
  const asked = stage.ask('change it');
  const { token } = await stage.lsp.waitFor('$/progress', (p) => p.value.kind === 'begin');
  (await stage.lsp.nextQuestion()).answer('Apply');
  await asked;
  await stage.lsp.waitFor('$/progress', (p) => p.value.kind === 'end');
  const progress = stage.lsp.all('$/progress');
  assert.deepEqual([...new Set(progress.map((p) => p.token))], [token]);
  assert.deepEqual([progress[0].value.kind, progress.at(-1).value.kind], ['begin', 'end']);
  assert.equal(progress.filter((p) => p.value.kind !== 'report').length, 2);
  // The scripted model counts fifteen tokens for each of its messages.
  const messages = progress.map((p) => p.value.message);
  assert.ok(messages.includes('edit: notes.txt (15 tokens)'), messages.join('; '));
  assert.equal(messages.at(-1), 'done (30 tokens)');
});

test('an answer to a question of a stopped run decides nothing, not even about the next run', async (t) => {
  const stage = await stageFor(t, { files, script: change });
  const uri = await stage.open('notes.txt');
  const answers = [];
  stage.lsp.onRequest('window/showMessageRequest', ({ message }) => new Promise((resolve) => answers.push((title) => resolve({ title, message }))));
  const asked = stage.ask('change it');
  await poll('the first question', () => answers.length === 1);
  await stage.lsp.command('pi.abort');
  await asked;

  stage.model.add(...change, says('Done.'));
  const again = stage.ask('change it again');
  await poll('the second question', () => answers.length === 2);
  answers[0]('Apply');
  assert.deepEqual(
    (await stage.lsp.command('pi.listEdits')).edits.map((one) => one.status),
    ['withdrawn', 'open'],
  );
  assert.equal(stage.lsp.text(uri), 'one\ntwo\n');
  answers[1]('Reject');
  assert.equal((await again).edits[0].status, 'rejected');
  assert.equal(stage.lsp.text(uri), 'one\ntwo\n');
});

test('an edit of a stopped run can be applied until the next prompt, which tells the model so', async (t) => {
  const stage = await stageFor(t, { files, script: change });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('change it');
  await stage.lsp.nextQuestion();
  const [{ id }] = (await stage.lsp.command('pi.listEdits')).edits;
  asked.cancel();
  await asked;
  await assert.rejects(stage.lsp.command('pi.applyEdit'), /no open edit/);
  // What the user has typed since stays: it is merged as ever.
  await stage.lsp.type(uri, { offset: 0, text: 'zero\n' });
  const [stopped] = (await stage.lsp.command('pi.listEdits')).edits;
  assert.deepEqual([stopped.status, stopped.hunks.length], ['stopped', 1]);
  const late = await stage.lsp.command('pi.applyEdit', { editId: id });
  assert.deepEqual([late.applied, late.status], [true, 'applied']);
  assert.equal(stage.lsp.text(uri), 'zero\none\n2\n');
  stage.model.add(says('So you did.'));
  await stage.ask('and now?');
  assert.match(stage.model.lastUserText(), /have not heard of:\nApplied to notes\.txt/);
});

test('what is left of a stopped run goes with the next prompt, and the model reads of it once', async (t) => {
  const stage = await stageFor(t, { files, script: change });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('change it');
  await stage.lsp.nextQuestion();
  asked.cancel();
  await asked;
  stage.model.add(says('Well.'));
  await stage.ask('something else');
  assert.match(stage.told()[0], /Nobody had decided .* can still apply it/);
  assert.equal(stage.model.lastUserText(), 'something else');
  const [{ id, status }] = (await stage.lsp.command('pi.listEdits')).edits;
  assert.equal(status, 'withdrawn');
  assert.equal((await stage.lsp.command('pi.applyEdit', { editId: id })).applied, false);
  assert.equal(stage.lsp.text(uri), 'one\ntwo\n');
});

test('a run that is cancelled while the model speaks ends, and the model is hung up on', async (t) => {
  const stage = await stageFor(t, { script: [{ text: 'I go on and on', hang: true }] });
  const asked = stage.ask('talk');
  await stage.model.until('the request', () => stage.model.requests.length === 1);
  asked.cancel();
  assert.equal((await asked).stopReason, 'aborted');
  await stage.model.until('the end of the request', () => stage.model.dropped.length === 1);
});

test('an ask that is cancelled at once, before Pi has started, does not reach the model', async (t) => {
  const stage = await stageFor(t, { script: [says('You should not hear this.')] });
  // More than one, for it is a matter of luck whether it is being handled already.
  for (let i = 0; i < 10; i++) {
    const asked = stage.ask('never mind');
    asked.cancel();
    const { sessionId, text, stopReason, edits } = await asked;
    assert.deepEqual([sessionId, text, stopReason, edits], ['s1', '', 'aborted', []]);
  }
  const started = stage.ask('never mind this either');
  await stage.lsp.waitFor('$/progress', (p) => p.value.kind === 'begin');
  started.cancel();
  assert.equal((await started).stopReason, 'aborted');
  assert.equal((await stage.ask('hello')).stopReason, 'stop');
  assert.equal(stage.model.requests.length, 1);
  assert.equal(stage.model.lastUserText(), 'hello');
});

test('a shell command that runs when the run is stopped does not go on', async (t) => {
  const stage = await stageFor(t, { script: [calls(bash('echo $$ > pid; sleep 300; touch proof'))] });
  const asked = stage.ask('sleep');
  (await stage.lsp.nextQuestion()).answer('Allow');
  await poll('the command to run', () => existsSync(stage.path('pid')) && stage.disk('pid').trim());
  const before = stage.processes().length;
  asked.cancel();
  assert.equal((await asked).stopReason, 'aborted');
  await poll('the command to end', () => stage.processes().length < before && !existsSync(`/proc/${stage.disk('pid').trim()}`));
  assert.equal(existsSync(stage.path('proof')), false);
});

test('a Pi that is deaf to the abort is ended, and another one goes on', async (t) => {
  const stage = await stageFor(t, { fake: 'hang-in-run', client: { capabilities: { experimental: { pi: { events: true } } } } });
  const asked = stage.ask('hang');
  await stage.lsp.waitFor('pi/event', (e) => e.type === 'textDelta');
  const [first] = stage.piProcesses();
  await stage.lsp.command('pi.abort');
  assert.equal((await asked).stopReason, 'aborted');
  await poll('the deaf Pi to be gone', () => !stage.processes().includes(first));
  await stage.lsp.setConfiguration({ pi: { ...stage.lsp.configuration.pi, env: { FAKE_PI_SCENARIO: 'text' } } });
  assert.equal((await stage.ask('hello')).text, 'Hello from the fake Pi.');
});

test('nothing to stop is said to be nothing', async (t) => {
  const stage = await stageFor(t, { script: [says('Hello.')] });
  assert.deepEqual(await stage.lsp.command('pi.abort'), { aborted: false });
  await stage.ask('hello');
  assert.deepEqual(await stage.lsp.command('pi.abort'), { aborted: false });
  await assert.rejects(stage.lsp.command('pi.abort', { sessionId: 's99' }), /no session "s99"/);
});

test('with wait false the answer comes at once and the run goes on by itself', async (t) => {
  const stage = await stageFor(t, { files, script: [...change, says('Done.')] });
  const uri = await stage.open('notes.txt');
  const { sessionId, runId } = await stage.ask('change it', { wait: false });
  assert.match(sessionId, /./);
  assert.match(runId, /./);
  assert.equal(stage.lsp.questions.length, 0);
  (await stage.lsp.nextQuestion()).answer('Apply');
  await stage.edits('the edit to be applied', ([one]) => one.status === 'applied');
  assert.equal(stage.lsp.text(uri), 'one\n2\n');
  await poll('the run to end', async () => (await stage.lsp.command('pi.status')).state === 'ready');
});

test('with wait false a run that fails is reported by a message', async (t) => {
  const stage = await stageFor(t, { fake: 'crash-in-run' });
  await stage.ask('crash', { wait: false });
  const { type, message } = await stage.lsp.waitFor('window/showMessage');
  assert.equal(type, 1);
  assert.match(message, /heap out of memory/);
});

test('a second prompt into a running session is refused unless it says how, and disturbs nothing', async (t) => {
  const stage = await stageFor(t, { files, script: [...change, says('Done.')] });
  await stage.open('notes.txt');
  const asked = stage.ask('change it');
  const question = await stage.lsp.nextQuestion();
  await assert.rejects(stage.ask('and this'), /already working.*steer/);
  await assert.rejects(stage.ask('and this', { deliver: 'now' }), /"deliver" must be one of start, steer, followUp/);
  question.answer('Apply');
  assert.equal((await asked).text, 'Done.');
  assert.equal(stage.model.requests.length, 2);
});

for (const deliver of ['steer', 'followUp']) {
  test(`${deliver} goes into the running session, and both askers get the result`, async (t) => {
    const stage = await stageFor(t, { client: { capabilities: { experimental: { pi: { events: true } } } }, files, script: change });
    await stage.open('notes.txt');
    const asked = stage.ask('change it');
    const question = await stage.lsp.nextQuestion();
    const { runId } = await stage.ask('and mind the gap', { deliver, wait: false });
    const also = stage.ask('and the hat', { deliver });
    // What reaches Pi only after the run gets one of its own.
    await stage.lsp.waitFor('pi/event', (one) => one.type === 'queueChanged' && one.steering.length + one.followUp.length === 2);
    stage.model.add(says('First.'), says('Second.'), says('Third.'));
    question.answer('Apply');
    const result = await asked;
    assert.equal(result.runId, runId);
    assert.deepEqual(await also, result);
    const said = stage.model.requests
      .at(-1)
      .messages.filter((m) => m.role === 'user')
      .map((m) => JSON.stringify(m.content));
    assert.match(said.join(), /mind the gap.*and the hat/);
  });
}

test('steer with nothing running starts a run', async (t) => {
  const stage = await stageFor(t, { script: [says('Here.')] });
  assert.equal((await stage.ask('hello', { deliver: 'steer' })).text, 'Here.');
});

test('what was queued for a stopped run is not started afterwards', async (t) => {
  const stage = await stageFor(t, { files, script: change });
  await stage.open('notes.txt');
  const asked = stage.ask('change it');
  await stage.lsp.nextQuestion();
  const queued = stage.ask('then do more', { deliver: 'followUp' });
  await stage.lsp.command('pi.status');
  await stage.lsp.command('pi.abort');
  assert.equal((await asked).stopReason, 'aborted');
  assert.equal((await queued).stopReason, 'aborted');
  assert.equal((await stage.lsp.command('pi.status')).state, 'ready');
  assert.equal(stage.model.requests.length, 1);
});

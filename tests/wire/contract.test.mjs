// One contract for both Pis: what the server promises its clients holds behind the real one and behind the fake one,
// so that what the fake shows about faults is worth something.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageFor } from './stage.mjs';
import { bash, calls, edit, says } from './steps.mjs';

const TEXT = 'one\ntwo\nthree\n';
const files = { 'notes.txt': TEXT };

/** The same story for each of the two. */
const pis = {
  'the real Pi': {
    talk: { script: [says('Hello.')] },
    change: { script: [calls(edit('notes.txt', ['two', '2'])), says('Done.')] },
    shell: { script: [calls(bash('echo hi')), says('Done.')] },
  },
  'the fake Pi': {
    talk: { fake: { runs: [[{ text: 'Hello.' }]] } },
    change: { fake: { runs: [[{ tools: { tool: 'edit', path: 'notes.txt', oldText: 'two', newText: '2' } }, { text: 'Done.' }]] } },
    shell: { fake: { runs: [[{ tools: { tool: 'bash', input: { command: 'echo hi' }, output: 'hi' } }, { text: 'Done.' }]] } },
  },
};

for (const [name, story] of Object.entries(pis)) {
  test(`${name}: a prompt is answered once, with its events in order`, async (t) => {
    const stage = await stageFor(t, { ...story.talk, client: { capabilities: { experimental: { pi: { events: true } } } } });
    const { text, stopReason, edits } = await stage.ask('hello');
    assert.deepEqual([text, stopReason, edits], ['Hello.', 'stop', []]);
    const events = stage.lsp.all('pi/event');
    assert.deepEqual(
      events.map((one) => one.seq),
      events.map((_, index) => index + 1),
    );
    assert.deepEqual(
      events.map((one) => one.type).filter((type) => type !== 'textDelta'),
      ['runStarted', 'turnStarted', 'userMessage', 'messageCompleted', 'turnEnded', 'runSettled'],
    );
    const streamed = events.filter((one) => one.type === 'textDelta').map((one) => one.text);
    assert.equal(streamed.join(''), 'Hello.');
  });

  test(`${name}: an edit waits, lands in the buffer when applied, and not on the disk`, async (t) => {
    const stage = await stageFor(t, { ...story.change, files });
    const uri = await stage.open('notes.txt');
    const asked = stage.ask('change it');
    const question = await stage.lsp.nextQuestion();
    assert.deepEqual([stage.lsp.text(uri), stage.lsp.all('workspace/applyEdit')], [TEXT, []]);
    question.answer('Apply');
    assert.deepEqual((await asked).edits, [{ uri, status: 'applied' }]);
    assert.deepEqual([stage.lsp.text(uri), stage.disk('notes.txt')], [TEXT.replace('two', '2'), TEXT]);
  });

  test(`${name}: a rejected edit changes nothing, and the run goes on`, async (t) => {
    const stage = await stageFor(t, { ...story.change, files });
    const uri = await stage.open('notes.txt');
    const asked = stage.ask('change it');
    (await stage.lsp.nextQuestion()).answer('Reject');
    const { text, edits } = await asked;
    assert.deepEqual([text, edits], ['Done.', [{ uri, status: 'rejected' }]]);
    assert.equal(stage.lsp.text(uri), TEXT);
  });

  test(`${name}: a shell command is asked for with its words`, async (t) => {
    const stage = await stageFor(t, story.shell);
    const asked = stage.ask('run it');
    const question = await stage.lsp.nextQuestion();
    assert.match(question.message, /echo hi/);
    question.answer('Allow');
    assert.equal((await asked).text, 'Done.');
  });

  test(`${name}: a stopped run says so, leaves its edit to the user, and the session goes on`, async (t) => {
    const stage = await stageFor(t, { ...story.change, files });
    const uri = await stage.open('notes.txt');
    const asked = stage.ask('change it');
    await stage.lsp.nextQuestion();
    assert.deepEqual(await stage.lsp.command('pi.abort'), { aborted: true });
    const { stopReason, edits } = await asked;
    assert.deepEqual([stopReason, edits], ['aborted', [{ uri, status: 'stopped' }]]);
    assert.equal((await stage.lsp.command('pi.status')).state, 'ready');
  });

  test(`${name}: models are its own, and one that it does not have is refused`, async (t) => {
    const stage = await stageFor(t, story.talk);
    const { current, groups } = await stage.lsp.command('pi.listModels');
    const known = groups.flatMap((group) => group.models.map((model) => `${group.provider}/${model.id}`));
    assert.ok(known.includes(current), `${current} of ${known}`);
    await assert.rejects(stage.lsp.command('pi.pickModel', { provider: 'local', model: 'made-up-9' }), /made-up-9/);
    assert.equal((await stage.lsp.command('pi.listModels')).current, current);
  });
}

// While a run goes on: messages into it, its queue, retries, compaction, what it costs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COST } from '../scripted-model/pi-home.mjs';
import { stageFor } from './stage.mjs';
import { bash, calls, says } from './steps.mjs';

const own = { capabilities: { experimental: { pi: { events: true } } } };
const full = { permissionMode: 'full' };
const eventsOf = (stage, sessionId) => stage.lsp.all('pi/event').filter((one) => sessionId === undefined || one.sessionId === sessionId);
const event = (stage, type, fits = () => true) => stage.lsp.waitFor('pi/event', (one) => one.type === type && fits(one));
/** Of a run that has answered. */
const settled = (stage) => eventsOf(stage).find((one) => one.type === 'runSettled');
const users = (stage) =>
  stage.model.requests
    .at(-1)
    .messages.filter((m) => m.role === 'user')
    .map((m) => (typeof m.content === 'string' ? m.content : m.content.map((part) => part.text ?? '').join('')));
/** A command that ends when the test writes the file `go`. */
const UNTIL_GO = 'until [ -e go ]; do sleep 0.05; done';
/** A run that is at work until the test lets it go on. */
const held = (text = 'Working') => ({ text, hang: true });

test('steering comes before the next turn, follow-ups after the run, each in its order', async (t) => {
  const stage = await stageFor(t, {
    client: own,
    settings: full,
    script: [calls(bash(UNTIL_GO)), says('Turned.'), says('Second turn.'), says('Followed 1.'), says('Followed 2.')],
  });
  const asked = stage.ask('begin');
  await event(stage, 'toolStarted');
  const more = [stage.ask('later one', { deliver: 'followUp' }), stage.ask('now one', { deliver: 'steer' })];
  await event(stage, 'queueChanged', (one) => one.steering.length === 1 && one.followUp.length === 1);
  more.push(stage.ask('now two', { deliver: 'steer' }), stage.ask('later two', { deliver: 'followUp' }));
  const all = await event(stage, 'queueChanged', (one) => one.steering.length + one.followUp.length === 4);
  assert.deepEqual(
    [all.steering, all.followUp],
    [
      ['now one', 'now two'],
      ['later one', 'later two'],
    ],
  );
  stage.write('go', '');
  const results = await Promise.all([asked, ...more]);
  assert.equal(new Set(results.map((one) => one.runId)).size, 1);
  assert.equal(results[0].text, 'Followed 2.');
  assert.deepEqual(users(stage), ['begin', 'now one', 'now two', 'later one', 'later two']);
});

test('an abort gives back what waited in the queue, in the user’s own words', async (t) => {
  const stage = await stageFor(t, { client: own, files: { 'a.txt': 'a\n' }, script: [held()] });
  const asked = stage.ask('begin');
  await event(stage, 'textDelta');
  const queued = [stage.ask('and this', { deliver: 'steer', textDocument: { uri: stage.uri('a.txt') } }), stage.ask('then that', { deliver: 'followUp' })];
  await event(stage, 'queueChanged', (one) => one.steering.length === 1 && one.followUp.length === 1);
  const { aborted, restored } = await stage.lsp.command('pi.abort');
  assert.deepEqual([aborted, restored], [true, { steering: ['and this'], followUp: ['then that'] }]);
  const { steering, followUp } = await event(stage, 'queueRestored');
  assert.deepEqual([steering, followUp], [['and this'], ['then that']]);
  for (const one of await Promise.all([asked, ...queued])) assert.equal(one.stopReason, 'aborted');
  assert.equal(settled(stage).stopReason, 'aborted');
  assert.equal(stage.model.requests.length, 1);
});

test('the queue can be changed; what stays keeps its context, what goes is named', async (t) => {
  const stage = await stageFor(t, { client: own, files: { 'a.txt': 'a\n' }, settings: full, script: [calls(bash(UNTIL_GO)), says('One.'), says('Two.')] });
  const asked = stage.ask('begin');
  await event(stage, 'toolStarted');
  const queued = [stage.ask('keep', { deliver: 'followUp', textDocument: { uri: stage.uri('a.txt') } }), stage.ask('drop', { deliver: 'followUp' })];
  await event(stage, 'queueChanged', (one) => one.followUp.length === 2);
  const changed = await stage.lsp.command('pi.setQueue', { steering: ['new'], followUp: ['keep'] });
  assert.deepEqual(changed, { steering: ['new'], followUp: ['keep'], removed: { steering: [], followUp: ['drop'] } });
  stage.write('go', '');
  await Promise.all([asked, ...queued]);
  assert.deepEqual(
    users(stage).map((text) => text.split('\n')[0]),
    ['begin', 'new', 'keep'],
  );
  assert.match(users(stage)[2], /a\.txt open/);
  await assert.rejects(stage.lsp.command('pi.setQueue', { steering: ['x'] }), /does not work/);
});

test('a queued message keeps its pictures when the queue is changed around it', async (t) => {
  const data = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
  const png = { kind: 'image', data, mimeType: 'image/png' };
  const stage = await stageFor(t, {
    client: own,
    settings: full,
    home: { models: [{ id: 'scripted-1', contextWindow: 128_000, maxTokens: 1000, input: ['text', 'image'] }] },
    script: [calls(bash(UNTIL_GO)), says('One.'), says('Two.'), says('Three.')],
  });
  const asked = stage.ask('begin');
  await event(stage, 'toolStarted');
  const queued = [stage.ask('look', { deliver: 'followUp', attachments: [png] }), stage.ask('look', { deliver: 'followUp' })];
  await event(stage, 'queueChanged', (one) => one.followUp.length === 2);
  await stage.lsp.command('pi.setQueue', { followUp: ['first', 'look', 'look'] });
  stage.write('go', '');
  await Promise.all([asked, ...queued]);
  const pictures = stage.model.requests
    .at(-1)
    .messages.filter((m) => m.role === 'user')
    .map((m) => (Array.isArray(m.content) ? m.content.filter((part) => part.type === 'image_url').length : 0));
  assert.deepEqual(pictures, [0, 0, 1, 0]);
});

test('clearing the queue gives it back', async (t) => {
  const stage = await stageFor(t, { client: own, script: [held()] });
  const asked = stage.ask('begin');
  await event(stage, 'textDelta');
  stage.ask('and this', { deliver: 'steer' });
  await event(stage, 'queueChanged', (one) => one.steering.length === 1);
  assert.deepEqual(await stage.lsp.command('pi.clearQueue'), { steering: ['and this'], followUp: [] });
  await event(stage, 'queueChanged', (one) => one.steering.length === 0);
  assert.equal((await stage.lsp.command('pi.abort')).restored, undefined);
  await asked;
});

test('an abort where nothing runs says so', async (t) => {
  const stage = await stageFor(t, { script: [says('One.')] });
  assert.deepEqual(await stage.lsp.command('pi.abort'), { aborted: false });
  await stage.ask('begin');
  assert.deepEqual(await stage.lsp.command('pi.abort'), { aborted: false });
  await assert.rejects(stage.lsp.command('pi.abort', { what: 'everything' }), /run, retry, bash/);
});

test('a failed call is tried again, with its delay told, and the run goes on', async (t) => {
  const stage = await stageFor(t, { client: own, script: [{ status: 503 }, says('There.')] });
  assert.equal((await stage.ask('go')).text, 'There.');
  const { attempt, maxAttempts, delayMs, error } = await event(stage, 'retryScheduled');
  assert.deepEqual([attempt, maxAttempts, delayMs], [1, 3, 1]);
  assert.match(error, /503/);
  assert.equal((await event(stage, 'retryEnded')).success, true);
});

test('when every try has failed, the run says why', async (t) => {
  const stage = await stageFor(t, { client: own, script: Array.from({ length: 4 }, () => ({ status: 500 })) });
  const result = await stage.ask('go');
  assert.equal(result.stopReason, 'error');
  assert.match(result.error, /500/);
  assert.equal(stage.model.requests.length, 4);
  const ended = await event(stage, 'retryEnded');
  assert.deepEqual([ended.success, ended.attempt], [false, 3]);
  assert.deepEqual([settled(stage).stopReason, settled(stage).error], ['error', result.error]);
});

test('a retry that is waited for can be given up', async (t) => {
  const stage = await stageFor(t, {
    client: own,
    home: { extra: { settings: { retry: { enabled: true, maxRetries: 3, baseDelayMs: 600_000, maxAgentDelayMs: 600_000 } } } },
    script: [{ status: 503 }],
  });
  const asked = stage.ask('go');
  await event(stage, 'retryScheduled', (one) => one.delayMs === 600_000);
  assert.deepEqual(await stage.lsp.command('pi.abort', { what: 'retry' }), { aborted: true });
  assert.equal((await asked).stopReason, 'error');
  assert.equal((await event(stage, 'retryEnded')).success, false);
});

test('a run costs what its turns cost, a session what its runs cost', async (t) => {
  const usages = [
    { input: 1000, output: 100 },
    { input: 500, output: 50, cacheRead: 2000 },
    { input: 300, output: 30, cacheWrite: 400 },
  ];
  const stage = await stageFor(t, {
    client: own,
    settings: full,
    script: [
      { ...calls(bash('true')), usage: usages[0] },
      { text: 'One.', usage: usages[1] },
      { text: 'Two.', usage: usages[2] },
    ],
  });
  const costOf = (u) => (u.input * COST.input + u.output * COST.output + (u.cacheRead ?? 0) * COST.cacheRead + (u.cacheWrite ?? 0) * COST.cacheWrite) / 1e6;
  const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-12, `${a} is not ${b}`);
  const first = await stage.ask('first');
  near(first.usage.cost, costOf(usages[0]) + costOf(usages[1]));
  const turns = eventsOf(stage).filter((one) => one.type === 'messageCompleted');
  near(
    first.usage.cost,
    turns.reduce((sum, one) => sum + one.usage.cost, 0),
  );
  const second = await stage.ask('second');
  near(second.usage.cost, costOf(usages[2]));
  const status = await stage.lsp.command('pi.status');
  near(status.cost, first.usage.cost + second.usage.cost);
  const { sessions } = await stage.lsp.command('pi.listSessions');
  near(sessions[0].cost, status.cost);
});

const compacting = (more = {}) => ({
  client: own,
  home: {
    models: [{ id: 'scripted-1', contextWindow: 20_000, maxTokens: 1000, cost: COST }],
    extra: { settings: { compaction: { enabled: true, reserveTokens: 2000, keepRecentTokens: 10 } } },
  },
  ...more,
});
const long = `${'The garden has a pond. '.repeat(40)}`;

test('a conversation that fills the window is compacted, with the numbers told', async (t) => {
  const stage = await stageFor(
    t,
    compacting({
      script: [
        { text: long, usage: { input: 1000, output: 300 } },
        { match: 'second', text: long, usage: { input: 19_000, output: 300 } },
        { match: 'third', text: 'Three.', usage: { input: 800, output: 10 } },
        { text: 'A garden with a pond.' },
        { text: 'A garden with a pond.' },
      ],
    }),
  );
  await stage.ask('first');
  await stage.ask('second');
  const ended = await event(stage, 'compactionEnded');
  assert.deepEqual([ended.reason, ended.aborted, ended.error], ['threshold', false, undefined]);
  assert.ok(ended.tokensBefore > ended.tokensAfter && ended.tokensAfter > 0, JSON.stringify(ended));
  assert.equal((await stage.lsp.command('pi.status')).context.tokens, undefined);
  assert.equal((await stage.ask('third')).text, 'Three.');
  assert.ok((await stage.lsp.command('pi.status')).context.tokens > 0);
  assert.match(users(stage).join('\n'), /A garden with a pond/);
});

test('a conversation is compacted on demand, with the user’s instructions', async (t) => {
  const stage = await stageFor(
    t,
    compacting({ script: [says(long), { text: long, usage: { input: 9000, output: 300 } }, says('All about the pond.'), says('All about the pond.')] }),
  );
  await stage.ask('first');
  await stage.ask('second');
  const done = await stage.lsp.command('pi.compact', { instructions: 'keep the fish' });
  assert.match(done.summary, /All about the pond/);
  assert.ok(done.tokensBefore > done.tokensAfter, JSON.stringify(done));
  assert.match(JSON.stringify(stage.model.requests[2].messages), /keep the fish/);
  assert.equal((await event(stage, 'compactionEnded')).reason, 'manual');
});

test('a compaction that fails is told, and the conversation goes on', async (t) => {
  const stage = await stageFor(
    t,
    compacting({ script: [says(long), says(long), ...Array.from({ length: 8 }, () => ({ status: 400, match: 'conversation' })), says('Three.')] }),
  );
  await stage.ask('first');
  await stage.ask('second');
  await assert.rejects(stage.lsp.command('pi.compact'), /./);
  assert.ok((await event(stage, 'compactionEnded')).error);
  stage.model.add(says('Three.'));
  assert.equal((await stage.ask('third')).stopReason, 'stop');
});

test('a compaction can be stopped, and a prompt that comes meanwhile waits for its end', async (t) => {
  const stage = await stageFor(t, compacting({ script: [says(long), says(long), held('Sum'), { match: 'third', text: 'Three.' }] }));
  await stage.ask('first');
  await stage.ask('second');
  const compact = stage.lsp.command('pi.compact');
  await event(stage, 'compactionStarted');
  const asked = stage.ask('third');
  await stage.model.until('the summary', () => stage.model.requests.length === 3);
  compact.cancel();
  await assert.rejects(compact, /./);
  assert.equal((await asked).text, 'Three.');
  assert.equal((await event(stage, 'compactionEnded')).aborted, true);
});

test('two sessions at once do not mix their events', async (t) => {
  const script = [];
  for (let i = 0; i < 4; i++)
    for (const name of ['alpha', 'beta'])
      script.push({ match: name, text: i === 3 ? [`${name} `, `${name} `, 'end'] : `${name} ${i} `, toolCalls: i === 3 ? [] : [bash(`echo ${name} ${i}`)] });
  const stage = await stageFor(t, { client: own, settings: full, script });
  const first = stage.ask('alpha');
  const alpha = (await event(stage, 'runStarted')).sessionId;
  const { sessionId: beta } = await stage.lsp.command('pi.newSession');
  const second = stage.ask('beta', { sessionId: beta });
  assert.deepEqual([(await first).text, (await second).text], ['alpha alpha end', 'beta beta end']);
  for (const [id, name, other] of [
    [alpha, 'alpha', 'beta'],
    [beta, 'beta', 'alpha'],
  ]) {
    const events = eventsOf(stage, id);
    assert.deepEqual(
      events.map((one) => one.seq),
      events.map((_, i) => i + 1),
    );
    const text = events.map((one) => `${one.text ?? ''}${JSON.stringify(one.input ?? '')}`).join('');
    assert.ok(text.includes(name) && !text.includes(other), `${name}: ${text}`);
    assert.equal(events.filter((one) => one.type === 'toolEnded').length, 3);
  }
});

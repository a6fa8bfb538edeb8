// `pilsp ask`: models and Pis that fail, and signals: the exit code, the reason, and nothing left running.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { headlessFor } from '../headless-stage.mjs';
import { poll } from '../processes.mjs';
import { bash, calls, says } from '../steps.mjs';

test('a model that fails: exit code 1, the reason on stderr, nothing on stdout', async (t) => {
  const stage = await headlessFor(t, { script: [{ status: 400, body: { error: { message: 'the model is on strike' } } }] });
  const { code, stdout, stderr } = await stage.ask(['hello']);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /^pilsp ask: .*on strike/m);
});

test('a model that fails, in JSON: the result says so', async (t) => {
  const stage = await headlessFor(t, { script: [{ status: 400, body: { error: { message: 'the model is on strike' } } }] });
  const answer = await stage.ask(['--json', 'hello']);
  assert.equal(answer.code, 1);
  const result = answer.lines().at(-1);
  assert.deepEqual([result.type, result.stopReason, result.text], ['result', 'error', '']);
  assert.match(result.error, /on strike/);
});

test('a model that fails once is tried again, and that is said', async (t) => {
  const stage = await headlessFor(t, { script: [{ status: 503 }, says('Here.')] });
  const { code, stdout, stderr } = await stage.ask(['hello']);
  assert.deepEqual([code, stdout], [0, 'Here.\n']);
  assert.match(stderr, /^retry {3}1 of 3 in \d/m);
});

test('an answer that was cut off is said to be', async (t) => {
  const stage = await headlessFor(t, { script: [{ text: 'It is', finish: 'length' }] });
  const { code, stdout, stderr } = await stage.ask(['hello']);
  assert.deepEqual([code, stdout], [0, 'It is\n']);
  assert.match(stderr, /^warning the answer was cut off/m);
});

for (const json of [false, true]) {
  test(`no Pi: exit code 1 and what to do${json ? ', as JSON' : ''}`, async (t) => {
    const stage = await headlessFor(t);
    const answer = await stage.ask([...(json ? ['--json'] : []), 'hello'], { command: ['--command', 'no-such-pi'] });
    assert.equal(answer.code, 1);
    assert.match(answer.stderr, /^pilsp ask: .*no-such-pi.*npm install[^\n]*\n$/);
    if (json) assert.match(answer.lines().at(-1).error, /npm install/);
    else assert.equal(answer.stdout, '');
  });
}

for (const [scenario, message] of [
  ['crash-in-run', /heap out of memory/],
  ['killed-in-run', /signal 9/],
  ['silent-end', /said nothing/],
  ['crash-at-start', /left-pad/],
  ['no-gate', /held back/],
  ['other-program', /not Pi/],
]) {
  test(`a Pi with the fault "${scenario}": exit code 1, the reason once, nothing left running`, async (t) => {
    const stage = await headlessFor(t, { fake: scenario });
    const { code, stdout, stderr } = await stage.ask(['hello']);
    assert.deepEqual([code, stdout], [1, '']);
    assert.equal(stderr.split('\n').filter((line) => message.test(line)).length, 1, stderr);
    await stage.gone();
  });
}

for (const [signal, toGroup] of /** @type {const} */ ([
  ['SIGINT', true],
  ['SIGINT', false],
  ['SIGTERM', false],
  ['SIGHUP', true],
])) {
  test(`${signal} ${toGroup ? 'from the terminal, to Pi too,' : 'to us alone'} stops the run and leaves nothing behind`, async (t) => {
    const stage = await headlessFor(t, { script: [calls(bash('sleep 600 & sleep 600')), says('Never.')] });
    const { child, seen, done } = stage.start(['--permission-mode', 'full', 'go']);
    await poll(
      'the command to run',
      () => /^start {3}bash/m.test(seen.stderr) && stage.running().length >= 4,
      () => seen,
    );
    process.kill(toGroup ? -child.pid : child.pid, signal);
    const { code, stdout, stderr } = await done;
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^pilsp ask: stopped$/m);
    assert.match(stderr, /^resume {2}pi --session/m);
    await stage.gone();
  });
}

test('a second signal does not wait for a Pi that does not stop', async (t) => {
  const stage = await headlessFor(t, { fake: 'ignores-sigterm' });
  const { child, done } = stage.start(['--json', 'go']);
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  child.kill('SIGINT');
  const answer = await done;
  assert.equal(answer.code, 1);
  assert.equal(answer.lines().at(-1).stopReason, 'aborted');
  await stage.gone();
});

for (const [when, args] of /** @type {const} */ ([
  ['the prompt is awaited from stdin', ['-']],
  ['Pi starts', ['hello']],
])) {
  test(`a signal while ${when} ends in good order`, async (t) => {
    const stage = await headlessFor(t, { fake: 'hang-at-start' });
    const { child, done } = stage.start(args, { input: null });
    // More than a pipe holds: once it is written, somebody reads.
    if (args[0] === '-') await new Promise((resolve) => child.stdin.write('x'.repeat(1 << 20), resolve));
    else await poll('the start of Pi', () => stage.running().length > 1);
    child.kill('SIGTERM');
    const { code, stdout, stderr } = await done;
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^pilsp ask: stopped$/m);
    await stage.gone();
  });
}

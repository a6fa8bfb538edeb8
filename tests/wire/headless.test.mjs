// `pilsp ask`: the same sessions and the same care as in an editor, for scripts.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { piCli, piNode } from '../scripted-model/pi-command.mjs';
import { headlessFor } from './headless-stage.mjs';
import { poll } from './processes.mjs';
import { realSettings, server } from './stage.mjs';
import { bash, calls, edit, read, says, write } from './steps.mjs';

const words = (request) => request.messages.map((one) => JSON.stringify(one.content)).join('\n');
const lastUser = (stage) => stage.model.lastUserText();
const resumed = (stderr) => /^resume {2}pi --session (.+)$/m.exec(stderr)?.[1];

test('the answer alone is on stdout; actions, cost and the way back are on stderr', async (t) => {
  const stage = await headlessFor(t, {
    files: { 'a.txt': 'alpha\n' },
    script: [
      { thinking: 'I wonder.', text: 'Let me look.', ...calls(read('a.txt')), usage: { input: 100, output: 10 } },
      { text: 'It says alpha.', usage: { input: 200, output: 20 } },
    ],
  });
  const { code, stdout, stderr } = await stage.ask(['what is in a.txt?']);
  assert.equal(stdout, 'It says alpha.\n');
  assert.equal(code, 0, stderr);
  assert.match(
    stderr,
    /^start {3}read: a\.txt\ndone {4}read: a\.txt\nusage {3}300 tokens in, 30 out, 0 from cache, 0 to cache; \$0\.00036\nresume {2}pi --session \S+\.jsonl\n$/,
  );
  assert.equal(lastUser(stage), 'what is in a.txt?');
  assert.ok(existsSync(resumed(stderr)));
});

test('--verbose adds what Pi thinks and writes in between, and stdout stays the answer', async (t) => {
  const stage = await headlessFor(t, {
    files: { 'a.txt': 'alpha\n' },
    home: { models: [{ id: 'thinker-1', reasoning: true, contextWindow: 128_000 }] },
    script: [
      { thinking: ['I won', 'der.'], text: 'Let me look.', ...calls(read('a.txt')) },
      { thinking: 'Aha.', text: 'Alpha.' },
    ],
  });
  const { stdout, stderr } = await stage.ask(['--verbose', 'what?']);
  assert.equal(stdout, 'Alpha.\n');
  assert.match(stderr, /thinks {2}I wonder\.\nsays {4}Let me look\.\nstart {3}read: a\.txt\n[\s\S]*thinks {2}Aha\.\n/);
  assert.doesNotMatch(stderr, /Alpha\./);
});

test('--json: every event and the result last, each a line', async (t) => {
  const stage = await headlessFor(t, {
    files: { 'a.txt': 'old\n' },
    script: [
      { thinking: 'Hm.', ...calls(edit('a.txt', ['old', 'new'])) },
      { text: 'Done.', usage: { input: 7, output: 3 } },
    ],
  });
  const answer = await stage.ask(['--json', '--permission-mode', 'acceptEdits', 'change it']);
  assert.deepEqual([answer.code, answer.stderr], [0, '']);
  const lines = answer.lines();
  const result = lines.at(-1);
  assert.deepEqual(
    lines.slice(0, -1).map((one) => one.seq),
    lines.slice(0, -1).map((_, i) => lines[0].seq + i),
  );
  const types = lines.map((one) => one.type);
  assert.ok(types.indexOf('toolStarted') < types.indexOf('toolEnded') && types.indexOf('toolEnded') < types.indexOf('runSettled'), types.join());
  assert.ok(!types.includes('thinkingDelta'));
  const { sessionFile, resumeCommand, usage, ...rest } = result;
  assert.deepEqual(rest, {
    type: 'result',
    sessionId: lines[0].sessionId,
    text: 'Done.',
    stopReason: 'stop',
    edits: [{ uri: `file://${stage.path('a.txt')}`, status: 'applied' }],
    model: 'local/scripted-1',
  });
  assert.equal(resumeCommand, `pi --session ${sessionFile}`);
  assert.ok(existsSync(sessionFile));
  assert.deepEqual([usage.input, usage.output], [17, 8]);
});

test('ask, the default: edits and tools are refused with a reason for the model, and nothing changes', async (t) => {
  const stage = await headlessFor(t, {
    files: { 'a.txt': 'old\n' },
    script: [calls(edit('a.txt', ['old', 'new'])), calls(bash('touch made')), calls(write('b.txt', 'b\n')), says('I may not.')],
  });
  const { code, stdout, stderr } = await stage.ask(['change it']);
  assert.deepEqual([code, stdout], [0, 'I may not.\n']);
  const [edited, ran, written] = stage.told();
  assert.match(edited, /needs the user's approval.*not changed/);
  assert.match(ran, /consent.*did not run/);
  assert.match(written, /needs the user's approval/);
  assert.match(stderr, /^failed {2}edit: a\.txt: .*approval/m);
  assert.match(stderr, /^failed {2}bash: touch made: .*consent/m);
  assert.match(stderr, /^note {4}.*--permission-mode/m);
  assert.deepEqual(readdirSync(stage.workspace), ['a.txt']);
  assert.equal(stage.disk('a.txt'), 'old\n');
});

test('readOnly: the model reads that edits are switched off', async (t) => {
  const stage = await headlessFor(t, { files: { 'a.txt': 'old\n' }, script: [calls(edit('a.txt', ['old', 'new'])), calls(bash('ls')), says('No.')] });
  const { code } = await stage.ask(['--permission-mode=readOnly', 'change it']);
  assert.equal(code, 0);
  assert.match(stage.told().join('\n'), /mode is readOnly[\s\S]*bash is switched off/);
  assert.equal(stage.disk('a.txt'), 'old\n');
});

test('acceptEdits: files of this directory are written, tools are still refused', async (t) => {
  const stage = await headlessFor(t, {
    files: { 'a.txt': 'one\ntwo\nthree\n' },
    script: [
      calls(edit('a.txt', ['one', 'ONE'], ['three', 'THREE'])),
      calls(write('new/deep/b.txt', 'made\n'), write('empty.txt', '')),
      calls(bash('touch made')),
      calls(read('a.txt')),
      says('Done.'),
    ],
  });
  const { code, stderr } = await stage.ask(['--permission-mode', 'acceptEdits', 'change it']);
  assert.equal(code, 0, stderr);
  assert.equal(stage.disk('a.txt'), 'ONE\ntwo\nTHREE\n');
  assert.equal(stage.disk('new/deep/b.txt'), 'made\n');
  assert.equal(stage.disk('empty.txt'), '');
  assert.ok(!existsSync(stage.path('made')));
  const told = stage.told();
  assert.equal(told[0], 'Applied to a.txt (2 changes).');
  assert.deepEqual(told.slice(1, 3).toSorted(), ['Created empty.txt.', 'Created new/deep/b.txt.']);
  assert.match(told[3], /consent/);
  assert.match(told[4], /ONE\ntwo\nTHREE/);
  assert.deepEqual(readdirSync(stage.workspace).toSorted(), ['a.txt', 'empty.txt', 'new']);
});

test('full: tools run, and what they changed is said', async (t) => {
  const stage = await headlessFor(t, {
    files: { 'a.txt': 'old\n' },
    script: [calls(edit('a.txt', ['old', 'new'])), calls(bash('cat a.txt; echo x > made.txt')), says('Done.')],
  });
  const { code, stderr } = await stage.ask(['--permission-mode', 'full', 'go']);
  assert.equal(code, 0, stderr);
  assert.equal(stage.told()[1], 'new\n\n\n[Changed on disk by this command: made.txt]');
  assert.equal(stage.disk('made.txt'), 'x\n');
  assert.match(stderr, /^start {3}bash: cat a\.txt; echo x > made\.txt$/m);
  assert.match(stderr, /^warning .*made\.txt$/m);
});

test('protected paths are refused in every mode: keys, other directories, links out of this one', async (t) => {
  const outside = await headlessFor(t, { files: { 'x.txt': 'old\n' } });
  const stage = await headlessFor(t, {
    files: { '.env': 'old\n' },
    script: [calls(edit('.env', ['old', 'new'])), calls(write(outside.path('x.txt'), 'new\n')), calls(write('link/x.txt', 'new\n')), says('No.')],
  });
  symlinkSync(outside.workspace, stage.path('link'));
  await stage.ask(['--permission-mode', 'full', 'go']);
  for (const one of stage.told()) assert.match(one, /needs the user's approval/);
  assert.equal(stage.told().length, 3);
  assert.deepEqual([stage.disk('.env'), outside.disk('x.txt')], ['old\n', 'old\n']);
});

test('byte order mark, line ends, permissions and links stay as they were', async (t) => {
  const stage = await headlessFor(t, {
    files: { 'bom.txt': '\uFEFFone\r\ntwo\r\n', 'mixed.txt': 'a\r\nb\nc', 'run.sh': '#!/bin/sh\necho old\n' },
    script: [
      calls(edit('bom.txt', ['two', 'TWO']), edit('mixed.txt', ['b', 'B']), edit('run.sh', ['old', 'new'])),
      calls(write('bom.txt', 'one\nzwei\nthree\n'), edit('link.txt', ['a', 'A'])),
      says('Done.'),
    ],
  });
  chmodSync(stage.path('run.sh'), 0o755);
  symlinkSync('mixed.txt', stage.path('link.txt'));
  const { stderr } = await stage.ask(['--permission-mode', 'acceptEdits', 'go']);
  assert.doesNotMatch(stderr, /^failed/m);
  assert.equal(stage.bytes('bom.txt').toString('utf8'), '\uFEFFone\r\nzwei\r\nthree\r\n');
  assert.equal(stage.disk('mixed.txt'), 'A\r\nB\nc');
  assert.equal(stage.disk('run.sh'), '#!/bin/sh\necho new\n');
  assert.equal(statSync(stage.path('run.sh')).mode & 0o777, 0o755);
  assert.deepEqual(readdirSync(stage.workspace).toSorted(), ['bom.txt', 'link.txt', 'mixed.txt', 'run.sh']);
});

test('a file that is no text is left alone', async (t) => {
  const bytes = Buffer.from([0xff, 0xfe, 0x61, 0x00]);
  const stage = await headlessFor(t, { files: { 'utf16.txt': bytes }, script: [calls(write('utf16.txt', 'new\n')), says('No.')] });
  await stage.ask(['--permission-mode', 'acceptEdits', 'go']);
  assert.match(stage.told()[0], /not UTF-8/);
  assert.deepEqual(stage.bytes('utf16.txt'), bytes);
});

test('without --session each ask is a conversation of its own; with it one goes on', async (t) => {
  const stage = await headlessFor(t, { script: [says('One.'), says('Two.'), says('Three.'), says('Four.')] });
  const first = await stage.ask(['first']);
  const second = await stage.ask(['--new', 'second']);
  assert.doesNotMatch(words(stage.model.requests.at(-1)), /first/);
  const file = resumed(first.stderr);
  assert.notEqual(resumed(second.stderr), file);
  const third = await stage.ask(['third', '--session', file]);
  assert.match(words(stage.model.requests.at(-1)), /first[\s\S]*One\.[\s\S]*third/);
  assert.equal(resumed(third.stderr), file);
  const { id } = JSON.parse(readFileSync(file, 'utf8').split('\n')[0]);
  await stage.ask(['--session', id, 'fourth']);
  assert.match(words(stage.model.requests.at(-1)), /first[\s\S]*third[\s\S]*Three\.[\s\S]*fourth/);
});

test('the line at the end opens the session in the terminal pi', async (t) => {
  const stage = await headlessFor(t, { script: [says('The number is 42.'), says('It was 42.'), says('Still 42.')] });
  const { stderr } = await stage.ask(['remember 42']);
  const line = /^resume {2}pi (.+)$/m.exec(stderr)[1];
  const pi = spawn('sh', ['-c', `exec "$NODE" "$PI" ${line} --print "which number?"`], {
    cwd: stage.workspace,
    env: { ...stage.environment, NODE: piNode(), PI: piCli() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  pi.stdout.on('data', (text) => (said += text));
  assert.deepEqual([(await once(pi, 'close'))[0], said], [0, 'It was 42.\n']);
  assert.match(words(stage.model.requests.at(-1)), /remember 42[\s\S]*The number is 42[\s\S]*which number/);
  // And what was written there goes on here.
  const again = await stage.ask(['--session', resumed(stderr), 'and now?']);
  assert.equal(again.stdout, 'Still 42.\n');
  assert.match(words(stage.model.requests.at(-1)), /which number\?[\s\S]*It was 42\.[\s\S]*and now/);
});

test('a directory whose name needs quotes: the line still opens the session', async (t) => {
  const stage = await headlessFor(t, { script: [says('One.'), says('Two.')] });
  const cwd = stage.path("it's a $HOME & more");
  mkdirSync(cwd);
  const { stderr } = await stage.ask(['first'], { cwd });
  const line = /^resume {2}pi (.+)$/m.exec(stderr)[1];
  const pi = spawn('sh', ['-c', `exec "$NODE" "$PI" ${line} --print second`], {
    cwd,
    env: { ...stage.environment, NODE: piNode(), PI: piCli() },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  assert.equal((await once(pi, 'close'))[0], 0);
  assert.match(words(stage.model.requests.at(-1)), /first[\s\S]*One\.[\s\S]*second/);
});

test("--model chooses from Pi's list; one that is not in it is refused before a prompt is sent", async (t) => {
  const stage = await headlessFor(t, { script: [says('Here.')] });
  assert.equal((await stage.ask(['--json', '--model', 'local/thinker-1', 'hello'])).lines().at(-1).model, 'local/thinker-1');
  assert.equal(stage.model.requests.at(-1).model, 'thinker-1');
  const { code, stdout, stderr } = await stage.ask(['--model', 'thinker-2', 'hello']);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /^pilsp ask: .*thinker-2.*thinker-1/m);
  assert.equal(stage.model.requests.length, 1);
});

for (const [what, args, options, prompt] of [
  ['begins with a dash', ['-1 + 1 = ?'], {}, '-1 + 1 = ?'],
  ['begins with two', ['--json is what?', '--permission-mode', 'readOnly'], {}, '--json is what?'],
  ['is a list item', ['- buy milk'], {}, '- buy milk'],
  ['looks like an option, behind --', ['--', '--verbose'], {}, '--verbose'],
  ['comes from stdin', [], { input: 'from\nstdin\n' }, 'from\nstdin'],
  ['comes from stdin by -', ['-'], { input: '\uFEFFütf-8 ✓' }, 'ütf-8 ✓'],
  ['is given while stdin stays open', ['given'], { input: null }, 'given'],
]) {
  test(`a prompt that ${what}`, async (t) => {
    const stage = await headlessFor(t, { script: [says('Here.')] });
    const { code, stdout, stderr } = await stage.ask(args, options);
    assert.deepEqual([code, stdout], [0, 'Here.\n'], stderr);
    assert.equal(lastUser(stage), prompt);
  });
}

for (const [args, message, input] of [
  [['--modle', 'x', 'hello'], /--modle.*--/],
  [['-verbose'], /-verbose/],
  [['hello', '--jsno'], /--jsno/],
  [['hello', 'world'], /quotes/],
  [['--model'], /--model needs a value/],
  [['--model', '--json', 'hello'], /--model needs a value/],
  [['--json=yes', 'hello'], /no value/],
  [['--new', '--session', 'x', 'hello'], /exclude/],
  [['--permission-mode', 'yolo', 'hello'], /readOnly, ask, acceptEdits, full.*yolo/],
  [['--session', 'no-such-session', 'hello'], /no-such-session/],
  [['--session', 'rubbish.jsonl', 'hello'], /no session/],
  [['--session', 'elsewhere.jsonl', 'hello'], /another\/place/],
  [['  '], /empty/],
  [[], /empty/],
  [[], /UTF-8/, Buffer.from([0xff, 0xfe])],
]) {
  test(`the arguments ${JSON.stringify(args)}${input ? ' with rubbish on stdin' : ''} end with 2 and one line on stderr`, async (t) => {
    const stage = await headlessFor(t, {
      files: {
        'rubbish.jsonl': 'this is no session\n',
        'elsewhere.jsonl': '{"type":"session","version":3,"id":"x","timestamp":"2026-01-01T00:00:00Z","cwd":"/another/place"}\n',
      },
    });
    const { code, stdout, stderr } = await stage.ask(args, { input });
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^pilsp ask: [^\n]+\n$/);
    assert.match(stderr, message);
    assert.equal(stage.disk('rubbish.jsonl'), 'this is no session\n');
  });
}

test('--help is on stdout and names every option', async (t) => {
  const stage = await headlessFor(t);
  const { code, stdout, stderr } = await stage.ask(['--help']);
  assert.deepEqual([code, stderr], [0, '']);
  for (const word of ['--model', '--session', '--new', '--permission-mode', '--json', '--verbose', '--command', '--node'])
    assert.ok(stdout.includes(word), word);
});

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

test('a reader of the events who goes away does not cut the work in half', async (t) => {
  const stage = await headlessFor(t, { files: { 'a.txt': 'old\n' }, script: [calls(edit('a.txt', ['old', 'new'])), says('Done.')] });
  const { child, done } = stage.start(['--json', '--permission-mode', 'acceptEdits', 'go']);
  child.stdout.destroy();
  assert.equal((await done).code, 0);
  assert.equal(stage.disk('a.txt'), 'new\n');
});

test('an answer that cannot be written is a failure', { skip: !existsSync('/dev/full') && 'there is no /dev/full on this system' }, async (t) => {
  const stage = await headlessFor(t, { script: [says('Here.')] });
  const { code, stderr } = await stage.ask(['hello'], { stdout: openSync('/dev/full', 'w') });
  assert.equal(code, 1);
  assert.match(stderr, /^pilsp ask: stdout cannot be written/m);
});

const noTerminal = spawnSync('script', ['--version']).status !== 0 && 'script (util-linux) is not installed';

test('on a terminal, too, stdout carries the answer and nothing else', { skip: noTerminal }, async (t) => {
  const stage = await headlessFor(t, { script: [says('Here.')] });
  const { command, nodePath } = realSettings();
  // Only stdout is the terminal's.
  const line = `'${server}' ask --command '${command}' --node '${nodePath}' hello < /dev/null 2> err`;
  const terminal = spawn('script', ['-qec', line, '/dev/null'], {
    cwd: stage.workspace,
    env: { ...stage.environment, TERM: 'xterm-256color' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let out = '';
  terminal.stdout.setEncoding('utf8').on('data', (text) => (out += text));
  assert.deepEqual(await once(terminal, 'close'), [0, null], existsSync(stage.path('err')) && stage.disk('err'));
  assert.equal(out, 'Here.\r\n');
});

test('a terminal as stdin, and no prompt: said at once', { skip: noTerminal }, async (t) => {
  const stage = await headlessFor(t);
  const terminal = spawnSync('script', ['-qec', `'${server}' ask`, '/dev/null'], { cwd: stage.workspace, env: stage.environment, encoding: 'utf8' });
  assert.equal(terminal.status, 2, terminal.stdout);
  assert.match(terminal.stdout, /pilsp ask: there is no prompt[^\n]*\n$/);
});

test('an extension that asks is answered with nobody, and the run goes on', async (t) => {
  const stage = await headlessFor(t, { fake: 'confirm' });
  const { code, stdout } = await stage.ask(['hello']);
  assert.deepEqual([code, stdout], [0, 'Hello from the fake Pi.\n']);
});

test('what a tool prints cannot speak to the terminal, and no secret is shown', async (t) => {
  const stage = await headlessFor(t, { script: [calls(bash('printf "\u001b[2J" # sk-abcdefgh12345678')), says('Done.')] });
  const { stderr } = await stage.ask(['--permission-mode', 'full', 'go']);
  assert.match(stderr, /^start {3}bash: printf "\\u\{1b\}\[2J" # \[hidden\]$/m);
});

test('a file that changes on disk between reading and writing is not overwritten', async (t) => {
  const stage = await headlessFor(t, { files: { 'a.txt': 'old\n' }, script: [calls(read('a.txt')), says('Read.')] });
  writeFileSync(stage.path('a.txt'), 'newer\n');
  stage.model.add(calls(edit('a.txt', ['old', 'new'])), says('It has changed.'));
  await stage.ask(['--permission-mode', 'acceptEdits', 'read it']);
  await stage.ask(['--permission-mode', 'acceptEdits', 'change it']);
  assert.equal(stage.disk('a.txt'), 'newer\n');
});

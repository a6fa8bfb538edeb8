// `pilsp ask`: where the prompt comes from, and arguments that are wrong.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { headlessFor, noTerminal } from '../headless-stage.mjs';
import { server } from '../stage.mjs';
import { says } from '../steps.mjs';

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
    assert.equal(stage.model.lastUserText(), prompt);
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

test('a terminal as stdin, and no prompt: said at once', { skip: noTerminal() }, async (t) => {
  const stage = await headlessFor(t);
  const terminal = spawnSync('script', ['-qec', `'${server}' ask`, '/dev/null'], { cwd: stage.workspace, env: stage.environment, encoding: 'utf8' });
  assert.equal(terminal.status, 2, terminal.stdout);
  assert.match(terminal.stdout, /pilsp ask: there is no prompt[^\n]*\n$/);
});

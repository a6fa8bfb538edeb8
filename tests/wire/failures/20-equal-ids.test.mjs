// Tool calls with the same id, or with none, as several OpenAI-compatible servers give them: each is its own all the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headlessFor } from '../headless-stage.mjs';
import { byCommands } from '../review/plain-editor.mjs';
import { stageFor } from '../stage.mjs';
import { bash, calls, edit, read, says, write } from '../steps.mjs';

const files = { 'a.txt': 'alpha\nbeta\n', 'b.txt': 'gamma\ndelta\n', '.env': 'KEY=1\n' };
const own = { capabilities: { experimental: { pi: { events: true } } } };
/** The same call without an id of its own. */
const bare = (call) => ({ ...call, id: '' });
const buffer = (stage, name) => stage.lsp.text(stage.uri(name));
/** Gives every call of a message the same id, after the gate has looked at it. */
const SAME = `export default function (pi) {
  pi.on("message_end", ({ message }) => {
    if (message.role !== "assistant") return undefined;
    return { message: { ...message, content: message.content.map((part) => (part.type === "toolCall" ? { ...part, id: "same" } : part)) } };
  });
}
`;
/** As the model gives them, and as they are where an extension of the user's has made them equal behind the gate. */
const ways = [
  ['empty', {}],
  ['equal', { files: { 'same.ts': SAME }, settings: { extraArgs: ['-e', 'same.ts'] } }],
];

for (const [kind, more] of ways) {
  const stageOf = (t, script, settings) =>
    stageFor(t, { client: own, script, files: { ...files, ...more.files }, settings: { ...byCommands, ...more.settings, ...settings } });

  test(`failure 20: two parallel edits with ${kind} ids each get their own file's text and their own answer`, async (t) => {
    const stage = await stageOf(t, [calls(bare(edit('a.txt', ['beta', 'BETA'])), bare(edit('b.txt', ['delta', 'DELTA']))), says('Done.')]);
    for (const name of ['a.txt', 'b.txt']) await stage.open(name);
    const asked = stage.ask('go');
    const [a, b] = await stage.edits('two open edits', (edits) => edits.length === 2 && edits);
    const named = (name) => [a, b].find((one) => one.uri === stage.uri(name));
    await stage.lsp.command('pi.rejectEdit', { editId: named('a.txt').id, reason: 'not this one' });
    await stage.lsp.command('pi.applyEdit', { editId: named('b.txt').id });
    const { edits } = await asked;
    assert.deepEqual(edits.map((one) => [one.uri, one.status]).sort(), [
      [stage.uri('a.txt'), 'rejected'],
      [stage.uri('b.txt'), 'applied'],
    ]);
    assert.deepEqual([buffer(stage, 'a.txt'), buffer(stage, 'b.txt')], [files['a.txt'], 'gamma\nDELTA\n']);
    const [first, second] = stage.told();
    assert.match(first, /not this one/);
    assert.match(second, /Applied|applied/);
  });

  test(`failure 20: with ${kind} ids a protected file beside an ordinary one is asked for by its own name`, async (t) => {
    const stage = await stageOf(t, [calls(bare(edit('a.txt', ['beta', 'BETA'])), bare(edit('.env', ['KEY=1', 'KEY=2']))), says('Done.')], {
      permissionMode: 'acceptEdits',
    });
    for (const name of ['a.txt', '.env']) await stage.open(name);
    const asked = stage.ask('go');
    const edits = await stage.edits('one edit that landed and one that waits', (all) =>
      ['applied', 'open'].every((is) => all.some((one) => one.status === is)),
    );
    const open = edits.find((one) => one.status === 'open');
    assert.equal(open.uri, stage.uri('.env'));
    assert.deepEqual([buffer(stage, 'a.txt'), buffer(stage, '.env')], ['alpha\nBETA\n', files['.env']]);
    await stage.lsp.command('pi.rejectEdit', { editId: open.id });
    await asked;
    assert.equal(buffer(stage, '.env'), files['.env']);
  });

  test(`failure 20: two commands with ${kind} ids are answered each for itself, and both tell what they changed`, async (t) => {
    const commands = ['echo 1 > one.txt', 'echo 2 > two.txt', 'echo 3 > three.txt'];
    const stage = await stageOf(t, [calls(...commands.map((one) => bare(bash(one)))), says('Done.')]);
    const asked = stage.ask('go');
    for (const command of commands) {
      const question = await stage.lsp.nextQuestion();
      assert.ok(question.message.includes(command), question.message);
      question.answer(command.includes('two') ? 'Reject' : 'Allow');
    }
    await asked;
    const [one, two, three] = stage.told();
    // Both run at once, so each may name the other's file besides its own.
    assert.match(one, /\[Changed on disk, outside the user's review: .*one\.txt/);
    assert.match(two, /did not allow/);
    assert.match(three, /\[Changed on disk, outside the user's review: .*three\.txt/);
  });

  test(`failure 20: a call with ${kind} ids that is refused takes nothing away from its neighbours`, async (t) => {
    const stage = await stageOf(t, [
      calls(bare(edit('a.txt', ['beta', 'BETA'])), bare(edit('b.txt', ['no such text', 'x'])), bare(read('b.txt'))),
      says('Done.'),
    ]);
    await stage.open('a.txt');
    const asked = stage.ask('go');
    await stage.lsp.until('the end of the other two', () => stage.lsp.all('pi/event').filter((one) => one.type === 'toolEnded').length === 2);
    const [open] = await stage.edits('the open edit', (edits) => edits.length === 1 && edits);
    assert.equal(open.uri, stage.uri('a.txt'));
    await stage.lsp.command('pi.applyEdit', { editId: open.id });
    const { edits } = await asked;
    assert.deepEqual(
      edits.map((one) => one.status),
      ['applied'],
    );
    assert.equal(buffer(stage, 'a.txt'), 'alpha\nBETA\n');
  });

  test(`failure 20: a run whose calls have ${kind} ids is stopped like any other`, async (t) => {
    const stage = await stageOf(t, [calls(bare(edit('a.txt', ['beta', 'BETA'])), bare(edit('b.txt', ['delta', 'DELTA'])))]);
    const asked = stage.ask('go');
    await stage.edits('two open edits', (edits) => edits.length === 2 && edits);
    await stage.lsp.command('pi.abort');
    const { stopReason, edits } = await asked;
    assert.deepEqual([stopReason, edits.map((one) => one.status)], ['aborted', ['stopped', 'stopped']]);
    assert.deepEqual([stage.disk('a.txt'), stage.disk('b.txt')], [files['a.txt'], files['b.txt']]);
  });
}

test('failure 20: calls without an id are told apart by whoever shows the run, and by the model', async (t) => {
  const script = [calls(bare(bash('echo 1')), bare(bash('echo 2'))), calls(bare(bash('echo 3'))), says('Done.')];
  const stage = await stageFor(t, { client: own, script, settings: { permissionMode: 'full' } });
  await stage.ask('go');
  const started = stage.lsp.all('pi/event').filter((one) => one.type === 'toolStarted');
  assert.equal(new Set(started.map((one) => one.toolCallId)).size, 3);
  for (const { toolCallId, input } of started) {
    const ended = stage.lsp.all('pi/event').find((one) => one.type === 'toolEnded' && one.toolCallId === toolCallId);
    assert.equal(ended.text.trim(), input.command.slice('echo '.length));
  }
  assert.deepEqual(
    stage.model.toolResults().map((one) => one.text.trim()),
    ['1', '2', '3'],
  );
});

test('failure 20: pilsp ask writes to each file what was made for it', async (t) => {
  const stage = await headlessFor(t, {
    files,
    script: [calls(bare(edit('a.txt', ['beta', 'BETA'])), bare(edit('b.txt', ['delta', 'DELTA'])), bare(write('c.txt', 'new\n'))), says('Done.')],
  });
  const { code, stderr } = await stage.start(['--permission-mode', 'acceptEdits', 'go']).done;
  assert.equal(code, 0, stderr);
  assert.deepEqual([stage.disk('a.txt'), stage.disk('b.txt'), stage.disk('c.txt')], ['alpha\nBETA\n', 'gamma\nDELTA\n', 'new\n']);
});

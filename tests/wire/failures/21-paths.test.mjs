// The server opens what a path leads to: its own input, endless devices, pipes without a writer, other processes' secrets.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { headlessFor } from '../headless-stage.mjs';
import { stageFor } from '../stage.mjs';
import { calls, edit, read, says, write } from '../steps.mjs';

const skip = process.platform !== 'linux' && 'only Linux has these paths';
const NO_FILE = /is no file but/;
const full = { permissionMode: 'full' };

/** Every request that follows is answered: nobody has eaten what the client says. */
async function stillListens(stage) {
  const answers = await Promise.all(Array.from({ length: 30 }, () => stage.lsp.command('pi.status')));
  assert.equal(answers.length, 30);
}

for (const target of ['/proc/self/fd/0', '/dev/stdin', '/dev/zero', '/proc/self/environ', '/proc/self/root/etc/hostname', '/sys/kernel/notes', 'pipe']) {
  for (const mode of ['readOnly', 'full']) {
    test(`failure 21: a link to ${target} is read in the mode ${mode}: refused at once, and the server listens on`, { skip }, async (t) => {
      const stage = await stageFor(t, { settings: { permissionMode: mode }, script: [calls(read('notes.md')), calls(read(target)), says('Done.')] });
      if (target === 'pipe') execFileSync('mkfifo', [stage.path('pipe')]);
      symlinkSync(target === 'pipe' ? stage.path('pipe') : target, stage.path('notes.md'));
      assert.equal((await stage.ask('go')).text, 'Done.');
      assert.deepEqual([stage.told().length, stage.told().every((text) => NO_FILE.test(text))], [2, true], stage.told().join('\n'));
      await stillListens(stage);
    });
  }
}

test('failure 21: such a link as picture, as attachment, as folder and as mention is refused with the reason', { skip }, async (t) => {
  const stage = await stageFor(t);
  execFileSync('mkfifo', [stage.path('pipe.txt')]);
  for (const [name, target] of [
    ['in.md', '/proc/self/fd/0'],
    ['endless.png', '/dev/zero'],
    ['processes', '/proc'],
  ])
    symlinkSync(target, stage.path(name));
  const { items } = await stage.lsp.command('pi.resolveContext', {
    prompt: 'look at @in.md and @pipe.txt and @processes',
    attachments: [
      { kind: 'image', path: 'endless.png' },
      { kind: 'file', path: 'in.md' },
      { kind: 'file', path: 'processes' },
    ],
  });
  assert.ok(items.length >= 5, JSON.stringify(items));
  for (const item of items) assert.match(item.problem ?? `${item.title} is included`, NO_FILE);
  await stillListens(stage);
});

test('failure 21: what leads there is not written either, in whatever mode and whatever is open', { skip }, async (t) => {
  const stage = await stageFor(t, {
    settings: full,
    script: [calls(write('out.txt', 'text\n'), write('/proc/self/comm', 'text'), write('open.txt', 'text\n')), says('Done.')],
  });
  symlinkSync('/dev/stderr', stage.path('out.txt'));
  symlinkSync('/proc/self/comm', stage.path('open.txt'));
  await stage.open('open.txt', 'what the editor shows of it\n');
  await stage.ask('go');
  for (const text of stage.told()) assert.match(text, NO_FILE);
  assert.deepEqual([stage.told().length, stage.lsp.questions.length], [3, 0]);
});

test('failure 21: a link is turned while its edit waits: what it leads to now is not written', { skip }, async (t) => {
  const stage = await stageFor(t, {
    files: { 'a.txt': 'one\ntwo\n' },
    settings: { permissionMode: 'ask', approval: 'commands' },
    script: [calls(edit('notes.txt', ['two', '2'])), says('Done.')],
  });
  const outside = `${stage.pi.dir}/profile`;
  writeFileSync(outside, 'one\ntwo\n');
  symlinkSync(stage.path('a.txt'), stage.path('notes.txt'));
  const asked = stage.ask('go');
  const [waiting] = await stage.edits('the edit', (edits) => edits.some((one) => one.status === 'open'));
  rmSync(stage.path('notes.txt'));
  symlinkSync(outside, stage.path('notes.txt'));
  await stage.lsp.command('pi.applyEdit', { editId: waiting.editId }).catch(() => {});
  await asked;
  assert.match(stage.told()[0], /was not applied: while the edit waited, a link to .* took the file's place/);
  assert.deepEqual([readFileSync(outside, 'utf8'), stage.disk('a.txt'), stage.lsp.appliedEdits?.length ?? 0], ['one\ntwo\n', 'one\ntwo\n', 0]);
});

test('failure 21: pilsp ask reads and writes no such thing', { skip }, async (t) => {
  const stage = await headlessFor(t, {
    script: [calls(read('notes.md'), read('pipe'), write('out.txt', 'text\n')), says('Done.')],
  });
  execFileSync('mkfifo', [stage.path('pipe')]);
  symlinkSync('/dev/zero', stage.path('notes.md'));
  symlinkSync('/dev/stderr', stage.path('out.txt'));
  const done = await stage.ask(['--permission-mode', 'acceptEdits', 'go']);
  assert.equal(done.code, 0, done.stderr);
  for (const text of stage.told()) assert.match(text, NO_FILE);
});

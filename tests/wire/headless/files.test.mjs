// `pilsp ask`: what each permission mode lets the model do, and how files are written without an editor.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { headlessFor } from '../headless-stage.mjs';
import { bash, calls, edit, read, says, write } from '../steps.mjs';

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

test('a file that changes on disk between reading and writing is not overwritten', async (t) => {
  const stage = await headlessFor(t, { files: { 'a.txt': 'old\n' }, script: [calls(read('a.txt')), says('Read.')] });
  writeFileSync(stage.path('a.txt'), 'newer\n');
  stage.model.add(calls(edit('a.txt', ['old', 'new'])), says('It has changed.'));
  await stage.ask(['--permission-mode', 'acceptEdits', 'read it']);
  await stage.ask(['--permission-mode', 'acceptEdits', 'change it']);
  assert.equal(stage.disk('a.txt'), 'newer\n');
});

// What a repository writes into its .gitignore, or names its files, neither hangs anything nor hides what a command changed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stageFor } from '../stage.mjs';
import { bash, calls, says } from '../steps.mjs';

const git = (stage, ...args) => execFileSync('git', args, { cwd: stage.workspace, stdio: 'pipe' });
const shell = (stage, command) => execFileSync('/bin/sh', ['-c', command], { cwd: stage.workspace, stdio: 'pipe' });
const CHANGES = [calls(bash('echo new > seen.txt; mkdir -p sub; echo new > sub/hidden.log')), says('Done.')];

/** Lets the one command run, and gives what the model was told of it. */
async function toldOf(stage) {
  const asked = stage.ask('go');
  (await stage.lsp.nextQuestion()).answer('Allow');
  await asked;
  return stage.told().at(-1);
}

/** @type {[string, boolean][]} */
const repositories = [
  ['without git', false],
  ['in a repository', true],
];

for (const [where, isRepository] of repositories)
  for (const [what, text] of [
    ['thirty stars', `${'*a'.repeat(30)}b\n`],
    ['an open bracket', 'foo[\n'],
    ['a range the wrong way round', '[z-a].txt\n'],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x0a])],
    ['three thousand patterns', Array.from({ length: 3000 }, (_, i) => `*x${i}*y\n`).join('')],
  ])
    test(`failure 22: a pattern of the repository's hangs nothing and hides nothing: ${what} (${where})`, async (t) => {
      const names = Array.from({ length: what.startsWith('three') ? 3000 : 3 }, (_, i) => [`${'a'.repeat(60)}${i}`, '']);
      const stage = await stageFor(t, { files: { '.gitignore': text, ...Object.fromEntries(names) }, script: CHANGES });
      if (isRepository) git(stage, 'init', '-q');
      assert.match(await toldOf(stage), /\n\[Changed on disk, outside the user's review: seen\.txt, sub\/hidden\.log\]$/);
      const { items } = await stage.lsp.command('pi.completeMention', { prefix: 'seen' });
      assert.equal(items[0].path, 'seen.txt');
    });

for (const [where, isRepository] of repositories)
  test(`failure 22: a .gitignore counts in its own folder, too (${where})`, async (t) => {
    const stage = await stageFor(t, { files: { 'sub/.gitignore': '*.log\n', '.gitignore': '!*.log\n' }, script: CHANGES });
    if (isRepository) git(stage, 'init', '-q');
    assert.match(await toldOf(stage), /review: seen\.txt\]$/);
  });

for (const [what, make] of [
  ['a pipe', (stage) => shell(stage, 'mkfifo .gitignore')],
  ['a link to a device', (stage) => symlinkSync('/dev/zero', stage.path('.gitignore'))],
])
  test(`failure 22: ${what} as .gitignore holds nothing up`, async (t) => {
    const stage = await stageFor(t, { script: CHANGES });
    make(stage);
    t.after(() => rmSync(stage.path('.gitignore'), { force: true }));
    assert.match(await toldOf(stage), /seen\.txt, sub\/hidden\.log\]$/);
  });

for (const [where, isRepository] of repositories)
  test(`failure 22: a file whose name is no UTF-8 is said not to have been compared, to model and user (${where})`, async (t) => {
    const stage = await stageFor(t, { script: CHANGES });
    if (isRepository) git(stage, 'init', '-q');
    shell(stage, `touch "$(printf 'b\\377ad')" keep.txt`);
    const told = await toldOf(stage);
    // What is new may only not have been seen before.
    assert.match(
      told,
      /\n\[Not all of the workspace could be compared: 1 file has a name that is no UTF-8\. The command may have changed more than is named here\.\]$/,
    );
    assert.match((await stage.lsp.waitFor('window/showMessage')).message, /Not all of the workspace could be compared .* 1 file has a name that is no UTF-8/);
  });

test("failure 22: a command of the user's own tells what could not be compared", async (t) => {
  const stage = await stageFor(t, { script: [says('Ah.')] });
  shell(stage, `touch "$(printf 'b\\377ad')"`);
  await stage.lsp.command('pi.bash', { command: 'echo new > seen.txt' });
  assert.match((await stage.lsp.waitFor('window/showMessage')).message, /Not all of the workspace could be compared/);
  await stage.ask('what now?');
  assert.match(stage.model.lastUserText(), /could be compared: 1 file has a name/);
});

test('failure 22: nothing that the repository names as a program runs when it is looked at', async (t) => {
  const stage = await stageFor(t, { files: { 'evil.sh': '#!/bin/sh\ntouch "$(dirname "$0")/ran"\n' }, script: CHANGES });
  chmodSync(stage.path('evil.sh'), 0o755);
  git(stage, 'init', '-q');
  git(stage, 'add', 'evil.sh');
  const evil = stage.path('evil.sh');
  for (const key of ['core.fsmonitor', 'core.pager', 'filter.evil.clean', 'core.sshCommand']) git(stage, 'config', key, evil);
  writeFileSync(stage.path('.gitattributes'), '* filter=evil\n');
  writeFileSync(join(stage.workspace, '.git/hooks/post-index-change'), `#!/bin/sh\n${evil}\n`, { mode: 0o755 });
  assert.match(await toldOf(stage), /seen\.txt/);
  assert.equal(existsSync(stage.path('ran')), false);
});

test('failure 22: git is not asked in a workspace that is not trusted, and the report is the same', async (t) => {
  const stage = await stageFor(t, { files: { '.gitignore': '*.log\n' }, settings: { workspaceTrusted: false }, script: CHANGES });
  git(stage, 'init', '-q');
  assert.match(await toldOf(stage), /review: seen\.txt\]$/);
});

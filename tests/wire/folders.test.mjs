// A workspace of several folders: a session works in one of them, and says in which.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { stageFor } from './stage.mjs';
import { bash, calls, edit, says } from './steps.mjs';

/** Two folders, each with an `a.txt` of its own. */
async function twoFolders(t, options) {
  const above = realpathSync(mkdtempSync(join(tmpdir(), 'pilsp-folders-')));
  t.after(() => rmSync(above, { recursive: true, force: true }));
  const [one, two] = ['one', 'two'].map((name) => join(above, name));
  for (const folder of [one, two]) {
    mkdirSync(folder);
    writeFileSync(join(folder, 'a.txt'), `of ${folder === one ? 'one' : 'two'}\n`);
  }
  const stage = await stageFor(t, { ...options, client: { workspaceFolders: [one, two] } });
  return { stage, one, two, uri: (folder) => pathToFileURL(folder).href };
}

const status = (stage) => stage.lsp.command('pi.status');

test('the first prompt works in the folder of the file in front; the list names the folder of each', async (t) => {
  const { stage, one, two, uri } = await twoFolders(t, { script: [calls(edit('a.txt', ['of two', 'changed'])), says('Done.'), says('Here.')] });
  assert.deepEqual((await status(stage)).folders, [uri(one), uri(two)]);
  assert.equal((await status(stage)).folder, uri(one));
  const file = pathToFileURL(join(two, 'a.txt')).href;
  await stage.lsp.open(file, 'of two\n');
  const asked = stage.ask('change it', { textDocument: { uri: file } });
  const question = await stage.lsp.nextQuestion();
  question.answer('Apply');
  assert.equal((await asked).text, 'Done.');
  assert.equal(stage.lsp.text(file), 'changed\n');
  assert.match(stage.told().at(-1), /^Applied to a\.txt/);
  assert.equal((await status(stage)).folder, uri(two));
  await stage.lsp.command('pi.newSession', { folder: uri(one) });
  assert.equal((await status(stage)).folder, uri(one));
  await stage.ask('hello');
  const { sessions } = await stage.lsp.command('pi.listSessions');
  assert.deepEqual(
    sessions.map((each) => [each.firstWords, each.workspaceFolder]),
    [
      ['hello', uri(one)],
      ['change it', uri(two)],
    ],
  );
});

test('a command runs in the folder of its session, and what it changed is told from there', async (t) => {
  const { stage, two, uri } = await twoFolders(t, {
    script: [calls(bash('pwd; echo new > b.txt')), says('Done.')],
  });
  await stage.lsp.command('pi.newSession', { folder: uri(two) });
  const asked = stage.ask('go');
  (await stage.lsp.nextQuestion()).answer('Allow');
  await asked;
  const [told] = stage.told();
  assert.ok(told.startsWith(two), told);
  assert.match(told, /\bb\.txt/);
  assert.ok(!told.includes(join(two, 'b.txt')), told);
});

test('a stored session of either folder is resumed where it belongs; another folder is refused by name', async (t) => {
  const { stage, one, two, uri } = await twoFolders(t, { script: [says('One.'), says('Two.'), says('Three.')] });
  await stage.lsp.command('pi.newSession', { folder: uri(two) });
  await stage.ask('in two');
  const { path } = await stage.lsp.command('pi.newSession', { folder: uri(one) });
  await stage.ask('in one');
  const { sessions } = await stage.lsp.command('pi.listSessions');
  const ofTwo = sessions.find((each) => each.firstWords === 'in two');
  assert.notEqual(ofTwo.path, path);
  await stage.lsp.command('pi.resumeSession', { path: ofTwo.path });
  assert.equal((await status(stage)).folder, uri(two));
  await assert.rejects(stage.lsp.command('pi.newSession', { folder: 'file:///elsewhere' }), /"folder" must be one of file:/);
});

// The workspace is opened through a link (/home -> /var/home, macOS's /tmp): it is the workspace, under the client's name for it.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { headlessFor } from '../headless-stage.mjs';
import { stageFor } from '../stage.mjs';
import { bash, calls, edit, read, says, write } from '../steps.mjs';

/** A stage whose client knows the workspace by a link to it. */
async function linked(t, options) {
  const stage = await stageFor(t, { ...options, client: { workspaceFolders: [], ...options.client } });
  const link = join(stage.pi.dir, 'linked');
  symlinkSync(stage.workspace, link);
  await stage.lsp.notify('workspace/didChangeWorkspaceFolders', {
    event: { added: [{ uri: pathToFileURL(link).href, name: 'linked' }], removed: [] },
  });
  await stage.lsp.command('pi.status');
  return { stage, link, uri: (name) => pathToFileURL(join(link, name)).href };
}

for (const named of ['relative', 'real', 'linked']) {
  test(`failure 26: files named by ${named} paths are inside, and have the client's URIs`, async (t) => {
    const { stage, link, uri } = await linked(t, { settings: { permissionMode: 'acceptEdits' }, files: { 'a.txt': 'one\n', 'sub/b.txt': 'two\n' } });
    const at = { relative: (name) => name, real: (name) => join(realpathSync(stage.workspace), name), linked: (name) => join(link, name) }[named];
    await stage.lsp.open(uri('a.txt'), 'one, not saved\n');
    stage.model.add(
      calls(read(at('a.txt'))),
      calls(edit(at('a.txt'), ['one', '1']), edit(at('sub/b.txt'), ['two', '2']), write(at('sub/new.txt'), 'new\n')),
      says('Done.'),
    );
    const result = await stage.ask('go');
    assert.match(stage.told()[0], /one, not saved/);
    assert.deepEqual(
      result.edits.map((one) => [one.uri, one.status]).sort(),
      [uri('a.txt'), uri('sub/b.txt'), uri('sub/new.txt')].map((one) => [one, 'applied']),
    );
    assert.equal(stage.lsp.text(uri('a.txt')), '1, not saved\n');
    assert.equal(stage.lsp.questions.length, 0);
    const uris = stage.lsp.received.filter((one) => one.method === 'workspace/applyEdit').map((one) => JSON.stringify(one.params));
    for (const sent of uris) assert.ok(!sent.includes(pathToFileURL(realpathSync(stage.workspace)).href), sent);
  });
}

test('failure 26: what is mentioned, looked at or changed by a command is shown relative to the workspace; a link out of it is still outside', async (t) => {
  const { stage, link } = await linked(t, { settings: { permissionMode: 'full' }, files: { 'a.txt': 'one\n' } });
  const elsewhere = join(stage.pi.dir, 'elsewhere');
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, 'c.txt'), 'out\n');
  symlinkSync(elsewhere, stage.path('out'));
  const { items } = await stage.lsp.command('pi.resolveContext', {
    prompt: 'see @a.txt',
    textDocument: { uri: pathToFileURL(join(realpathSync(stage.workspace), 'a.txt')).href },
  });
  assert.deepEqual(
    items.map((one) => one.title),
    ['a.txt', 'a.txt'],
  );
  stage.model.add(calls(bash('echo changed > a.txt')), calls(write(join(link, 'out/c.txt'), 'mine\n')), says('Done.'));
  const asked = stage.ask('go');
  const question = await stage.lsp.nextQuestion();
  assert.match(question.message, /link leads it out of the workspace/);
  question.answer('Reject');
  await asked;
  assert.match(stage.told()[0], /Changed on disk[^\]]*: a\.txt\]/);
  assert.equal(readFileSync(join(elsewhere, 'c.txt'), 'utf8'), 'out\n');
});

test('failure 26: pilsp ask in a linked directory', async (t) => {
  const stage = await headlessFor(t, { files: { 'a.txt': 'one\n' }, script: [calls(edit('a.txt', ['one', '1'])), says('Done.')] });
  const link = join(stage.pi.dir, 'linked');
  symlinkSync(stage.workspace, link);
  const done = await stage.start(['--permission-mode', 'acceptEdits', 'go'], { cwd: link, env: { PWD: link } }).done;
  assert.equal(done.code, 0, done.stderr);
  assert.equal(stage.disk('a.txt'), '1\n');
});

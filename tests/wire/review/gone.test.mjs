// An edit of a closed file waits, and the file becomes something else: user and model hear what.
import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { stageFor } from '../stage.mjs';
import { calls, edit, says } from '../steps.mjs';
import { byCommands } from './plain-editor.mjs';

const remove = (path) => rmSync(path('notes.txt'));
const rename = (path) => renameSync(path('notes.txt'), path('other.txt'));
const happenings = [
  ['is deleted', [remove], /the file was deleted or renamed/],
  ['is renamed', [rename], /the file was deleted or renamed/],
  ['becomes a folder', [remove, (path) => mkdirSync(path('notes.txt'))], /a folder took the file's place/],
  ['becomes a link', [rename, (path) => symlinkSync('other.txt', path('notes.txt'))], /a link to other\.txt took/],
];

for (const [what, happens, said] of happenings) {
  test(`a file ${what} while its edit waits`, async (t) => {
    const stage = await stageFor(t, {
      files: { 'notes.txt': 'one\ntwo\n' },
      settings: byCommands,
      script: [calls(edit('notes.txt', ['two', '2'])), says('Done.')],
    });
    const asked = stage.ask('go');
    await stage.edits('an open edit', (edits) => edits.length === 1);
    for (const step of happens) step(stage.path);
    const { applied, status, reason } = await stage.lsp.command('pi.applyEdit');
    assert.deepEqual([applied, status], [false, 'failed']);
    assert.match(reason, said);
    await asked;
    assert.match(stage.told()[0], said);
    assert.deepEqual(stage.lsp.all('workspace/applyEdit'), []);
  });
}

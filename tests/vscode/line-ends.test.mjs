// A file whose line ends the workbench rewrites when it opens it: what Pi changes, what the user types and what is saved agree.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { calls, edit, read, says } from '../wire/steps.mjs';
import { packaged, unpackaged } from './packaged.mjs';
import { closeBrowser, eventually, workbenchFor } from './workbench.mjs';

let extensions;
before(() => {
  ({ extensions } = packaged());
});
after(async () => {
  await closeBrowser();
  unpackaged();
});

const PROGRESS = 'progress 10%\rprogress 50%\rdone\nkeep one\nkeep two\nfoo\nkeep three\nkeep four\n';
const SHOWN = PROGRESS.replaceAll('\r', '\n');

test('failure 19: below a lone CR an edit lands on its line, what is typed and saved agrees, and what saving does is said before', async (t) => {
  const script = [calls(edit('log.txt', ['foo', 'bar'])), says('Changed.'), calls(read('log.txt'), edit('log.txt', ['keep four', 'kept'])), says('Read.')];
  const workbench = await workbenchFor(t, { name: 'line-ends', extensions, files: { 'log.txt': PROGRESS }, script });
  const ask = async (prompt) => {
    await workbench.palette('Pi: Ask…');
    await workbench.asked('Ask Pi');
    await workbench.fill(prompt);
    await workbench.webview().locator('article.user', { hasText: prompt }).last().waitFor();
  };
  await workbench.openFile('log.txt');
  await workbench.editorShows(SHOWN);
  await ask('change foo');
  // Before the decision: in the list, and above the changes.
  const rows = () => workbench.treeRows('Changes').allTextContents();
  await eventually(
    'the list to say it',
    async () => (await rows()).some((row) => /log\.txt.*line ends of several kinds; saving makes them all the same/.test(row)),
    rows,
  );
  await workbench.palette('Pi: Review Changes');
  await workbench.diffShows('modified', SHOWN.replace('foo', 'bar'));
  await workbench.page.locator('.editor.modified .codelens-decoration', { hasText: 'saving makes them all the same' }).first().waitFor();
  await workbench.screenshot('said');
  await workbench.palette('Pi: Apply Edit');
  await workbench.webview().locator('article').getByText('Changed.').first().waitFor();
  assert.match(workbench.told().at(-1), /^Applied to log\.txt\. It is not saved yet: .*saving makes them all the same/);
  await workbench.openFile('log.txt');
  const changed = SHOWN.replace('foo', 'bar');
  await workbench.editorShows(changed);
  assert.equal(workbench.disk('log.txt'), PROGRESS, 'the disk is as it was');

  await workbench.goTo(8);
  await workbench.type('typed below\n');
  const typed = changed.replace('keep four', 'typed below\nkeep four');
  await workbench.editorShows(typed);
  await workbench.press('Control+s');
  await eventually('the file to be saved', () => workbench.disk('log.txt') === typed);
  await ask('now read it');
  // On the disk there is one kind now. The list that was hidden while nothing waited has its rows of before for a moment.
  await eventually(
    'the edit to wait, with nothing to say of it',
    async () => {
      const told = await rows();
      return told.some((row) => row.includes('log.txt')) && !told.some((row) => row.includes('line ends'));
    },
    rows,
  );
  await workbench.palette('Pi: Apply Edit');
  await workbench.webview().locator('article').getByText('Read.').first().waitFor();
  assert.deepEqual(workbench.told().slice(-2), [typed, 'Applied to log.txt.']);
  await workbench.openFile('log.txt');
  await workbench.editorShows(typed.replace('keep four', 'kept'));
});

// A whole afternoon in the real workbench: from nothing to a session that is resumed, driven as a user drives it.
import assert from 'node:assert/strict';
import { existsSync, unlinkSync } from 'node:fs';
import { after, test } from 'node:test';
import { root } from '../../scripts/run.mjs';
import { bash, calls, edit, says, write } from '../wire/steps.mjs';
import { notes } from './notes.mjs';
import { closeBrowser, eventually, workbenchFor } from './workbench.mjs';

after(closeBrowser);

const server = process.env.PILSP_TEST_SERVER;
const lines = (name, n) => Array.from({ length: n }, (_, i) => `${name} line ${i + 1}\n`).join('');
const FILES = ['a', 'b', 'c', 'd'];
const MODELS = [{ id: 'scripted-1', name: 'Scripted 1', contextWindow: 128_000, maxTokens: 16_000 }];
/** Three hunks in each of four files; the fifth is new. */
const hunksOf = (name) => [2, 7, 12].map((n) => [`${name} line ${n}\n`, `${name} LINE ${n}\n`]);

test('an afternoon: no model, sign-in, a question, twelve hunks and a new file, decisions, undo, stop, a reload', async (t) => {
  const workbench = await workbenchFor(t, {
    name: 'afternoon',
    development: root,
    files: { ...Object.fromEntries(FILES.map((name) => [`${name}.txt`, lines(name, 14)])), 'old.txt': 'to be deleted\n' },
    home: (baseUrl) => ({ models: [], extra: { providers: { garden: { name: 'Garden', baseUrl, api: 'openai-completions', models: MODELS } } } }),
    settings: server ? { 'pi.server.path': server } : {},
    script: [
      says('Four files of fourteen lines.'),
      calls(...FILES.map((name) => edit(`${name}.txt`, ...hunksOf(name))), write('new.txt', 'made by Pi\n')),
      calls(bash('rm old.txt')),
      says('That was all of it.'),
      calls(edit('b.txt', ['b line 3\n', 'b line three\n'])),
      { text: 'And now', hang: true },
      says('Here again.'),
    ],
  });
  const chat = workbench.webview();
  // One after another: what fails ends the story.
  const step = (_name, work) => work();
  const button = (name) => chat.getByRole('button', { name, exact: true });
  const ask = async (words) => {
    await chat.locator('textarea').fill(words);
    await chat.locator('textarea').press('Enter');
  };
  const lens = (title) => workbench.page.locator('.codelens-decoration a', { hasText: title });

  await step('without a model the chat says so, with ways on; no command of the server is named', async () => {
    await workbench.openFile('a.txt');
    await workbench.palette('Pi: Focus on Chat View');
    await chat.getByRole('heading', { name: 'Pi needs a model' }).waitFor();
    for (const name of ['Sign in…', 'Paste a key…', 'Set up in a terminal']) await button(name).waitFor();
    assert.doesNotMatch((await chat.locator('body').textContent()) ?? '', /pi\.(login|setApiKey)/);
    await workbench.screenshot('no-model');
  });

  await step('a key leads to a first answer', async () => {
    await button('Paste a key…').click();
    await workbench.asked('whose API key');
    await workbench.page.locator('.quick-input-widget input').first().fill('garden');
    await workbench.pick('Garden');
    await workbench.asked('API key of Garden');
    await workbench.fill('key-of-the-garden');
    await notes(workbench).notified('Garden is set up');
    await workbench.screenshot('key');
    await chat.getByRole('heading', { name: 'Pi needs a model' }).waitFor({ state: 'hidden' });
    await ask('how many lines are there?');
    await chat.locator('article').getByText('Four files').first().waitFor();
    await workbench.screenshot('answer');
  });

  await step('twelve hunks and a new file wait in the order of the proposals, each file shows its own', async () => {
    await ask('shout, and tidy up');
    await lens('Pi: Apply').first().waitFor();
    await chat.getByRole('button', { name: '5 edits wait for you' }).waitFor();
    await lens('1 of 13').first().waitFor();
    const first = async () => (await workbench.treeRows('Changes').allTextContents()).find((row) => /\.txt/.test(row)) ?? '';
    await eventually('the list to be in the same order', async () => (await first()).includes('a.txt'), first);
    await workbench.screenshot('waiting');
  });

  await step('decisions of every kind, with the next change in view behind each', async () => {
    await lens('Pi: Apply').first().click();
    await eventually('the cursor at the second change', async () => (await workbench.statusBar()).some((text) => text.startsWith('Ln 7')), workbench.statusBar);
    await eventually('the lenses of the first one to be gone', async () => (await lens('1 of 13').count()) === 0);
    await lens('Reject').first().click();
    await eventually('the cursor at the third', async () => (await workbench.statusBar()).some((text) => text.startsWith('Ln 12')), workbench.statusBar);
    await eventually('the lenses of the second one to be gone', async () => (await lens('2 of 13').count()) === 0);
    // Typing meanwhile moves what waits.
    await workbench.goTo(1);
    await workbench.type('typed\n');
    await eventually('the change to have moved', async () => (await lens('Pi: Apply').count()) === 1);
    await workbench.palette('Pi: Apply Edit');
    await workbench.screenshot('next-file');
    await chat.locator('textarea').fill('keep b as it is');
    await button('Tell Pi instead (Ctrl+Enter)').waitFor();
    await workbench.screenshot('tell-instead');
    await chat.locator('textarea').fill('');
    const card = (name) => chat.locator('.card.edit', { hasText: name });
    await card('b.txt').getByLabel('Reason for rejecting, told to Pi').fill('keep b as it is');
    await card('b.txt').getByRole('button', { name: 'Reject', exact: true }).click();
    for (const name of ['c.txt', 'd.txt', 'new.txt']) await card(name).getByRole('button', { name: 'Apply', exact: true }).click();
    await button('Allow').click();
    await chat.locator('article').getByText('That was all of it.').first().waitFor();
    assert.equal(existsSync(workbench.path('old.txt')), false);
    await card('b.txt').getByText('keep b as it is').waitFor();
    await workbench.screenshot('decided');
    assert.match(workbench.told().join('\n'), /keep b as it is/);
  });

  await step('the run has a card; what it changed is undone, what its command deleted is said before', async () => {
    const card = chat.getByRole('article', { name: /^End of the run\..*files changed/ });
    await card.waitFor();
    await card.getByRole('button', { name: 'Undo this run' }).scrollIntoViewIfNeeded();
    await workbench.screenshot('run-card');
    await card.getByRole('button', { name: 'Undo this run' }).click();
    await workbench.page.locator('.monaco-dialog-box').waitFor();
    await workbench.screenshot('undo-asks');
    await workbench.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Undo the Rest' }).click();
    await chat.getByRole('article', { name: /^End of the run\. Undone/ }).waitFor();
    await workbench.openFile('c.txt');
    await workbench.editorShows(lines('c', 14));
    await workbench.screenshot('undone');
  });

  await step('what a stopped run had proposed stays, and can be applied', async () => {
    await ask('one more');
    await chat.locator('.card.edit').last().getByRole('button', { name: 'Apply', exact: true }).waitFor();
    await button('Stop (Escape)').click();
    await chat.locator('.card.edit').last().getByText('The run was stopped').waitFor();
    await workbench.screenshot('stopped');
    await chat.locator('.card.edit').last().getByRole('button', { name: 'Apply', exact: true }).click();
    await workbench.openFile('b.txt');
    await workbench.editorShows((text) => text.includes('b line three'));
  });

  await step('after a reload the session is resumed by its name', async () => {
    await workbench.load();
    await chat.getByRole('button', { name: /^Resume “how many lines are there\?”/ }).click();
    await chat.locator('article').getByText('That was all of it.').first().waitFor();
    await workbench.screenshot('resumed');
  });
  if (existsSync(workbench.path('new.txt'))) unlinkSync(workbench.path('new.txt'));
});

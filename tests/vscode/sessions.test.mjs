// Conversations that last, in the real workbench with the real Pi: found again, gone on with, named, forked, exported, deleted and
// brought back; and what an extension of Pi asks the user.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { root } from '../../scripts/run.mjs';
import { commandLine } from '../wire/processes.mjs';
import { says } from '../wire/steps.mjs';
import { notes } from './notes.mjs';
import { within } from './within.mjs';
import { closeBrowser, eventually, workbenchFor } from './workbench.mjs';

after(closeBrowser);

const server = process.env.PILSP_TEST_SERVER;
const options = { development: root, files: { 'notes.txt': 'one\ntwo\n' }, settings: server ? { 'pi.server.path': server } : {} };

/** The chat of a workbench, in front. */
async function chatOf(workbench) {
  const view = () => workbench.webview();
  const box = () => view().locator('textarea');
  await workbench.openFile('notes.txt');
  await workbench.palette('Pi: Focus on Chat View');
  await within('the box of the chat', () => box().waitFor());
  return {
    box,
    says: (text) =>
      within(
        `the chat to show "${text}"`,
        () => view().getByText(text).first().waitFor(),
        () => view().locator('main').textContent(),
      ),
    lacks: (text) => eventually(`the chat without "${text}"`, async () => (await view().locator('main').getByText(text).count()) === 0),
    title: (text) =>
      eventually(
        `the title "${text}"`,
        async () => (await view().locator('.title-button').textContent()) === text,
        () => view().locator('.title-button').textContent(),
      ),
    boxHas: (text) =>
      eventually(
        `"${text}" in the box`,
        async () => (await box().inputValue()) === text,
        () => box().inputValue(),
      ),
    /** Asks, and waits for the end of the run. */
    async ask(prompt, answer) {
      const runs = await view().locator('article.run').count();
      await box().fill(prompt);
      await box().press('Enter');
      await within(`the answer to "${prompt}"`, () => view().getByText(answer).first().waitFor());
      await within('the end of the run', () => view().locator('article.run').nth(runs).waitFor());
    },
    option: (name) => within(`${name} to be offered`, () => view().getByRole('option', { name }).waitFor()),
  };
}

/** The list of sessions, as it is used: opened, searched, and one of its rows' buttons pressed. */
function sessionList({ palette, asked, items, widget, page }) {
  const rows = widget.locator('.quick-input-list .monaco-list-row');
  const row = (title) => rows.filter({ has: page.locator('.label-name', { hasText: title }) }).first();
  const open = async () => {
    await palette('Pi: Sessions…');
    await asked('sessions of this workspace');
    await items();
  };
  return {
    open,
    row,
    titles: async () => (await items()).map((label) => label.trim()),
    search: (words) => widget.locator('.quick-input-box input').fill(words),
    async press(title, button) {
      await open();
      await within(`a session "${title}"`, () => row(title).waitFor(), items);
      await row(title).hover();
      await row(title).locator(`.quick-input-list-entry-action-bar [aria-label="${button}"]`).click();
    },
  };
}

test('conversations are found again, gone on with, named, forked, exported, deleted and brought back', async (t) => {
  const script = [says('The sea is salt.'), says('Moss is green.'), says('So is fern.'), says('Stones are grey.')];
  const workbench = await workbenchFor(t, { name: 'sessions', script, ...options });
  const { palette, pick, fill, asked, dismiss, screenshot, model } = workbench;
  const { notified, answer, clear } = notes(workbench);
  const chat = await chatOf(workbench);
  const list = sessionList(workbench);
  await chat.ask('tell me about the sea', 'The sea is salt.');
  await palette('Pi: New Session');
  await chat.lacks('The sea is salt.');
  await chat.ask('tell me about moss', 'Moss is green.');
  await chat.ask('and about fern', 'So is fern.');

  await t.test('the list is searched, and a session gone on with shows what was said in it', async () => {
    await list.open();
    const both = await list.titles();
    assert.deepEqual(both.sort(), ['tell me about moss', 'tell me about the sea']);
    await screenshot('list');
    await list.search('the sea');
    await eventually('the search to leave one', async () => (await list.titles()).length === 1, list.titles);
    await pick('tell me about the sea');
    await chat.says('The sea is salt.');
    await chat.lacks('Moss is green.');
    await screenshot('resumed');
  });

  await t.test('a session is named from the list', async () => {
    await list.press('tell me about the sea', 'Rename…');
    await asked('name of the session');
    await fill('All about the sea');
    await chat.title('All about the sea');
    await list.open();
    await within('the name in the list', () => list.row('All about the sea').waitFor(), list.titles);
    await dismiss();
  });

  await t.test('a session that is not the present one is gone on with from an earlier message', async () => {
    await list.press('tell me about moss', 'Fork from an earlier message…');
    await asked('fork before which message');
    await screenshot('fork');
    await pick('and about fern');
    await chat.boxHas('and about fern');
    await chat.says('Moss is green.');
    await chat.lacks('So is fern.');
    await chat.ask('and about stones', 'Stones are grey.');
    const sent = JSON.stringify(model.requests.at(-1).messages);
    assert.match(sent, /about moss[\s\S]*Moss is green[\s\S]*about stones/);
    assert.doesNotMatch(sent, /about fern/);
    await list.open();
    assert.equal((await list.titles()).filter((title) => title === 'tell me about moss').length, 1, 'the first is as it was');
    assert.match((await list.row('and about stones').textContent()) ?? '', /fork of “tell me about moss”/, 'the fork is told from it');
    await dismiss();
  });

  await t.test('a session is exported as a page', async () => {
    await list.press('All about the sea', 'Export as HTML…');
    await asked('Export the session');
    const target = workbench.path('sea.html');
    // The dialog puts a proposal into its field a little after it has opened.
    const field = workbench.widget.locator('.quick-input-box input');
    await eventually('a proposal for the file', async () => (await field.inputValue()) !== '');
    await screenshot('export');
    await fill(target);
    await notified(`Exported to ${target}`);
    assert.match(readFileSync(target, 'utf8'), /<html/i);
    await clear();
  });

  await t.test('a session is deleted, and brought back', async () => {
    await list.press('All about the sea', 'Delete');
    await within('the list without it', () => list.row('All about the sea').waitFor({ state: 'detached' }), list.titles);
    await dismiss();
    await notified('Deleted: All about the sea');
    await screenshot('deleted');
    await answer('Deleted: All about the sea', 'Bring It Back');
    await eventually('it in the list again', async () => {
      await list.open();
      const there = (await list.titles()).includes('All about the sea');
      await dismiss();
      return there;
    });
  });

  await t.test('a session goes on in a terminal, with Pi itself', async () => {
    await list.press('All about the sea', 'Resume in a terminal');
    const inTerminal = () =>
      workbench.codeServer
        .processes()
        .map(commandLine)
        .find((line) => / --session /.test(line) && !/--mode rpc/.test(line));
    await eventually(
      'Pi with that session',
      () => inTerminal() !== undefined,
      () => workbench.codeServer.processes().map(commandLine),
    );
    const file = /--session (\S+\.jsonl)/.exec(inTerminal())?.[1] ?? '';
    assert.ok(existsSync(file) && readFileSync(file, 'utf8').includes('The sea is salt.'), file);
    await screenshot('terminal');
  });
});

const extension = `export default (pi) => {
  pi.registerCommand('paint', { description: 'Paints the fence', handler: async (args, ctx) => {
    const colour = await ctx.ui.select('Which colour?', ['red', 'green']);
    const name = await ctx.ui.input('Whose fence?', 'a name');
    const sure = await ctx.ui.confirm('Sure?', 'It stays that way.');
    ctx.ui.notify([colour, name, sure].join(', '));
    ctx.ui.setTitle('Fence of ' + name);
    ctx.ui.setEditorText('and now the gate');
  } });
};`;

test('a command of an extension of Pi is completed, asks in pickers and fields, and writes into an empty box', async (t) => {
  const workbench = await workbenchFor(t, { name: 'dialogs', ...options, home: { extra: { files: { 'extensions/paint.js': extension } } } });
  const { page, pick, fill, asked, screenshot, webview } = workbench;
  const chat = await chatOf(workbench);
  const paint = async (draft) => {
    await chat.box().fill('');
    await chat.box().pressSequentially('/pai');
    await chat.option(/^\/paint/);
    await screenshot('completed');
    await chat.box().press('Enter');
    await chat.box().press('Enter');
    await asked('Which colour?');
    await screenshot('select');
    await pick('green');
    await asked('Whose fence?');
    await screenshot('input');
    await fill('Tom');
    await asked('Sure?');
    if (draft) await chat.box().fill(draft);
    await pick('Yes');
  };
  await paint();
  await chat.says('green, Tom, true');
  await chat.boxHas('and now the gate');
  await within('the title of the extension', () => page.locator('.pane-header, .composite.title').filter({ hasText: 'Fence of Tom' }).first().waitFor());
  await screenshot('done');

  // What the user is writing stays.
  const said = webview().locator('main').getByText('green, Tom, true');
  await paint('words of my own');
  await eventually('the end of the command', async () => (await said.count()) === 2);
  await chat.boxHas('words of my own');
});

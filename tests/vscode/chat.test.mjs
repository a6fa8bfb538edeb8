// The chat view as a user has it: the real workbench, the real server, the real Pi behind the scripted model.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, test } from 'node:test';
import { root } from '../../scripts/run.mjs';
import { bash, calls, edit, says } from '../wire/steps.mjs';
import { closeBrowser, eventually, workbenchFor } from './workbench.mjs';

after(closeBrowser);

const files = { 'src/greet.ts': 'export function hello(name: string) {\n  return "Hello " + name;\n}\n' };

/** A workbench with `greet.ts` in front and the chat beside it. */
async function chatFor(t, options) {
  const server = process.env.PILSP_TEST_SERVER;
  const settings = { ...(server ? { 'pi.server.path': server } : {}), ...options.settings };
  const workbench = await workbenchFor(t, { development: root, files, ...options, settings });
  await workbench.openFile('src/greet.ts');
  const show = async () => {
    await workbench.palette('Pi: Focus on Chat View');
    await workbench.webview().locator('textarea').waitFor();
  };
  await show();
  const ask = async (prompt) => {
    await workbench.webview().locator('textarea').fill(prompt);
    await workbench.webview().locator('textarea').press('Enter');
  };
  const button = (name) => workbench.webview().getByRole('button', { name, exact: true });
  /** Words in the conversation itself; a screen reader's region has them too. */
  const said = (words) => workbench.webview().locator('article').getByText(words);
  return { ...workbench, show, ask, button, said, view: () => workbench.webview() };
}

test('a prompt, an edit, a command, an answer; hidden and shown again; gone on with after a reload', async (t) => {
  const chat = await chatFor(t, {
    script: [
      calls(edit('src/greet.ts', ['hello(', 'greet('])),
      calls(bash('echo tested > proof.txt')),
      says('All is **well**, see `src/greet.ts:2`.'),
      says('Welcome back.'),
    ],
  });
  await chat.ask('Rename hello to greet');
  await chat.button('Apply').click();
  await chat.editorShows((text) => text.startsWith('export function greet('));
  assert.equal(await chat.view().locator('.exact').textContent(), 'echo tested > proof.txt');
  assert.equal(existsSync(chat.path('proof.txt')), false);
  await chat.button('Allow').click();
  await chat.said('All is').waitFor();
  assert.equal(chat.disk('proof.txt'), 'tested\n');
  await chat.view().locator('article.run').waitFor();
  assert.match((await chat.view().locator('article.user').textContent()) ?? '', /^Rename hello to greet/);

  await chat.palette('View: Show Explorer');
  await chat.show();
  await chat.said('All is').waitFor();
  await chat.view().locator('code.path').click();
  await eventually('the cursor on line 2', async () => (await chat.statusBar()).some((text) => text.startsWith('Ln 2')), chat.statusBar);

  // The window comes back as it was, with the chat in it.
  await chat.load();
  await chat.view().getByRole('button', { name: 'Resume “Rename hello to greet”' }).click();
  await chat.said('All is').waitFor();
  await chat.ask('Are you there?');
  await chat.said('Welcome back.').waitFor();
  const said = JSON.stringify(chat.model.requests.at(-1).messages);
  assert.match(said, /Rename hello to greet/, 'the model has the earlier conversation');
});

test('what is rejected is not changed and the reason reaches the model; a stop stops', async (t) => {
  const chat = await chatFor(t, {
    script: [calls(edit('src/greet.ts', ['hello(', 'greet('])), calls(bash('touch proof')), says('I see.'), { text: 'And now', hang: true }],
  });
  await chat.ask('Rename it');
  await chat.view().getByLabel('Reason for rejecting, told to Pi').fill('keep the old name');
  await chat.button('Reject').click();
  await chat.view().locator('.confirm').waitFor();
  assert.match(chat.told()[0], /keep the old name/);
  await chat.view().locator('.confirm').getByLabel('Reason for rejecting, told to Pi').fill('touch nothing');
  await chat.view().locator('.confirm').getByRole('button', { name: 'Reject', exact: true }).click();
  await chat.said('I see.').waitFor();
  assert.match(chat.told()[1], /touch nothing/);
  assert.equal(existsSync(chat.path('proof')), false);
  assert.match(await chat.editorText(), /^export function hello\(/);

  await chat.ask('Go on');
  await chat.said('And now').waitFor();
  await chat.view().locator('textarea').press('Escape');
  await chat.said('Stopped').waitFor();
});

test('code goes to the cursor by a click; markup of a model stays text under the policy of the real page', async (t) => {
  const errors = [];
  const chat = await chatFor(t, {
    script: [says('<img src=x onerror="document.title=1"> [x](javascript:alert(1))\n\n```ts\nconst inserted = 1;\n```')],
  });
  chat.page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text()) && /chat\.(js|css)/.test(message.text())) errors.push(message.text());
  });
  chat.page.on('dialog', (dialog) => {
    errors.push(dialog.message());
    void dialog.dismiss();
  });
  await chat.ask('Show me');
  await chat.view().locator('figure.code').waitFor();
  assert.equal(await chat.view().locator('main img').count(), 0);
  assert.equal(await chat.view().locator('figure.code .t-keyword').textContent(), 'const');
  await chat.view().getByText('x', { exact: true }).click();
  await chat.view().getByRole('button', { name: 'Insert at the cursor' }).click();
  await chat.editorShows((text) => text.startsWith('const inserted = 1;export function hello('));
  assert.equal(chat.disk('src/greet.ts'), files['src/greet.ts'], 'nothing is saved by it');
  assert.deepEqual(errors, []);
});

test('conversations: a new one, renamed, and back to the first', async (t) => {
  const chat = await chatFor(t, { script: [says('First answer.'), says('Second answer.')] });
  await chat.ask('first question');
  await chat.said('First answer.').waitFor();
  await chat.view().locator('article.run').waitFor();
  await chat.button('New session').first().click();
  await chat.view().locator('.welcome').waitFor();
  await chat.ask('second question');
  await chat.said('Second answer.').waitFor();
  await chat.view().locator('article.run').waitFor();
  await chat.view().locator('.title-button').click();
  await chat.asked('name of the session');
  await chat.fill('The second');
  await eventually(
    'the new name at the top',
    async () => (await chat.view().locator('.title-button').textContent()) === 'The second',
    () => chat.view().locator('.title-button').textContent(),
  );
  await chat.view().getByRole('button', { name: 'Sessions', exact: true }).click();
  await chat.pick('first question');
  await chat.said('First answer.').waitFor();
  assert.equal(await chat.said('Second answer.').count(), 0);
});

test('commands and files are suggested while typing; a file that is mentioned goes along', async (t) => {
  const chat = await chatFor(t, { script: [says('Two lines.')] });
  const box = () => chat.view().locator('textarea');
  await box().pressSequentially('How long is @gre');
  await chat
    .view()
    .getByRole('option', { name: /greet\.ts/ })
    .waitFor();
  await box().press('Enter');
  assert.equal(await box().inputValue(), 'How long is @src/greet.ts ');
  await chat.view().locator('.composer .chip', { hasText: 'src/greet.ts' }).or(chat.view().locator('.composer .chip:not(:has(button))')).first().waitFor();
  await box().press('Enter');
  await chat.said('Two lines.').waitFor();
  assert.match(chat.model.lastUserText(), /How long is @src\/greet\.ts[\s\S]*<editor>[\s\S]*return "Hello "/);
  await chat.view().locator('article.run').waitFor();

  await box().pressSequentially('/nam');
  await chat
    .view()
    .getByRole('option', { name: /^\/name/ })
    .waitFor();
  await box().press('Enter');
  await box().pressSequentially('Garden');
  await box().press('Enter');
  await chat.said('Name: Garden').waitFor();
  await eventually(
    'the name at the top',
    async () => (await chat.view().locator('.title-button').textContent()) === 'Garden',
    () => chat.view().locator('.title-button').textContent(),
  );
  assert.equal(chat.model.requests.length, 1, 'a command of the server is no prompt');
});

test('a command of the user’s own runs, is shown, is stopped, and the model reads of it', async (t) => {
  const chat = await chatFor(t, { script: [says('I see it.')] });
  await chat.ask('!echo mine > own.txt; echo printed');
  const card = (name) => chat.view().getByRole('article', { name });
  await card('Your command ! echo mine > own.txt; echo printed: done').getByLabel('Output').getByText('printed').waitFor();
  assert.equal(chat.disk('own.txt'), 'mine\n');
  await chat.ask('!!echo begun; sleep 600');
  await card('Your command !! echo begun; sleep 600: running').getByLabel('Output').getByText('begun').waitFor();
  await chat.button('Stop').click();
  await card('Your command !! echo begun; sleep 600: stopped').waitFor();
  await chat.ask('What did I do?');
  await chat.said('I see it.').waitFor();
  const told = JSON.stringify(chat.model.requests.at(-1).messages);
  assert.match(told, /Ran `echo mine/);
  assert.doesNotMatch(told, /sleep 600/);
});

test('a tab that is dropped on the chat goes along with the next message', async (t) => {
  const chat = await chatFor(t, { files: { ...files, 'other.txt': 'words of the other\n' }, script: [says('I have read it.')] });
  await chat.openFile('other.txt');
  await chat.show();
  const middle = async (locator) => {
    const { x, y, width, height } = await locator.boundingBox();
    return [x + width / 2, y + height / 2];
  };
  const { mouse, keyboard } = chat.page;
  const [x, y] = await middle(chat.page.locator('.tab', { hasText: 'other.txt' }));
  await mouse.move(x, y);
  await mouse.down();
  await mouse.move(x, y + 40, { steps: 4 });
  // Without it the workbench keeps what is dragged from its web views.
  await keyboard.down('Shift');
  await mouse.move(...(await middle(chat.view().locator('textarea'))), { steps: 10 });
  await chat.view().locator('.composer[data-drop]').waitFor();
  await mouse.up();
  await keyboard.up('Shift');
  await chat.openFile('src/greet.ts');
  await chat.view().locator('.composer .chip[title="other.txt"]').waitFor();
  await chat.show();
  await chat.ask('Have you read it?');
  await chat.said('I have read it.').waitFor();
  assert.match(chat.model.lastUserText(), /words of the other/);
});

test('what waits for the model can be taken back, and comes back when the run is stopped', async (t) => {
  const chat = await chatFor(t, { script: [{ text: 'Working', hang: true }] });
  const box = () => chat.view().locator('textarea');
  await chat.ask('begin');
  await chat.said('Working').waitFor();
  for (const words of ['first thought', 'second thought']) {
    await box().fill(words);
    await box().press('Alt+Enter');
    await chat.view().locator('.queue li', { hasText: words }).getByRole('button').waitFor();
  }
  await chat.view().locator('.queue li', { hasText: 'first thought' }).getByRole('button').click();
  await chat.view().locator('.queue li', { hasText: 'first thought' }).waitFor({ state: 'detached' });
  assert.equal(await box().inputValue(), 'first thought');
  await chat.button('Stop (Escape)').click();
  await chat.view().locator('article.user[data-state=failed]', { hasText: 'second thought' }).getByRole('button', { name: 'Put it back into the box' }).click();
  assert.equal(await box().inputValue(), 'first thought\n\nsecond thought');
  assert.equal(await chat.view().locator('article.user', { hasText: 'first thought' }).count(), 0);
});

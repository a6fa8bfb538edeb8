// Every command of the extension, in the real extension host, with the real server, the real Pi and the scripted model.
// PILSP_TEST_ONLY=<words> runs the tests whose names have them.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { commandLine } from '../wire/processes.mjs';
import { runInHost } from './host.mjs';
import { notes } from './notes.mjs';
import { closeBrowser, eventually } from './workbench.mjs';

const host = fileURLToPath(new URL('host', import.meta.url));
after(closeBrowser);

const contains = (folder, text) =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .some((file) => statSync(file, { throwIfNoEntry: false })?.isFile() && readFileSync(file, 'utf8').includes(text));

/** The tests of these files, by the commands that their names name. */
function testedCommands() {
  const names = readdirSync(host).flatMap((file) => [...readFileSync(join(host, file), 'utf8').matchAll(/^test\('(.*)', async/gm)].map(([, name]) => name));
  return [...new Set(names.flatMap((name) => name.match(/\bpilsp\.\w+/g) ?? []))];
}

const outside = (workbench) => ({
  answer: (text, button) => notes(workbench).answer(text, button),
  script: (...steps) => workbench.model.add(...steps),
  told: () => workbench.told(),
  requests: () => workbench.model.requests.length,
  lastUserText: () => workbench.model.lastUserText(),
  /** The language servers that run, by process id. */
  servers: () =>
    workbench.codeServer
      .processes()
      .filter((pid) => /\/pilsp --stdio|pilsp\.dll --stdio/.test(commandLine(pid)))
      .map(String),
  testedCommands,
  async fill(asked, text) {
    await workbench.asked(asked);
    await workbench.fill(text);
  },
  async saveAs(asked, path) {
    await workbench.asked(asked);
    await workbench.saveAs(path);
  },
  async dismiss(asked) {
    await workbench.asked(asked);
    await workbench.dismiss();
  },
  async items(asked) {
    await workbench.asked(asked);
    return workbench.items();
  },
  async pick(asked, label) {
    await workbench.asked(asked);
    await workbench.pick(label);
  },
  /** A chat that is still coming to the front would close what is opened now. */
  chatHasFocus: () =>
    eventually('the chat to have the focus', () =>
      workbench
        .webview()
        .locator('body')
        .evaluate(() => document.hasFocus()),
    ),
  notified: (text) => notes(workbench).notified(text),
  /** By the lens above the change, which opens the field. */
  async remark(text) {
    const { page } = workbench;
    await page.locator('.editor.modified .codelens-decoration a', { hasText: 'Tell Pi' }).first().click();
    const field = page.locator('.review-widget .comment-form .monaco-editor').last();
    await field.click();
    await workbench.type(text);
    await page.locator('.review-widget').getByRole('button', { name: 'Add for Pi' }).last().click();
    await page.locator('.review-widget .review-comment', { hasText: text }).waitFor();
  },
  async deleteRemark() {
    const { page } = workbench;
    await page.locator('.review-widget .head .action-label[aria-label^="Delete"]').last().click();
    await page.locator('.review-widget .review-comment').waitFor({ state: 'hidden' });
  },
  /** What goes along with the next message. */
  chips: () => workbench.webview().locator('.composer .chip').allTextContents(),
  inChat: (selector) => workbench.webview().locator(selector).allTextContents(),
  async sayInChat(text) {
    const box = workbench.webview().locator('textarea');
    await box.fill(text);
    await box.press('Enter');
  },
  /** The last such button in the conversation, with words in the field beside it. */
  async pressInChat(name, words) {
    const chat = workbench.webview();
    const button = chat.locator('article').getByRole('button', { name, exact: true }).last();
    await button.waitFor();
    if (words) await chat.getByLabel('Reason for rejecting, told to Pi').last().fill(words);
    await button.click();
  },
  isOnDisk: (text) => contains(workbench.codeServer.place, text) || contains(workbench.workspace, text),
  failed: (name) => workbench.screenshot(`failed ${name}`.slice(0, 80)),
});

test('commands in the extension host', async (t) => {
  const outcomes = await runInHost({ module: join(host, 'index.ts'), outside, workbench: { name: 'host' } });
  for (const { name, error } of outcomes) await t.test(name, () => assert.equal(error, undefined, error));
  assert.ok(outcomes.length > 0, 'tests ran');
});

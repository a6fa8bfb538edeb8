// The packaged extension in the real workbench, used with keyboard and mouse, with the real Pi and the scripted model.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { commandLine } from '../wire/processes.mjs';
import { bash, calls, edit, says, write } from '../wire/steps.mjs';
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

const opened = (t, name, options) => workbenchFor(t, { name, extensions, ...options });
const text = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n';
const servers = (workbench) => workbench.codeServer.processes().filter((pid) => /\/dist\/server\/pilsp --stdio/.test(commandLine(pid)));

/** Asks from the palette, as a user does. */
async function ask(workbench, prompt) {
  await workbench.palette('Pi: Ask…');
  await workbench.asked('Ask Pi');
  await workbench.fill(prompt);
  // The chat comes to the front and takes the focus: a palette opened before that would be closed by it.
  await workbench.webview().locator('article.user', { hasText: prompt }).last().waitFor();
}

test('a clean install: nothing runs before the first use, and then it answers with nothing but Pi', async (t) => {
  const workbench = await opened(t, 'ask', {
    files: { 'notes.txt': text },
    script: [{ thinking: 'The file has seven lines.', text: 'Seven **lines**, `one` to `seven`.' }],
  });
  await workbench.openFile('notes.txt');
  assert.deepEqual(servers(workbench), []);
  await ask(workbench, 'how many lines are there?');
  const chat = workbench.webview();
  await chat.locator('article').getByText('Seven lines').first().waitFor();
  await workbench.statusItem('scripted-1').waitFor();
  await workbench.screenshot('answer');
  assert.equal(servers(workbench).length, 1);
  assert.ok(commandLine(servers(workbench)[0]).startsWith(extensions), 'the server is the one inside the extension');
  assert.match(workbench.model.lastUserText(), /how many lines are there\?/);
  assert.match(workbench.model.lastUserText(), /notes\.txt/);
});

test('a two-hunk edit of an unsaved file: one change is accepted, the other rejected, and undo takes it back', async (t) => {
  const script = [calls(edit('notes.txt', ['two', 'TWO'], ['six', 'SIX'])), says('Half of it, then.')];
  const workbench = await opened(t, 'review', { files: { 'notes.txt': text }, script });
  const unsaved = `zero\n${text}`;
  await workbench.openFile('notes.txt');
  await workbench.goTo(1);
  await workbench.type('zero\n');
  await workbench.editorShows(unsaved);
  await ask(workbench, 'shout');
  await workbench.statusItem(/scripted-1.*1/).waitFor();
  await workbench.screenshot('waiting');
  await workbench.palette('Pi: Review Changes');
  await workbench.diffShows('modified', (shown) => shown.includes('TWO') && shown.includes('SIX'));
  const lens = (title) => workbench.page.locator('.editor.modified .codelens-decoration a', { hasText: title });
  await eventually('the lenses of both changes', async () => (await lens(/^\s*Apply$/).count()) === 2);
  assert.equal(await workbench.page.locator('.editor.original .codelens-decoration a').count(), 0, 'each change has its lenses once');
  await workbench.screenshot('diff');
  await lens(/^\s*Apply$/)
    .first()
    .click();
  await workbench.diffShows('original', (shown) => shown.includes('TWO'));
  await workbench.screenshot('one-accepted');
  await eventually('one change left', async () => (await lens(/^\s*Reject$/).count()) === 1);
  await lens(/^\s*Reject$/)
    .first()
    .click();
  await workbench.model.until('what the model is told of it', () => workbench.told().some((one) => /SIX|six|line/.test(one)));
  await eventually('the diff to be closed', async () => (await workbench.tabs()).every((tab) => !tab.includes('proposal')));
  await workbench.openFile('notes.txt');
  await workbench.editorShows(unsaved.replace('two', 'TWO'));
  await eventually('no lens of what is decided', async () => (await workbench.page.locator('.codelens-decoration a').count()) === 0);
  assert.ok((await workbench.tabs()).includes('*●notes.txt'), 'the buffer is still unsaved');
  assert.equal(workbench.disk('notes.txt'), text, 'the disk is as it was');
  await workbench.screenshot('decided');
  await workbench.palette('Undo');
  await workbench.editorShows(unsaved);
});

test('a run over several files waits in one list and is applied from there', async (t) => {
  const script = [calls(edit('a.txt', ['old', 'new']), edit('b/c.txt', ['old', 'new']), write('made.txt', 'made by Pi\n')), says('Three files.')];
  const workbench = await opened(t, 'several', { files: { 'a.txt': 'old a\n', 'b/c.txt': 'old c\n' }, script });
  await workbench.openFile('a.txt');
  await ask(workbench, 'renew everything');
  await eventually(
    'three files in the view',
    async () => (await workbench.treeRows('Changes').allTextContents()).filter((row) => /\.txt/.test(row)).length === 3,
  );
  await workbench.screenshot('list');
  await workbench.page.locator('.pane-header[aria-label^="Changes"]').hover();
  await workbench.page.locator('.pane-header[aria-label^="Changes"] a[aria-label*="Apply All"]').click();
  await workbench.webview().locator('article').getByText('Three files.').first().waitFor();
  await workbench.screenshot('applied');
  for (const [name, wanted] of [
    ['a.txt', 'new a\n'],
    ['c.txt', 'new c\n'],
    ['made.txt', 'made by Pi\n'],
  ]) {
    await workbench.openFile(name);
    await workbench.editorShows(wanted);
  }
});

test('a model is picked, and a run is stopped', async (t) => {
  const script = [{ text: 'Let me think about it …', hang: true }];
  const workbench = await opened(t, 'session', { files: { 'notes.txt': text }, script });
  await workbench.openFile('notes.txt');
  await workbench.palette('Pi: Pick Model…');
  await workbench.asked('Pi: Model');
  assert.ok((await workbench.items()).some((label) => label.includes('Scripted 1')));
  await workbench.screenshot('models');
  await workbench.pick('Thinker 1');
  await workbench.statusItem('thinker-1').waitFor();
  await ask(workbench, 'take your time');
  await workbench.webview().locator('article').getByText('Let me think about it').first().waitFor();
  await workbench.screenshot('running');
  await workbench.palette('Pi: Stop');
  await workbench.model.until('the model to be left alone', () => workbench.model.dropped.length === 1);
  await workbench.webview().locator('text=Stopped').waitFor();
  await workbench.screenshot('stopped');
});

test('a crash of the server is told and recovered from', async (t) => {
  const script = [says('Before.'), says('After.')];
  const workbench = await opened(t, 'crash', { files: { 'notes.txt': text }, script });
  await workbench.openFile('notes.txt');
  await ask(workbench, 'are you there?');
  await workbench.webview().locator('article').getByText('Before.').first().waitFor();
  const [server] = servers(workbench);
  process.kill(server, 'SIGKILL');
  await workbench.notified('ended unexpectedly');
  await workbench.screenshot('told');
  await eventually('another server', () => servers(workbench).length === 1 && servers(workbench)[0] !== server);
  await ask(workbench, 'and now?');
  await workbench.webview().locator('article').getByText('After.').first().waitFor();
  await workbench.answer('ended unexpectedly', 'Show Log');
  await workbench.page.locator('.part.panel .view-lines').waitFor();
  await workbench.screenshot('log');
});

const themes = { dark: 'Default Dark Modern', light: 'Default Light Modern', 'high-contrast': 'Default High Contrast' };
for (const [name, theme] of Object.entries(themes)) {
  test(`the chat can be read in the theme ${theme}, and decides there`, async (t) => {
    const answer =
      'Done. It is now:\n\n```ts\nexport const greet = () => `hi`;\n```\n\n1. **bold**, *italic*, `code`\n2. a [link](https://example.org)\n\n> and a quote';
    const script = [
      { thinking: 'First look, then change.', ...calls(bash('echo looking')) },
      calls(edit('greet.ts', ['1', '2'])),
      says(answer),
      calls(edit('greet.ts', ['2', '3'])),
      says('As you like.'),
    ];
    const settings = { 'workbench.colorTheme': theme };
    const workbench = await opened(t, `chat-${name}`, { files: { 'greet.ts': 'export const greet = 1;\n' }, script, settings });
    await workbench.openFile('greet.ts');
    await ask(workbench, 'look, then change it');
    const chat = workbench.webview();
    await chat.getByRole('button', { name: 'Allow', exact: true }).waitFor();
    await workbench.screenshot('tool');
    await chat.getByRole('button', { name: 'Allow', exact: true }).click();
    await chat.getByRole('button', { name: 'Apply', exact: true }).first().waitFor();
    await workbench.screenshot('edit');
    await chat.getByRole('button', { name: 'Apply', exact: true }).first().click();
    await chat.locator('article').getByText('and a quote').first().waitFor();
    await workbench.screenshot('answer');
    await workbench.editorShows('export const greet = 2;\n');
    assert.deepEqual(await chat.locator('body').evaluate(faint), [], 'every text stands out from what is behind it');
    // From the keyboard alone: the message, and the refusal with its reason.
    await chat.getByLabel('Message to Pi').click();
    await workbench.page.keyboard.insertText('three, please');
    await workbench.press('Enter');
    await chat.getByRole('button', { name: 'Reject', exact: true }).last().waitFor();
    await chat.getByRole('button', { name: 'Reject', exact: true }).last().press('Enter');
    await chat.locator('article').getByText('As you like.').first().waitFor();
    await workbench.editorShows('export const greet = 2;\n');
    await workbench.screenshot('rejected');
  });
}

/** The texts of a page whose contrast is below 4.5 : 1 against the nearest opaque background. */
function faint(body) {
  const parse = (color) => {
    const mixed = /color\(srgb ([\d.]+) ([\d.]+) ([\d.]+)(?: \/ ([\d.]+))?\)/.exec(color);
    if (mixed) return [...mixed.slice(1, 4).map((part) => Number(part) * 255), mixed[4] === undefined ? 1 : Number(mixed[4])];
    const found = /rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)/.exec(color);
    return found ? [...found.slice(1, 4).map(Number), found[4] === undefined ? 1 : Number(found[4])] : undefined;
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const behind = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      const color = parse(getComputedStyle(one).backgroundColor);
      if (color && color[3] > 0) layers.push(color);
      if (color?.[3] === 1) break;
    }
    // A web view is transparent: what is behind it is the side bar, whose colour the page knows by a variable.
    const root = getComputedStyle(document.documentElement).getPropertyValue('--vscode-sideBar-background');
    const probe = document.createElement('i');
    probe.style.color = root || 'rgb(0, 0, 0)';
    body.append(probe);
    const ground = parse(getComputedStyle(probe).color) ?? [0, 0, 0, 1];
    probe.remove();
    return layers.reverse().reduce((below, top) => over(top, below), ground);
  };
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const found = [];
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const words = walker.currentNode.textContent.trim();
    if (!words || !element?.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || /^(SCRIPT|STYLE)$/.test(element.tagName)) continue;
    const ground = behind(element);
    const color = parse(getComputedStyle(element).color);
    if (!color) throw new Error(`no colour that is known: ${getComputedStyle(element).color}`);
    const [light, dark] = [luminance(over(color, ground)), luminance(ground)].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < 4.5) found.push(`${words.slice(0, 40)} (${element.className || element.tagName}): ${ratio.toFixed(2)}`);
  }
  return found;
}

test('several folders: the second one is Pi’s workspace too', async (t) => {
  const script = [calls(edit('../second/notes.txt', ['two', '2'])), says('Done.')];
  const workbench = await opened(t, 'folders', { folders: ['first', 'second'], files: { 'first/a.txt': 'a\n', 'second/notes.txt': text }, script });
  await workbench.openFile('notes.txt');
  await ask(workbench, 'change the second folder');
  await workbench.palette('Pi: Review Changes');
  await workbench.diffShows('modified', (shown) => /^2$/m.test(shown));
  await workbench.palette('Pi: Apply Edit');
  await workbench.webview().locator('article').getByText('Done.').first().waitFor();
  await workbench.openFile('notes.txt');
  await workbench.editorShows(text.replace('two', '2'));
});

test('a workspace that is not trusted: Pi reads only, and says so', async (t) => {
  const script = [calls(edit('notes.txt', ['two', '2'])), says('I may not.')];
  const settings = { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never' };
  const workbench = await opened(t, 'untrusted', {
    files: { 'notes.txt': text, '.vscode/settings.json': '{"pi.permissionMode": "full", "pi.command": "/bin/false"}' },
    script,
    settings,
  });
  await workbench.openFile('notes.txt');
  await ask(workbench, 'change it anyway');
  await workbench.webview().locator('article').getByText('I may not.').first().waitFor();
  assert.match(workbench.told().join('\n'), /read/i);
  assert.equal(workbench.disk('notes.txt'), text);
  assert.ok(!existsSync(workbench.path('made.txt')));
  await workbench.screenshot('read-only');
});

// Models, providers, keys, sign-ins and what is in the way, as a user sets them up in the real workbench with the real Pi.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '../../scripts/run.mjs';
import { piCli, piNode } from '../scripted-model/pi-command.mjs';
import { says } from '../wire/steps.mjs';
import { DEVICE, startGateway } from '../wire/vendors.mjs';
import { quiet, writeSettings } from './code-server.mjs';
import { notes } from './notes.mjs';
import { within } from './within.mjs';
import { closeBrowser, eventually, workbenchFor } from './workbench.mjs';

after(closeBrowser);

const STORED = 'sk-stored-0123456789abcdef';
const PRIVATE = 'gsk-private-0123456789abcdef';
const files = { 'notes.txt': 'one\ntwo\n' };
const server = process.env.PILSP_TEST_SERVER;
const ownServer = server ? { 'pi.server.path': server } : {};

const authJson = ({ pi }) => {
  const file = join(pi.dir, 'auth.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
};

/** The headings of the picker that is open; the page keeps those of earlier ones, hidden. */
const headings = ({ widget }) =>
  widget
    .locator('.quick-input-list-separator')
    .evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => one.textContent.trim()))
    .then((texts) => texts.filter(Boolean));

/** Types into the picker that is open. */
const search = async ({ widget }, words) => widget.locator('.quick-input-box input').fill(words);

/** Every file that exists because of this workbench and contains the words. */
function filesWith({ codeServer, pi, workspace }, words) {
  const all = [codeServer.place, pi.dir, workspace].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name)),
  );
  return all.filter((file) => existsSync(file) && readFileSync(file).includes(words));
}

test('models, keys and sign-ins', async (t) => {
  const gateway = await startGateway();
  t.after(() => gateway.close());
  const many = Array.from({ length: 24 }, (_, i) => ({ id: `many-${i + 1}`, name: `Many ${i + 1}` }));
  const providers = {
    forest: { name: 'Forest', baseUrl: 'http://127.0.0.1:9/v1', api: 'openai-completions', apiKey: 'x', models: many },
    corp: { name: 'Corp Gateway', baseUrl: gateway.url, oauth: 'radius' },
  };
  const workbench = await workbenchFor(t, { name: 'accounts', development: root, files, home: { extra: { providers } }, settings: ownServer });
  const { page, palette, pick, fill, asked, items, screenshot, statusItem } = workbench;
  const { notified, answer, follow, gone, clear } = notes(workbench);
  const choose = async (name) => {
    await search(workbench, name);
    await pick(name);
  };
  await workbench.openFile('notes.txt');

  await t.test('the model picker has groups, the few that matter first, the rest by a row or by typing', async () => {
    await palette('Pi: Pick Model…');
    await asked('Pi: Model');
    const first = await items();
    const hidden = many.map((one) => one.name).filter((name) => !first.some((label) => label.trim() === name));
    assert.ok(hidden.length > 0 && hidden.length < many.length, `some of the forest at first: ${first}`);
    assert.deepEqual(await headings(workbench), ['Forest', 'local']);
    assert.ok(
      first.some((label) => label.includes('Show all 26')),
      `a way to the rest: ${first}`,
    );
    await screenshot('models');
    await pick('Show all 26');
    await eventually('all to be listed', async () => !(await items()).some((label) => label.includes('Show all')), items);
    await screenshot('models-all');
    await workbench.dismiss();

    await palette('Pi: Pick Model…');
    await asked('Pi: Model');
    await search(workbench, 'thinker');
    await eventually('the search to leave one model', async () => (await items()).filter((label) => !label.includes('Show all')).length === 1, items);
    await pick('Thinker 1');
    await within('the model in the status bar', () => statusItem('thinker-1').waitFor(), workbench.statusBar);
  });

  await t.test('the provider list says what is set up and how, and what can be done', async () => {
    await palette('Pi: Providers…');
    await asked('Pi: providers');
    await search(workbench, 'forest');
    await eventually(
      'the forest with where its key is from',
      async () => /Forest.*Pi's models\.json · 24 models/s.test((await workbench.widget.textContent()) ?? ''),
      () => workbench.widget.textContent(),
    );
    await screenshot('providers');
    await choose('Corp Gateway');
    await asked('Pi: Corp Gateway');
    assert.match((await items()).join('\n'), /Sign in…/);
    await workbench.dismiss();
  });

  await t.test('a key that is kept by Pi: stored there, and its models are there at once', async () => {
    await palette('Pi: Set API Key…');
    await asked('whose API key');
    await choose('Mistral');
    await asked('where shall the key of Mistral be kept');
    await screenshot('key-where');
    await pick('With Pi');
    await asked('API key of Mistral');
    assert.equal(await workbench.widget.locator('input').first().getAttribute('type'), 'password');
    await fill(STORED);
    await notified(/Mistral is set up with \d+ models/);
    assert.equal(authJson(workbench).mistral.key, STORED);
    await answer('Mistral is set up', 'Pick a Model…');
    await asked('Pi: Model');
    await eventually(
      'a group of Mistral',
      async () => (await headings(workbench)).includes('Mistral'),
      () => headings(workbench),
    );
    await screenshot('models-refreshed');
    await workbench.dismiss();
    assert.deepEqual(filesWith(workbench, STORED), [join(workbench.pi.dir, 'auth.json')]);
  });

  await t.test('a private key: used by Pi, in no file, and forgotten', async () => {
    await palette('Pi: Set API Key…');
    await asked('whose API key');
    await choose('Groq');
    await pick('In the key store of this system');
    await asked('API key of Groq');
    await fill(PRIVATE);
    await notified(/Groq is set up with \d+ models/);
    assert.deepEqual(filesWith(workbench, PRIVATE), []);
    await palette('Pi: Sign Out, or Forget API Key…');
    await asked('forget the key of');
    await eventually('the place of the key', async () => /Groq.*key in the key store/s.test((await workbench.widget.textContent()) ?? ''));
    await choose('Groq');
    await notified('The key of Groq is forgotten.');
    await palette('Pi: Pick Model…');
    await asked('Pi: Model');
    await items();
    assert.deepEqual(await headings(workbench), ['Forest', 'local', 'Mistral']);
    await workbench.dismiss();
    assert.deepEqual(filesWith(workbench, PRIVATE), []);
  });

  await t.test('a sign-in by device code: cancelled, and then completed', async () => {
    await clear();
    const begin = async () => {
      await palette('Pi: Sign In…');
      await asked('sign in to which provider');
      await choose('Corp Gateway');
      await pick(/device code/i);
      await notified(`Signing in to Corp Gateway: enter the code ${DEVICE.code}`);
    };
    await begin();
    await screenshot('code');
    await answer('Signing in to Corp Gateway', 'Cancel');
    await notified('The sign-in to Corp Gateway is cancelled');
    await gone(DEVICE.code);
    assert.equal(authJson(workbench).corp, undefined);
    await screenshot('cancelled');
    await clear();

    await begin();
    const opened = page.context().waitForEvent('page');
    await follow('Signing in to Corp Gateway', 'Copy It and Open the Page');
    const tab = await within('the page for the code', () => opened);
    await within(
      'its address',
      () => tab.waitForURL(/\/v1\/device$/),
      () => tab.url(),
    );
    await tab.close();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), DEVICE.code);
    gateway.granted = true;
    await notified('You are signed in to Corp Gateway.');
    await gone(DEVICE.code);
    assert.deepEqual([authJson(workbench).corp.type, authJson(workbench).corp.access], ['oauth', DEVICE.access]);
    await screenshot('signed-in');
  });
});

test('Pi is not found: said with what to do, led there by the walkthrough, repaired by a setting without a reload', async (t) => {
  const settings = { ...ownServer, 'pi.command': 'no-such-pi', 'pi.nodePath': null };
  const workbench = await workbenchFor(t, { name: 'availability', development: root, files, settings, script: [says('Here I am.')] });
  const { page, palette, screenshot, statusItem } = workbench;
  const { notified, answer, clear } = notes(workbench);
  await workbench.openFile('notes.txt');
  await palette('Pi: Get Started');
  const steps = page.locator('.gettingStartedContainer');
  await within('the walkthrough', () => steps.getByText('Get started with Pi').first().waitFor());
  await screenshot('walkthrough');
  await steps.locator('.monaco-button', { hasText: 'Look for Pi' }).click();
  assert.match(await notified('no-such-pi'), /not found.*npm install -g @earendil-works\/pi-coding-agent/s);
  await within(
    'the status bar to say so',
    () => page.locator('.statusbar-item[aria-label*="Pi cannot be asked"], .statusbar-item [aria-label*="Pi cannot be asked"]').first().waitFor(),
    workbench.statusBar,
  );
  await screenshot('not-found');
  await page.locator('#pilsp\\.pilsp\\.pilsp\\.status, .statusbar-item[id*="pilsp.status"]').first().click();
  await workbench.asked('Pi');
  assert.match((await workbench.items()).join('\n'), /no-such-pi/, 'the menu says what is in the way');
  await screenshot('menu');
  await workbench.dismiss();
  await answer('no-such-pi', 'Settings');
  await within('the settings editor', () => page.locator('.settings-editor').waitFor());

  writeSettings(join(workbench.codeServer.place, 'data'), { ...quiet, ...ownServer, 'pi.command': piCli(), 'pi.nodePath': piNode() });
  await eventually(
    'a check to find Pi by the new setting',
    async () => {
      await clear();
      await palette('Pi: Check Availability');
      return /Pi is there/.test(await notified(/Pi is there|not found/));
    },
    workbench.notifications,
  );
  await screenshot('repaired');
  await palette('Pi: Focus on Chat View');
  await workbench.webview().locator('textarea').fill('are you there?');
  await workbench.webview().locator('textarea').press('Enter');
  await within('the answer', () => workbench.webview().getByText('Here I am.').waitFor());
  await within('the model in the status bar', () => statusItem('scripted-1').waitFor(), workbench.statusBar);
});

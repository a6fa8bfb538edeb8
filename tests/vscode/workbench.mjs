// A whole workbench for one test: scripted model, the real Pi's home, a workspace on disk, code-server, a page of Chromium in it.
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium as playwright } from 'playwright-core';
import { piCli, piNode } from '../scripted-model/pi-command.mjs';
import { makePiHome } from '../scripted-model/pi-home.mjs';
import { startScriptedModel } from '../scripted-model/server.mjs';
import { fakeSettings } from '../wire/stage.mjs';
import { poll } from '../wire/processes.mjs';
import { chromium, quiet, startCodeServer, writeSettings } from './code-server.mjs';
import { editors } from './editors.mjs';
import { quickInput } from './quick.mjs';
import { windowParts } from './window.mjs';
import { DEADLINE, within } from './within.mjs';

/** Screenshots stay here after the run, to be looked at. */
export const out = fileURLToPath(new URL('out', import.meta.url));
const SIZE = { width: 1360, height: 850 };
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let browser;
/** One browser for all workbenches of a test file; each gets a context of its own. */
const theBrowser = () => {
  browser ??= playwright.launch({ executablePath: chromium, args: FLAGS });
  return browser;
};
export async function closeBrowser() {
  await (await browser)?.close();
  browser = undefined;
}

/**
 * @param {object} options
 * @param {string} [options.name] of the test; goes into the names of screenshots
 * @param {object[]} [options.script] the model's steps
 * @param {Record<string, string>} [options.files] the workspace, by relative path
 * @param {string[]} [options.folders] several workspace folders instead of one, by relative path
 * @param {Record<string, unknown>} [options.settings] laid over those that find the real Pi and keep the workbench quiet; null takes one away
 * @param {object | ((url: string) => object)} [options.home] options for Pi's home, or what makes them of the scripted model's address
 * @param {string | object} [options.fake] a scenario for the fake Pi, which then stands in for the real one
 * @param {string} [options.extensions] the folder of installed extensions; a fresh one if not said
 * @param {string} [options.development] an extension's folder, loaded as it is
 * @param {string} [options.tests] a CommonJS module whose `run` is called in the extension host
 * @param {NodeJS.ProcessEnv} [options.env] added to the environment
 */
export async function openWorkbench({
  name = 'workbench',
  script = [],
  files = {},
  folders,
  settings = {},
  home = {},
  fake,
  extensions,
  development,
  tests,
  env = {},
} = {}) {
  const undo = [];
  const end = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const model = await startScriptedModel({ script });
    undo.push(() => model.close());
    const pi = await makePiHome({ url: model.url, ...(typeof home === 'function' ? home(model.url) : home) });
    undo.push(() => pi.remove());
    const place = temporary('pilsp-vscode-', undo);
    const workspace = temporary('pilsp-ws-', undo);
    const path = (file) => join(workspace, file);
    const write = (file, text) => {
      mkdirSync(dirname(path(file)), { recursive: true });
      writeFileSync(path(file), text);
    };
    for (const [file, text] of Object.entries(files)) write(file, text);
    for (const folder of folders ?? []) mkdirSync(path(folder), { recursive: true });

    const found = fake === undefined ? { command: piCli(), nodePath: piNode() } : fakeSettings(fake);
    const own = Object.fromEntries(Object.entries(found).map(([key, value]) => [`pi.${key}`, value]));
    const all = Object.entries({ ...quiet, ...own, ...settings }).filter(([, value]) => value !== null);
    writeSettings(join(place, 'data'), Object.fromEntries(all));

    const codeServer = await startCodeServer({
      place,
      extensions: extensions ?? join(place, 'extensions'),
      env: { ...pi.fullEnv(), ...env },
      mark: randomUUID(),
    });
    undo.push(() => codeServer.stop());
    const context = await (await theBrowser()).newContext({ viewport: SIZE, permissions: ['clipboard-read', 'clipboard-write'] });
    undo.push(() => context.close());
    context.setDefaultTimeout(DEADLINE);
    if (development || tests) await allowDevelopment(context);
    const page = await context.newPage();
    const url = addressOf(codeServer.url, { workspace, folders, development, tests, place });

    const screenshot = async (what) => {
      mkdirSync(out, { recursive: true });
      const file = join(out, `${name}-${what}.png`.replace(/[^\w.-]+/g, '-'));
      await page.screenshot({ path: file });
      return file;
    };
    return {
      page,
      model,
      pi,
      workspace,
      path,
      write,
      codeServer,
      screenshot,
      uri: (file) => pathToFileURL(path(file)).href,
      disk: (file) => readFileSync(path(file), 'utf8'),
      /** What the model was told as results of its tool calls, newest request. */
      told: () => model.toolResults().map((one) => one.text),
      ...quickInput(page),
      ...editors(page),
      ...windowParts(page),
      /** Opens the page, or opens it again. */
      async load() {
        await page.goto(url);
        await within(
          'the workbench',
          () => page.locator('.monaco-workbench .part.editor').waitFor(),
          () => codeServer.said(),
        );
        if (!tests) await within('the explorer', () => page.locator('.part.statusbar .statusbar-item').first().waitFor());
      },
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** A workbench that is open and is closed when the test is over; a failed test leaves a picture. @param {import('node:test').TestContext} t */
export async function workbenchFor(t, options) {
  const workbench = await openWorkbench({ name: t.name, ...options });
  t.after(async () => {
    // Before anything is closed: `t.passed` is not known yet, so every test leaves its last picture.
    await workbench.screenshot('last').catch(() => {});
    await workbench.end();
  });
  await workbench.load();
  return workbench;
}

/** Waits for something that no locator sees. */
export const eventually = (what, probe, seen) => poll(what, probe, seen, DEADLINE);

function temporary(prefix, undo) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
  undo.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  return folder;
}

function addressOf(base, { workspace, folders, development, tests, place }) {
  const url = new URL(base);
  const remote = (path) => `vscode-remote://${url.host}${path}`;
  if (folders) {
    const file = join(place, 'several.code-workspace');
    writeFileSync(file, JSON.stringify({ folders: folders.map((one) => ({ path: join(workspace, one) })) }));
    url.searchParams.set('workspace', file);
  } else url.searchParams.set('folder', workspace);
  const payload = [];
  if (development) payload.push(['extensionDevelopmentPath', remote(development)]);
  if (tests) payload.push(['extensionTestsPath', remote(tests)]);
  if (payload.length > 0) url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}

/** A built workbench looks at the payload only where its page says that it is driven by a test. */
const allowDevelopment = (context) =>
  context.addInitScript(() => {
    const id = 'vscode-workbench-web-configuration';
    new MutationObserver((_, observer) => {
      const element = document.getElementById(id);
      if (!element) return;
      observer.disconnect();
      const settings = JSON.parse(element.getAttribute('data-settings'));
      settings.developmentOptions = { ...settings.developmentOptions, enableSmokeTestDriver: true };
      element.setAttribute('data-settings', JSON.stringify(settings));
    }).observe(document, { childList: true, subtree: true });
  });

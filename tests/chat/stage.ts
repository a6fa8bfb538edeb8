// The chat's page in a real browser, in place of VS Code: the same policy, the real bundle, a stand-in for acquireVsCodeApi.
import { buildSync } from 'esbuild';
import { existsSync, readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { ToHost } from '../../extension/vscode/chat/messages/toHost.ts';
import type { Chrome } from '../../extension/vscode/chat/messages/chrome.ts';
import type { ToView } from '../../extension/vscode/chat/messages/toView.ts';
import { type Conversation, emptyConversation } from '../../extension/vscode/chat/model/conversation.ts';
import { type Input, reduce } from '../../extension/vscode/chat/model/reducer.ts';
import { chrome } from './chrome.ts';
import { events } from './scenes.ts';

const browserPath = process.env.PILSP_TEST_CHROMIUM ?? '/usr/bin/chromium';

/** Why the tests cannot run here; false when they can. In CI they must. */
export const missing: string | false =
  existsSync(browserPath) || process.env.CI ? false : `no browser at ${browserPath}; install chromium, or name one in PILSP_TEST_CHROMIUM`;

const ORIGIN = 'https://chat.test';
const NONCE = 'bm9uY2Utb2YtdGhlLXRlc3Q';
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
export const themes = ['light', 'dark', 'highContrast'] as const;
export type Theme = (typeof themes)[number];

const bundled = () =>
  buildSync({
    entryPoints: [fileURLToPath(new URL('../../extension/vscode/chat/webview/main.ts', import.meta.url))],
    bundle: true,
    write: false,
    outfile: 'chat.js',
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    logLevel: 'silent',
  }).outputFiles;

const policy = `default-src 'none'; style-src ${ORIGIN}; script-src 'nonce-${NONCE}'; base-uri 'none'; form-action 'none'`;

function html(theme: Theme): string {
  const kind = { light: 'vscode-light', dark: 'vscode-dark', highContrast: 'vscode-high-contrast' }[theme];
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="/theme.css"><link rel="stylesheet" href="/chat.css"><title>Pi</title></head>
<body class="${kind}" data-vscode-theme-kind="${kind}"><script nonce="${NONCE}" src="/chat.js"></script></body></html>`;
}

let browser: Promise<Browser> | undefined;
let files: ReturnType<typeof bundled> | undefined;

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
}

export class Stage {
  readonly page: Page;
  /** What the page has said, oldest first. */
  readonly said: ToHost[] = [];
  /** Violations of the policy, errors, anything that was asked of the network. */
  readonly wrong: string[] = [];
  conversation: Conversation = emptyConversation('s');
  private rev = 0;

  constructor(page: Page) {
    this.page = page;
  }

  tell(message: ToView): Promise<void> {
    return this.page.evaluate((one) => window.postMessage(one, '*'), message);
  }

  /** Folds as the extension does and tells the page. */
  async feed(...inputs: Input[]): Promise<void> {
    this.conversation = inputs.reduce(reduce, this.conversation);
    await this.tell({ type: 'inputs', rev: this.rev, inputs: JSON.parse(JSON.stringify(inputs)) });
    this.rev += inputs.length;
    await this.drawn();
  }

  async show(conversation: Conversation, around: Chrome = chrome()): Promise<void> {
    this.conversation = conversation;
    this.rev += 1;
    await this.tell({ type: 'snapshot', rev: this.rev, conversation: JSON.parse(JSON.stringify(conversation)), chrome: around });
    await this.drawn();
  }

  /** Two frames: what was told has been drawn. */
  drawn(): Promise<void> {
    return this.page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));
  }

  saidLast<T extends ToHost['type']>(type: T): Extract<ToHost, { type: T }> | undefined {
    return this.said.findLast((one) => one.type === type) as Extract<ToHost, { type: T }> | undefined;
  }

  /** Waits until the page has said such a thing. */
  async heard<T extends ToHost['type']>(type: T): Promise<Extract<ToHost, { type: T }>> {
    for (const deadline = Date.now() + 5_000; Date.now() < deadline; await this.drawn()) {
      const found = this.saidLast(type);
      if (found) return found;
    }
    throw new Error(`The page has not said "${type}" but ${JSON.stringify(this.said.slice(-5))}. ${this.wrong.join('; ')}`);
  }
}

export interface StageOptions {
  theme?: Theme;
  width?: number;
  height?: number;
  state?: unknown;
  reducedMotion?: boolean;
  forcedColors?: boolean;
}

/** A page that has been shown an empty conversation; it must do nothing forbidden until the test is over. */
export async function stageFor(
  t: TestContext,
  { theme = 'dark', width = 420, height = 800, state, reducedMotion, forcedColors }: StageOptions = {},
): Promise<Stage> {
  browser ??= chromium.launch({ executablePath: browserPath, args: flags });
  files ??= bundled();
  const served = new Map(files.map((file) => [file.path.split(/[\\/]/).at(-1), file.text]));
  const context = await (await browser).newContext({
    viewport: { width, height },
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    forcedColors: forcedColors ? 'active' : 'none',
  });
  const page = await context.newPage();
  const stage = new Stage(page);
  t.after(async () => {
    await context.close();
    if (stage.wrong.length > 0) throw new Error(`The page did what it may not: ${stage.wrong.join('; ')}`);
  });
  await page.route('**/*', async (route) => {
    const { pathname, origin } = new URL(route.request().url());
    const name = pathname.slice(1);
    if (origin === ORIGIN && name === '') return route.fulfill({ contentType: 'text/html', body: html(theme) });
    if (origin === ORIGIN && name === 'theme.css') {
      return route.fulfill({ contentType: 'text/css', body: readFileSync(new URL(`themes/${theme}.css`, import.meta.url), 'utf8') });
    }
    // Source maps and the tab's icon are the browser's own wishes.
    if (!served.has(name)) {
      if (name !== 'favicon.ico') stage.wrong.push(`asked for ${route.request().url()}`);
      return route.abort();
    }
    return route.fulfill({ contentType: name.endsWith('.css') ? 'text/css' : 'text/javascript', body: served.get(name) });
  });
  page.on('pageerror', (error) => stage.wrong.push(`threw ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') stage.wrong.push(`console: ${message.text()}`);
  });
  page.on('dialog', (dialog) => {
    stage.wrong.push(`showed a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.exposeFunction('hearPage', (message: ToHost) => void stage.said.push(message));
  await page.addInitScript((kept) => {
    const api = { postMessage: (message: unknown) => (window as never as { hearPage(m: unknown): void }).hearPage(message), state: kept };
    Object.assign(window, {
      kept: () => api.state,
      acquireVsCodeApi: () => ({ postMessage: api.postMessage, getState: () => api.state, setState: (next: unknown) => (api.state = next as never) }),
    });
  }, state);
  await page.goto(`${ORIGIN}/`);
  await stage.heard('ready');
  await stage.show(stage.conversation);
  return stage;
}

export const box = (stage: Stage) => stage.page.locator('textarea');

/** Where the keys go. */
export const focused = (stage: Stage) => stage.page.evaluate(() => `${document.activeElement?.tagName} ${document.activeElement?.className ?? ''}`.trim());

/** The server says this, one event after another. */
export const say = (stage: Stage, ...bodies: object[]) => stage.feed(...events(stage.conversation, ...bodies));

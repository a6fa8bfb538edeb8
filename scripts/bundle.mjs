// @ts-check
// Bundles the VS Code extension into dist/vscode: extension.cjs for the extension host, chat.js and chat.css for the chat's webview.
import { existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './run.mjs';

const source = join(root, 'extension', 'vscode');
const out = join(root, 'dist', 'vscode');

/** @returns {string} the folder with the bundles */
export function bundle() {
  // Not at the top: a fresh clone reads this file before its packages are installed.
  const { buildSync } = createRequire(import.meta.url)('esbuild');
  rmSync(out, { recursive: true, force: true });
  /** @type {import('esbuild').BuildOptions} */
  const common = { bundle: true, minify: true, sourcemap: 'linked', sourcesContent: false, logLevel: 'warning', legalComments: 'linked' };
  buildSync({
    ...common,
    entryPoints: [join(source, 'main.ts')],
    outfile: join(out, 'extension.cjs'),
    platform: 'node',
    // What the oldest VS Code that package.json allows runs on.
    target: 'node20',
    format: 'cjs',
    external: ['vscode'],
    // The packages' UMD builds hide their imports from a bundler.
    mainFields: ['module', 'main'],
  });
  const webview = join(source, 'chat', 'webview', 'main.ts');
  if (existsSync(webview)) {
    buildSync({ ...common, entryPoints: [webview], outfile: join(out, 'chat.js'), platform: 'browser', target: 'es2022', format: 'iife' });
  }
  return out;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(`bundled ${bundle()}`);

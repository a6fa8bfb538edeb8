// Tests inside the real extension host: a module of tests is bundled, loaded by the workbench, and asks this side for what only
// the outside can do (answer a picker, read a notification, give the scripted model its next steps).
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { openWorkbench } from './workbench.mjs';
import { root } from '../../scripts/run.mjs';

const DEADLINE = 8 * 60_000;

/**
 * @typedef {{name: string, error?: string}} Outcome
 * @param {object} options
 * @param {string} options.module the entry, TypeScript; it exports `run`
 * @param {string} [options.development] the extension's folder; the repository's root if not said
 * @param {(workbench: Awaited<ReturnType<typeof openWorkbench>>) => Record<string, (...args: any[]) => unknown>} [options.outside] what the tests may ask for
 * @param {Parameters<typeof openWorkbench>[0]} [options.workbench]
 * @returns {Promise<Outcome[]>} of each test, in the order in which they ran
 */
export async function runInHost({ module, development = root, outside = () => ({}), workbench: options }) {
  const place = mkdtempSync(join(tmpdir(), 'pilsp-host-'));
  const bundle = join(place, 'index.cjs');
  buildSync({
    entryPoints: [module],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  /** @type {Outcome[]} */
  const outcomes = [];
  /** @type {Record<string, (...args: any[]) => unknown>} */
  let calls = {};
  const control = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { call, args } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const answer = await Promise.resolve()
      .then(() => {
        if (!calls[call]) throw new Error(`there is no ${call} outside`);
        return calls[call](...args);
      })
      .then(
        (value) => ({ value }),
        (error) => ({ error: error.message }),
      );
    response.end(JSON.stringify(answer));
  });
  control.listen(0, '127.0.0.1');
  await once(control, 'listening');
  const workbench = await openWorkbench({
    ...options,
    development,
    tests: bundle,
    env: { ...options?.env, PILSP_TEST_OUTSIDE: `http://127.0.0.1:${control.address().port}` },
  });
  try {
    calls = { ended: (outcome) => void outcomes.push(outcome), ...outside(workbench) };
    const printed = [];
    let finish;
    const finished = new Promise((resolve) => (finish = resolve));
    await workbench.page.exposeFunction('codeAutomationLog', (_level, args) => printed.push(args.join(' ')));
    await workbench.page.exposeFunction('codeAutomationExit', (code) => finish(code));
    await workbench.load();
    let late;
    const code = await Promise.race([finished, new Promise((resolve) => (late = setTimeout(() => resolve('the deadline'), DEADLINE)))]);
    clearTimeout(late);
    if (code !== 0) {
      await workbench.screenshot('ended').catch(() => {});
      const log = workbench.codeServer.logs('remoteexthost').join('\n').slice(-4_000);
      outcomes.push({ name: 'the extension host', error: `ended with ${code}\n${printed.slice(-20).join('\n')}\n${log}` });
    }
    return outcomes;
  } finally {
    await workbench.end();
    control.closeAllConnections();
    control.close();
    rmSync(place, { recursive: true, force: true });
  }
}

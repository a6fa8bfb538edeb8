import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { CrashBudget } from '../../extension/vscode/server/crashes.ts';
import { type Launch, launchOf, type Place, startProblem } from '../../extension/vscode/server/launch.ts';
import { redacted, redacting } from '../../extension/vscode/words/redact.ts';

const at = (name: string) => join('/ext', 'dist', 'server', name);
const launch = (files: string[], more: Partial<Place> = {}): Launch =>
  launchOf({ configured: '', dotnet: '', extensionPath: '/ext', platform: 'linux', exists: (path) => files.includes(path), ...more });

test('the program in the extension is started; without one its portable form, by .NET', () => {
  assert.deepEqual(launch([at('pilsp'), at('pilsp.dll')]), { command: at('pilsp'), args: [] });
  assert.deepEqual(launch([at('pilsp.dll')]), { command: 'dotnet', args: [at('pilsp.dll')] });
  assert.deepEqual(launch([at('pilsp.dll')], { dotnet: '/opt/dotnet' }), { command: '/opt/dotnet', args: [at('pilsp.dll')] });
  assert.deepEqual(launch([at('pilsp.exe')], { platform: 'win32' }), { command: at('pilsp.exe'), args: [] });
});

test("the user's own server goes first, and is not silently replaced when it is missing", () => {
  assert.deepEqual(launch([at('pilsp'), '/mine/pilsp'], { configured: '/mine/pilsp' }), { command: '/mine/pilsp', args: [] });
  const missing = launch([at('pilsp')], { configured: '/mine/pilsp' });
  assert.ok('problem' in missing && missing.problem.includes('/mine/pilsp') && missing.problem.includes('pi.server.path'));
});

test('a start that fails says what is missing and where to say otherwise', () => {
  const missing = launch([]);
  assert.ok('problem' in missing && missing.problem.includes(join('/ext', 'dist', 'server')));
  const noDotnet = startProblem({ command: 'dotnet', args: [at('pilsp.dll')] }, Object.assign(new Error('spawn'), { code: 'ENOENT' }));
  assert.equal(noDotnet.remedy, 'dotnet');
  assert.match(noDotnet.problem, /\.NET 10.*pi\.server\.dotnetPath/);
  const notExecutable = startProblem({ command: at('pilsp'), args: [] }, Object.assign(new Error('spawn'), { code: 'EACCES' }));
  assert.match(notExecutable.problem, /chmod \+x/);
});

test('a server that crashes is started again a few times, not for ever', () => {
  const budget = new CrashBudget(2, 1000);
  assert.deepEqual(
    [0, 10, 20].map((now) => budget.spend(now)),
    [true, true, false],
  );
  assert.equal(budget.spend(5000), true, 'crashes long ago do not count');
  for (const now of [5001, 5002]) budget.spend(now);
  budget.forget();
  assert.equal(budget.spend(5003), true, 'the user has restarted it by hand');
});

test('secrets are taken out of what is logged, also as they stand in JSON', () => {
  assert.equal(redacted('{"KEY":"abc\\"def"}', ['abc"def']), '{"KEY":"***"}');
  const lines: unknown[] = [];
  const log = redacting({ info: (...args: unknown[]) => lines.push(...args) }, () => ['sk-secret']);
  log.info('key sk-secret', new Error('with sk-secret'));
  assert.equal(lines[0], 'key ***');
  assert.equal((lines[1] as Error).message, 'with ***');
});

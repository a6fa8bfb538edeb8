// @ts-check
// `npm run check`: everything that must be true of the sources, and then all suites. `-- --write` formats instead of complaining;
// `npm run check:fast` leaves out C# and the suites, and takes half a minute.
import { join } from 'node:path';
import { sourceChecks } from './check/index.mjs';
import { requireDotnet, setup } from './setup.mjs';
import { root, run } from './run.mjs';
import { test } from './test.mjs';

const write = process.argv.includes('--write');
const fast = process.argv.includes('--fast');
setup({ built: false });
if (!fast) requireDotnet();

const tool = (path) => join(root, 'node_modules', path);
/** @type {[string, string, string[]][]} */
const checks = [
  ['C# is formatted', 'dotnet', ['format', 'PiLsp.sln', ...(write ? [] : ['--verify-no-changes'])]],
  ['C# compiles without a warning', 'dotnet', ['build', 'PiLsp.sln', '-warnaserror', '--nologo', '-v', 'q']],
  ['JavaScript is formatted and clean', process.execPath, [tool('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', ...(write ? ['--write'] : [])]],
  ['Lua is formatted', process.execPath, [join(root, 'scripts', 'stylua.mjs'), ...(write ? ['--write'] : [])]],
  ['the gate has the right types', process.execPath, [tool('typescript/bin/tsc'), '-p', 'tsconfig.json']],
  ['the tests in TypeScript have the right types', process.execPath, [tool('typescript/bin/tsc'), '-p', 'tests/tsconfig.json']],
  ['the VS Code extension has the right types', process.execPath, [tool('typescript/bin/tsc'), '-p', 'extension/vscode/tsconfig.json']],
  ['the chat page has the right types', process.execPath, [tool('typescript/bin/tsc'), '-p', 'extension/vscode/chat/webview/tsconfig.json']],
  ['the scripts have the right types', process.execPath, [tool('typescript/bin/tsc'), '-p', 'scripts/tsconfig.json']],
];

let failed = 0;
for (const [what, command, args] of checks) {
  if (fast && command === 'dotnet') continue;
  const ok = run(command, args, { quiet: true, allowFailure: true });
  if (!ok) failed++;
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${what}`);
}
for (const [what, problemsOf] of sourceChecks) {
  const problems = problemsOf();
  if (problems.length > 0) failed++;
  for (const problem of problems) console.error(problem);
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${what}`);
}
const passed = fast || test();
process.exitCode = failed === 0 && passed ? 0 : 1;

// The form that the server is built in: the best one that can be had, said with the reason. `dotnet` and the linker are stand-ins here.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { causeOf } from '../../scripts/build/linker.mjs';

const script = new URL('../../scripts/build.mjs', import.meta.url).href;
/** Names found on the PATH are how a linker is looked for on Linux; other systems ask their own tools. */
const options = { skip: process.platform === 'linux' ? false : 'the linker is looked for on the PATH on Linux only' };

const NO_ZLIB = [
  '  PiLsp -> /x/server/bin/pilsp.dll',
  '  /usr/bin/ld.bfd: cannot find -lz: No such file or directory',
  'collect2 : error : ld returned 1 exit status [/x/server/PiLsp.csproj]',
  '/x/Microsoft.NETCore.Native.targets(389,5): error MSB3073: The command ""gcc" "obj/pilsp.o" …" exited with code 1. [/x/server/PiLsp.csproj]',
].join('\n');
const NO_PACK = '/x/server/pilsp.csproj : error NU1101: Unable to find package Microsoft.NETCore.App.Runtime.linux-x64. [/x/PiLsp.sln]';

/**
 * Builds for `rid` with a `dotnet` that fails as said.
 * @param {{linkers?: string[], failing?: Record<string, string>, rid?: string, env?: NodeJS.ProcessEnv}} stage
 * @returns {{form: string, said: string, asked: string[][], folder: string[], status: number | null}}
 */
function built(t, { linkers = ['gcc'], failing = {}, rid = '', env = {} }) {
  const place = mkdtempSync(join(tmpdir(), 'pilsp-forms-'));
  t.after(() => rmSync(place, { recursive: true, force: true }));
  const [bin, out, log] = [join(place, 'bin'), join(place, 'out'), join(place, 'asked.jsonl')];
  mkdirSync(bin);
  const program = (name, text) => {
    writeFileSync(join(bin, name), `#!${process.execPath}\n${text}`);
    chmodSync(join(bin, name), 0o755);
  };
  for (const name of linkers) program(name, '');
  program(
    'dotnet',
    `const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
    const args = process.argv.slice(2);
    appendFileSync(${JSON.stringify(log)}, JSON.stringify(args) + '\\n');
    const failing = Object.entries(${JSON.stringify(failing)}).find(([option]) => args.includes(option));
    const folder = args[args.indexOf('-o') + 1];
    mkdirSync(folder, { recursive: true });
    writeFileSync(folder + '/' + (failing ? 'half' : 'pilsp'), '');
    if (failing) { console.log(failing[1]); process.exit(1); }`,
  );
  const code = `const { forRuntime, own } = await import(${JSON.stringify(script)});
    console.log(forRuntime(${JSON.stringify(rid)} || own, ${JSON.stringify(out)}));`;
  const { PILSP_SERVER_FORM: _, ...rest } = process.env;
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', code], { env: { ...rest, ...env, PATH: bin }, encoding: 'utf8' });
  const asked = existsSync(log)
    ? readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
  const folder = ['half', 'pilsp', 'THIRD-PARTY-NOTICES.md'].filter((name) => existsSync(join(out, name)));
  return { form: result.stdout.trim(), said: result.stderr, asked, folder, status: result.status };
}

test('with a linker the server is native code', options, (t) => {
  const { form, said, asked, folder } = built(t, {});
  assert.equal(form, 'native', said);
  assert.match(said, /^The server for \S+: native code, linked by gcc\.\n$/);
  assert.equal(asked.length, 1);
  assert.ok(asked[0].includes('-p:PublishAot=true'));
  assert.deepEqual(folder, ['pilsp', 'THIRD-PARTY-NOTICES.md']);
});

test('clang goes before gcc, and cc is named to .NET, which does not look for it', options, (t) => {
  assert.match(built(t, { linkers: ['cc', 'gcc', 'clang'] }).said, /linked by clang/);
  const { said, asked } = built(t, { linkers: ['cc'] });
  assert.match(said, /linked by cc/);
  assert.ok(asked[0].includes('-p:CppCompilerAndLinker=cc'));
});

test('without a linker it has its runtime inside, and that is said', options, (t) => {
  const { form, said, asked } = built(t, { linkers: [] });
  assert.equal(form, 'selfContained', said);
  assert.match(said, /^The server for \S+: self-contained.*; no linker was found \(clang, gcc or cc\)\.\n$/);
  assert.equal(asked.length, 1);
});

test('a link that fails is told with its cause before the next form is tried, in an empty folder', options, (t) => {
  const { form, said, folder } = built(t, { failing: { '-p:PublishAot=true': NO_ZLIB } });
  assert.equal(form, 'selfContained', said);
  assert.match(said, /^\/usr\/bin\/ld\.bfd: cannot find -lz/m, 'what the linker said');
  assert.doesNotMatch(said, /MSB3073/);
  assert.match(said, /cannot be had as native code: zlib's development files are missing \(zlib1g-dev\)/);
  assert.match(said, /: self-contained.*; native code: zlib's development files are missing/);
  assert.deepEqual(folder, ['pilsp', 'THIRD-PARTY-NOTICES.md']);
});

test('where not even the runtime is to be had it is built for the installed .NET, and every cause is said', options, (t) => {
  const { form, said } = built(t, { failing: { '-p:PublishAot=true': NO_ZLIB, '-p:PublishTrimmed=true': NO_PACK } });
  assert.equal(form, 'installed', said);
  assert.match(said, /: for the installed \.NET; native code: zlib[^;]*;.*; self-contained.*NU1101.*Unable to find package/);
});

test('where one form is needed no other will do', options, (t) => {
  const env = { PILSP_SERVER_FORM: 'native' };
  const failed = built(t, { env, failing: { '-p:PublishAot=true': NO_ZLIB } });
  assert.notEqual(failed.status, 0);
  assert.equal(failed.asked.length, 1, 'nothing else was tried');
  assert.match(failed.said, /in the form that PILSP_SERVER_FORM names \(native\)/);
  const none = built(t, { env, linkers: [] });
  assert.notEqual(none.status, 0);
  assert.match(none.said, /no linker was found/);
  assert.equal(built(t, { env: { PILSP_SERVER_FORM: 'selfContained' } }).form, 'selfContained');
});

test('for another system it has its runtime inside, or is not built', options, (t) => {
  const { form, said } = built(t, { rid: 'win-x64' });
  assert.equal(form, 'selfContained', said);
  assert.match(said, /The server for win-x64: self-contained.*; native code is linked on its own system/);
  const failed = built(t, { rid: 'win-x64', failing: { '-p:PublishTrimmed=true': NO_PACK } });
  assert.notEqual(failed.status, 0);
  assert.match(failed.said, /cannot be built for win-x64.*NU1101/);
});

for (const [what, output, cause] of [
  ['the C library', '/usr/bin/ld: cannot find Scrt1.o: No such file or directory', /the C library's development files are missing \(libc6-dev\); .*Scrt1\.o/],
  ['the linker behind the compiler', "collect2: fatal error: cannot find 'ld'\ncompilation terminated.", /no `ld` for it \(binutils\)/],
  [
    'objcopy',
    "/x/U.targets(9,5): error : Symbol stripping tool ('objcopy') not found in PATH. [/x/server/pilsp.csproj]",
    /^there is no `objcopy` \(binutils\); error : Symbol/,
  ],
  [
    'a warning of the compiler for native code',
    'ILC : error IL3050: A.B(): Using member … [/x/server/pilsp.csproj]',
    /^error IL3050: A\.B\(\): Using member …$/,
  ],
  ['nothing', '', /^it printed nothing$/],
])
  test(`the cause of a failed build: ${what}`, () => assert.match(causeOf(output), cause));

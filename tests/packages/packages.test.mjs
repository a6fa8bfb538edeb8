// What `npm run package` hands out: what is in it, and that it runs from where it has been unpacked.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { pack } from '../../scripts/package.mjs';
import { startServer } from '../client/lsp-client.mjs';
import { piCli, piNode } from '../scripted-model/pi-command.mjs';
import { makePiHome } from '../scripted-model/pi-home.mjs';
import { unzip, unzipTo } from './unzip.mjs';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
let place;
const made = () => join(place, 'made');

before(() => {
  place = mkdtempSync(join(tmpdir(), 'pilsp-packages-'));
  pack(undefined, made());
});
after(() => rmSync(place, { recursive: true, force: true }));

const named = (...ends) => readdirSync(made()).filter((name) => ends.some((end) => name.endsWith(end)));
const file = (name) => join(made(), name);

/** It serves LSP, and the gate is found beside it and is the one that Pi loads. */
async function assertServes(command, args = []) {
  assert.equal(execFileSync(command, [...args, '--version'], { encoding: 'utf8' }).trim(), version);
  const pi = await makePiHome({ url: 'http://127.0.0.1:9/v1' });
  try {
    const configuration = { pi: { command: piCli(), nodePath: piNode() } };
    const lsp = await startServer({ command, args: [...args, '--stdio'], env: pi.fullEnv(), cwd: place, workspaceFolders: [place], configuration });
    try {
      // Without the proof of the gate a session cannot be had.
      assert.ok((await lsp.command('pi.newSession')).sessionId);
      const { gate } = await lsp.command('pi.status');
      assert.equal(gate.proven, true);
    } finally {
      await lsp.stop();
      await lsp.kill();
    }
  } finally {
    await pi.remove();
  }
}

test('there is one package for each way to install', () => {
  const expected = [
    `pilsp-${version}-linux-x64.tar.gz`,
    `pilsp-${version}-linux-x64.vsix`,
    `pilsp-${version}-portable.zip`,
    `pilsp-${version}-win-x64.zip`,
    `pilsp-${version}-win32-x64.vsix`,
    `pilsp-${version}.vsix`,
    `pilsp.${version}.nupkg`,
  ];
  assert.deepEqual(readdirSync(made()).sort(), expected.sort());
});

test('a .vsix holds the bundles, the server with its gate, licences and pictures, and nothing else', () => {
  const known = [
    /^\[Content_Types\]\.xml$/,
    /^extension\.vsixmanifest$/,
    /^extension\/(package\.json|(readme|changelog)\.md|LICENSE\.txt|THIRD-PARTY-NOTICES\.md)$/,
    /^extension\/dist\/vscode\/(extension\.cjs|chat\.(js|css)|(extension\.cjs|chat\.js)\.LEGAL\.txt|THIRD-PARTY-NOTICES\.md)$/,
    /^extension\/dist\/server\/(pilsp(\.exe|\.dll|\.deps\.json|\.runtimeconfig\.json)?|gate\/[\w-]+\.ts|THIRD-PARTY-NOTICES\.md)$/,
    // The server for the installed .NET has its libraries beside it; the notices name them all, see below.
    /^extension\/dist\/server\/(?!pilsp)[\w.]+\.dll$/,
    /^extension\/extension\/vscode\/media\/(walkthrough\/)?[\w-]+\.(svg|png|md)$/,
  ];
  for (const name of named('.vsix')) {
    const entries = [...unzip(file(name)).keys()];
    assert.deepEqual(
      entries.filter((entry) => !known.some((one) => one.test(entry))),
      [],
      name,
    );
    for (const needed of [
      'extension/LICENSE.txt',
      'extension/THIRD-PARTY-NOTICES.md',
      'extension/dist/server/gate/gate.ts',
      'extension/dist/vscode/extension.cjs',
    ])
      assert.ok(entries.includes(needed), `${needed} in ${name}`);
  }
});

test('everything that the manifest of a .vsix names is in it', () => {
  for (const name of named('.vsix')) {
    const entries = unzip(file(name));
    const manifest = JSON.parse(entries.get('extension/package.json').read().toString());
    const pathsIn = (value) =>
      typeof value === 'string' ? (/^(\.\/)?(dist|extension)\/.*\.\w+$/.test(value) ? [value] : []) : Object.values(value ?? {}).flatMap(pathsIn);
    for (const path of pathsIn(manifest)) assert.ok(entries.has(`extension/${path.replace(/^\.\//, '')}`), `${path}, which package.json names, in ${name}`);
  }
});

test('the server of a .vsix is the one for its system', () => {
  const server = (name, path) => unzip(file(name)).get(`extension/dist/server/${path}`);
  const linux = server(`pilsp-${version}-linux-x64.vsix`, 'pilsp');
  assert.equal(linux.read().toString('latin1', 1, 4), 'ELF');
  assert.equal(linux.mode & 0o111, 0o111, 'it may be executed');
  assert.equal(server(`pilsp-${version}-win32-x64.vsix`, 'pilsp.exe').read().toString('latin1', 0, 2), 'MZ');
  assert.ok(server(`pilsp-${version}.vsix`, 'pilsp.runtimeconfig.json'));
});

test('the licences of what is bundled are there word by word', () => {
  for (const name of named('.vsix')) {
    const notices = unzip(file(name)).get('extension/dist/vscode/THIRD-PARTY-NOTICES.md').read().toString();
    assert.match(notices, /## vscode-languageclient [\s\S]*Permission is hereby granted/, name);
  }
});

test('the notices name every library that the server ships, with its version', () => {
  const entries = unzip(file(`pilsp-${version}.vsix`));
  const notices = entries.get('extension/dist/server/THIRD-PARTY-NOTICES.md').read().toString();
  const { libraries } = JSON.parse(entries.get('extension/dist/server/pilsp.deps.json').read().toString());
  const shipped = Object.keys(libraries).filter((one) => libraries[one].type === 'package');
  assert.ok(shipped.includes('StreamJsonRpc/2.26.150'), shipped.join());
  for (const one of shipped) {
    const [name, its] = one.split('/');
    assert.match(notices, new RegExp(`^\\| ${name.replaceAll('.', '\\.')} \\| ${its.replaceAll('.', '\\.')} \\| [\\w.-]+ \\|$`, 'm'), one);
  }
});

/** What is in an archive for one system. @param {string} program */
function contents(program) {
  const gate = readdirSync(new URL('../../extension/pi', import.meta.url)).filter((name) => name.endsWith('.ts'));
  return ['LICENSE', 'THIRD-PARTY-NOTICES.md', ...gate.map((name) => `gate/${name}`), program].sort();
}

test('the archive for Linux serves from where it was unpacked', { skip: process.platform !== 'linux' || process.arch !== 'x64' }, async () => {
  const folder = mkdtempSync(join(place, 'linux-'));
  execFileSync('tar', ['-xzf', file(`pilsp-${version}-linux-x64.tar.gz`), '-C', folder]);
  const names = readdirSync(join(folder, `pilsp-${version}`), { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  assert.deepEqual(names.map((one) => `${one.parentPath}/${one.name}`.split(`/pilsp-${version}/`)[1]).sort(), contents('pilsp'), 'and no symbols');
  await assertServes(join(folder, `pilsp-${version}`, 'pilsp'));
});

test('the portable archive serves with the installed .NET', async () => {
  const folder = mkdtempSync(join(place, 'portable-'));
  unzipTo(file(`pilsp-${version}-portable.zip`), folder);
  await assertServes('dotnet', [join(folder, `pilsp-${version}`, 'pilsp.dll')]);
});

test('the archive for Windows holds the program, the gate and the licences', () => {
  const entries = unzip(file(`pilsp-${version}-win-x64.zip`));
  assert.deepEqual([...entries.keys()].map((name) => name.replace(`pilsp-${version}/`, '')).sort(), contents('pilsp.exe'));
  for (const { read } of entries.values()) assert.ok(read().length > 0);
});

test('the .NET tool installs from a folder and serves', async () => {
  const folder = mkdtempSync(join(place, 'tool-'));
  const env = { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' };
  execFileSync('dotnet', ['tool', 'install', 'pilsp', '--tool-path', folder, '--version', version, '--source', made()], { env, cwd: place });
  const [command] = readdirSync(folder).filter((name) => /^pilsp(\.exe)?$/.test(basename(name)));
  await assertServes(join(folder, command));
});

// @ts-check
// `npm run package`: everything that can be handed out, into dist/packages.
//   npm run package -- vsix-linux-x64 tool     only these
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forRuntime, out as built, own, portable } from './build.mjs';
import { root, run } from './run.mjs';
import { requireDotnet, setup } from './setup.mjs';
import { noticesFor } from './package/notices.mjs';
import { zip } from './package/zip.mjs';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const base = `pilsp-${manifest.version}`;
const texts = ['LICENSE', 'THIRD-PARTY-NOTICES.md'];

/** By .NET's name of the system; its archive and VS Code's name of it. */
const systems = { 'linux-x64': { archive: 'tar.gz', target: 'linux-x64' }, 'win-x64': { archive: 'zip', target: 'win32-x64' } };

/**
 * @typedef {(out: string) => string} Maker puts a package into that folder and returns its path
 * @type {Record<string, Maker>}
 */
const makers = {};
for (const [system, { archive, target }] of Object.entries(systems)) {
  makers[`server-${system}`] = (out) => archiveOf(serverFor(system), join(out, `${base}-${system}.${archive}`));
  makers[`vsix-${system}`] = (out) => vsix(serverFor(system), join(out, `${base}-${target}.vsix`), ['--target', target]);
}
makers['server-portable'] = (out) => archiveOf(serverFor('portable'), join(out, `${base}-portable.zip`));
makers['vsix-universal'] = (out) => vsix(serverFor('portable'), join(out, `${base}.vsix`), []);
makers.tool = tool;

export const packages = Object.keys(makers);

/** @param {string[]} [wanted] @param {string} [out] @returns {string[]} the paths of what was made */
export function pack(wanted = packages, out = join(root, 'dist', 'packages')) {
  const unknown = wanted.filter((name) => !makers[name]);
  if (unknown.length > 0) throw new Error(`no package ${unknown.join(', ')}; there are: ${packages.join(', ')}`);
  setup();
  requireDotnet();
  mkdirSync(out, { recursive: true });
  try {
    return wanted.map((name) => makers[name](out));
  } finally {
    for (const folder of Object.values(servers)) rmSync(folder, { recursive: true, force: true });
    for (const system of Object.keys(servers)) delete servers[system];
  }
}

/** @type {Record<string, string>} each server is built once for all packages that contain it */
const servers = {};

function serverFor(system) {
  if (!servers[system]) {
    const folder = temporary();
    servers[system] = folder;
    if (system === 'portable') portable(folder);
    // What `npm run build` has made, native code where that could be had, if it needs no installed .NET.
    else if (system === own && !existsSync(join(built, 'pilsp.dll'))) cpSync(built, folder, { recursive: true });
    else forRuntime(system, folder);
    // Debugging symbols are for those who build it themselves; native ones are twice the size of the program.
    for (const name of readdirSync(folder)) if (/\.(pdb|dbg|dSYM)$/.test(name) || name === '.sources') rmSync(join(folder, name), { recursive: true });
  }
  return servers[system];
}

/** One folder in the archive, named like it, with the licence. @param {string} server @param {string} file */
function archiveOf(server, file) {
  const place = temporary();
  const folder = join(place, base);
  cpSync(server, folder, { recursive: true });
  for (const text of texts) cpSync(join(root, text), join(folder, text));
  if (file.endsWith('.zip')) zip(place, file);
  else run('tar', ['-czf', file, '-C', place, base]);
  rmSync(place, { recursive: true });
  return file;
}

/**
 * The extension's folder is put together from what belongs into it, so that nothing has to be kept out.
 * @param {string} server @param {string} file @param {string[]} target
 */
function vsix(server, file, target) {
  const place = temporary();
  const { scripts: _, devDependencies: __, private: ___, type: ____, ...shipped } = manifest;
  const { node: _____, ...engines } = shipped.engines;
  writeFileSync(join(place, 'package.json'), JSON.stringify({ ...shipped, engines }, null, 2));
  for (const text of texts) cpSync(join(root, text), join(place, text));
  cpSync(readme(), join(place, 'README.md'));
  cpSync(join(root, 'CHANGELOG.md'), join(place, 'CHANGELOG.md'));
  const bundles = join(root, 'dist', 'vscode');
  for (const name of readdirSync(bundles)) {
    if (!name.endsWith('.map') && name !== '.sources') cpSync(join(bundles, name), join(place, 'dist', 'vscode', name), { recursive: true });
  }
  for (const name of ['extension.cjs', 'chat.js']) unmap(join(place, 'dist', 'vscode', name));
  writeFileSync(join(place, 'dist', 'vscode', 'THIRD-PARTY-NOTICES.md'), noticesFor(bundles));
  cpSync(server, join(place, 'dist', 'server'), { recursive: true });
  const media = join('extension', 'vscode', 'media');
  cpSync(join(root, media), join(place, media), { recursive: true });
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  // Where the source can be had is not settled, so nothing is said of it and no link is made from it.
  const args = ['package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', ...target, '--out', file];
  run(process.execPath, [vsce, ...args], { cwd: place, quiet: true });
  rmSync(place, { recursive: true });
  return file;
}

const readme = () => [join(root, 'extension', 'vscode', 'README.md'), join(root, 'README.md')].find(existsSync) ?? '';

/** The map is not shipped, so nothing asks for it. @param {string} file */
function unmap(file) {
  if (existsSync(file)) writeFileSync(file, readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
}

function tool(out) {
  const place = temporary();
  const properties = { PackAsTool: true, ToolCommandName: 'pilsp', DebugType: 'none' };
  const args = Object.entries(properties).map(([name, value]) => `-p:${name}=${value}`);
  run('dotnet', ['pack', 'server', '-c', 'Release', ...args, '-o', place, '-v', 'q', '--nologo']);
  const [name] = readdirSync(place).filter((one) => one.endsWith('.nupkg'));
  const file = join(out, name);
  rmSync(file, { force: true });
  cpSync(join(place, name), file);
  rmSync(place, { recursive: true });
  return file;
}

const temporary = () => mkdtempSync(join(tmpdir(), 'pilsp-package-'));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2).filter((one) => one !== '--');
  const made = pack(wanted.length > 0 ? wanted : packages);
  const sum = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');
  for (const file of made) console.log(`${sum(file)}  ${file}`);
}

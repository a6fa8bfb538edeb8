// @ts-check
// What stands in for a type checker of Lua, which neither npm nor Debian has: a module calls only what the other one gives, a
// type that is named is declared, an annotated parameter is one. luacheck (Debian: lua-check) looks for the rest.
import { spawnSync } from 'node:child_process';
import { root } from '../run.mjs';
import { ownFiles, textOf } from './files.mjs';

const PLUGIN = 'extension/nvim/lua/';

/** @param {string} path @returns {string} as `require` names it */
const moduleOf = (path) =>
  path
    .slice(PLUGIN.length)
    .replace(/\.lua$/, '')
    .replace(/\/init$/, '')
    .replaceAll('/', '.');

/** What a module gives: what is put into the table that it returns. @param {string} text @returns {Set<string> | null} null: it returns something else */
export function givenBy(text) {
  const returned = text.match(/^return (\w+)\s*$/m)?.[1];
  if (!returned) return null;
  const given = [...text.matchAll(new RegExp(`^(?:function )?${returned}\\.(\\w+)(?:, ${returned}\\.\\w+)*\\s*[=(]`, 'gm'))];
  return new Set(given.flatMap(([line]) => [...line.matchAll(new RegExp(`${returned}\\.(\\w+)`, 'g'))].map(([, name]) => name)));
}

/** What a file calls by its module's name or by a local name for that. @param {string} text @returns {[module: string, name: string | null, line: number][]} */
export function calledIn(text) {
  /** @type {[string, string | null, number][]} */
  const calls = [];
  const code = text.replace(/--(?!\[\[).*$/gm, '');
  const line = (/** @type {number | undefined} */ at) => code.slice(0, at).split('\n').length;
  for (const found of code.matchAll(/\brequire\(['"](pi(?:\.[\w.]+)?)['"]\)(?:\.(\w+))?/g)) calls.push([found[1], found[2] ?? null, line(found.index)]);
  // `plain('module', 'name')` of the table of subcommands.
  for (const found of code.matchAll(/\b(?:plain|worded)\('([\w.]+)', '(\w+)'\)/g)) calls.push([`pi.${found[1]}`, found[2], line(found.index)]);
  for (const [, local, module] of code.matchAll(/^local (\w+) = require\(['"](pi(?:\.[\w.]+)?)['"]\)$/gm)) {
    for (const found of code.matchAll(new RegExp(`(?<![\\w.:])${local}\\.(\\w+)`, 'g'))) calls.push([module, found[1], line(found.index)]);
  }
  return calls;
}

/** @param {Record<string, string>} modules by path @param {Record<string, string>} others that use them @returns {string[]} */
export function unfounded(modules, others = {}) {
  const given = new Map(Object.entries(modules).map(([path, text]) => [moduleOf(path), givenBy(text)]));
  const problems = [];
  for (const [path, text] of Object.entries({ ...modules, ...others })) {
    for (const [module, name, line] of calledIn(text)) {
      if (!given.has(module)) problems.push(`${path}:${line} requires ${module}, which there is not`);
      else if (name !== null && given.get(module)?.has(name) === false) problems.push(`${path}:${line} calls ${name} of ${module}, which it does not give`);
    }
  }
  return problems;
}

/** @param {Record<string, string>} sources by path @returns {string[]} */
export function wronglyAnnotated(sources) {
  const declared = new Set();
  for (const text of Object.values(sources))
    for (const [, name] of text.matchAll(/^\s*---@(?:class|alias|enum)\s+(?:\(\w+\)\s*)?(pi\.[\w.]+)/gm)) declared.add(name);
  const problems = [];
  for (const [path, text] of Object.entries(sources)) {
    text.split('\n').forEach((line, at, lines) => {
      const annotation = line.match(/^\s*---@(?:param|return|type|field|class|alias|overload)\b(.*)$/) ?? line.match(/--\[\[@as (.*)\]\]/);
      // After the type come words.
      for (const [name] of (annotation?.[1] ?? '').matchAll(/(?<![\w./'"`])pi\.[A-Z]\w*/g)) {
        if (!declared.has(name)) problems.push(`${path}:${at + 1} names the type ${name}, which is not declared`);
      }
      const parameter = line.match(/^\s*---@param (\w+)/)?.[1];
      const head = parameter && lines.slice(at + 1).find((one) => !/^\s*--/.test(one));
      const list = head ? head.match(/\bfunction\b[^(]*\(([^)]*)\)/)?.[1] : undefined;
      if (parameter && (list === undefined || !list.split(',').some((one) => one.trim() === parameter)))
        problems.push(`${path}:${at + 1} tells of a parameter ${parameter}, which the function does not have`);
    });
  }
  return problems;
}

/** @returns {string[]} */
function luacheck() {
  const result = spawnSync('luacheck', ['--no-color', '--codes', '--quiet', 'extension/nvim', 'tests/nvim'], { cwd: root, encoding: 'utf8' });
  if (result.error) {
    const why = 'luacheck was not found (Debian: lua-check)';
    if (process.env.CI) return [why];
    console.error(`not run: ${why}`);
    return [];
  }
  return result.status === 0 ? [] : result.stdout.split('\n').filter((line) => line.trim() !== '');
}

export function problems() {
  const read = (/** @type {string[]} */ paths) => Object.fromEntries(paths.map((path) => [path, textOf(path)]));
  const all = ownFiles().filter((path) => /^(extension|tests)\/nvim\/.*\.lua$/.test(path));
  const modules = all.filter((path) => path.startsWith(PLUGIN));
  // Tests call modules of the plugin from within strings, too.
  const others = [...all.filter((path) => !path.startsWith(PLUGIN)), ...ownFiles('tests/nvim').filter((path) => path.endsWith('.mjs'))];
  return [...unfounded(read(modules), read(others)), ...wronglyAnnotated(read(all)), ...luacheck()];
}

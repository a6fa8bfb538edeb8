// @ts-check
// Formats the Lua sources, or says which are not formatted: `node scripts/stylua.mjs [--write]`. StyLua as WebAssembly,
// so that nobody has to install anything; stylua.toml is read here because only its program reads it by itself.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as stylua from '@johnnymorganz/stylua';
import { root } from './run.mjs';

const enums = { indent_type: stylua.IndentType, quote_style: stylua.QuoteStyle, call_parentheses: stylua.CallParenType, syntax: stylua.LuaVersion };

/** @param {string} toml of flat `key = value` lines */
function configOf(toml) {
  /** @type {any} */
  const config = stylua.Config.new();
  for (const [, key, value] of toml.matchAll(/^(\w+) = (.+)$/gm)) config[key] = key in enums ? enums[key][JSON.parse(value)] : JSON.parse(value);
  return config;
}

const write = process.argv.includes('--write');
const toml = readFileSync(join(root, 'stylua.toml'), 'utf8');
let wrong = 0;
for (const folder of ['extension/nvim', 'tests/nvim']) {
  const names = readdirSync(join(root, folder), { recursive: true }).map(String);
  for (const name of names.filter((one) => one.endsWith('.lua')).sort()) {
    const path = join(root, folder, name);
    const source = readFileSync(path, 'utf8');
    // A configuration is used up by one call.
    const formatted = stylua.formatCode(source, configOf(toml), undefined, stylua.OutputVerification.Full);
    if (formatted === source) continue;
    if (write) writeFileSync(path, formatted);
    else console.error(`${join(folder, name)} is not formatted; node scripts/stylua.mjs --write does it`);
    wrong++;
  }
}
process.exitCode = wrong > 0 && !write ? 1 : 0;

// @ts-check
// The protocol as TypeScript's types: a file for each of server/Protocol, and one with the commands and messages by their names.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../run.mjs';
import { described, MADE, nameOf, sentence, shapeOf } from './schema.mjs';

/** @typedef {import('./schema.mjs').Node} Node @typedef {import('./schema.mjs').Schema} Schema */

const PLAIN = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', any: 'unknown' };

/** @param {Schema} schema @returns {[string, string][]} name and text of each file */
export function inTypeScript(schema) {
  /** @type {Map<string, string[]>} */
  const files = new Map();
  for (const [name, node] of Object.entries(schema.$defs)) {
    const file = fileOf(node);
    files.set(file, [...(files.get(file) ?? []), name]);
  }
  const made = [...files].map(([file, names]) => /** @type {[string, string]} */ ([file, family(schema, file, names)]));
  return [...made, ['names.ts', listOf(schema)]].map(([file, text]) => [file, formatted(file, text)]);
}

/** @param {Node} node */
const fileOf = (node) => `${node['x-file']?.[0].toLowerCase()}${node['x-file']?.slice(1)}.ts`;

/** @param {Schema} schema @param {string} file @param {string[]} names */
function family(schema, file, names) {
  const text = names.map((name) => declared(name, schema.$defs[name])).join('\n');
  const strangers = new Set(
    [...text.matchAll(/\b[A-Z]\w+/g)].map(([word]) => word).filter((word) => schema.$defs[word] && fileOf(schema.$defs[word]) !== file),
  );
  return `// ${MADE}\n${imports(schema, strangers)}\n${text}`;
}

/** @param {Schema} schema @param {Iterable<string>} names */
function imports(schema, names) {
  const sorted = [...names].sort();
  const files = [...new Set(sorted.map((name) => fileOf(schema.$defs[name])))].sort();
  return files.map((file) => `import type { ${sorted.filter((name) => fileOf(schema.$defs[name]) === file).join(', ')} } from './${file}';\n`).join('');
}

/** @param {string} name @param {Node} node */
function declared(name, node) {
  const said = node.description ? `/** ${sentence(node.description)} */\n` : '';
  if (node.oneOf) return `${said}export type ${name} = ${node.oneOf.map(nameOf).join(' | ')};\n`;
  if (node.enum) return `${said}export type ${name} = ${node.enum.map(quoted).join(' | ')};\n`;
  const fields = Object.entries(node.properties ?? {}).map(([field, type]) => {
    const words = described(type);
    return `${words ? `  /** ${words} */\n` : ''}  ${field}${node.required?.includes(field) ? '' : '?'}: ${typeOf(type)};\n`;
  });
  return `${said}export interface ${name} {\n${fields.join('')}}\n`;
}

/** @param {Node} node @returns {string} */
function typeOf(node) {
  const shape = shapeOf(node);
  if (shape.kind === 'record') return shape.name;
  if (shape.kind === 'words') return shape.words.map(quoted).join(' | ');
  const type = shape.kind === 'list' ? listed(typeOf(shape.items)) : PLAIN[shape.type];
  return shape.isNull ? `${type} | null` : type;
}

/** @param {string} type */
const listed = (type) => (type.includes(' ') ? `(${type})[]` : `${type}[]`);

/** @param {string} word */
const quoted = (word) => `'${word}'`;

/** @param {Schema} schema */
function listOf(schema) {
  const commands = Object.entries(schema.commands).map(
    ([name, { argument, result }]) => `  '${name}': { argument: ${argument ? nameOf(argument) : 'undefined'}; result: ${nameOf(result)} };\n`,
  );
  const messages = Object.entries(schema.messages);
  const told = messages.filter(([, one]) => !one.result).map(([name, one]) => `  '${name}': ${nameOf(one.params)};\n`);
  const asked = messages.flatMap(([name, { params, result }]) =>
    result ? [`  '${name}': { params: ${nameOf(params)}; result: ${result.$ref ? `${nameOf(result)} | null` : 'unknown'} };\n`] : [],
  );
  const text = `/** Every command of the server with its argument and its result. */
export interface Commands {
${commands.join('')}}

export type CommandName = keyof Commands;

/** What the server tells beyond LSP. */
export interface Notifications {
${told.join('')}}

/** What the server asks beyond LSP. */
export interface Requests {
${asked.join('')}}
`;
  const used = new Set([...text.matchAll(/\b[A-Z]\w+/g)].map(([word]) => word).filter((word) => schema.$defs[word]));
  return `// ${MADE}\n${imports(schema, used)}\n${text}`;
}

/** As Biome wants it. @param {string} file @param {string} text */
function formatted(file, text) {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const { stdout, status, stderr } = spawnSync(process.execPath, [biome, 'format', `--stdin-file-path=extension/vscode/protocol/${file}`], {
    cwd: root,
    input: text,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${file} cannot be formatted: ${stderr}`);
  return stdout;
}

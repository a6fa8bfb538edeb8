// @ts-check
// The protocol as annotations for Lua, of which nothing is left when the plugin runs.
import { described, MADE, nameOf, sentence, shapeOf } from './schema.mjs';

/** @typedef {import('./schema.mjs').Node} Node @typedef {import('./schema.mjs').Schema} Schema */

const PLAIN = { string: 'string', integer: 'integer', number: 'number', boolean: 'boolean', any: 'any' };

/** @param {Schema} schema */
export function inLua(schema) {
  const records = Object.entries(schema.$defs).filter(([, node]) => node['x-file'] !== 'Lsp');
  const names = Object.keys(schema.commands);
  return [
    `---@meta`,
    `-- ${MADE}`,
    '',
    `---@alias pi.CommandName\n${names.map((name) => `---| '${name}'`).join('\n')}`,
    '',
    ...records.map(([name, node]) => `${declared(name, node)}\n`),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

/** @param {string} name @param {Node} node */
function declared(name, node) {
  const said = node.description ? `--- ${sentence(node.description)}\n` : '';
  if (node.oneOf) return `${said}---@alias pi.${name} ${node.oneOf.map((one) => `pi.${nameOf(one)}`).join('|')}`;
  if (node.enum) return `${said}---@alias pi.${name} ${node.enum.map(quoted).join('|')}`;
  const fields = Object.entries(node.properties ?? {}).map(([field, type]) => {
    const words = described(type);
    return `---@field ${field}${node.required?.includes(field) ? '' : '?'} ${typeOf(type)}${words ? ` ${words}` : ''}`;
  });
  return [`${said}---@class pi.${name}`, ...fields].join('\n');
}

/** @param {Node} node @returns {string} */
function typeOf(node) {
  const shape = shapeOf(node);
  if (shape.kind === 'record') return ['Range', 'Position', 'TextDocumentIdentifier'].includes(shape.name) ? `lsp.${shape.name}` : `pi.${shape.name}`;
  if (shape.kind === 'words') return shape.words.map(quoted).join('|');
  const type = shape.kind === 'list' ? listed(typeOf(shape.items)) : PLAIN[shape.type];
  return shape.isNull ? `${type}|nil` : type;
}

/** @param {string} type */
const listed = (type) => (type.includes('|') ? `(${type})[]` : `${type}[]`);

/** @param {string} word */
const quoted = (word) => `"${word}"`;

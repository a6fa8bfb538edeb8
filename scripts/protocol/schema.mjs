// @ts-check
// What the makers of the protocol's other forms read of docs/protocol.schema.json.

/**
 * @typedef {object} Node A type: of a field, of the items of a list, of a record.
 * @property {string | string[]} [type]
 * @property {string} [$ref]
 * @property {string} [description]
 * @property {string[]} [enum]
 * @property {string} [const]
 * @property {Node} [items]
 * @property {Record<string, Node>} [properties]
 * @property {string[]} [required]
 * @property {Node[]} [oneOf]
 * @property {string} [x-file] where its record stands
 * @property {string} [x-discriminator]
 * @property {boolean} [x-open] there are other words, too
 *
 * @typedef {object} Schema
 * @property {Record<string, { argument?: Node, result: Node, description?: string }>} commands
 * @property {Record<string, { capability: string, params: Node, result?: Node, description?: string }>} messages
 * @property {Record<string, Node>} $defs
 */

export const MADE = 'Made by scripts/protocol.mjs from the records in server/Protocol. Not to be edited.';

/** @param {Node} node @returns {string} the name of the record that is meant */
export const nameOf = (node) => /** @type {string} */ (node.$ref).replace('#/$defs/', '');

/** @param {string} text @returns {string} as a sentence */
export const sentence = (text) => `${/^pi\W/.test(text) ? text[0] : text[0].toUpperCase()}${text.slice(1)}${/[.?!…]$/.test(text) ? '' : '.'}`;

/** The words of an open choice, for readers. @param {Node} node */
export const described = (node) => {
  const words = node['x-open'] ? `${(node.enum ?? []).map((word) => `\`${word}\``).join(', ')} or another.` : '';
  return [node.description, words].filter(Boolean).join(' ');
};

/** What a field or an item of a list is, as kind and words. @param {Node} node */
export function shapeOf(node) {
  if (node.$ref) return { kind: /** @type {const} */ ('record'), name: nameOf(node) };
  if (node.const) return { kind: /** @type {const} */ ('words'), words: [node.const] };
  if (node.enum && !node['x-open']) return { kind: /** @type {const} */ ('words'), words: node.enum };
  const types = [node.type ?? []].flat();
  const isNull = types.includes('null');
  const [type = 'any'] = types.filter((one) => one !== 'null');
  if (type === 'array') return { kind: /** @type {const} */ ('list'), items: /** @type {Node} */ (node.items), isNull };
  return { kind: /** @type {const} */ ('plain'), type, isNull };
}

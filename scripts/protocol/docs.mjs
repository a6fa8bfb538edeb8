// @ts-check
// The tables of docs/protocol.md, each between its two marks; the words around them are written by hand.
import { described, nameOf, sentence, shapeOf } from './schema.mjs';

/** @typedef {import('./schema.mjs').Node} Node @typedef {import('./schema.mjs').Schema} Schema */

/** Shown by their names, because they are in many places; they have a table of their own. */
const RECORDS = ['Edit', 'Hunk', 'Usage', 'Availability', 'Model', 'Mode', 'KnownProblem'];
const NAMED = new Set([...RECORDS, 'ToldEdit', 'Entry', 'Attachment', 'Status', 'SessionEvent', 'Range', 'Position']);

/** @param {Schema} schema @param {string} page @returns {string} the page with its tables as they should be */
export function inDocs(schema, page) {
  const tables = { commands, attachments, records, entries, messages, events, editor };
  return Object.entries(tables).reduce((text, [name, table]) => {
    const marks = new RegExp(`(<!-- made: ${name} -->\n).*?(<!-- /made -->)`, 's');
    if (!marks.test(text)) throw new Error(`docs/protocol.md has no place for the table "${name}"`);
    return text.replace(marks, (_, begin, end) => `${begin}${table(schema)}\n${end}`);
  }, page);
}

/** @param {Schema} schema */
function commands(schema) {
  /** @type {Map<string, string>} the command that a result was shown with */
  const shown = new Map();
  const rows = Object.entries(schema.commands).map(([name, { argument, result, description }]) => {
    const several = alternatives(schema, result);
    const answers = several.map((one) => {
      const { description: said } = schema.$defs[one];
      const before = shown.get(one);
      shown.set(one, before ?? name);
      const shape = RECORDS.includes(one) ? `\`${one}\`` : record(schema, one);
      if (before && shape.length > 40) return `as \`${before}\``;
      return several.length > 1 ? `${said}: ${shape}` : behind(shape, said);
    });
    const taken = argument ? behind(record(schema, nameOf(argument)), schema.$defs[nameOf(argument)].description) : '';
    return [`\`${name}\``, taken, [...answers, description].filter(Boolean).join('; ')];
  });
  return table(['command', 'argument', 'result'], rows);
}

/** @param {Schema} schema */
const attachments = (schema) => table(['`kind`', 'fields'], kinds(schema, 'Attachment'));

/** @param {Schema} schema */
const entries = (schema) => table(['`kind`', 'fields besides `id`'], kinds(schema, 'Entry', ['id']));

/** @param {Schema} schema */
const events = (schema) => table(['`type`', 'fields'], kinds(schema, 'SessionEvent', ['sessionId', 'seq']));

/** What is shown by its name elsewhere. @param {Schema} schema */
const records = (schema) =>
  table(
    ['name', 'what it is'],
    RECORDS.map((name) => {
      const node = schema.$defs[name];
      return [`\`${name}\``, node.enum ? `\`${choice(node.enum)}\`` : sentences(record(schema, name), fieldsOf(node))];
    }),
  );

/** @param {Schema} schema */
const messages = (schema) =>
  table(
    ['message', 'with', 'content'],
    asked(schema, (name) => !name.startsWith('pi/editor/')),
  );

/** @param {Schema} schema */
const editor = (schema) =>
  table(
    ['request', 'params and result'],
    asked(schema, (name) => name.startsWith('pi/editor/')).map(([name, , content]) => [name, content]),
  );

/** @param {Schema} schema @param {(name: string) => boolean} wanted */
function asked(schema, wanted) {
  return Object.entries(schema.messages)
    .filter(([name]) => wanted(name))
    .map(([name, { capability, params, result, description }]) => {
      const given = schema.$defs[nameOf(params)];
      const isNamed = NAMED.has(nameOf(params));
      const answer = result?.$ref ? schema.$defs[nameOf(result)] : undefined;
      const shape = isNamed ? `\`${nameOf(params)}\`` : record(schema, nameOf(params));
      const reply = result?.$ref ? ` → ${behind(record(schema, nameOf(result)), answer?.description, ', ')}` : '';
      const said = description ?? (isNamed ? undefined : given.description);
      const content = sentences(`${shape}${reply}`, said, isNamed ? '' : fieldsOf(given), answer ? fieldsOf(answer) : '');
      return [`${result ? 'request' : 'notification'} \`${name}\``, `\`${capability}\``, content];
    });
}

/** A row for each kind of a record that comes in several. @param {Schema} schema @param {string} name @param {string[]} [common] fields of all kinds */
function kinds(schema, name, common = []) {
  const { oneOf = [], 'x-discriminator': field = '' } = schema.$defs[name];
  return oneOf.map((one) => {
    const kind = /** @type {Node} */ (schema.$defs[nameOf(one)]);
    const without = {
      ...kind,
      properties: Object.fromEntries(Object.entries(kind.properties ?? {}).filter(([key]) => key !== field && !common.includes(key))),
    };
    const shape = Object.keys(without.properties).length > 0 ? inside(schema, without) : '';
    return [`\`${kind.properties?.[field].const}\``, sentences(shape && `\`${shape}\``, kind.description, fieldsOf(without))];
  });
}

/** What its fields say of themselves. @param {Node} node */
function fieldsOf(node) {
  const said = Object.entries(node.properties ?? {}).flatMap(([name, field]) =>
    described(field) ? [`\`${name}\`: ${lower(described(field)).replace(/\.$/, '')}`] : [],
  );
  return said.join('; ');
}

/** A record, or each of those that it may be. @param {Schema} schema @param {Node} node @returns {string[]} */
const alternatives = (schema, node) => schema.$defs[nameOf(node)].oneOf?.map(nameOf) ?? [nameOf(node)];

/** @param {Schema} schema @param {string} name */
const record = (schema, name) => `\`{${inside(schema, schema.$defs[name])}}\``;

/** @param {Schema} schema @param {Node} node */
const inside = (schema, node) =>
  Object.entries(node.properties ?? {})
    .map(([name, field]) => `${name}${node.required?.includes(name) ? '' : '?'}${typed(schema, name, field)}`)
    .join(', ');

/** What a field is, where its name does not say it. @param {Schema} schema @param {string} name @param {Node} node */
function typed(schema, name, node) {
  const type = typeOf(schema, node);
  return type === '' || type.toLowerCase() === name.toLowerCase() ? '' : `: ${type}`;
}

/** @param {Schema} schema @param {Node} node @returns {string} */
function typeOf(schema, node) {
  const shape = shapeOf(node);
  if (shape.kind === 'words') return choice(shape.words);
  if (shape.kind === 'list') return `[${typeOf(schema, shape.items) || (shape.items.type ?? 'any')}]`;
  if (shape.kind === 'plain') return shape.type === 'boolean' ? 'boolean' : '';
  const of = schema.$defs[shape.name];
  if (NAMED.has(shape.name)) return shape.name;
  return of.enum ? choice(of.enum) : `{${inside(schema, of)}}`;
}

/** @param {string[]} words */
const choice = (words) => words.map((word) => `"${word}"`).join(' \\| ');

/** @param {string} shape @param {string | undefined} said @param {string} [between] */
const behind = (shape, said, between = '; ') => (said ? `${shape}${between}${said}` : shape);

/** One behind the other, from the second on as sentences. @param {string | undefined} first @param {(string | undefined)[]} more */
const sentences = (first, ...more) => {
  const rest = more.filter((one) => one).map((one) => sentence(/** @type {string} */ (one)));
  if (rest.length === 0) return first ?? '';
  return [first && `${first}.`, ...rest].filter(Boolean).join(' ');
};

/** @param {string} text */
const lower = (text) => (/^[A-Z][a-z' ]/.test(text) && !/^(Pi|Markdown|US|LSP|PNG|ISO)\b/.test(text) ? text[0].toLowerCase() + text.slice(1) : text);

/** @param {string[]} head @param {string[][]} rows */
const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`.replaceAll('|  |', '| |')).join('\n');

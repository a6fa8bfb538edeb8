// @ts-check
// What stands of the protocol outside server/Protocol, made from its records: docs/protocol.schema.json, from that the types of the
// VS Code extension, the annotations of the Neovim plugin and the tables of docs/protocol.md.
//   node scripts/protocol.mjs                 asks the records, and writes all of it
//   node scripts/protocol.mjs --from-schema   writes what is made from the schema as it stands
// `npm run check` says what is not as the schema wants it, and the suite `server` whether the schema is that of the records.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inDocs } from './protocol/docs.mjs';
import { inLua } from './protocol/lua.mjs';
import { inTypeScript } from './protocol/typescript.mjs';
import { root, run } from './run.mjs';

const SCHEMA = 'docs/protocol.schema.json';
const TYPES = 'extension/vscode/protocol';

/** @returns {Map<string, string>} what each file should hold, by its path from the root */
export function made() {
  /** @type {import('./protocol/schema.mjs').Schema} */
  const schema = JSON.parse(read(SCHEMA));
  return new Map([
    ...inTypeScript(schema).map(([name, text]) => /** @type {[string, string]} */ ([`${TYPES}/${name}`, text])),
    ['extension/nvim/lua/pi/protocol.lua', inLua(schema)],
    ['docs/protocol.md', inDocs(schema, read('docs/protocol.md'))],
  ]);
}

/** @returns {string[]} which files are not as they should be */
export function problems() {
  const wanted = made();
  const wrong = [...wanted].filter(([path, text]) => read(path) !== text).map(([path]) => path);
  return [...wrong, ...strangers(wanted)].map((path) => `${path} is not what ${SCHEMA} says: node scripts/protocol.mjs`);
}

/** Types of records that are gone. @param {Map<string, string>} wanted */
const strangers = (wanted) =>
  (existsSync(join(root, TYPES)) ? readdirSync(join(root, TYPES)).map((name) => `${TYPES}/${name}`) : []).filter((path) => !wanted.has(path));

/** @param {string} path */
const read = (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n') : '');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes('--from-schema')) {
    const env = { ...process.env, PILSP_WRITE_SCHEMA: '1' };
    run('dotnet', ['test', 'tests/PiLsp.Tests', '--nologo', '-v', 'q', '--filter', 'FullyQualifiedName~ProtocolSchemaTests'], { env, quiet: true });
  }
  const wanted = made();
  for (const path of strangers(wanted)) rmSync(join(root, path));
  for (const [path, text] of wanted) {
    if (read(path) === text) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(path);
  }
}

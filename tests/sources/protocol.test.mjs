// What clients and docs name of the protocol is there.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/run.mjs';

const schema = JSON.parse(readFileSync(join(root, 'docs/protocol.schema.json'), 'utf8'));
const events = Object.keys(schema.$defs)
  .filter((name) => name.endsWith('Event'))
  .flatMap((name) => schema.$defs[name].properties?.type?.const ?? []);

/** @param {string} folder @param {string} ending */
const sources = (folder, ending) =>
  readdirSync(join(root, folder), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(ending))
    .map((name) => ({ name, text: readFileSync(join(root, folder, name), 'utf8') }));

/** What is said in these files and is none of those that there are. */
const strangers = (files, pattern, known) =>
  files.flatMap(({ name, text }) =>
    [...text.matchAll(pattern)]
      .map(([, said]) => said)
      .filter((said) => !known.includes(said))
      .map((said) => `${name}: ${said}`),
  );

test('the Neovim plugin names no command, message or event that there is not', () => {
  const files = sources('extension/nvim', '.lua');
  assert.deepEqual(strangers(files, /\b(?:run|execute|await|send|send_all)\(\s*'(pi\.\w+)'/g, Object.keys(schema.commands)), []);
  assert.deepEqual(strangers(files, /\['(pi\/[\w/]+)'\] =/g, Object.keys(schema.messages)), []);
  const heard = files.filter(({ name }) => name.endsWith('chatevents.lua') || name.endsWith('state.lua'));
  assert.deepEqual(strangers(heard, /event\.type == '(\w+)'/g, events), []);
});

test('the VS Code extension hears and answers no message that there is not', () => {
  const files = sources('extension/vscode', '.ts');
  assert.deepEqual(strangers(files, /on(?:Notification|Request)\('(pi\/[\w/]+)'/g, Object.keys(schema.messages)), []);
});

test('the Neovim plugin answers every request of the server, and hears every notification but the sign-in, which comes as a message', () => {
  const handled = sources('extension/nvim', 'handlers.lua').flatMap(({ text }) => [...text.matchAll(/\['(pi\/[\w/]+)'\] =/g)].map(([, name]) => name));
  assert.deepEqual(
    handled.sort(),
    Object.keys(schema.messages)
      .filter((name) => name !== 'pi/signIn')
      .sort(),
  );
});

test('the page names no command that there is not', () => {
  const page = readFileSync(join(root, 'docs/protocol.md'), 'utf8');
  const settings = [...page.matchAll(/^\| ((?:`\w+`(?:, )?)+) \| .* \| .* \|$/gm)].flatMap(([, names]) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name]) => `pi.${name}`),
  );
  assert.deepEqual(strangers([{ name: 'protocol.md', text: page }], /`(pi\.\w+)`/g, [...Object.keys(schema.commands), ...settings]), []);
});

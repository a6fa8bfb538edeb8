import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const place = new URL('../../', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('package.json', place), 'utf8'));
const { commands, menus, keybindings, submenus, views, configuration, walkthroughs } = manifest.contributes;
const declared = new Set<string>(commands.map((one: { command: string }) => one.command));
/** VS Code makes a command for each view. */
const known = (command: string) =>
  declared.has(command) || Object.values<{ id: string }[]>(views).some((some) => some.some(({ id }) => command === `${id}.focus`));

test('menus, keys and walkthroughs name commands and submenus that there are', () => {
  for (const [menu, rows] of Object.entries<{ command?: string; submenu?: string }[]>(menus)) {
    for (const { command, submenu } of rows) {
      if (command !== undefined) assert.ok(known(command), `${command} in ${menu}`);
      else
        assert.ok(
          submenus.some((one: { id: string }) => one.id === submenu),
          `${submenu} in ${menu}`,
        );
    }
  }
  for (const { command } of keybindings) assert.ok(known(command), command);
  const links = walkthroughs.flatMap(({ steps }: { steps: { description: string }[] }) =>
    steps.flatMap(({ description }) => [...description.matchAll(/\(command:(pilsp[\w.]+)/g)].map(([, command]) => command)),
  );
  assert.ok(links.length > 0);
  for (const command of links) assert.ok(known(command), command);
});

test('no two keys are the same at the same time', () => {
  const taken = keybindings.map(({ key, when = '' }: { key: string; when?: string }) => `${key} when ${when}`);
  assert.deepEqual([...new Set(taken)], taken);
});

test('one key alone is never taken where VS Code has it by default', () => {
  // Replace All with the find widget open, Run Cell in a notebook, Remove Brackets in an editor.
  for (const { key, when = '' } of keybindings as { key: string; when?: string }[]) {
    if (key === 'ctrl+alt+enter') assert.match(when, /!findWidgetVisible && !notebookEditorFocused/);
    else if (key === 'ctrl+alt+backspace') assert.match(when, /resourceScheme == pi-proposal/);
    else assert.match(key, /^ctrl\+alt\+p /, `${key} is neither a chord nor looked after here`);
  }
});

test('every setting says what it is, what its values mean, and what it is without being set', () => {
  for (const [key, setting] of Object.entries<Record<string, unknown>>(configuration.properties)) {
    assert.ok(typeof setting.markdownDescription === 'string' && setting.markdownDescription.length > 20, key);
    assert.ok('default' in setting && 'type' in setting && 'scope' in setting && 'order' in setting, key);
    if (Array.isArray(setting.enum)) assert.equal((setting.enumDescriptions as string[]).length, setting.enum.length, key);
    if (setting.type === 'number' || setting.type === 'integer') assert.ok('minimum' in setting && 'maximum' in setting, key);
  }
});

test('settings have an order of their own', () => {
  const orders = Object.values<{ order: number }>(configuration.properties).map(({ order }) => order);
  assert.deepEqual([...new Set(orders)], orders);
});

test('all pictures and texts of the manifest are there', () => {
  const paths = (value: unknown): string[] =>
    typeof value === 'string' ? (/^extension\/.*\.(png|svg|md)$/.test(value) ? [value] : []) : Object.values(value ?? {}).flatMap(paths);
  assert.ok(paths(manifest).includes(manifest.icon));
  for (const path of paths(manifest)) assert.ok(existsSync(new URL(path, place)), path);
});

test('every command that a text for users names is one of the palette', () => {
  const titles = new Set<string>([
    ...commands.map(({ category, title }: { category: string; title: string }) => `${category}: ${title}`),
    ...Object.values<{ name: string }[]>(views).flatMap((some) => some.map(({ name }) => `Pi: Focus on ${name} View`)),
  ]);
  const texts = [
    readFileSync(new URL('extension/vscode/README.md', place), 'utf8'),
    ...Object.values<{ markdownDescription: string }>(configuration.properties).map(({ markdownDescription }) => markdownDescription),
  ];
  // In bold, or in a table's column of commands.
  const named = texts.flatMap((text) => [...text.matchAll(/\*\*(Pi: [^*]+)\*\*|[|,] (Pi: [^|,]+?)(?= *[|,])/g)].map(([, bold, cell]) => bold ?? cell));
  for (const one of named) assert.ok(titles.has(one) || one === 'Pi: Sign Out', `${one} is no command`);
  const hidden = new Set(menus.commandPalette.filter(({ when }: { when: string }) => when === 'false').map((one: { command: string }) => one.command));
  for (const { command, title } of commands) assert.ok(hidden.has(command) || texts[0].includes(`Pi: ${title}`), `${title} is not in the README`);
});

test('the words of commands and settings are those of docs/words.md', () => {
  const never = /sum(s|med)? up|tak(e|es|en) back|took back|goes along|go along|in the way|goes? on with/i;
  const texts = (value: unknown): string[] => (typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(texts));
  assert.deepEqual(
    texts(manifest.contributes).filter((text) => never.test(text)),
    [],
  );
  assert.doesNotMatch(readFileSync(new URL('extension/vscode/README.md', place), 'utf8'), never);
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Inspected, sectionFor, USER_ONLY } from '../../extension/vscode/server/settings.ts';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const properties: Record<string, { scope: string }> = manifest.contributes.configuration.properties;

const of = (values: Record<string, Inspected>, trusted = true) => sectionFor({ trusted, inspect: (key) => values[key] });

test('what names a program or loosens what is asked for comes from the user alone, even if VS Code would hand over more', () => {
  for (const key of USER_ONLY) {
    assert.equal(of({ [key]: { workspaceValue: 'evil' } })[key], null, key);
    assert.equal(of({ [key]: { globalValue: 'own', workspaceValue: 'evil' } })[key], 'own', key);
  }
});

test("the manifest keeps the same settings out of a folder's settings file, and all of them where the folder is not trusted", () => {
  const restricted: string[] = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
  for (const key of USER_ONLY) {
    assert.ok(['machine', 'application'].includes(properties[`pi.${key}`]?.scope ?? ''), key);
    assert.ok(restricted.includes(`pi.${key}`), key);
  }
  for (const key of Object.keys(properties).filter((one) => one.startsWith('pi.server.'))) {
    assert.equal(properties[key]?.scope, 'machine', key);
    assert.ok(restricted.includes(key), key);
  }
});

test('every setting that reaches the server is described in the manifest', () => {
  const own = new Set(['workspaceTrusted']);
  for (const key of Object.keys(of({}))) if (!own.has(key)) assert.ok(properties[`pi.${key}`], key);
});

test("other settings may be a folder's own, once it is trusted", () => {
  const values = { model: { globalValue: 'mine', workspaceValue: 'theirs' } };
  assert.equal(of(values).model, 'theirs');
  assert.equal(of(values, false).model, 'mine');
});

test('what is not set is said to be not set, so that the server forgets what was', () => {
  const section = of({});
  assert.equal(section.command, null);
  assert.equal(section.workspaceTrusted, true);
});

test('a workspace that is not trusted is only read, whatever the user allows elsewhere', () => {
  const section = of({ permissionMode: { globalValue: 'full' }, trustProject: { globalValue: true } }, false);
  assert.equal(section.permissionMode, 'readOnly');
  assert.equal(section.trustProject, false);
  assert.equal(section.workspaceTrusted, false);
});

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { run, show } from './stage.ts';
import { outside, test, until } from './testing.ts';

const extension = () => vscode.extensions.getExtension('pilsp.pilsp') as vscode.Extension<unknown>;
interface Declared {
  contributes: { commands: { command: string }[] };
}
const declared = () => (extension().packageJSON as Declared).contributes.commands.map((one) => one.command);

test('nothing runs before the first use: not the extension, not the server', async () => {
  await show('lazy.ts', 'export const a = 1;\n');
  assert.equal(extension().isActive, false);
  assert.deepEqual(await outside('servers'), []);
});

test('the first command activates the extension and starts one server', async () => {
  await run('pilsp.showLog');
  assert.equal(extension().isActive, true);
  await until('one server', async () => (await outside<string[]>('servers')).length === 1);
  await until('its commands', async () => (await vscode.commands.getCommands(true)).includes('pi.status'));
});

test('every command that the manifest names is there, and no other is meant for the palette', async () => {
  const registered = new Set(await vscode.commands.getCommands(true));
  const missing = declared().filter((command) => !registered.has(command));
  assert.deepEqual(missing, []);
});

test('there is a test for every command', async () => {
  const tested = await outside<string[]>('testedCommands');
  assert.deepEqual(
    declared().filter((command) => !tested.includes(command)),
    [],
  );
});

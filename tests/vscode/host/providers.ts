import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { run } from './stage.ts';
import { outside, test, until } from './testing.ts';

test('pilsp.setApiKey keeps a key that no file has, pilsp.signOut forgets it, pilsp.providers shows both', async () => {
  const done = run('pilsp.setApiKey');
  await outside('pick', 'whose API key', 'Groq');
  await outside('pick', 'shall the key of Groq be kept', 'In the key store');
  await outside('fill', 'API key of Groq', 'gsk-never-in-a-file');
  await done;
  await outside('notified', 'Groq is set up');
  assert.equal(await outside('isOnDisk', 'gsk-never-in-a-file'), false);

  const shown = run('pilsp.providers');
  await outside('pick', 'Pi: providers', 'Groq');
  assert.ok((await outside<string[]>('items', 'Pi: Groq')).some((label) => label.includes('Forget the key')));
  await outside('dismiss', 'Pi: Groq');
  await shown;

  const forgotten = run('pilsp.signOut');
  await outside('pick', 'forget the key of', 'Groq');
  await forgotten;
  await outside('notified', 'The key of Groq is forgotten');
});

test('pilsp.signIn offers the providers that one signs in to', async () => {
  const done = run('pilsp.signIn');
  assert.ok((await outside<string[]>('items', 'sign in to which provider')).length > 0);
  await outside('dismiss', 'sign in to which provider');
  await done;
});

test('pilsp.openTerminal opens Pi in a terminal', async () => {
  await run('pilsp.openTerminal');
  assert.ok(vscode.window.terminals.some((one) => one.name === 'Pi'));
});

test('pilsp.checkAvailability says whether a prompt can be sent', async () => {
  const done = run('pilsp.checkAvailability');
  const message = await outside<string>('notified', 'Pi');
  assert.match(message, /ready|can be sent/i);
  await run('notifications.clearAll');
  await done;
});

test('pilsp.openSettings shows the settings of this extension', async () => {
  await run('pilsp.openSettings');
  await until('the settings editor', () => vscode.window.tabGroups.activeTabGroup.activeTab?.label === 'Settings');
});

test('pilsp.openWalkthrough shows the first steps', async () => {
  await run('pilsp.openWalkthrough');
  await until('the walkthrough', () => /Get started with Pi|Welcome|Walkthrough/i.test(vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? ''));
});

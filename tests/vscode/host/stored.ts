import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { run, says, script, status, uriOf } from './stage.ts';
import { outside, test, until } from './testing.ts';

/** A conversation with one answered prompt. */
async function talk(prompt: string): Promise<void> {
  await script(prompt, says(`the answer to ${prompt}`));
  await run('pilsp.ask', prompt);
  await outside('chatHasFocus');
}

test('pilsp.renameSession names the conversation, pilsp.sessions lists it and goes on with another', async () => {
  await talk('first topic');
  const first = (await status()).sessionId;
  const renamed = run('pilsp.renameSession');
  await outside('fill', 'name of the session', 'All about the first');
  await renamed;
  await run('pilsp.newSession');
  await talk('second topic');
  assert.notEqual((await status()).sessionId, first);
  await run('pilsp.sessions');
  await outside('pick', 'sessions of this workspace', 'All about the first');
  await until('the first conversation', async () => (await status()).sessionId === first);
});

test('pilsp.forkSession goes on from an earlier message in a session of its own', async () => {
  await talk('one question');
  await talk('another question');
  const before = (await status()).sessionFile;
  const done = run('pilsp.forkSession');
  await outside('pick', 'fork before which message', 'another question');
  await done;
  await until('a session of its own', async () => (await status()).sessionFile !== before);
});

test('pilsp.exportSession writes the conversation as HTML', async () => {
  await talk('something worth keeping');
  const target = uriOf('kept.html');
  const done = run('pilsp.exportSession');
  await outside('saveAs', 'Export the session', target.fsPath);
  await outside('notified', 'Exported to');
  await run('notifications.clearAll');
  await done;
  assert.match(Buffer.from(await vscode.workspace.fs.readFile(target)).toString(), /<html/i);
});

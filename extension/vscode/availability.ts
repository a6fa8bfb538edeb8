import * as vscode from 'vscode';
import type { Hub } from './hub.ts';
import type { Availability } from './protocol.ts';
import { remediesOf } from './text.ts';

/** Looks whether a prompt can be sent, and says what is in the way and what to do about it. */
export async function checkAvailability(hub: Hub): Promise<void> {
  const found = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Looking for Pi' }, () =>
    hub.run('pi.checkAvailability', { refresh: true }),
  );
  await vscode.commands.executeCommand('setContext', 'pilsp.available', found.state === 'ready');
  await showAvailability(found);
}

export async function showAvailability(found: Availability): Promise<void> {
  const remedies = remediesOf(found.state);
  const text =
    [found.message, found.next].filter(Boolean).join(' ') || (found.state === 'ready' ? 'Pi is there and a prompt can be sent.' : `Pi: ${found.state}`);
  const show = found.state === 'ready' ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const chosen = await show(text, ...remedies.map(([title]) => title));
  const command = remedies.find(([title]) => title === chosen)?.[1];
  if (command) await vscode.commands.executeCommand(command);
}

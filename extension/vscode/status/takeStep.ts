import * as vscode from 'vscode';
import type { NextStep } from '../protocol.ts';

const NODE = 'https://nodejs.org/en/download';

const COMMANDS: Record<string, string> = {
  signIn: 'pilsp.signIn',
  apiKey: 'pilsp.setApiKey',
  pickModel: 'pilsp.pickModel',
  retry: 'pilsp.checkAvailability',
  compact: 'pilsp.compact',
  trust: 'workbench.trust.manage',
  settings: 'pilsp.openSettings',
  terminal: 'pilsp.openTerminal',
  log: 'pilsp.showLog',
};

/** Does what a button about a failure says. A line for the terminal is the server's own, never a page's. */
export async function takeStep({ kind, provider, command }: NextStep): Promise<void> {
  if (kind === 'installNode') await vscode.env.openExternal(vscode.Uri.parse(NODE));
  else if (kind === 'installPi' && command) install(command);
  else if (COMMANDS[kind]) await vscode.commands.executeCommand(COMMANDS[kind], provider);
}

/** In view, so that one sees what is installed and how it went; behind it one looks again. */
function install(command: string): void {
  const terminal = vscode.window.createTerminal({ name: 'Install Pi' });
  const closed = vscode.window.onDidCloseTerminal((one) => {
    if (one !== terminal) return;
    closed.dispose();
    void vscode.commands.executeCommand('pilsp.checkAvailability');
  });
  terminal.show();
  terminal.sendText(command, true);
}

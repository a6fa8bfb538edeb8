import * as vscode from 'vscode';

/** Pi itself in a terminal, started as the user's settings say. */
export function showPi(args: readonly string[] = []): void {
  const set = (key: string) => {
    const value = vscode.workspace.getConfiguration('pi').inspect<string>(key)?.globalValue;
    return typeof value === 'string' ? value.trim() : '';
  };
  const command = set('command') || 'pi';
  const script = /\.[cm]?js$/.test(command);
  vscode.window
    .createTerminal({ name: 'Pi', shellPath: script ? set('nodePath') || 'node' : command, shellArgs: [...(script ? [command] : []), ...args] })
    .show();
}

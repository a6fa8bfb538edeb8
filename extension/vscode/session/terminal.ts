import * as vscode from 'vscode';

/** Pi itself in a terminal, started as the user's settings say. */
export function showPi(args: readonly string[] = []): void {
  const user = (key: string) => vscode.workspace.getConfiguration('pi').inspect<unknown>(key)?.globalValue;
  const set = (key: string) => {
    const value = user(key);
    return typeof value === 'string' ? value.trim() : '';
  };
  const more = user('extraArgs');
  const own = Array.isArray(more) ? more.filter((one) => typeof one === 'string') : [];
  const command = set('command') || 'pi';
  const script = /\.[cm]?js$/.test(command);
  vscode.window
    .createTerminal({
      name: 'Pi',
      shellPath: script ? set('nodePath') || 'node' : command,
      shellArgs: [...(script ? [command] : []), ...own, ...args],
      env: user('env') as Record<string, string> | undefined,
    })
    .show();
}

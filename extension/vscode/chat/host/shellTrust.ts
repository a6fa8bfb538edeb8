import * as vscode from 'vscode';
import { warn } from '../../words/notices.ts';

/** As for VS Code's own terminal: what a folder brings along may run with any command in it. Says why not. */
export function mayRunShell(): boolean {
  if (vscode.workspace.isTrusted) return true;
  void warn('Trust this folder before you run commands in it.', 'Manage Trust').then((chosen) => {
    if (chosen) void vscode.commands.executeCommand('workbench.trust.manage');
  });
  return false;
}

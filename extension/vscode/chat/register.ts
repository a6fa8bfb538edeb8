import type * as vscode from 'vscode';
import type { Hub } from '../hub.ts';

/** Registers the chat view (`pilsp.chat`). */
export function registerChat(_context: vscode.ExtensionContext, _hub: Hub): vscode.Disposable[] {
  return [];
}

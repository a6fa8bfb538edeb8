import * as vscode from 'vscode';
import type { Hub } from '../hub.ts';
import { ChatView } from './host/chatView.ts';

/** Registers the chat view (`pilsp.chat`). */
export function registerChat(context: vscode.ExtensionContext, hub: Hub, log?: vscode.LogOutputChannel): vscode.Disposable[] {
  const view = new ChatView(vscode.Uri.joinPath(context.extensionUri, 'dist', 'vscode'), hub, log);
  return [
    view,
    // The model is kept here, so the page may go when nobody sees it.
    vscode.window.registerWebviewViewProvider('pilsp.chat', view, { webviewOptions: { retainContextWhenHidden: false } }),
  ];
}

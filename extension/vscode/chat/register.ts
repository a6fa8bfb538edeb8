import * as vscode from 'vscode';
import type { Hub } from '../server/hub.ts';
import { ChatView } from './host/chatView.ts';

/** Registers the chat view (`pilsp.chat`), which goes with the extension. */
export function registerChat(context: vscode.ExtensionContext, hub: Hub, log?: vscode.LogOutputChannel): ChatView {
  const view = new ChatView(vscode.Uri.joinPath(context.extensionUri, 'dist', 'vscode'), hub, context.workspaceState, log);
  context.subscriptions.push(
    view,
    // For the extension's own parts: words that the user shall go on with.
    vscode.commands.registerCommand('_pilsp.prefill', (words: unknown) => (typeof words === 'string' ? view.prefill(words) : undefined)),
    vscode.commands.registerCommand('_pilsp.runUndone', (runId: unknown) => (typeof runId === 'string' ? view.runUndone(runId) : undefined)),
    // The model is kept here, so the page may go when nobody sees it.
    vscode.window.registerWebviewViewProvider('pilsp.chat', view, { webviewOptions: { retainContextWhenHidden: false } }),
  );
  return view;
}

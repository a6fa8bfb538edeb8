import * as vscode from 'vscode';
import { registerChat } from './chat/register.ts';
import { LiveHub } from './liveHub.ts';
import { PiServer } from './server.ts';
import { sectionFor } from './settings.ts';

let server: PiServer | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Pi', { log: true });
  const started = new PiServer({
    context,
    log,
    section: () => sectionFor({ trusted: vscode.workspace.isTrusted, inspect: (key) => vscode.workspace.getConfiguration('pi').inspect(key) }),
    wire: (client) => hub.wire(client),
    executeCommand: async (command, args, next) => next(command, args),
  });
  server = started;
  const hub = new LiveHub(started);
  context.subscriptions.push(log, started, hub, ...registerChat(context, hub));
  context.subscriptions.push(
    vscode.commands.registerCommand('pilsp.showLog', () => log.show()),
    vscode.commands.registerCommand('pilsp.restart', () => started.restart()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => started.configure()),
  );
  // Whoever asked for the extension is going to ask for the server; a failure has been reported.
  void started.ready().catch(() => {});
}

/** VS Code waits for this, a little: no server and no Pi are left behind. */
export async function deactivate(): Promise<void> {
  await server?.end();
}

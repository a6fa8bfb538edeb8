import * as vscode from 'vscode';
import { fail, inform } from '../words/notices.ts';
import { showAskFailure } from '../status/availability.ts';
import { mayRunShell } from '../chat/host/shellTrust.ts';
import { shellCommand } from '../chat/model/shell.ts';
import type { Hub } from '../server/hub.ts';
import type { AskArgument, Range } from '../protocol.ts';
import { PROPOSAL_SCHEME, type ProposalFiles } from '../review/proposalFiles.ts';
import { isDocument, textAlong } from './withoutFile.ts';

/** Puts what the user types to Pi, with the file and the selection that the user looks at. */
export class Asking {
  private readonly hub: Hub;
  private readonly files: ProposalFiles;

  constructor(hub: Hub, files: ProposalFiles) {
    this.hub = hub;
    this.files = files;
  }

  async ask(given?: unknown): Promise<void> {
    const prompt = typeof given === 'string' ? given : await this.question('Ask Pi', 'Pi sees the file you have open; ! runs a shell command');
    // Only what was typed here can be a command: what another extension hands over is a prompt.
    const shell = typeof given === 'string' ? undefined : shellCommand(prompt ?? '');
    if (shell) await this.runShell(shell.command, shell.hidden);
    else if (prompt) await this.send({ prompt, ...this.context(false) }, true);
  }

  async aboutSelection(): Promise<void> {
    const context = this.context(true);
    if (!context.textDocument && !context.attachments) return void inform('Open a file and select something in it to ask about it.');
    const prompt = await this.question('Ask Pi about the selection', 'What would you like to know?');
    if (prompt) await this.send({ prompt, ...context }, true);
  }

  async editSelection(): Promise<void> {
    const context = this.context(true);
    if (context.attachments) return void inform('Pi cannot edit this: it is no file, but a view of one. Open the file itself.');
    if (!context.textDocument) return void inform('Open a file and select what is to be changed.');
    const wish = await this.question('Edit the selection with Pi', 'What should change?');
    if (wish) await this.send({ prompt: `Edit the selected lines: ${wish}`, ...context }, false);
  }

  /** From a quick fix; without arguments what is wrong at the cursor. */
  async fixProblems(uri?: vscode.Uri, diagnostics?: readonly vscode.Diagnostic[]): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const file = uri ?? editor?.document.uri;
    const problems = diagnostics ?? (file && editor ? problemsIn(file, editor.selection) : []);
    if (!file || problems.length === 0) return void inform('There is no problem at the cursor that Pi could fix.');
    const list = problems.map(
      (one) => `- line ${one.range.start.line + 1}: ${one.message}${one.source ? ` (${[one.source, codeOf(one)].filter(Boolean).join(' ')})` : ''}`,
    );
    const prompt = `Fix ${problems.length === 1 ? 'this problem' : 'these problems'} in ${vscode.workspace.asRelativePath(file)}:\n${list.join('\n')}`;
    const range = problems.map((one) => one.range).reduce((all, one) => all.union(one));
    const document = isDocument(file) ? undefined : vscode.workspace.textDocuments.find((one) => one.uri.toString() === file.toString());
    const text = document && textAlong({ document, selection: new vscode.Selection(0, 0, 0, 0) });
    await this.send(text ? { prompt, attachments: [text] } : { prompt, textDocument: { uri: file.toString() }, range: plain(range) }, false);
  }

  private async runShell(command: string, excludeFromContext: boolean): Promise<void> {
    if (!mayRunShell()) return;
    void vscode.commands.executeCommand('pilsp.chat.focus');
    try {
      await this.hub.run('pi.bash', { command, excludeFromContext });
    } catch (error) {
      await showAskFailure(this.hub, error);
    }
  }

  private async send(argument: AskArgument, showChat: boolean): Promise<void> {
    const deliver = await this.delivery();
    if (!deliver) return;
    const shown = showChat ? vscode.commands.executeCommand('pilsp.chat.focus') : undefined;
    try {
      const result = await this.hub.run('pi.ask', { ...argument, deliver });
      if ('error' in result && result.error) void fail(`Pi: ${result.error}`);
      // A view that comes to the front later than this is over would close what the user has opened since.
      await shown;
    } catch (error) {
      await showAskFailure(this.hub, error);
    }
  }

  /** During a run a message goes into it or behind it, as the user says. */
  private async delivery(): Promise<AskArgument['deliver'] | undefined> {
    // The news that a run is over may still be on its way.
    if (this.hub.status?.state !== 'running' || (await this.hub.run('pi.status')).state !== 'running') return 'start';
    const chosen = await vscode.window.showQuickPick(
      [
        { label: 'Steer: send it into the run', detail: 'Pi reads it after the tools it is running just now', deliver: 'steer' as const },
        { label: 'Queue: send it after the run', detail: 'Pi takes it up when it is done', deliver: 'followUp' as const },
      ],
      { title: 'Pi is working', ignoreFocusOut: true },
    );
    return chosen?.deliver;
  }

  private question(title: string, placeHolder: string): Thenable<string | undefined> {
    return vscode.window.showInputBox({ title, placeHolder, ignoreFocusOut: true });
  }

  private context(selection: boolean): Pick<AskArgument, 'textDocument' | 'range' | 'attachments'> {
    const editor = vscode.window.activeTextEditor;
    if (!editor) return {};
    const { document } = editor;
    if (document.uri.scheme === PROPOSAL_SCHEME) {
      const edit = this.files.editOf(document.uri);
      return edit ? { textDocument: { uri: edit.uri } } : {};
    }
    const text = textAlong(editor);
    if (text) return { attachments: [text] };
    if (!isDocument(document.uri)) return {};
    const textDocument = { uri: document.uri.toString() };
    // A cursor says where the user is; only what is selected is sent along.
    return selection || !editor.selection.isEmpty ? { textDocument, range: plain(editor.selection) } : { textDocument };
  }
}

/** "Fix with Pi" on every problem that is not a change of Pi's own. */
export const fixActions: vscode.CodeActionProvider = {
  provideCodeActions(document, _range, { diagnostics }) {
    const problems = diagnostics.filter((one) => one.source !== 'pi');
    const action = (title: string, some: readonly vscode.Diagnostic[]) => {
      const one = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
      one.diagnostics = [...some];
      one.command = { title, command: 'pilsp.fixProblems', arguments: [document.uri, some] };
      return one;
    };
    const each = problems.map((one) => action('Fix with Pi', [one]));
    return problems.length > 1 ? [...each, action(`Fix all ${problems.length} with Pi`, problems)] : each;
  },
};

function problemsIn(uri: vscode.Uri, selection: vscode.Selection): vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter((one) => one.source !== 'pi' && one.range.intersection(selection.with({ start: selection.start.with({ character: 0 }) })));
}

function codeOf({ code }: vscode.Diagnostic): string {
  return code === undefined ? '' : String(typeof code === 'object' ? code.value : code);
}

const plain = ({ start, end }: vscode.Range): Range => ({
  start: { line: start.line, character: start.character },
  end: { line: end.line, character: end.character },
});

import * as vscode from 'vscode';
import { fail, inform, warn } from '../../words/notices.ts';
import { visible } from '../../words/shown.ts';
import { takeStep } from '../../status/takeStep.ts';
import { nextOf } from '../../words/failures.ts';
import { anything, maybe, record, text } from '../shape.ts';
import type { ToHost } from '../messages/toHost.ts';
import { shellCommand } from '../model/shell.ts';
import { Drafting } from './drafting.ts';
import type { Parts } from './parts.ts';
import { mayRunShell } from './shellTrust.ts';
import { existing, openFile } from './workspaceFiles.ts';

const answer = record({ stopReason: maybe(text()), text: maybe(text()) });

/** An edit as a list names it, so that the focus stays in the conversation. */
const decision = (what: 'apply' | 'reject', id: string | undefined): [string, { edit: { id: string } } | undefined] =>
  id === undefined ? [`pilsp.${what}All`, undefined] : [`pilsp.${what}Edit`, { edit: { id } }];

/** What the user asks for in the page. Every one of these began with a click or a key there. */
export class PageActions {
  private readonly parts: Parts;
  private readonly drafting: Drafting;

  constructor(parts: Parts) {
    this.parts = parts;
    this.drafting = new Drafting(parts);
  }

  act(message: Exclude<ToHost, { type: 'ready' }>): unknown {
    // Each kind has its case: what comes from the page has been checked.
    switch (message.type) {
      case 'send':
        return this.send(message.id, message.text, message.deliver);
      case 'stop':
        this.parts.model.feed({ type: 'stopAsked' });
        return this.parts.run('pi.abort', this.parts.session(), anything);
      case 'unqueue':
        return this.unqueue(message.text);
      // The way of every decision here: with the user's own version, with remarks, on the text that was seen.
      case 'applyEdit':
        return vscode.commands.executeCommand(...decision('apply', message.editId));
      case 'rejectEdit':
        return vscode.commands.executeCommand(...decision('reject', message.editId), message.reason.trim());
      case 'tellInstead':
        return this.tellInstead(message.text);
      case 'openDiff':
        return vscode.commands.executeCommand('pilsp.showChange', message.editId);
      case 'answer':
        return (
          this.parts.questions.answer(message.confirmId, message.answer, message.reason) ||
          void inform('Pi does not wait for this answer any more; nothing was run.')
        );
      case 'pickModel':
        return vscode.commands.executeCommand('pilsp.pickModel');
      case 'pickThinking':
        return vscode.commands.executeCommand('pilsp.pickThinking');
      case 'pickMode':
        return vscode.commands.executeCommand('pilsp.permissionMode');
      case 'pickFolder':
        return vscode.commands.executeCommand('pilsp.newSessionInFolder');
      case 'manageTrust':
        return vscode.commands.executeCommand('workbench.trust.manage');
      case 'newSession':
        return vscode.commands.executeCommand('pilsp.newSession');
      case 'pickSession':
        return vscode.commands.executeCommand('pilsp.sessions');
      case 'resumeLast':
        return this.resumeLast();
      case 'renameSession':
        return vscode.commands.executeCommand('pilsp.renameSession');
      case 'undoRun':
        return vscode.commands.executeCommand('pilsp.undoRun', message.runId);
      case 'reviewRun':
        return vscode.commands.executeCommand('pilsp.reviewRun', message.runId);
      case 'openFile':
        return this.openFile(message.uri);
      case 'showLanded':
        return vscode.commands.executeCommand('pilsp.showLanded', message.editId);
      case 'takeStep':
        return this.takeStep(message.kind, message.provider, message.id);
      case 'attach':
        return this.drafting.attach();
      case 'attachKnown':
        return this.drafting.attachKnown(message.what);
      case 'attachPicture':
        return this.parts.context.attachPicture(message.name, message.mimeType, message.data);
      case 'attachUris':
        return this.attachUris(message.uris);
      case 'attachText':
        return this.parts.context.attachText(message.name, message.text);
      case 'refused':
        return void inform(`Pi: ${message.why}`);
      case 'draft':
        return this.drafting.resolve(message.text);
      case 'stopShell':
        return this.parts.run('pi.abort', { ...this.parts.session(), what: 'bash' }, anything);
      case 'askAgain':
        return vscode.commands.executeCommand('pilsp.askAgain');
      case 'stopRetry':
        return this.parts.run('pi.abort', { ...this.parts.session(), what: 'retry' }, anything);
      case 'compact':
        return this.compact();
      case 'detach':
        return this.parts.context.detach(message.id);
      case 'copy':
        return vscode.env.clipboard.writeText(message.text);
      case 'insert':
        return this.insert(message.text);
      case 'applyCode':
        return this.applyCode(message.text, message.language);
      case 'runInTerminal':
        return this.runInTerminal(message.text);
      case 'openText':
        return vscode.workspace.openTextDocument({ language: 'markdown', content: message.text }).then((document) => vscode.window.showTextDocument(document));
      case 'openLink':
        return this.openLink(message.href);
      case 'openPath':
        return this.openPath(message.path, message.line);
      case 'findPaths':
        return existing(message.paths).then((found) => this.parts.tell({ type: 'paths', id: message.id, found }));
      case 'complete':
        return this.drafting.complete(message.id, message.kind, message.query);
      case 'earlier':
        return this.parts.model.earlier();
      case 'restart':
        return vscode.commands.executeCommand('pilsp.restart');
      case 'showLog':
        return vscode.commands.executeCommand('pilsp.showLog');
    }
  }

  private async send(id: string, words: string, deliver: 'start' | 'steer' | 'followUp'): Promise<void> {
    // What comes from the page was typed by the user, so that a command may be in it; elsewhere a prompt is a prompt.
    const shell = shellCommand(words);
    if (shell) return this.runShell(shell.command, shell.hidden);
    return this.ask(id, words, deliver);
  }

  private async ask(id: string, words: string, deliver: 'start' | 'steer' | 'followUp'): Promise<void> {
    const { running } = this.parts.model.conversation;
    const { along, shown } = this.parts.context.take();
    // The page may not know yet that the run has begun or ended.
    const way = running ? (deliver === 'start' ? 'steer' : deliver) : 'start';
    this.parts.model.feed({ type: 'asked', id, text: words, attachments: shown, deliver: way });
    try {
      const { stopReason, text: said } = await this.parts.run('pi.ask', { prompt: words, ...along, ...this.parts.session(), deliver: way }, answer);
      this.parts.model.feed({ type: 'askEnded', id });
      // A command of the server's own, or of an extension: no run, so no events.
      if (stopReason === 'handled' && said) this.parts.model.feed({ type: 'noted', text: said });
    } catch (error) {
      this.parts.model.feed({ type: 'askEnded', id, error: error instanceof Error ? error.message : String(error), next: nextOf(error) });
    }
  }

  /** A line for the terminal is the server's own: the page only names the kind. @param id of the message that was not sent */
  private async takeStep(kind: string, provider: string | undefined, id: string | undefined): Promise<void> {
    if (kind === 'compact') await this.parts.run('pi.compact', this.parts.session(), anything);
    const again = kind === 'compact' || (kind === 'retry' && this.parts.model.conversation.items.length > 0);
    if (again) return this.sendAgain(id);
    const known = this.parts.steps().find((one) => one.kind === kind && one.provider === provider) ?? this.parts.steps().find((one) => one.kind === kind);
    await takeStep(known ?? { kind, ...(provider === undefined ? {} : { provider }) });
  }

  /** The message that was not sent, or the one whose run has failed. */
  private async sendAgain(id: string | undefined): Promise<void> {
    const { items } = this.parts.model.conversation;
    const words = items.findLast((item) => item.kind === 'user' && (id === undefined || item.id === id));
    if (words?.kind === 'user') await this.ask(`again-${Date.now().toString(36)}`, words.text, 'start');
  }

  private async openFile(address: string): Promise<void> {
    const uri = vscode.Uri.parse(address);
    const inWorkspace = uri.scheme === 'untitled' || vscode.workspace.getWorkspaceFolder(uri) !== undefined;
    if (!inWorkspace) return void inform('This file is not in the workspace.');
    await vscode.window.showTextDocument(uri, { preview: true });
  }

  /** Its beginning, its output and its end come as events. */
  private async runShell(command: string, excludeFromContext: boolean): Promise<void> {
    if (!mayRunShell()) return;
    try {
      await this.parts.run('pi.bash', { command, excludeFromContext, ...this.parts.session() }, anything);
    } catch (error) {
      void fail(`Pi: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Edits one after another, in their order; questions with them. */
  private async tellInstead(words: string): Promise<void> {
    const { edits, confirms } = this.parts.model.conversation;
    for (const { id } of confirms) this.parts.questions.answer(id, 'reject', words);
    for (const { id, status } of edits) if (status === 'open') await vscode.commands.executeCommand(...decision('reject', id), words);
  }

  private async resumeLast(): Promise<void> {
    const { path } = this.parts.last;
    if (path === null) return;
    await this.parts.run('pi.resumeSession', { path }, anything);
    await this.parts.model.refresh();
  }

  private async unqueue(words: string): Promise<void> {
    const { steering, followUp } = this.parts.model.conversation;
    const fromSteering = steering.includes(words);
    const less = (texts: readonly string[]) => texts.toSpliced(texts.indexOf(words), 1);
    if (!fromSteering && !followUp.includes(words)) return;
    // Before the server tells the change, so that it is not taken for one that the model has seen.
    this.parts.model.feed({ type: 'unqueued', text: words });
    const left = fromSteering ? { steering: less(steering), followUp: [...followUp] } : { steering: [...steering], followUp: less(followUp) };
    await this.parts.run('pi.setQueue', { ...this.parts.session(), ...left }, anything);
  }

  private async compact(): Promise<void> {
    const chosen = await inform(
      'Compact this conversation?',
      { modal: true, detail: 'The model gets a summary in place of what is older. What you see here stays.' },
      'Compact',
    );
    if (chosen) await this.parts.run('pi.compact', this.parts.session(), anything);
  }

  /** As the workbench names them: of a remote one the files are local to this side. */
  private attachUris(uris: readonly string[]): void {
    const found = uris.map((uri) => vscode.Uri.parse(uri)).map((uri) => (uri.scheme === 'vscode-remote' ? vscode.Uri.file(uri.path) : uri));
    for (const uri of found.filter(({ scheme }) => scheme === 'file' || scheme === 'untitled')) this.parts.context.attach(uri);
    this.parts.tell({ type: 'focus' });
  }

  private async insert(words: string): Promise<void> {
    const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors.find((one) => one.document.uri.scheme === 'file');
    if (!editor) return void inform('Open a file and put the cursor where the code shall go.');
    const done = await editor.edit((edit) => {
      for (const selection of editor.selections) edit.replace(selection, words);
    });
    if (!done) return void warn(`${vscode.workspace.asRelativePath(editor.document.uri)} cannot be changed.`);
    await vscode.window.showTextDocument(editor.document, editor.viewColumn);
  }

  /** Words of a model, which the user has seen: in a terminal of ours, as if typed there. */
  private runInTerminal(words: string): void {
    if (!mayRunShell()) return;
    const lines = words.replace(/\s+$/, '').replace(/^\$ /gm, '');
    if (visible(lines).some(({ odd }) => odd)) return void warn('This has characters that cannot be seen, so it is not run. Copy it, and look at it first.');
    const name = 'Pi: commands';
    const terminal = vscode.window.terminals.find((one) => one.name === name && one.exitStatus === undefined) ?? vscode.window.createTerminal({ name });
    terminal.show(true);
    terminal.sendText(lines, true);
  }

  /** Nothing is written here: Pi is asked, and its edit waits like any other. */
  private async applyCode(code: string, language: string): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.uri.scheme !== 'file') return void inform('Open the file that the code is meant for.');
    const path = vscode.workspace.asRelativePath(editor.document.uri);
    let fence = '```';
    while (code.includes(fence)) fence += '`';
    await this.ask(`apply-${Date.now().toString(36)}`, `Apply this to ${path}:\n\n${fence}${language}\n${code}\n${fence}`, 'followUp');
  }

  private async openLink(href: string): Promise<void> {
    const uri = vscode.Uri.parse(href, true);
    if (!['http', 'https', 'mailto'].includes(uri.scheme)) return void warn(`Pi: ${uri.scheme} addresses are not opened from here.`);
    await vscode.env.openExternal(uri);
  }

  private async openPath(path: string, line: number | undefined): Promise<void> {
    if (!(await openFile(path, line))) void inform(`${path} is no file of this workspace.`);
  }
}

import * as vscode from 'vscode';
import type { Edit, EditRemark } from '../protocol.ts';
import { lineInProposal } from './ownVersion.ts';
import type { Place } from './places.ts';
import { PROPOSAL_SCHEME, type ProposalFiles } from './proposalFiles.ts';

/** What the user says on lines of a proposed text; it goes to the model with the decision. */
export class Remarks implements vscode.Disposable {
  private readonly files: ProposalFiles;
  private readonly controller = vscode.comments.createCommentController('pilsp.remarks', 'Pi');
  private readonly threads = new Set<vscode.CommentThread>();
  private readonly registered: vscode.Disposable;

  constructor(files: ProposalFiles) {
    this.files = files;
    this.controller.options = { prompt: 'Tell Pi…', placeHolder: 'Goes to the model when you apply or reject this edit' };
    this.controller.commentingRangeProvider = {
      provideCommentingRanges: (document) =>
        this.files.editOf(document.uri)?.status === 'open' ? [new vscode.Range(0, 0, Math.max(0, document.lineCount - 1), 0)] : [],
    };
    this.registered = vscode.Disposable.from(
      this.controller,
      vscode.commands.registerCommand('pilsp.addRemark', ({ thread, text }: vscode.CommentReply) => this.add(thread, text)),
      vscode.commands.registerCommand('pilsp.deleteRemarks', (thread: vscode.CommentThread) => this.drop(thread)),
    );
  }

  /** The remarks on an edit, or on one change of it, on lines of what Pi proposed. */
  of(edit: Edit, place?: Place): EditRemark[] {
    const own = this.files.ownVersion(edit);
    const proposed = (line: number) => (own ? lineInProposal(edit.newText, own.text, line) : line);
    return this.on(edit, place).flatMap((thread) => {
      const [first, last] = [proposed(thread.range?.start.line ?? 0), proposed(thread.range?.end.line ?? 0)];
      const range = { start: { line: first, character: 0 }, end: { line: Math.max(first, last), character: 1 } };
      return thread.comments.map((comment) => ({ range, text: typeof comment.body === 'string' ? comment.body : comment.body.value }));
    });
  }

  forget(edit: Edit, place?: Place): void {
    for (const thread of this.on(edit, place)) this.drop(thread);
  }

  /** Opens the field for a remark on this line. Only VS Code's own command puts the cursor into it. */
  async start(editor: vscode.TextEditor, line: number): Promise<void> {
    if (editor.document.uri.scheme !== PROPOSAL_SCHEME) return;
    editor.selection = new vscode.Selection(line, 0, line, 0);
    await vscode.commands.executeCommand('workbench.action.addComment');
  }

  dispose(): void {
    this.registered.dispose();
  }

  private on(edit: Edit, place?: Place): vscode.CommentThread[] {
    const uri = this.files.uriOf(edit).toString();
    const within = (line: number) => !place || (line >= place.line && line < place.line + Math.max(1, place.lines));
    return [...this.threads].filter((thread) => thread.uri.toString() === uri && within(thread.range?.start.line ?? 0));
  }

  private add(thread: vscode.CommentThread, text: string): void {
    if (text.trim() === '') return;
    thread.comments = [...thread.comments, { body: text, mode: vscode.CommentMode.Preview, author: { name: 'You' } }];
    this.keep(thread);
  }

  private keep(thread: vscode.CommentThread): void {
    thread.contextValue = 'pilsp.remark';
    thread.label = 'For Pi';
    this.threads.add(thread);
  }

  private drop(thread: vscode.CommentThread): void {
    this.threads.delete(thread);
    thread.dispose();
  }
}

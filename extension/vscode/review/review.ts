import * as vscode from 'vscode';
import { showFailure } from '../failures.ts';
import type { Hub } from '../hub.ts';
import type { ApplyArgument, ApplyResult, Edit } from '../protocol.ts';
import { closeDiff, closeOrphans, cursorIn, showDiff } from './diffs.ts';
import { allPlaces, lineCount, neighbour, openOnes, type Place, placeAt, placesOf } from './places.ts';
import type { ProposalFiles } from './proposalFiles.ts';
import type { Remarks } from './remarks.ts';

/** What a command is about: an id from a lens, a node of the tree, the address of an editor's document, or nothing. */
export type Subject = string | { edit: Edit; hunk?: { id: string } } | vscode.Uri | undefined;

/**
 * Decides edits as the user says. Every decision names the version of the buffer that the user saw; what the server
 * does not apply is shown with its reason.
 */
export class Review implements vscode.Disposable {
  private readonly hub: Hub;
  private readonly files: ProposalFiles;
  private readonly remarks: Remarks;
  private readonly registered: vscode.Disposable;
  private readonly closed = new Set<string>();

  constructor(hub: Hub, files: ProposalFiles, remarks: Remarks) {
    this.hub = hub;
    this.files = files;
    this.remarks = remarks;
    this.registered = vscode.Disposable.from(
      hub.onEdits(({ edits }) => void this.settle(edits)),
      hub.onServerState((state) => {
        if (state === 'running') return;
        this.closed.clear();
        void closeOrphans(this.files);
      }),
    );
  }

  get open(): Edit[] {
    return openOnes(this.hub.edits);
  }

  async show(subject?: Subject, hunkId?: string): Promise<void> {
    const edit = this.find(subject) ?? this.open[0];
    if (!edit) return this.nothingWaits();
    await showDiff(
      this.files,
      edit,
      placesOf(edit).find((place) => place.hunk.id === hunkId),
    );
  }

  async go(step: 1 | -1): Promise<void> {
    const place = neighbour(this.hub.edits, cursorIn(this.open, this.files), step);
    if (place) return showDiff(this.files, place.edit, place);
    // A new empty file has no change to go to.
    return this.show(this.open[0]?.id);
  }

  async applyChange(subject?: Subject, hunkId?: string): Promise<void> {
    const place = this.place(subject, hunkId);
    if (!place) return this.applyEdit(subject);
    const { edit, hunk } = place;
    if (this.files.ownVersion(edit)) return this.applyEdit(edit.id);
    await this.apply(edit, { editId: edit.id, hunkIds: [hunk.id], keepRest: true }, place);
  }

  async rejectChange(subject?: Subject, hunkId?: string): Promise<void> {
    const place = this.place(subject, hunkId);
    if (!place) return this.rejectEdit(subject);
    const { edit, hunk } = place;
    if (this.files.ownVersion(edit)) {
      void vscode.window.showInformationMessage(
        'You have changed this proposal, so it is applied or rejected as a whole. To leave a change out, take it back in the diff.',
      );
      return;
    }
    await this.reject(edit, { hunkIds: [hunk.id] }, place);
  }

  async applyEdit(subject?: Subject): Promise<void> {
    const edit = this.find(subject) ?? this.open[0];
    if (!edit) return this.nothingWaits();
    await this.files.settled(edit);
    const own = this.files.ownVersion(edit);
    if (own?.stale && !(await this.maySupersede(edit))) return;
    await this.apply(edit, { editId: edit.id, ...(own ? { newText: own.text } : {}) });
  }

  async rejectEdit(subject?: Subject, reason?: string): Promise<void> {
    const edit = this.find(subject) ?? this.open[0];
    if (!edit) return this.nothingWaits();
    await this.reject(edit, reason ? { reason } : {});
  }

  async rejectWithReason(subject?: Subject): Promise<void> {
    const edit = this.find(subject) ?? this.open[0];
    if (!edit) return this.nothingWaits();
    const name = vscode.workspace.asRelativePath(vscode.Uri.parse(edit.uri));
    const reason = await vscode.window.showInputBox({ title: `Reject the edit of ${name}`, prompt: 'What should Pi do instead?', ignoreFocusOut: true });
    if (reason !== undefined) await this.rejectEdit(edit.id, reason);
  }

  async applyAll(): Promise<void> {
    if (this.open.length === 0) return this.nothingWaits();
    const plain = this.open.every((edit) => !this.files.ownVersion(edit) && this.remarks.of(edit).length === 0);
    if (plain) return this.report(this.hub.run('pi.applyEdit', { all: true }));
    for (const { id } of this.open) await this.applyEdit(id);
  }

  async rejectAll(): Promise<void> {
    if (this.open.length === 0) return this.nothingWaits();
    for (const edit of this.open) await this.reject(edit, {});
  }

  /** The field for a remark on a line of the proposed text. */
  async remark(subject?: Subject, line?: number): Promise<void> {
    const edit = this.find(subject);
    if (!edit) return this.nothingWaits();
    const active = vscode.window.activeTextEditor?.document;
    if (!active || this.files.editOf(active.uri)?.id !== edit.id) await showDiff(this.files, edit);
    const editor = vscode.window.activeTextEditor;
    if (editor) await this.remarks.start(editor, line ?? editor.selection.active.line);
  }

  /** Of a change that clashes: Pi's lines in place of those that the user has changed, on the proposed side. */
  async putInProposed(subject?: Subject, hunkId?: string): Promise<void> {
    const place = this.place(subject, hunkId);
    if (place?.hunk.fate === 'clashed') await this.files.putIn(place.edit, place.line, lineCount(place.hunk.oldText), place.hunk.newText);
  }

  async dropOwnVersion(subject?: Subject): Promise<void> {
    const edit = this.find(subject);
    if (edit) await this.files.dropOwnVersion(edit);
  }

  /** A lens, a code action or a caller outside names a server's command: it goes the way of the user's own decisions. */
  async serverCommand(command: string, args: unknown[], next: (command: string, args: unknown[]) => unknown): Promise<unknown> {
    const argument = (args[0] ?? {}) as { editId?: string; as?: string; newText?: string };
    if (command === 'pi.showEdit' && argument.as !== 'text') {
      const edit = this.find(argument.editId) ?? (argument.editId === undefined ? this.open[0] : undefined);
      if (edit?.status !== 'open') return next(command, args);
      await showDiff(this.files, edit);
      return { uri: edit.uri, shown: true };
    }
    if (command === 'pi.applyEdit') {
      const edit = this.find(argument.editId);
      if (edit && argument.newText === undefined && this.files.ownVersion(edit)) return this.applyEdit(edit.id);
      const result = (await next(command, args)) as ApplyResult | undefined;
      if (result && !result.applied) this.notApplied(result.reason);
      return result;
    }
    return next(command, args);
  }

  dispose(): void {
    this.registered.dispose();
  }

  private find(subject: Subject): Edit | undefined {
    if (subject === undefined) return cursorIn(this.open, this.files)?.edit;
    const id = subject instanceof vscode.Uri ? this.atUri(subject)?.id : typeof subject === 'string' ? subject : subject.edit?.id;
    return this.hub.edits.find((edit) => edit.id === id);
  }

  private atUri(uri: vscode.Uri): Edit | undefined {
    return this.files.editOf(uri) ?? this.open.find((edit) => vscode.Uri.parse(edit.uri).toString() === uri.toString());
  }

  /** The change that is named, or the one at the cursor; in an edit with one change, that. */
  private place(subject: Subject, hunkId?: string): Place | undefined {
    const named = hunkId ?? (typeof subject === 'object' && 'hunk' in subject ? subject.hunk?.id : undefined);
    const edit = this.find(subject);
    if (!edit) return undefined;
    if (named !== undefined) return placesOf(edit).find((place) => place.hunk.id === named);
    const cursor = cursorIn(this.open, this.files);
    const here = cursor?.edit.id === edit.id ? placeAt(edit, cursor.line, cursor.side) : undefined;
    const all = placesOf(edit);
    return here ?? (all.length === 1 ? all[0] : undefined);
  }

  private async apply(edit: Edit, argument: ApplyArgument, place?: Place): Promise<void> {
    const remarks = this.remarks.of(edit, place);
    const version = edit.version ?? undefined;
    const said = remarks.length > 0 ? { remarks } : {};
    await this.report(this.hub.run('pi.applyEdit', { ...argument, ...(version === undefined ? {} : { version }), ...said }), () =>
      this.remarks.forget(edit, place),
    );
  }

  private async reject(edit: Edit, more: { hunkIds?: string[]; reason?: string }, place?: Place): Promise<void> {
    const remarks = this.remarks.of(edit, place);
    try {
      const result = await this.hub.run('pi.rejectEdit', { editId: edit.id, ...more, ...(remarks.length > 0 ? { remarks } : {}) });
      if (result.rejected) this.remarks.forget(edit, place);
      else this.notApplied(result.reason, 'Not rejected');
    } catch (error) {
      showFailure(error);
    }
  }

  private async report(deciding: Promise<ApplyResult>, done?: () => void): Promise<void> {
    try {
      const result = await deciding;
      if (result.applied) done?.();
      else this.notApplied(result.reason);
    } catch (error) {
      showFailure(error);
    }
  }

  private notApplied(reason: string | undefined, what = 'Not applied'): void {
    void vscode.window.showWarningMessage(`${what}: ${reason ?? 'the server gave no reason.'}`);
  }

  private nothingWaits(): void {
    void vscode.window.showInformationMessage('No edit of Pi is waiting for you.');
  }

  /** Both sides were changed in the same lines. @returns whether the user's version of the proposal shall win */
  private async maySupersede(edit: Edit): Promise<boolean> {
    const name = vscode.workspace.asRelativePath(vscode.Uri.parse(edit.uri));
    const [mine, again] = ['Apply My Version', "Show Pi's Again"];
    const chosen = await vscode.window.showWarningMessage(
      `${name} was changed in the same lines as your version of the proposal. Applying your version takes those changes back.`,
      mine,
      again,
    );
    if (chosen === again) await this.files.dropOwnVersion(edit);
    return chosen === mine;
  }

  /** Closes what shows a decided edit, and goes on to the next one if the user was looking at it. */
  private async settle(edits: readonly Edit[]): Promise<void> {
    for (const edit of edits) {
      if (edit.status === 'open' || this.closed.has(edit.id)) continue;
      this.closed.add(edit.id);
      if (edit.status === 'applied' || edit.status === 'partial' || edit.status === 'rejected')
        void vscode.commands.executeCommand('setContext', 'pilsp.editDecided', true);
      const own = this.files.ownVersion(edit);
      if (own && (edit.status === 'withdrawn' || edit.status === 'failed')) {
        void vscode.window.showWarningMessage(
          `Pi's edit is ${edit.status}${edit.reason ? `: ${edit.reason}` : ''}. Your version of it stays open in its tab until you close it.`,
        );
        continue;
      }
      this.remarks.forget(edit);
      const wasInFront = await closeDiff(this.files, edit);
      const next = allPlaces(this.hub.edits)[0];
      if (wasInFront && next) await showDiff(this.files, next.edit, next);
    }
  }
}

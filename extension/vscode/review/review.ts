import * as vscode from 'vscode';
import { inform, warn } from '../words/notices.ts';
import { showFailure } from '../words/failures.ts';
import type { Hub } from '../server/hub.ts';
import type { ApplyArgument, ApplyResult, Edit } from '../protocol.ts';
import { cursorIn, showDiff, showFile, showInFile, viewOf } from './diffs.ts';
import { separate } from './ownVersion.ts';
import { following, isDecidable, lineCount, neighbour, openOnes, type Place, placeAt, placesOf, size, waits } from './places.ts';
import type { ProposalFiles } from './proposalFiles.ts';
import type { Remarks } from './remarks.ts';

/** What a command is about: an id from a lens, a node of the tree, the address of an editor's document, or nothing. */
export type Subject = string | { edit: Edit; hunk?: { id: string } } | vscode.Uri | undefined;

/** So long, in milliseconds, the news of a decision is waited for before the next change is shown. */
const NEWS_MS = 2_000;

/**
 * Decides edits as the user says. Every decision names the version of the buffer that the user saw; what the server
 * does not apply is shown with its reason.
 */
export class Review {
  private readonly hub: Hub;
  private readonly files: ProposalFiles;
  private readonly remarks: Remarks;

  constructor(hub: Hub, files: ProposalFiles, remarks: Remarks) {
    this.hub = hub;
    this.files = files;
    this.remarks = remarks;
  }

  get open(): Edit[] {
    return openOnes(this.hub.edits);
  }

  async show(subject?: Subject, hunkId?: string): Promise<void> {
    const edit = this.find(subject) ?? (subject === undefined ? this.open[0] : undefined);
    if (!edit) return this.nothingWaits(subject);
    // What is decided has nothing to be compared with any more.
    if (!isDecidable(edit)) return showFile(edit);
    const places = placesOf(edit);
    await showDiff(
      this.files,
      edit,
      places.find((place) => place.hunk.id === hunkId),
    );
  }

  /** Of an edit that is decided: what really landed, as a diff of the server's. */
  async showLanded(editId: string): Promise<void> {
    const { uri, shown } = await this.hub.run('pi.showEdit', { editId, as: 'landed' });
    if (!shown) await vscode.window.showTextDocument(vscode.Uri.parse(uri), { preview: true });
  }

  async go(step: 1 | -1): Promise<void> {
    const cursor = cursorIn(this.open, this.files);
    const place = neighbour(this.hub.edits, cursor, step);
    // Whoever goes through the file itself stays there.
    if (place && cursor?.side === 'buffer') return showInFile(this.files, place);
    if (place) return showDiff(this.files, place.edit, place);
    // A new empty file has no change to go to.
    return this.show(this.open[0]?.id);
  }

  async applyChange(subject?: Subject, hunkId?: string): Promise<void> {
    const found = await this.change(subject, hunkId);
    if (!found) return;
    const { edit, place } = found;
    const own = this.files.ownVersion(edit);
    if (!place) return this.applyEdit(edit.id);
    if (own && !isSeparate(place, own)) return placesOf(edit).length < 2 ? this.applyEdit(edit.id) : this.offerWhole(edit);
    await this.goingOn(edit, place, subject, () => this.apply(edit, { editId: edit.id, hunkIds: [place.hunk.id], keepRest: true }, place));
  }

  async rejectChange(subject?: Subject, hunkId?: string): Promise<void> {
    const found = await this.change(subject, hunkId);
    if (!found) return;
    const { edit, place } = found;
    if (!place) return void (await this.reject(edit, {}));
    const own = this.files.ownVersion(edit);
    if (own && !isSeparate(place, own)) {
      void inform(
        'You have changed these lines, or this is the last change that waits. ' +
          'Take it back in the diff to leave it out, and apply or reject the rest as a whole.',
      );
      return;
    }
    await this.goingOn(edit, place, subject, () => this.reject(edit, { hunkIds: [place.hunk.id] }, place));
  }

  async applyEdit(subject?: Subject): Promise<void> {
    const edit = await this.wanted(subject, 'Apply which edit?');
    if (!edit) return;
    await this.files.settled(edit);
    const own = this.files.ownVersion(edit);
    if (own?.stale && !(await this.maySupersede(edit))) return;
    await this.goingOn(edit, undefined, subject, () => this.apply(edit, { editId: edit.id, ...(own ? { newText: own.text } : {}) }));
  }

  async rejectEdit(subject?: Subject, reason?: string): Promise<void> {
    const edit = await this.wanted(subject, 'Reject which edit?');
    if (edit) await this.goingOn(edit, undefined, subject, () => this.reject(edit, reason ? { reason } : {}));
  }

  async rejectWithReason(subject?: Subject): Promise<void> {
    const edit = await this.wanted(subject, 'Reject which edit?');
    if (!edit) return;
    const name = vscode.workspace.asRelativePath(vscode.Uri.parse(edit.uri));
    const reason = await vscode.window.showInputBox({ title: `Reject the edit of ${name}`, prompt: 'What should Pi do instead?', ignoreFocusOut: true });
    if (reason !== undefined) await this.goingOn(edit, undefined, subject, () => this.reject(edit, reason ? { reason } : {}));
  }

  async applyAll(): Promise<void> {
    if (this.open.length === 0) return this.nothingWaits();
    const plain = this.open.every((edit) => !this.files.ownVersion(edit) && this.remarks.of(edit).length === 0);
    if (plain) return void (await this.report(this.hub.run('pi.applyEdit', { all: true })));
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
    const edit = this.find(subject);
    const place = edit && placesOf(edit).find((one) => one.hunk.id === hunkId);
    if (place?.hunk.fate === 'clashed') await this.files.putIn(place.edit, place.line, lineCount(place.hunk.oldText), place.hunk.newText);
  }

  async dropOwnVersion(subject?: Subject): Promise<void> {
    const edit = this.find(subject);
    if (edit) await this.files.dropOwnVersion(edit);
  }

  find(subject: Subject): Edit | undefined {
    if (subject === undefined) return cursorIn(this.open, this.files)?.edit;
    const id = subject instanceof vscode.Uri ? this.atUri(subject)?.id : typeof subject === 'string' ? subject : subject.edit?.id;
    return this.hub.edits.find((edit) => edit.id === id);
  }

  private atUri(uri: vscode.Uri): Edit | undefined {
    return this.files.editOf(uri) ?? this.open.find((edit) => vscode.Uri.parse(edit.uri).toString() === uri.toString());
  }

  /** The edit that is meant. Nothing is decided that the user has neither named nor in front: of several that wait one is chosen. */
  private async wanted(subject: Subject, question: string): Promise<Edit | undefined> {
    const found = this.find(subject);
    if (found) return found;
    if (subject !== undefined || this.open.length === 0) return this.nothingWaits(subject);
    if (this.open.length === 1) return this.open[0];
    const rows = this.open.map((edit) => ({
      label: vscode.workspace.asRelativePath(vscode.Uri.parse(edit.uri)),
      description: size(edit.hunks.filter(waits)),
      edit,
    }));
    return (await vscode.window.showQuickPick(rows, { title: `Pi: ${question}` }))?.edit;
  }

  /**
   * The change that is named, or the one at the cursor. Where the cursor is at none, the next one is shown and nothing is decided.
   * Without a place it is an edit that has none: an empty file.
   */
  private async change(subject: Subject, hunkId?: string): Promise<{ edit: Edit; place?: Place } | undefined> {
    const named = hunkId ?? (typeof subject === 'object' && 'hunk' in subject ? subject.hunk?.id : undefined);
    const cursor = cursorIn(this.open, this.files);
    const edit = this.find(subject);
    if (!edit) {
      if (subject !== undefined || this.open.length === 0) return this.nothingWaits(subject);
      await this.go(1);
      return undefined;
    }
    const all = placesOf(edit);
    if (named !== undefined) {
      const place = all.find((one) => one.hunk.id === named);
      return place ? { edit, place } : this.nothingWaits(subject);
    }
    if (all.length === 0) return { edit };
    const here = cursor?.edit.id === edit.id ? placeAt(edit, cursor.line, cursor.side) : undefined;
    // In the diff, or where the edit is named, the only one can be no other.
    const only = all.length === 1 && (subject !== undefined || cursor?.side === 'proposed') ? all[0] : undefined;
    const place = here ?? only;
    if (place) return { edit, place };
    await this.go(1);
    return undefined;
  }

  /**
   * A decision, and behind it the next change in view, in the way in which the user looks at this one; whoever decides in a list or in
   * the chat keeps the focus there. An edit whose diff is closed with it is left to `Settling`.
   */
  private async goingOn(edit: Edit, place: Place | undefined, subject: Subject, decide: () => Promise<boolean>): Promise<void> {
    const view = viewOf(edit, this.files);
    if (!(await decide()) || view === undefined) return;
    const isDecided = () => {
      const now = this.hub.edits.find(({ id }) => id === edit.id);
      return now?.status !== 'open' || (place !== undefined && !placesOf(now).some(({ hunk }) => hunk.id === place.hunk.id));
    };
    if (!(await this.heard(isDecided))) return;
    const now = this.hub.edits.find(({ id }) => id === edit.id);
    if (view === 'diff' && now?.status !== 'open') return;
    if (now?.status === 'open') await this.files.shown(now);
    const next = following(this.hub.edits, edit.id, place?.hunk.id);
    const keepsFocus = typeof subject === 'object' && !(subject instanceof vscode.Uri);
    if (next) await (view === 'diff' ? showDiff(this.files, next.edit, next, keepsFocus) : showInFile(this.files, next, keepsFocus));
  }

  /** Waits until the news says so. @returns false where it does not come */
  private heard(is: () => boolean): Promise<boolean> {
    if (is()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (came: boolean) => {
        listening.dispose();
        clearTimeout(late);
        resolve(came);
      };
      const late = setTimeout(() => end(false), NEWS_MS);
      const listening = this.hub.onEdits(() => is() && end(true));
    });
  }

  /** @returns whether it was carried out */
  private async apply(edit: Edit, argument: ApplyArgument, place?: Place): Promise<boolean> {
    const remarks = this.remarks.of(edit, place);
    const version = edit.version ?? undefined;
    const said = remarks.length > 0 ? { remarks } : {};
    return this.report(this.hub.run('pi.applyEdit', { ...argument, ...(version === undefined ? {} : { version }), ...said }), () =>
      this.remarks.forget(edit, place),
    );
  }

  private async reject(edit: Edit, more: { hunkIds?: string[]; reason?: string }, place?: Place): Promise<boolean> {
    const remarks = this.remarks.of(edit, place);
    try {
      const result = await this.hub.run('pi.rejectEdit', { editId: edit.id, ...more, ...(remarks.length > 0 ? { remarks } : {}) });
      if (result.rejected) this.remarks.forget(edit, place);
      else this.notApplied(result.reason, 'Not rejected');
      return result.rejected;
    } catch (error) {
      showFailure(error);
      return false;
    }
  }

  private async report(deciding: Promise<ApplyResult>, done?: () => void): Promise<boolean> {
    try {
      const result = await deciding;
      if (result.applied) done?.();
      else this.notApplied(result.reason);
      return result.applied;
    } catch (error) {
      showFailure(error);
      return false;
    }
  }

  notApplied(reason: string | undefined, what = 'Not applied'): void {
    void warn(`${what}: ${reason ?? 'the server gave no reason.'}`);
  }

  /** The change at hand is not Pi's any more, or is the last one: it goes with the user's version of the file. */
  private async offerWhole(edit: Edit): Promise<void> {
    const whole = 'Apply the Whole File';
    const chosen = await inform('You have changed these lines of the proposal, so they are applied with the rest of it.', whole);
    if (chosen === whole) await this.applyEdit(edit.id);
  }

  private nothingWaits(subject?: Subject): undefined {
    const named = subject !== undefined && this.open.length > 0;
    void inform(named ? 'This change of Pi does not wait any more.' : 'No edit of Pi is waiting for you.');
  }

  /** Both sides were changed in the same lines. @returns whether the user's version of the proposal shall win */
  private async maySupersede(edit: Edit): Promise<boolean> {
    const name = vscode.workspace.asRelativePath(vscode.Uri.parse(edit.uri));
    const [mine, again] = ['Apply My Version', "Show Pi's Again"];
    const chosen = await warn(
      `${name} was changed in the same lines as your version of the proposal. Applying your version undoes those changes.`,
      mine,
      again,
    );
    if (chosen === again) await this.files.dropOwnVersion(edit);
    return chosen === mine;
  }
}

const isSeparate = (place: Place, own: { text: string; stale: boolean }) => separate(place.edit, own).some(({ hunk }) => hunk.id === place.hunk.id);

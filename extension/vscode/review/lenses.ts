import * as vscode from 'vscode';
import type { Hub } from '../server/hub.ts';
import { isDiffShown } from './diffs.ts';
import { lineInOwn, separate } from './ownVersion.ts';
import { isDecidable, openOnes, type Place, placesOf } from './places.ts';
import { PROPOSAL_SCHEME, type ProposalFiles } from './proposalFiles.ts';
import type { Round } from './round.ts';

/** `3 of 14`, where there are several; pressed, the next one. */
function counted(round: Round, place: Place): { title: string; command: string } | undefined {
  const { at, of } = round.of(place) ?? { at: 1, of: 1 };
  return of > 1 ? { title: `${at} of ${of}`, command: 'pilsp.nextChange' } : undefined;
}

/** The decisions, above each change on the proposed side. */
export class ProposalLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly hub: Hub;
  private readonly files: ProposalFiles;
  private readonly round: Round;
  private readonly stale = new vscode.EventEmitter<void>();
  private readonly registered: vscode.Disposable;
  readonly onDidChangeCodeLenses = this.stale.event;

  constructor(hub: Hub, files: ProposalFiles, round: Round) {
    this.hub = hub;
    this.files = files;
    this.round = round;
    this.registered = vscode.Disposable.from(
      vscode.languages.registerCodeLensProvider({ scheme: PROPOSAL_SCHEME }, this),
      files.onChanged(() => this.stale.fire()),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const known = this.files.editOf(document.uri);
    const edit = this.hub.edits.find((one) => one.id === known?.id);
    if (!edit || !isDecidable(edit)) return [];
    const lens = (line: number, title: string, command: string, ...args: unknown[]) =>
      new vscode.CodeLens(new vscode.Range(line, 0, line, 0), { title, command, arguments: args });
    const own = this.files.ownVersion(edit);
    // What the user has changed cannot be told from the proposal any more: that is decided with the whole file.
    const places = own ? separate(edit, own) : placesOf(edit);
    const lenses: vscode.CodeLens[] = edit.careful ? [lens(0, `$(warning) Careful: ${edit.careful}`, '')] : [];
    if (own) {
      lenses.push(
        lens(0, own.stale ? '$(warning) Apply with my changes' : '$(check) Apply with my changes', 'pilsp.applyEdit', edit.id),
        lens(0, '$(discard) Reject the edit', 'pilsp.rejectEdit', edit.id),
        lens(0, 'Drop my changes', 'pilsp.dropOwnVersion', edit.id),
      );
    } else if (places.length !== 1) {
      const many = places.length === 0 ? '' : ` all ${places.length}`;
      lenses.push(lens(0, `$(check-all) Apply${many}`, 'pilsp.applyEdit', edit.id), lens(0, `$(discard) Reject${many}`, 'pilsp.rejectEdit', edit.id));
    }
    for (const place of places) {
      const { hunk, line } = place;
      const at = Math.min(own ? lineInOwn(edit.newText, own.text, line) : line, document.lineCount - 1);
      // A clash has nothing to apply; what Pi wanted can be put in here, and then be applied as the user's own version.
      if (hunk.fate === 'clashed')
        lenses.push(lens(at, '$(warning) You have changed these lines', ''), lens(at, "Put in Pi's", 'pilsp.putInProposed', edit.id, hunk.id));
      else lenses.push(lens(at, '$(check) Apply', 'pilsp.applyChange', edit.id, hunk.id));
      lenses.push(lens(at, '$(discard) Reject', 'pilsp.rejectChange', edit.id, hunk.id));
      lenses.push(lens(at, '$(comment) Tell Pi…', 'pilsp.remark', edit.id, at));
      const count = counted(this.round, place);
      if (count) lenses.push(lens(at, count.title, count.command));
    }
    return lenses;
  }

  dispose(): void {
    this.registered.dispose();
    this.stale.dispose();
  }
}

/** In the file itself, at each change, as long as no diff of it shows the same beside it. */
export class FileLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly hub: Hub;
  private readonly files: ProposalFiles;
  private readonly round: Round;
  private readonly stale = new vscode.EventEmitter<void>();
  private readonly registered: vscode.Disposable;
  readonly onDidChangeCodeLenses = this.stale.event;

  constructor(hub: Hub, files: ProposalFiles, round: Round) {
    this.hub = hub;
    this.files = files;
    this.round = round;
    this.registered = vscode.Disposable.from(
      files.onChanged(() => this.stale.fire()),
      vscode.languages.registerCodeLensProvider([{ scheme: 'file' }, { scheme: 'untitled' }], this),
      hub.onEdits(() => this.stale.fire()),
      vscode.window.tabGroups.onDidChangeTabs(() => openOnes(hub.edits).length > 0 && this.stale.fire()),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const wanted = document.uri.toString();
    const edits = openOnes(this.hub.edits).filter((edit) => vscode.Uri.parse(edit.uri).toString() === wanted);
    if (edits.length === 0 || isDiffShown(document.uri)) return [];
    const warnings = edits.flatMap(({ careful }) =>
      careful ? [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title: `$(warning) Careful: ${careful}`, command: '' })] : [],
    );
    const lenses = edits.flatMap(placesOf).flatMap((place) => {
      const { edit, hunk } = place;
      const line = Math.min(hunk.range.start.line, document.lineCount - 1);
      const lens = (title: string, command: string) =>
        new vscode.CodeLens(new vscode.Range(line, 0, line, 0), { title, command, arguments: command === '' ? [] : [edit.id, hunk.id] });
      const own = this.files.ownVersion(edit);
      if (own && !separate(edit, own).some((one) => one.hunk.id === hunk.id))
        return [lens('$(edit) Pi: your version of these lines waits', 'pilsp.showChange')];
      const clashes = hunk.fate === 'clashed';
      const count = counted(this.round, place);
      return [
        clashes ? lens('$(warning) Pi: you have changed these lines', '') : lens('$(check) Pi: Apply', 'pilsp.applyChange'),
        lens('$(discard) Reject', 'pilsp.rejectChange'),
        lens('$(diff-single) Open Diff', 'pilsp.showChange'),
        ...(count ? [new vscode.CodeLens(new vscode.Range(line, 0, line, 0), count)] : []),
      ];
    });
    return [...warnings, ...lenses];
  }

  dispose(): void {
    this.registered.dispose();
    this.stale.dispose();
  }
}

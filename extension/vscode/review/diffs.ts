import * as vscode from 'vscode';
import type { Edit } from '../protocol.ts';
import { lineInOwn, lineInProposal } from './ownVersion.ts';
import { type Cursor, openOnes, type Place, placesOf } from './places.ts';
import { PROPOSAL_SCHEME, type ProposalFiles } from './proposalFiles.ts';

/** Shows an edit in VS Code's own diff editor: the live buffer on the left, the proposed text on the right. */
export async function showDiff(files: ProposalFiles, edit: Edit, at?: Place, preserveFocus = false): Promise<void> {
  const file = vscode.Uri.parse(edit.uri);
  const left = (await exists(file)) ? file : files.emptyUriOf(edit);
  const name = file.path.split('/').pop() ?? file.path;
  const proposed = (at ?? placesOf(edit)[0])?.line ?? 0;
  const own = files.ownVersion(edit);
  const line = own ? lineInOwn(edit.newText, own.text, proposed) : proposed;
  const title = left === file ? `${name} ↔ Pi's proposal` : `${name} (new) ↔ Pi's proposal`;
  await vscode.commands.executeCommand('vscode.diff', left, files.uriOf(edit), title, {
    preview: true,
    preserveFocus,
    selection: new vscode.Range(line, 0, line, 0),
  } satisfies vscode.TextDocumentShowOptions);
}

/** A change that waits, in the file itself; where there is no file yet, the diff. */
export async function showInFile(files: ProposalFiles, place: Place, preserveFocus = false): Promise<void> {
  const file = vscode.Uri.parse(place.edit.uri);
  if (!(await exists(file))) return showDiff(files, place.edit, place, preserveFocus);
  const document = await vscode.workspace.openTextDocument(file);
  const { line } = place.hunk.range.start;
  const editor = await vscode.window.showTextDocument(document, { preview: true, preserveFocus, selection: new vscode.Range(line, 0, line, 0) });
  editor.revealRange(new vscode.Range(line, 0, line, 0), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** How the user looks at this edit: as a diff, or in the file itself. */
export function viewOf(edit: Edit, files: ProposalFiles): 'diff' | 'file' | undefined {
  const uri = files.uriOf(edit);
  if (tabsOf(uri).some((tab) => tab.isActive)) return 'diff';
  const file = vscode.Uri.parse(edit.uri).toString();
  return vscode.window.activeTextEditor?.document.uri.toString() === file ? 'file' : undefined;
}

/** The file of an edit that is decided, where its first change was. */
export async function showFile(edit: Edit): Promise<void> {
  const at = edit.hunks[0]?.range.start.line ?? 0;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(edit.uri));
  await vscode.window.showTextDocument(document, { preview: true, selection: new vscode.Range(at, 0, at, 0) });
}

/** The tabs that show this proposed text, or any. */
function tabsOf(uri?: vscode.Uri): vscode.Tab[] {
  const wanted = uri?.toString();
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => {
      const shown = tab.input instanceof vscode.TabInputTextDiff ? tab.input.modified : tab.input instanceof vscode.TabInputText ? tab.input.uri : undefined;
      return shown?.scheme === PROPOSAL_SCHEME && (wanted === undefined || shown.with({ query: '' }).toString() === wanted);
    });
}

/** Closes what shows a decided edit. @returns whether it was in front of the user */
export async function closeDiff(files: ProposalFiles, edit: Edit): Promise<boolean> {
  const uri = files.uriOf(edit);
  const tabs = tabsOf(uri);
  const wasActive = tabs.some((tab) => tab.isActive && tab.group.isActive);
  // A document with unsaved text would make VS Code ask; the decision has been made.
  const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  if (document?.isDirty) await document.save();
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
  return wasActive;
}

/** Whether this file is the left side of a proposal that some group shows. */
export const isDiffShown = (file: vscode.Uri) =>
  tabsOf().some((tab) => tab.isActive && tab.input instanceof vscode.TabInputTextDiff && tab.input.original.toString() === file.toString());

export const isDiffInFront = () => tabsOf().some((tab) => tab.isActive && tab.group.isActive);

/** Tabs of proposals that went with an earlier window or server. */
export function orphans(files: ProposalFiles): vscode.Tab[] {
  return tabsOf().filter((tab) => {
    const uri = tab.input instanceof vscode.TabInputTextDiff ? tab.input.modified : (tab.input as vscode.TabInputText).uri;
    return files.editOf(uri.with({ query: '' })) === undefined;
  });
}

/** What the user has written into one stays. */
export async function closeOrphans(files: ProposalFiles): Promise<void> {
  const clean = orphans(files).filter((tab) => !tab.isDirty);
  if (clean.length > 0) await vscode.window.tabGroups.close(clean, true);
}

/** Where the user is, in terms of the open edits; undefined when it is nowhere near one. */
export function cursorIn(edits: readonly Edit[], files: ProposalFiles): (Cursor & { edit: Edit }) | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  const line = editor.selection.active.line;
  const { uri } = editor.document;
  const shown = files.editOf(uri);
  const own = shown && files.ownVersion(shown);
  if (shown) return { edit: shown, editId: shown.id, line: own ? lineInProposal(shown.newText, own.text, line) : line, side: 'proposed' };
  const edit = openOnes(edits).find((one) => vscode.Uri.parse(one.uri).toString() === uri.toString());
  return edit && { edit, editId: edit.id, line, side: 'buffer' };
}

export async function exists(uri: vscode.Uri): Promise<boolean> {
  if (vscode.workspace.textDocuments.some((one) => one.uri.toString() === uri.toString() && !one.isClosed)) return true;
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

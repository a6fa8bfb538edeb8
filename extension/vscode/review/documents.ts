import * as vscode from 'vscode';

/** Puts this text in place of all of a document, as one step of its undo. */
export async function replaced(document: vscode.TextDocument, text: string): Promise<void> {
  const change = new vscode.WorkspaceEdit();
  change.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text.replace(/^\uFEFF/, ''));
  await vscode.workspace.applyEdit(change);
}

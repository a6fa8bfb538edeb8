import * as vscode from 'vscode';
import { inform } from '../words/notices.ts';
import { showFailure } from '../words/failures.ts';
import { replaced } from './documents.ts';
import { orphans } from './diffs.ts';
import type { ProposalFiles } from './proposalFiles.ts';

/**
 * What the user has written into a proposal that has gone with its server or its window. VS Code keeps the text in its tab, where
 * nothing can be decided any more: it can be put into the file, or given up. Asked once for each. Owned by main.ts.
 */
export class Leftovers implements vscode.Disposable {
  private readonly files: ProposalFiles;
  private readonly offered = new Set<string>();
  private readonly heard: vscode.Disposable;

  constructor(files: ProposalFiles) {
    this.files = files;
    // A text of the window before is restored when its tab has been there for a while.
    this.heard = vscode.window.tabGroups.onDidChangeTabs(() => this.offer());
  }

  dispose(): void {
    this.heard.dispose();
  }

  offer(): void {
    for (const tab of orphans(this.files).filter((one) => one.isDirty)) {
      const uri = tab.input instanceof vscode.TabInputTextDiff ? tab.input.modified : (tab.input as vscode.TabInputText).uri;
      if (this.offered.has(uri.toString())) continue;
      this.offered.add(uri.toString());
      void this.ask(uri).catch(showFailure);
    }
  }

  private async ask(uri: vscode.Uri): Promise<void> {
    const file = vscode.Uri.file(uri.path);
    const [put, drop] = ['Put It into the File', 'Give It Up'];
    const name = vscode.workspace.asRelativePath(file);
    const chosen = await inform(`Your version of what Pi proposed for ${name} is still here; the proposal is over.`, put, drop);
    if (!chosen) return;
    const document = await vscode.workspace.openTextDocument(uri);
    if (chosen === put) {
      const target = await vscode.workspace.openTextDocument(file);
      await replaced(target, document.getText());
      await vscode.window.showTextDocument(target, { preview: false });
    }
    await this.files.letGo(document);
    const left = orphans(this.files).filter(({ input }) => {
      const shown = input instanceof vscode.TabInputTextDiff ? input.modified : (input as vscode.TabInputText).uri;
      return shown.toString() === uri.toString();
    });
    await vscode.window.tabGroups.close(left, true);
  }
}

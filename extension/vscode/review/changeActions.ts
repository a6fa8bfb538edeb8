import * as vscode from 'vscode';
import type { Hub } from '../server/hub.ts';
import { lineInProposal, separate } from './ownVersion.ts';
import { openOnes, placeAt, placesOf } from './places.ts';
import { PROPOSAL_SCHEME, type ProposalFiles } from './proposalFiles.ts';

/** The decisions among the quick fixes of the line that they are about, on either side: for those who go by keys. */
export class ChangeActions implements vscode.CodeActionProvider {
  private readonly hub: Hub;
  private readonly files: ProposalFiles;

  constructor(hub: Hub, files: ProposalFiles) {
    this.hub = hub;
    this.files = files;
  }

  register(): vscode.Disposable {
    const where = [{ scheme: 'file' }, { scheme: 'untitled' }, { scheme: PROPOSAL_SCHEME }];
    return vscode.languages.registerCodeActionsProvider(where, this, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] });
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const proposed = this.files.editOf(document.uri);
    const wanted = document.uri.toString();
    const edits = openOnes(this.hub.edits).filter((edit) => (proposed ? edit.id === proposed.id : vscode.Uri.parse(edit.uri).toString() === wanted));
    return edits.flatMap((edit) => {
      const own = this.files.ownVersion(edit);
      const line = proposed && own ? lineInProposal(edit.newText, own.text, range.start.line) : range.start.line;
      const place = placeAt(edit, line, proposed ? 'proposed' : 'buffer');
      if (!place || (own && !separate(edit, own).some(({ hunk }) => hunk.id === place.hunk.id))) return [];
      const action = (title: string, command: string, ...args: unknown[]) => {
        const one = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
        one.command = { title, command, arguments: [edit.id, ...args] };
        return one;
      };
      const actions = [action("Reject Pi's change", 'pilsp.rejectChange', place.hunk.id)];
      if (place.hunk.fate !== 'clashed') actions.unshift(action("Apply Pi's change", 'pilsp.applyChange', place.hunk.id));
      const all = placesOf(edit).length;
      if (all > 1 && !own)
        actions.push(action(`Apply all ${all} changes of Pi here`, 'pilsp.applyEdit'), action(`Reject all ${all} changes of Pi here`, 'pilsp.rejectEdit'));
      if (!proposed) actions.push(action("Show Pi's change as a diff", 'pilsp.showChange', place.hunk.id));
      return actions;
    });
  }
}

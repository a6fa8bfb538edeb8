import * as vscode from 'vscode';
import type { Hub } from './hub.ts';
import type { Edit } from './protocol.ts';
import { openOnes, size, waits } from './review/places.ts';

/**
 * Says once that something waits, in a corner, where the user does not see it anyway. One note stands for all that
 * comes while it is up; it takes no focus and blocks nothing.
 */
export class WaitingNote implements vscode.Disposable {
  private readonly registered: vscode.Disposable;
  private readonly told = new Set<string>();
  private readonly seen: () => boolean;
  private up = false;

  /** @param seen whether the user has what waits in view */
  constructor(hub: Hub, seen: () => boolean) {
    this.seen = seen;
    this.registered = hub.onEdits(() => void this.tell(openOnes(hub.edits)));
  }

  dispose(): void {
    this.registered.dispose();
  }

  private async tell(open: Edit[]): Promise<void> {
    const fresh = open.filter((edit) => !this.told.has(edit.id));
    for (const { id } of fresh) this.told.add(id);
    if (fresh.length === 0 || this.up || this.seen() || vscode.workspace.getConfiguration('pi').get('notify') === 'statusBar') return;
    this.up = true;
    try {
      // What is applied from here is what the note names, not what has come since.
      const named = open.map((edit) => edit.id);
      const each = async (command: string) => {
        for (const id of named) await vscode.commands.executeCommand(command, id);
      };
      const all = open.length > 1 ? ' All' : '';
      const ways: Record<string, () => unknown> = {
        Review: () => vscode.commands.executeCommand('pilsp.review'),
        [`Apply${all}`]: () => each('pilsp.applyEdit'),
        [`Reject${all}`]: () => each('pilsp.rejectEdit'),
      };
      const chosen = await vscode.window.showInformationMessage(words(open), ...Object.keys(ways));
      if (chosen) await ways[chosen]?.();
    } finally {
      this.up = false;
    }
  }
}

function words(open: Edit[]): string {
  const names = [...new Set(open.map((edit) => vscode.workspace.asRelativePath(vscode.Uri.parse(edit.uri))))];
  const shown = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more files` : names.join(', ');
  return `Pi wants to change ${shown} (${size(open.flatMap((edit) => edit.hunks.filter(waits)))}). Nothing is changed before you say so.`;
}

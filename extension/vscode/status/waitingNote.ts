import * as vscode from 'vscode';
import { inform } from '../words/notices.ts';
import type { Hub } from '../server/hub.ts';
import type { Edit } from '../protocol.ts';
import { openOnes, size, waits } from '../review/places.ts';

/**
 * Says once that something waits, in a corner, where the user does not see it anyway. One note stands for all that
 * comes while it is up; it takes no focus and blocks nothing.
 */
export class WaitingNote implements vscode.Disposable {
  private readonly hub: Hub;
  private readonly registered: vscode.Disposable;
  private readonly told = new Set<string>();
  private readonly isSeen: (edit: Edit) => boolean;
  /** What the note that is up names. */
  private named: readonly string[] = [];

  /** @param isSeen whether the user has this edit in view */
  constructor(hub: Hub, isSeen: (edit: Edit) => boolean) {
    this.hub = hub;
    this.isSeen = isSeen;
    this.registered = vscode.Disposable.from(
      hub.onEdits(() => void this.tell(openOnes(hub.edits))),
      hub.onStatus(() => void this.tell(openOnes(hub.edits))),
      // Another server counts its edits from 1 again.
      hub.onServerState((state) => {
        if (state === 'running') return;
        this.told.clear();
        this.named = [];
      }),
    );
  }

  dispose(): void {
    this.registered.dispose();
  }

  private async tell(known: Edit[]): Promise<void> {
    const { permissionMode: mode } = this.hub.status ?? {};
    // What a mode applies at once is open for a moment, too, and waits for nobody.
    const open = mode === 'acceptEdits' || mode === 'full' ? known.filter((edit) => edit.protected || edit.careful) : known;
    const settings = vscode.workspace.getConfiguration('pi');
    // Staged edits are decided when the run is over, all of them.
    if (settings.get('review') === 'end' && this.hub.status?.state === 'running') return;
    const fresh = open.filter((edit) => !this.told.has(edit.id));
    for (const { id } of fresh) this.told.add(id);
    if (fresh.length === 0 || open.some((edit) => this.named.includes(edit.id)) || fresh.every(this.isSeen) || settings.get('notify') === 'statusBar') return;
    // What is applied from here is what the note names, not what has come since. A note cannot be taken down again: what
    // has been decided elsewhere is left out.
    const named = open.map((edit) => edit.id);
    this.named = named;
    const each = async (command: string) => {
      for (const id of named) if (openOnes(this.hub.edits).some((edit) => edit.id === id)) await vscode.commands.executeCommand(command, id);
    };
    const all = open.length > 1 ? ' All' : '';
    const ways: Record<string, () => unknown> = {
      Review: () => vscode.commands.executeCommand('pilsp.review'),
      [`Apply${all}`]: () => each('pilsp.applyEdit'),
      [`Reject${all}`]: () => each('pilsp.rejectEdit'),
    };
    const chosen = await inform(words(open), ...Object.keys(ways));
    if (this.named === named) this.named = [];
    if (chosen) await ways[chosen]?.();
  }
}

function words(open: Edit[]): string {
  const names = [...new Set(open.map((edit) => vscode.workspace.asRelativePath(vscode.Uri.parse(edit.uri))))];
  const shown = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more files` : names.join(', ');
  return `Pi wants to change ${shown} (${size(open.flatMap((edit) => edit.hunks.filter(waits)))}). Nothing is changed before you say so.`;
}

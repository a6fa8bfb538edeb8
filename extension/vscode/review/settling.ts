import * as vscode from 'vscode';
import { warn } from '../words/notices.ts';
import type { Hub } from '../server/hub.ts';
import type { Edit } from '../protocol.ts';
import { closeDiff, closeOrphans, showDiff } from './diffs.ts';
import { following, isDecidable } from './places.ts';
import type { Leftovers } from './leftovers.ts';
import type { ProposalFiles } from './proposalFiles.ts';
import type { Remarks } from './remarks.ts';

/** What becomes of the diff, the remarks and the user's own version of an edit that has been decided, wherever that was. */
export class Settling implements vscode.Disposable {
  private readonly hub: Hub;
  private readonly files: ProposalFiles;
  private readonly remarks: Remarks;
  private readonly registered: vscode.Disposable;
  private readonly closed = new Set<string>();

  constructor(hub: Hub, files: ProposalFiles, remarks: Remarks, leftovers: Leftovers) {
    this.hub = hub;
    this.files = files;
    this.remarks = remarks;
    this.registered = vscode.Disposable.from(
      hub.onEdits(({ edits }) => void this.settle(edits)),
      hub.onServerState((state) => {
        if (state === 'running') return;
        this.closed.clear();
        void closeOrphans(this.files).then(() => leftovers.offer());
      }),
    );
  }

  dispose(): void {
    this.registered.dispose();
  }

  /** Closes what shows a decided edit, and goes on to the next one if the user was looking at it. */
  private async settle(edits: readonly Edit[]): Promise<void> {
    for (const edit of edits) {
      if (isDecidable(edit) || this.closed.has(edit.id)) continue;
      this.closed.add(edit.id);
      if (edit.status === 'applied' || edit.status === 'partial' || edit.status === 'rejected')
        void vscode.commands.executeCommand('setContext', 'pilsp.editDecided', true);
      const own = this.files.ownVersion(edit);
      if (own && (edit.status === 'stopped' || edit.status === 'withdrawn' || edit.status === 'failed')) {
        void warn(`Pi's edit is ${edit.status}${edit.reason ? `: ${edit.reason}` : ''}. Your version of it stays open in its tab until you close it.`);
        continue;
      }
      this.remarks.forget(edit);
      const wasInFront = await closeDiff(this.files, edit);
      this.files.forget(edit);
      const next = following(this.hub.edits, edit.id);
      if (wasInFront && next) await showDiff(this.files, next.edit, next);
    }
  }
}

import * as vscode from 'vscode';
import { inform } from '../words/notices.ts';
import type { Hub } from '../server/hub.ts';
import { openOnes } from './places.ts';

const SCHEME = 'pi-run';

/** What a run has changed, as one document of diffs: for looking at it afterwards. Owned by main.ts. */
export class RunDiffs implements vscode.Disposable {
  private readonly hub: Hub;
  private readonly texts = new Map<string, string>();
  private readonly registered: vscode.Disposable;

  constructor(hub: Hub) {
    this.hub = hub;
    this.registered = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: (uri) => this.texts.get(uri.authority) ?? '',
    });
  }

  dispose(): void {
    this.registered.dispose();
  }

  /** What still waits is decided first. */
  async show(runId: string): Promise<void> {
    if (openOnes(this.hub.edits).length > 0) return void (await vscode.commands.executeCommand('pilsp.review'));
    const { runs } = await this.hub.run('pi.listRuns');
    const run = runs.find((one) => one.runId === runId);
    if (!run || run.files.length === 0) return void inform('What this run has changed is not known any more.');
    const id = runId.replace(/[^\w-]/g, '-').toLowerCase();
    const title =
      run.title
        .replace(/[^\p{L}\p{N} ._-]+/gu, ' ')
        .trim()
        .slice(0, 60) || 'run';
    this.texts.set(id, run.files.map(({ diff }) => diff.replace(/\n?$/, '\n')).join('\n'));
    const uri = vscode.Uri.from({ scheme: SCHEME, authority: id, path: `/${title}.diff` });
    const document = await vscode.languages.setTextDocumentLanguage(await vscode.workspace.openTextDocument(uri), 'diff');
    await vscode.window.showTextDocument(document, { preview: true });
  }
}

import * as vscode from 'vscode';
import { inform, warn } from '../words/notices.ts';
import type { Hub } from '../server/hub.ts';
import type { UndoneRun } from '../protocol.ts';
import { type BarState, details, summary } from '../status/words.ts';
import { chooseFolder, folderInFront } from './folders.ts';
import { allowanceRow } from './words.ts';
import { MODE_NAMES, MODES } from './modes.ts';

/** The choices about a session: model, thinking level, permission mode, undo. */
export class Choices {
  private readonly hub: Hub;

  constructor(hub: Hub) {
    this.hub = hub;
  }

  /** The server asks back by `pi/pick`; so for the thinking level. */
  async pickModel(): Promise<void> {
    await this.hub.run('pi.pickModel');
  }

  async pickThinking(): Promise<void> {
    const { levels } = await this.hub.run('pi.listThinking');
    if (levels.length < 2) return void inform('The model in use does not think before it answers.');
    await this.hub.run('pi.setThinking', {});
  }

  async permissionMode(): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      const manage = 'Manage Workspace Trust';
      const chosen = await inform('Pi only reads in a workspace that you do not trust.', manage);
      if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
      return;
    }
    const current = (this.hub.status ?? (await this.hub.run('pi.status'))).permissionMode;
    const rows = MODE_NAMES.map((mode) => ({ mode, ...MODES[mode], description: mode === current ? 'current' : undefined }));
    const chosen = await standingOn(rows, ({ mode }) => mode === current, 'Pi: what may it do without asking, in this session?');
    if (chosen) await this.hub.run('pi.setPermissionMode', { mode: chosen.mode });
  }

  /** What was put aside is asked again: in the chat, and where a dialog was closed as that. */
  async askAgain(): Promise<void> {
    const { asked } = await this.hub.run('pi.askAgain', {});
    if (asked === 0) void inform('No question is put aside.');
  }

  /** What is allowed without asking, in words; whatever is chosen is asked about again. */
  async allowances(): Promise<void> {
    const { allowances } = await this.hub.run('pi.listAllowances', {});
    if (allowances.length === 0) return void inform('Nothing is always allowed in this session: it is asked as the permission mode says.');
    const chosen = await vscode.window.showQuickPick(
      allowances.map((one) => ({ ...allowanceRow(one), id: one.id })),
      { title: 'Pi: always allowed in this session', placeHolder: 'Choose what shall be asked about again' },
    );
    if (!chosen) return;
    await this.hub.run('pi.revokeAllowance', { id: chosen.id });
    void inform(`It is asked about again: ${chosen.label}.`);
  }

  /** In the folder of the file in front. */
  async newSession(): Promise<void> {
    const folder = folderInFront(this.hub.status);
    await this.hub.run('pi.newSession', folder === undefined ? undefined : { folder });
  }

  async newSessionInFolder(): Promise<void> {
    const status = await this.hub.run('pi.status');
    if (!status.folders || status.folders.length < 2) return this.newSession();
    const folder = await chooseFolder(status);
    if (folder !== undefined) await this.hub.run('pi.newSession', { folder });
  }

  async stop(): Promise<void> {
    const { aborted } = await this.hub.run('pi.abort', {});
    if (!aborted) void inform('Pi is not working on anything.');
  }

  /** The run that is named, or one that is chosen; what cannot be undone is said before anything is changed. */
  async undoRun(runId?: string): Promise<void> {
    if (runId !== undefined) return this.undo(runId);
    const { runs } = await this.hub.run('pi.listRuns');
    const left = runs.filter((run) => !run.undone && run.files.length > 0).reverse();
    if (left.length === 0) return void inform('There is no run of Pi to undo in this window.');
    const chosen = await vscode.window.showQuickPick(
      left.map((run) => ({
        label: run.title || run.runId,
        detail: run.files.map((file) => vscode.workspace.asRelativePath(vscode.Uri.parse(file.uri))).join(', '),
        run,
      })),
      { title: 'Pi: undo which run?', placeHolder: 'What you have changed since stays as it is', matchOnDetail: true },
    );
    if (!chosen) return;
    await this.undo(chosen.run.runId);
  }

  private async undo(runId: string): Promise<void> {
    const { files } = await this.hub.run('pi.undoRun', { runId, dryRun: true });
    const left = files.filter(({ status }) => status === 'failed');
    if (left.length > 0) {
      const detail = left.map(({ uri, reason }) => `${nameOf(uri)}${reason ? `: ${reason}` : ''}`).join('\n');
      const what = left.length === files.length ? 'Nothing of this run can be undone.' : 'Not all of this run can be undone.';
      const rest = 'Undo the Rest';
      const chosen = await warn(what, { modal: true, detail }, ...(left.length === files.length ? [] : [rest]));
      if (chosen !== rest) return;
    }
    report(await this.hub.run('pi.undoRun', { runId }));
    await vscode.commands.executeCommand('_pilsp.runUndone', runId);
  }

  /** The model gets a summary in place of what is older. */
  async compact(): Promise<void> {
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Pi: compacting' }, () => this.hub.run('pi.compact', {}));
  }

  async status(): Promise<void> {
    const { hub } = this;
    const status = await hub.run('pi.status');
    const state: BarState = { server: hub.serverState, status, openEdits: status.openEdits, questions: 0, trusted: vscode.workspace.isTrusted };
    const copy = 'Copy';
    const lines = details(state).map(([name, value]) => `${name}: ${value}`);
    const chosen = await inform(`${summary(state)}. ${lines.join(' · ')}`, copy, 'Show Log');
    if (chosen === copy) await vscode.env.clipboard.writeText(JSON.stringify(status, null, 2));
    else if (chosen) await vscode.commands.executeCommand('pilsp.showLog');
  }
}

/** A choice among a few, which begins at the present one. */
function standingOn<T extends vscode.QuickPickItem>(rows: T[], is: (row: T) => boolean, title: string): Promise<T | undefined> {
  return new Promise((resolve) => {
    const list = vscode.window.createQuickPick<T>();
    list.title = title;
    list.items = rows;
    list.activeItems = rows.filter(is);
    list.onDidAccept(() => {
      resolve(list.selectedItems[0]);
      list.hide();
    });
    list.onDidHide(() => {
      resolve(undefined);
      list.dispose();
    });
    list.show();
  });
}

function report({ files }: UndoneRun): void {
  const left = files.filter((file) => file.status === 'partial' || file.status === 'failed');
  if (left.length === 0) return void inform(`Undone: ${files.map((file) => nameOf(file.uri)).join(', ')}.`);
  const said = left.map((file) => `${nameOf(file.uri)}${file.reason ? ` (${file.reason})` : ''}`).join(', ');
  void warn(`Not everything could be undone; see ${said}.`);
}

const nameOf = (uri: string) => vscode.workspace.asRelativePath(vscode.Uri.parse(uri));

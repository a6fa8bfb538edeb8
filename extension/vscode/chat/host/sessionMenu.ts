import * as vscode from 'vscode';
import { count, flag, list, maybe, number, type Of, record, text } from '../messages/shape.ts';
import type { Run } from './serverCommands.ts';

const stored = record({
  path: text(),
  sessionId: maybe(text()),
  state: maybe(text()),
  current: maybe(flag),
  title: maybe(text()),
  firstWords: maybe(text()),
  modified: maybe(text()),
  size: maybe(count),
  messages: maybe(count),
  model: maybe(text()),
  totalTokens: maybe(number),
  cost: maybe(number),
});
type Stored = Of<typeof stored>;
const sessions = record({ sessions: list(stored) });
const forkPoints = record({ points: list(record({ entryId: text(), text: text() })) });
const forked = record({ sessionId: text(), text: maybe(text()) });
const made = record({ path: text() });
const nothing = record({});

type Row = vscode.QuickPickItem & { session?: Stored; act?: () => Promise<void> };

const buttons = {
  rename: { iconPath: new vscode.ThemeIcon('edit'), tooltip: 'Rename' },
  remove: { iconPath: new vscode.ThemeIcon('trash'), tooltip: 'Delete' },
  html: { iconPath: new vscode.ThemeIcon('export'), tooltip: 'Export as HTML' },
};

/** The conversations of the workspace: to search, to go on with, to fork, to rename, to delete, to export. */
export class SessionMenu {
  private readonly run: Run;
  private readonly prefill: (text: string) => void;

  constructor(run: Run, prefill: (text: string) => void) {
    this.run = run;
    this.prefill = prefill;
  }

  async show(): Promise<void> {
    const pick = vscode.window.createQuickPick<Row>();
    pick.title = 'Pi: conversations';
    pick.placeholder = 'Search by title or first words';
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    const fill = async () => {
      pick.busy = true;
      try {
        pick.items = this.rows((await this.run('pi.listSessions', undefined, sessions)).sessions);
      } finally {
        pick.busy = false;
      }
    };
    const failed = (error: unknown) => void vscode.window.showErrorMessage(`Pi: ${error instanceof Error ? error.message : String(error)}`);
    pick.onDidTriggerItemButton(({ item: { session }, button }) => {
      if (!session) return;
      const work =
        button === buttons.rename
          ? this.rename(session).then(() => this.show())
          : button === buttons.remove
            ? this.remove(session).then(fill)
            : this.exportHtml(session);
      void work.catch(failed);
    });
    pick.onDidAccept(() => {
      const [row] = pick.selectedItems;
      pick.hide();
      const work = row?.act ? row.act() : row?.session && !row.session.current ? this.resume(row.session) : Promise.resolve();
      void work.catch(failed);
    });
    pick.onDidHide(() => pick.dispose());
    pick.show();
    await fill();
  }

  async rename(session?: Stored): Promise<void> {
    const value = session?.title;
    const name = await vscode.window.showInputBox({ title: 'Pi: name of the conversation', value, ignoreFocusOut: true });
    if (name?.trim()) await this.run('pi.renameSession', { name: name.trim(), ...(session ? { path: session.path } : {}) }, nothing);
  }

  private async resume({ path, sessionId, state }: Stored): Promise<void> {
    if (sessionId && state && state !== 'stored') await this.run('pi.switchSession', { sessionId }, nothing);
    else await this.run('pi.resumeSession', { path }, nothing);
  }

  private async remove(session: Stored): Promise<void> {
    const name = titleOf(session);
    await this.run('pi.deleteSession', { path: session.path }, nothing);
    void vscode.window.showInformationMessage(`"${name}" was deleted.`, 'Bring It Back').then(async (chosen) => {
      if (chosen) await this.run('pi.restoreSession', { path: session.path }, nothing);
    });
  }

  private async exportHtml({ path }: Stored): Promise<void> {
    const target = await vscode.window.showSaveDialog({ filters: { HTML: ['html'] }, title: 'Export the conversation' });
    if (!target) return;
    const { path: written } = await this.run('pi.exportSession', { path, output: target.fsPath }, made);
    const chosen = await vscode.window.showInformationMessage(`Exported to ${written}.`, 'Open');
    if (chosen) await vscode.env.openExternal(vscode.Uri.file(written));
  }

  private async fork(): Promise<void> {
    const { points } = await this.run('pi.listForkPoints', {}, forkPoints);
    if (points.length === 0) return void vscode.window.showInformationMessage('There is no message yet to go back to.');
    const rows = points.map(({ entryId, text }) => ({
      label: text.split('\n', 1)[0].slice(0, 120),
      detail: text.includes('\n') ? text.slice(0, 300) : undefined,
      entryId,
    }));
    const chosen = await vscode.window.showQuickPick(rows.reverse(), {
      title: 'Pi: go back to which message?',
      placeHolder: 'A new conversation begins there; this one stays as it is, and so do your files',
    });
    if (!chosen) return;
    const { text: words } = await this.run('pi.forkSession', { entryId: chosen.entryId }, forked);
    if (words) this.prefill(words);
  }

  private rows(all: readonly Stored[]): Row[] {
    const rows: Row[] = [
      { label: '$(add) New conversation', alwaysShow: true, act: async () => void (await this.run('pi.newSession', undefined, nothing)) },
      { label: '$(repo-forked) Fork this one at an earlier message…', alwaysShow: true, act: () => this.fork() },
      { label: '$(copy) Copy this one', alwaysShow: true, act: async () => void (await this.run('pi.cloneSession', {}, nothing)) },
      { label: '', kind: vscode.QuickPickItemKind.Separator },
    ];
    for (const session of all) {
      const facts = [
        ago(session.modified),
        session.messages ? `${session.messages} messages` : undefined,
        session.cost ? `$${session.cost.toFixed(3)}` : undefined,
      ];
      rows.push({
        label: `${icon(session)} ${titleOf(session)}`,
        description: facts.filter(Boolean).join(' · '),
        detail: session.title ? session.firstWords : undefined,
        buttons: [buttons.rename, buttons.html, buttons.remove],
        session,
      });
    }
    return rows;
  }
}

const titleOf = ({ title, firstWords }: Stored) => title ?? firstWords?.split('\n', 1)[0].slice(0, 100) ?? 'Without a message yet';

function icon({ current, state }: Stored): string {
  if (state === 'running') return '$(loading~spin)';
  if (state === 'waiting') return '$(question)';
  return current ? '$(comment-discussion)' : '$(comment)';
}

function ago(modified: string | undefined): string | undefined {
  const at = modified === undefined ? Number.NaN : Date.parse(modified);
  if (Number.isNaN(at)) return undefined;
  const minutes = (at - Date.now()) / 60_000;
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (minutes > -60) return format.format(Math.round(minutes), 'minute');
  return minutes > -60 * 24 ? format.format(Math.round(minutes / 60), 'hour') : format.format(Math.round(minutes / 60 / 24), 'day');
}

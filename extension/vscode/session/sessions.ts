import * as vscode from 'vscode';
import { inform } from '../words/notices.ts';
import { withoutContext } from '../chat/model/prompts.ts';
import { showFailure } from '../words/failures.ts';
import type { Hub } from '../server/hub.ts';
import type { StoredSession } from '../protocol.ts';
import { showPi } from './terminal.ts';
import { firstLine } from '../words/short.ts';
import { ago, dollars, sessionTitle } from './words.ts';

type Row = vscode.QuickPickItem & { session?: StoredSession };

const button = (icon: string, tooltip: string): vscode.QuickInputButton => ({ iconPath: new vscode.ThemeIcon(icon), tooltip });
const RENAME = button('edit', 'Rename…');
const FORK = button('repo-forked', 'Fork from an earlier message…');
const EXPORT = button('export', 'Export as HTML…');
const TERMINAL = button('terminal', 'Resume in a terminal');
const DELETE = button('trash', 'Delete');

const STATES: Record<string, string> = { running: 'running', waiting: 'waits for you', idle: 'open', sleeping: 'open' };

/** The list of stored conversations: search by typing, resume by choosing, the rest by the buttons of a row. */
export class Sessions {
  private readonly hub: Hub;

  constructor(hub: Hub) {
    this.hub = hub;
  }

  async pick(): Promise<void> {
    const list = vscode.window.createQuickPick<Row>();
    list.title = 'Pi: sessions of this workspace';
    list.placeholder = 'Search by title, first words or model';
    list.matchOnDescription = list.matchOnDetail = true;
    list.busy = true;
    const fill = async () => {
      const { sessions } = await this.hub.run('pi.listSessions');
      list.items = rowsOf(sessions);
      list.busy = false;
    };
    list.onDidAccept(() => {
      const session = list.selectedItems[0]?.session;
      list.hide();
      if (session && !session.current) void this.resume(session).catch(showFailure);
    });
    list.onDidTriggerItemButton(({ item: { session }, button: pressed }) => {
      if (!session) return;
      // A question of ours takes the list's place; without one the list goes on.
      const work = this.workOf(pressed);
      void work?.(session).then(pressed === DELETE ? fill : undefined, showFailure);
    });
    list.onDidHide(() => list.dispose());
    list.show();
    await fill().catch((error) => {
      list.hide();
      throw error;
    });
  }

  async rename(session?: StoredSession): Promise<void> {
    const one = session ?? (await this.current());
    if (!one) return;
    const name = await vscode.window.showInputBox({
      title: 'Pi: name of the session',
      value: one.title ?? '',
      ignoreFocusOut: true,
      validateInput: (text) => (text.trim() ? undefined : 'A name, please'),
    });
    if (name?.trim()) await this.hub.run('pi.renameSession', { path: one.path, name: name.trim() });
  }

  /** Forks before an earlier message, whose words come into the chat's box; the session itself stays as it is. */
  async fork(session?: StoredSession): Promise<void> {
    if (session && !session.current) await this.resume(session);
    const { points } = await this.hub.run('pi.listForkPoints', {});
    if (points.length === 0) return void inform('There is no message yet to fork from.');
    const chosen = await vscode.window.showQuickPick(
      points.toReversed().map(({ entryId, text }) => ({ entryId, label: firstLine(withoutContext(text)) })),
      { title: 'Pi: fork before which message?', placeHolder: 'A new session begins with everything before it', matchOnDetail: true },
    );
    if (!chosen) return;
    const { text } = await this.hub.run('pi.forkSession', { entryId: chosen.entryId });
    if (text) await vscode.commands.executeCommand('_pilsp.prefill', withoutContext(text));
  }

  async export(session?: StoredSession): Promise<void> {
    const target = await vscode.window.showSaveDialog({ title: 'Export the session', filters: { HTML: ['html'] }, saveLabel: 'Export' });
    if (!target) return;
    const { path } = await this.hub.run('pi.exportSession', { ...(session ? { path: session.path } : {}), output: target.fsPath });
    const open = 'Open';
    const chosen = await inform(`Exported to ${path}.`, open);
    if (chosen === open) await vscode.env.openExternal(vscode.Uri.file(path));
  }

  private workOf(pressed: vscode.QuickInputButton): ((session: StoredSession) => Promise<void>) | undefined {
    if (pressed === RENAME) return (session) => this.rename(session);
    if (pressed === FORK) return (session) => this.fork(session);
    if (pressed === EXPORT) return (session) => this.export(session);
    if (pressed === TERMINAL) return (session) => this.terminal(session);
    return pressed === DELETE ? (session) => this.delete(session) : undefined;
  }

  private async resume({ path }: StoredSession): Promise<void> {
    await this.hub.run('pi.resumeSession', { path });
  }

  private async terminal({ path }: StoredSession): Promise<void> {
    showPi((await this.hub.run('pi.resumeCommand', { path })).arguments);
  }

  /** The file is moved aside, so there is a way back and no question before. */
  private async delete(session: StoredSession): Promise<void> {
    const { path } = await this.hub.run('pi.deleteSession', { path: session.path });
    const undo = 'Bring It Back';
    void inform(`Deleted: ${sessionTitle(session)}`, undo).then(async (chosen) => {
      if (chosen === undo) await this.hub.run('pi.restoreSession', { path }).catch(showFailure);
    });
  }

  private async current(): Promise<StoredSession | undefined> {
    const { sessions } = await this.hub.run('pi.listSessions');
    const one = sessions.find((session) => session.current);
    if (!one) void inform('No session is open.');
    return one;
  }
}

function rowsOf(sessions: readonly StoredSession[]): Row[] {
  if (sessions.length === 0) return [{ label: 'No session is stored for this workspace yet.' }];
  const row = (session: StoredSession): Row => ({
    session,
    label: `${session.current ? '$(check) ' : ''}${sessionTitle(session)}`,
    description: [
      session.forkedFrom && `fork of “${firstLine(session.forkedFrom, 40)}”`,
      STATES[session.state],
      session.modified && ago(Date.parse(session.modified), Date.now()),
    ]
      .filter(Boolean)
      .join(' · '),
    detail:
      [session.title ? firstLine(session.firstWords ?? '') : '', session.model, session.cost ? dollars(session.cost) : ''].filter(Boolean).join(' · ') ||
      undefined,
    buttons: [RENAME, FORK, EXPORT, TERMINAL, DELETE],
  });
  const open = sessions.filter((one) => one.state !== 'stored');
  const stored = sessions.filter((one) => one.state === 'stored');
  const group = (label: string, some: StoredSession[]): Row[] =>
    some.length > 0 ? [{ label, kind: vscode.QuickPickItemKind.Separator }, ...some.map(row)] : [];
  return [...group('Open', open), ...group('Stored', stored)];
}

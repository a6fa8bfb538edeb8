import * as vscode from 'vscode';
import { list, maybe, number, record, text } from '../shape.ts';
import type { Completion } from '../messages/chrome.ts';
import type { Parts } from './parts.ts';
import { filesLike } from './workspaceFiles.ts';

const resolved = record({ items: list(record({ title: text(), tokens: number, problem: maybe(text()) })) });
const mentions = record({ items: list(record({ path: text(), kind: maybe(text()), insert: text() })) });
const commandList = record({ commands: list(record({ name: text(), description: maybe(text()), hint: maybe(text()) })) });

/** What helps while a prompt is being written: suggestions, what mentions bring along, attachments. */
export class Drafting {
  private readonly parts: Pick<Parts, 'run' | 'context' | 'tell' | 'warn' | 'session'>;
  private resolving = 0;

  constructor(parts: Drafting['parts']) {
    this.parts = parts;
  }

  complete(id: string, kind: 'mention' | 'slash', query: string): Promise<void> {
    return this.quietly(this.completeNow(id, kind, query));
  }

  /** Shows what the mentions in the draft would bring along. */
  resolve(words: string): Promise<void> {
    return this.quietly(this.resolveNow(words));
  }

  private async completeNow(id: string, kind: 'mention' | 'slash', query: string): Promise<void> {
    const items = kind === 'mention' ? await this.mentions(query) : await this.slashes(query);
    this.parts.tell({ type: 'completions', id, items });
  }

  private async resolveNow(words: string): Promise<void> {
    const mine = ++this.resolving;
    const along = this.parts.context.now();
    if (!words.includes('@') && along.attachments === undefined) return this.parts.context.resolve([]);
    const { items } = await this.parts.run('pi.resolveContext', { prompt: words, ...along }, resolved);
    if (mine === this.resolving) this.parts.context.resolve(items);
  }

  async attach(): Promise<void> {
    const front = vscode.window.activeTextEditor?.document.uri;
    type Row = vscode.QuickPickItem & { uri?: vscode.Uri; add?: () => void };
    const rows: Row[] = [
      { label: '$(list-unordered) Names of the open files', add: () => this.parts.context.attachOpenFiles() },
      ...(front?.scheme === 'file'
        ? [{ label: `$(warning) Problems in ${vscode.workspace.asRelativePath(front)}`, add: () => this.parts.context.attachProblems(front) }]
        : []),
      { label: 'Files and pictures', kind: vscode.QuickPickItemKind.Separator },
      ...(await filesLike('', 400)).map((uri) => ({ label: vscode.workspace.asRelativePath(uri, false), uri })),
    ];
    const chosen = await vscode.window.showQuickPick(rows, { canPickMany: true, title: 'Pi: what goes along with the message', placeHolder: 'Search files' });
    for (const { uri, add } of chosen ?? []) {
      if (uri) this.parts.context.attach(uri);
      else add?.();
    }
    this.parts.tell({ type: 'focus' });
  }

  private async mentions(query: string): Promise<Completion[]> {
    const { items } = await this.parts.run('pi.completeMention', { prefix: query, limit: 12 }, mentions);
    return items.map(({ path, kind, insert }) => {
      const name = path.replace(/\/$/, '').split('/').at(-1) ?? path;
      // A folder is gone into by typing on.
      return { label: kind === 'folder' ? `${name}/` : name, detail: path, insert: kind === 'folder' ? insert : `${insert} ` };
    });
  }

  private async slashes(query: string): Promise<Completion[]> {
    const { commands } = await this.parts.run('pi.listCommands', this.parts.session(), commandList);
    const wanted = query.toLowerCase();
    const fits = commands.filter(({ name }) => name.toLowerCase().includes(wanted));
    const first = fits.filter(({ name }) => name.toLowerCase().startsWith(wanted));
    return [...new Set([...first, ...fits])].slice(0, 20).map(({ name, description, hint }) => ({
      label: `/${name}${hint ? ` ${hint}` : ''}`,
      detail: description ?? '',
      insert: `/${name} `,
    }));
  }

  /** What only helps while typing interrupts nobody when it fails. */
  private quietly(work: Promise<void>): Promise<void> {
    return work.catch((error: unknown) => this.parts.warn(error instanceof Error ? error.message : String(error)));
  }
}

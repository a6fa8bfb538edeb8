import * as vscode from 'vscode';
import { list, maybe, number, record, text } from '../shape.ts';
import { inform } from '../../words/notices.ts';
import type { Completion, KnownKind } from '../messages/chrome.ts';
import { KNOWN, knownText } from './known.ts';
import { secretsLast } from './order.ts';
import type { Parts } from './parts.ts';
import { filesLike } from './workspaceFiles.ts';

const resolved = record({ items: list(record({ title: text(), tokens: number, problem: maybe(text()) })) });
const mentions = record({ items: list(record({ path: text(), kind: maybe(text()), insert: text() })) });
const commandList = record({ commands: list(record({ name: text(), description: maybe(text()), hint: maybe(text()) })) });

/** So many files are offered before anything is typed: what is no file is in sight with them. */
const FEW = 6;
const KNOWN_KINDS: readonly KnownKind[] = ['problems', 'changes', 'terminal'];
const ICONS: Record<KnownKind, string> = { problems: '$(warning)', changes: '$(source-control)', terminal: '$(terminal)' };

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
    type Row = vscode.QuickPickItem & { uri?: vscode.Uri; add?: () => unknown };
    const rows: Row[] = [
      { label: '$(list-unordered) Names of the open files', add: () => this.parts.context.attachOpenFiles() },
      ...KNOWN_KINDS.map((kind) => ({ label: `${ICONS[kind]} ${KNOWN[kind].title}`, add: () => this.attachKnown(kind) })),
      ...(front?.scheme === 'file'
        ? [{ label: `$(warning) Problems in ${vscode.workspace.asRelativePath(front)}`, add: () => this.parts.context.attachProblems(front) }]
        : []),
      { label: 'Files and pictures', kind: vscode.QuickPickItemKind.Separator },
      ...(await filesLike('', 400)).map((uri) => ({ label: vscode.workspace.asRelativePath(uri, false), uri })),
    ];
    const chosen = await vscode.window.showQuickPick(rows, { canPickMany: true, title: 'Pi: add context to the message', placeHolder: 'Search files' });
    for (const { uri, add } of chosen ?? []) {
      if (uri) this.parts.context.attach(uri);
      else await add?.();
    }
    this.parts.tell({ type: 'focus' });
  }

  /** As a text of this moment. */
  async attachKnown(kind: KnownKind): Promise<void> {
    try {
      this.parts.context.attachKnown(kind, KNOWN[kind].title, await knownText(kind));
    } catch (error) {
      void inform(error instanceof Error ? error.message : String(error));
    }
  }

  private async mentions(query: string): Promise<Completion[]> {
    const { items } = await this.parts.run('pi.completeMention', { prefix: query, limit: 12 }, mentions);
    const known = KNOWN_KINDS.map((attach) => ({ label: KNOWN[attach].label, detail: KNOWN[attach].detail, insert: '', attach }));
    const offered = query === '' ? known : known.filter(({ label }) => label.slice(1).startsWith(query.toLowerCase()));
    const files = secretsLast(items, ({ path }) => path, query).map(({ path, kind, insert }) => {
      const name = path.replace(/\/$/, '').split('/').at(-1) ?? path;
      // A folder is gone into by typing on.
      return { label: kind === 'folder' ? `${name}/` : name, detail: path, insert: kind === 'folder' ? insert : `${insert} ` };
    });
    // Whoever has begun to type a name may mean either.
    return query === '' ? [...files.slice(0, FEW), ...offered] : [...offered, ...files];
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

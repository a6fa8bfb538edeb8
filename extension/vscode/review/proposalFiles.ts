import * as vscode from 'vscode';
import type { Hub } from '../hub.ts';
import type { Edit } from '../protocol.ts';
import { asWritten, carriedOver, isOwn } from './ownVersion.ts';

/** The scheme of proposed texts: `pi-proposal://<edit>/<path of the file>`. package.json names it too. */
export const PROPOSAL_SCHEME = 'pi-proposal';
const EMPTY = 'empty';

export const proposalUri = (edit: Edit) => {
  const file = vscode.Uri.parse(edit.uri);
  return vscode.Uri.from({ scheme: PROPOSAL_SCHEME, authority: edit.id, path: file.path.startsWith('/') ? file.path : `/${file.path}` });
};

/** The left side of a file that does not exist yet. */
export const emptyUri = (edit: Edit) => proposalUri(edit).with({ query: EMPTY });

interface Text {
  edit: Edit;
  /** What the server proposes; the user's own version is made from it. */
  proposed: string;
  /** The user's own version, once it is saved. */
  saved?: string;
  /** The proposal has moved in lines that the user has changed on the proposed side. */
  stale: boolean;
  changed: number;
}

/**
 * The proposed texts as editable documents. What the user writes into one is kept until the edit is decided, and is
 * carried along when the proposal moves because of typing on the other side.
 */
export class ProposalFiles implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly texts = new Map<string, Text>();
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  private readonly ownership = new vscode.EventEmitter<vscode.Uri>();
  private readonly registered: vscode.Disposable;
  readonly onDidChangeFile = this.changes.event;
  /** A document has become the user's own version, or has ceased to be one, or what is to be shown in it has changed. */
  readonly onChanged = this.ownership.event;

  constructor(hub: Hub) {
    this.registered = vscode.Disposable.from(
      vscode.workspace.registerFileSystemProvider(PROPOSAL_SCHEME, this, { isCaseSensitive: true }),
      hub.onEdits(({ edits }) => {
        for (const edit of edits) void this.follow(edit);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme === PROPOSAL_SCHEME) this.ownership.fire(document.uri);
      }),
    );
    for (const edit of hub.edits) void this.follow(edit);
  }

  editOf(uri: vscode.Uri): Edit | undefined {
    return uri.scheme === PROPOSAL_SCHEME && uri.query !== EMPTY ? this.texts.get(uri.authority)?.edit : undefined;
  }

  /** The text that the user has made of the proposal; undefined when it is as proposed. */
  ownVersion(edit: Edit): { text: string; stale: boolean } | undefined {
    const text = this.texts.get(edit.id);
    if (!text) return undefined;
    const mine = this.document(edit)?.getText() ?? text.saved;
    return mine !== undefined && isOwn(mine, text.proposed) ? { text: asWritten(mine, text.proposed), stale: text.stale } : undefined;
  }

  /** Back to what Pi proposes. */
  async dropOwnVersion(edit: Edit): Promise<void> {
    const text = this.texts.get(edit.id);
    if (!text) return;
    text.stale = false;
    text.saved = undefined;
    text.proposed = text.edit.newText;
    const document = this.document(edit);
    if (!document) return;
    await replace(document, text.proposed);
    await document.save();
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const text = this.find(uri);
    const permissions = uri.query === EMPTY || text.edit.status !== 'open' ? vscode.FilePermission.Readonly : undefined;
    return { type: vscode.FileType.File, ctime: 0, mtime: text.changed, size: this.readFile(uri).length, permissions };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    const text = this.find(uri);
    return new TextEncoder().encode(uri.query === EMPTY ? '' : (text.saved ?? text.proposed));
  }

  writeFile(uri: vscode.Uri, content: Uint8Array): void {
    const text = this.find(uri);
    if (uri.query === EMPTY) throw vscode.FileSystemError.NoPermissions(uri);
    const written = new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);
    text.saved = isOwn(written, text.proposed) ? written : undefined;
    text.changed++;
    this.ownership.fire(uri);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.registered.dispose();
    this.changes.dispose();
    this.ownership.dispose();
  }

  private find(uri: vscode.Uri): Text {
    const text = this.texts.get(uri.authority);
    if (!text) throw vscode.FileSystemError.FileNotFound(uri);
    return text;
  }

  private document(edit: Edit): vscode.TextDocument | undefined {
    const wanted = proposalUri(edit).toString();
    return vscode.workspace.textDocuments.find((one) => one.uri.toString() === wanted && !one.isClosed);
  }

  /** Takes over what the server says of an edit, under what the user has written into it. */
  private async follow(edit: Edit): Promise<void> {
    const text = this.texts.get(edit.id);
    const uri = proposalUri(edit);
    if (!text) {
      this.texts.set(edit.id, { edit, proposed: edit.newText, stale: false, changed: 1 });
      return;
    }
    text.edit = edit;
    if (edit.status !== 'open' || edit.newText === text.proposed) {
      this.ownership.fire(uri);
      return;
    }
    const document = this.document(edit);
    const mine = document?.getText() ?? text.saved;
    if (mine === undefined || !isOwn(mine, text.proposed)) {
      text.proposed = edit.newText;
      text.saved = undefined;
      text.changed++;
      this.changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    } else {
      const span = carriedOver(text.proposed, edit.newText, mine);
      text.stale = span === 'clash';
      if (span === 'clash') {
        // The user's version stays as it is; what becomes of it is asked when it is to be applied.
      } else {
        text.proposed = edit.newText;
        if (span && document) await replaceLines(document, span.from, span.to, span.lines);
        else if (span) text.saved = spliced(mine, span.from, span.to, span.lines);
      }
    }
    this.ownership.fire(uri);
  }
}

function spliced(text: string, from: number, to: number, lines: string[]): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const all = text.split(/\r\n|\r|\n/);
  all.splice(from, to - from, ...lines);
  return all.join(eol);
}

async function replaceLines(document: vscode.TextDocument, from: number, to: number, lines: string[]): Promise<void> {
  await replace(document, spliced(document.getText(), from, to, lines));
}

async function replace(document: vscode.TextDocument, text: string): Promise<void> {
  const change = new vscode.WorkspaceEdit();
  change.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text.replace(/^\uFEFF/, ''));
  await vscode.workspace.applyEdit(change);
}

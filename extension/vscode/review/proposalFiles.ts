import * as vscode from 'vscode';
import type { Hub } from '../server/hub.ts';
import type { Edit } from '../protocol.ts';
import { replaced } from './documents.ts';
import { isDecidable } from './places.ts';
import { LooseFiles } from './looseFiles.ts';
import { asWritten, carriedOver, isOwn, spliced } from './ownVersion.ts';

/** The scheme of proposed texts: `pi-proposal://<edit>.<server>/<path of the file>`. package.json names it too. */
export const PROPOSAL_SCHEME = 'pi-proposal';
const EMPTY = 'empty';
/** So long, in milliseconds, VS Code may take to load a text anew before one goes on without it. */
const LOADED_MS = 1_000;

interface Text {
  edit: Edit;
  /** What the server proposes. */
  proposed: string;
  /** What an open document showed when it was last untouched; the user's own version is made from that. */
  base: string;
  /** What VS Code has read of us, the latest last: one of these is what an untouched document shows. */
  served: string[];
  /** The user's own version, once it is saved. */
  saved?: string;
  /** The proposal has moved in lines that the user has changed on the proposed side. */
  stale: boolean;
  changed: number;
  /** The changes that follow the server, one after another. */
  moving: Promise<void>;
}

/**
 * The proposed texts as editable documents. What the user writes into one is kept until the edit is decided, and is
 * carried along when the proposal moves because of typing on the other side.
 */
export class ProposalFiles extends LooseFiles implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly texts = new Map<string, Text>();
  private readonly leaving = new Set<string>();
  /** Another server counts its edits from 1 again; what is left of the one before is not mistaken for its. */
  private generation = Date.now();
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  private readonly ownership = new vscode.EventEmitter<vscode.Uri>();
  private readonly registered: vscode.Disposable;
  readonly onDidChangeFile = this.changes.event;
  /** A document has become the user's own version, or has ceased to be one, or what is to be shown in it has changed. */
  readonly onChanged = this.ownership.event;

  constructor(hub: Hub) {
    super();
    this.registered = vscode.Disposable.from(
      vscode.workspace.registerFileSystemProvider(PROPOSAL_SCHEME, this, { isCaseSensitive: true }),
      hub.onServerState((state) => {
        if (state !== 'running') this.generation++;
      }),
      hub.onEdits(({ edits }) => {
        for (const edit of edits) this.follow(edit);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme === PROPOSAL_SCHEME) this.noticed(document);
      }),
    );
    for (const edit of hub.edits) this.follow(edit);
  }

  uriOf(edit: Edit): vscode.Uri {
    const { path } = vscode.Uri.parse(edit.uri);
    return vscode.Uri.from({ scheme: PROPOSAL_SCHEME, authority: this.keyOf(edit), path: path.startsWith('/') ? path : `/${path}` });
  }

  /** The left side of a file that does not exist yet. */
  emptyUriOf(edit: Edit): vscode.Uri {
    return this.uriOf(edit).with({ query: EMPTY });
  }

  /** Undefined also for what an earlier server has proposed. */
  editOf(uri: vscode.Uri): Edit | undefined {
    if (uri.scheme !== PROPOSAL_SCHEME || uri.query === EMPTY) return undefined;
    const edit = this.texts.get(uri.authority)?.edit;
    return edit && this.keyOf(edit) === uri.authority ? edit : undefined;
  }

  /** The text that the user has made of the proposal; undefined when it is as proposed. `stale`: it does not follow it any more. */
  ownVersion(edit: Edit): { text: string; stale: boolean } | undefined {
    const text = this.texts.get(this.keyOf(edit));
    if (!text) return undefined;
    const mine = this.mine(text);
    return mine !== undefined && isOwn(mine, text.base) ? { text: asWritten(mine, text.proposed), stale: text.stale } : undefined;
  }

  /** Back to what Pi proposes. */
  async dropOwnVersion(edit: Edit): Promise<void> {
    const text = this.texts.get(this.keyOf(edit));
    if (!text) return;
    text.stale = false;
    text.saved = undefined;
    text.proposed = text.base = text.edit.newText;
    text.changed++;
    const document = this.document(edit);
    if (!document) return;
    await replaced(document, text.proposed);
    await document.save();
  }

  /** Puts a text in place of some lines of the shown document, as if the user had typed it. */
  async putIn(edit: Edit, line: number, lines: number, text: string): Promise<void> {
    const document = this.document(edit);
    if (!document) return;
    const change = new vscode.WorkspaceEdit();
    change.replace(document.uri, new vscode.Range(line, 0, line + lines, 0), text);
    await vscode.workspace.applyEdit(change);
  }

  /** Resolves when the document has caught up with what the server has said. */
  async settled(edit: Edit): Promise<void> {
    await this.texts.get(this.keyOf(edit))?.moving;
  }

  /** Resolves when the open document shows what is proposed now, or what the user has made of it: VS Code loads it anew in its own time. */
  async shown(edit: Edit): Promise<void> {
    await this.settled(edit);
    const document = this.document(edit);
    const is = () => !document || document.isClosed || document.isDirty || !isOwn(document.getText(), this.texts.get(this.keyOf(edit))?.proposed ?? '');
    if (is()) return;
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(late);
        heard.dispose();
        resolve();
      };
      const late = setTimeout(end, LOADED_MS);
      const heard = vscode.workspace.onDidChangeTextDocument(() => is() && end());
    });
  }

  /** Of a decided edit that nothing shows any more. */
  forget(edit: Edit): void {
    this.texts.delete(this.keyOf(edit));
  }

  /** The text of a proposal that is over, saved nowhere, so that what shows it can be closed without a question. */
  async letGo(document: vscode.TextDocument): Promise<void> {
    const key = document.uri.authority;
    this.leaving.add(key);
    await document.save();
    this.leaving.delete(key);
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    if (this.leaving.has(uri.authority)) return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: 0 };
    const text = this.find(uri);
    const permissions = uri.query === EMPTY ? vscode.FilePermission.Readonly : undefined;
    return { type: vscode.FileType.File, ctime: 0, mtime: text.changed, size: this.readFile(uri).length, permissions };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    const text = this.find(uri);
    if (uri.query === EMPTY) return new Uint8Array();
    if (text.saved === undefined && text.served.at(-1) !== text.proposed) text.served = [...text.served.slice(-7), text.proposed];
    return new TextEncoder().encode(text.saved ?? text.proposed);
  }

  writeFile(uri: vscode.Uri, content: Uint8Array): void {
    const text = this.texts.get(uri.authority);
    if (!text && this.leaving.has(uri.authority)) return;
    if (!text) throw vscode.FileSystemError.NoPermissions('This proposal of Pi is over. Save the text as a file of its own, if you want to keep it.');
    if (uri.query === EMPTY) throw vscode.FileSystemError.NoPermissions(uri);
    const written = new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);
    text.saved = isOwn(written, text.base) ? written : undefined;
    text.changed++;
    this.ownership.fire(uri);
  }

  dispose(): void {
    this.registered.dispose();
    this.changes.dispose();
    this.ownership.dispose();
  }

  private keyOf(edit: Edit): string {
    return `${edit.id}.${this.generation}`;
  }

  private find(uri: vscode.Uri): Text {
    const text = this.texts.get(uri.authority);
    if (!text) throw vscode.FileSystemError.FileNotFound(uri);
    return text;
  }

  private document(edit: Edit): vscode.TextDocument | undefined {
    const wanted = this.uriOf(edit).toString();
    return vscode.workspace.textDocuments.find((one) => one.uri.toString() === wanted && !one.isClosed);
  }

  /** Takes over what the server says of an edit. */
  private follow(edit: Edit): void {
    const text = this.texts.get(this.keyOf(edit));
    if (!text) {
      // A decided one that is not shown is over.
      if (!isDecidable(edit)) return;
      this.texts.set(this.keyOf(edit), { edit, proposed: edit.newText, base: edit.newText, served: [], stale: false, changed: 1, moving: Promise.resolve() });
      return;
    }
    text.edit = edit;
    this.schedule(text);
  }

  /** One after another: while a document is being changed it is neither what it was nor what it is going to be. */
  private schedule(text: Text): void {
    text.moving = text.moving.then(() => this.move(text)).catch(() => {});
  }

  private noticed(document: vscode.TextDocument): void {
    const text = document.uri.query === EMPTY ? undefined : this.texts.get(document.uri.authority);
    if (!text) return;
    // That a document is dirty is told after its first change.
    const untouched = !document.isDirty && text.saved === undefined && text.served.find((one) => !isOwn(document.getText(), one));
    if (typeof untouched === 'string') text.base = untouched;
    // The user was quicker than the reload, which is left out then.
    else if (!text.stale && isOwn(text.base, text.proposed)) this.schedule(text);
    this.ownership.fire(document.uri);
  }

  /** The text that may be the user's own: a clean document shows ours, now or in a moment. */
  private mine(text: Text): string | undefined {
    const document = this.document(text.edit);
    return document?.isDirty ? document.getText() : text.saved;
  }

  /** Brings the proposal up to date under what the user has written into it. */
  private async move(text: Text): Promise<void> {
    const { edit } = text;
    const uri = this.uriOf(edit);
    if (isDecidable(edit) && (edit.newText !== text.proposed || isOwn(text.base, text.proposed))) {
      text.proposed = edit.newText;
      const document = this.document(edit);
      const mine = this.mine(text);
      if (mine !== undefined && isOwn(mine, text.base)) await this.carry(text, document, mine);
      else await this.show(text, document);
    }
    this.ownership.fire(uri);
  }

  private async carry(text: Text, document: vscode.TextDocument | undefined, mine: string): Promise<void> {
    const spans = carriedOver(text.base, text.proposed, mine);
    text.stale = spans === 'clash';
    // The user's version stays as it is then; what becomes of it is asked when it is to be applied.
    if (spans === 'clash') return;
    text.base = text.proposed;
    if (spans.length === 0) return;
    const moved = spliced(mine, spans);
    if (document) await replaced(document, moved);
    else text.saved = moved;
  }

  private async show(text: Text, document: vscode.TextDocument | undefined): Promise<void> {
    text.saved = undefined;
    text.stale = false;
    text.changed++;
    if (!document) text.base = text.proposed;
    if (document?.isDirty) {
      text.base = text.proposed;
      await replaced(document, text.proposed);
      await document.save();
    } else {
      this.changes.fire([{ type: vscode.FileChangeType.Changed, uri: this.uriOf(text.edit) }]);
    }
  }
}

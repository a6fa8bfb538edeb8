import * as vscode from 'vscode';
import type { Range } from '../../protocol.ts';
import type { Chip, KnownKind } from '../messages/chrome.ts';
import { isDocument, textAlong } from '../../asking/withoutFile.ts';
import type { Attachment } from '../model/conversation.ts';

/** An element of `attachments` of `pi.ask`. */
export type Attached =
  | { kind: 'file' | 'image'; uri: string }
  | { kind: 'image'; data: string; mimeType: string; name: string }
  | { kind: 'selection'; uri: string; range: Range }
  | { kind: 'text'; title: string; text: string }
  | { kind: 'diagnostics'; uri: string }
  | { kind: 'openFiles' };

export interface Along {
  textDocument?: { uri: string };
  range?: Range;
  attachments?: Attached[];
}

/** What the server makes of one part of the context, in the order in which it was named: the file in front, attachments, mentions. */
export interface Resolved {
  title: string;
  tokens: number;
  problem?: string;
}

const PICTURES = /\.(png|jpe?g|gif|webp)$/i;
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** What goes along with the next prompt: the file in front, with what is selected in it, and what the user has attached. */
export class Context implements vscode.Disposable {
  onChange: () => void = () => {};
  private readonly attached = new Map<string, { chip: Chip; wire: Attached }>();
  private resolved: readonly Resolved[] = [];
  /** The file in front that the user has left out. */
  private without: string | undefined;
  private readonly watching: vscode.Disposable;

  constructor() {
    this.watching = vscode.Disposable.from(
      vscode.window.onDidChangeActiveTextEditor(() => this.onChange()),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor === vscode.window.activeTextEditor) this.onChange();
      }),
    );
  }

  dispose(): void {
    this.watching.dispose();
  }

  chips(): Chip[] {
    const own = this.own();
    const known = own.map((chip, i) => {
      const { problem, tokens } = this.resolved[i] ?? {};
      return { ...chip, detail: problem ?? (tokens ? `${chip.detail} (some ${tokens} tokens)` : chip.detail), problem: problem !== undefined };
    });
    const mentioned = this.resolved.slice(own.length).map(({ title, tokens, problem }, i) => ({
      id: `m${i}`,
      kind: 'file' as const,
      label: nameOf(title),
      detail: problem ?? `${title} (some ${tokens} tokens)`,
      fixed: true,
      problem: problem !== undefined,
    }));
    return [...known, ...mentioned];
  }

  /** What the next prompt would take along. */
  now(): Along {
    const editor = this.editor();
    const text = editor && textAlong(editor);
    const attachments = [...(text ? [text] : []), ...[...this.attached.values()].map(({ wire }) => wire)];
    const rest = attachments.length > 0 ? { attachments } : {};
    if (!editor || text) return rest;
    const { document, selection } = editor;
    const range = selection.isEmpty || this.isAttached(editor) ? {} : { range: plain(selection) };
    return { textDocument: { uri: document.uri.toString() }, ...range, ...rest };
  }

  /** Takes it: what was attached is used up by one prompt. */
  take(): { along: Along; shown: Attachment[] } {
    const shown = this.chips().map(({ kind, label }) => ({ kind, label }));
    const along = this.now();
    this.attached.clear();
    this.resolved = [];
    this.onChange();
    return { along, shown };
  }

  /** What the server has said to `now()` and the mentions of the draft. */
  resolve(resolved: readonly Resolved[]): void {
    if (resolved.length === 0 && this.resolved.length === 0) return;
    this.resolved = resolved;
    this.onChange();
  }

  attach(uri: vscode.Uri): void {
    const path = vscode.workspace.asRelativePath(uri, false);
    const kind = PICTURES.test(path) ? ('image' as const) : ('file' as const);
    this.add(`f${uri.toString()}`, { kind, label: nameOf(path), detail: path }, { kind, uri: uri.toString() });
  }

  attachPicture(name: string, mimeType: string, data: string): void {
    this.add(`p${this.attached.size}-${name}`, { kind: 'image', label: name, detail: name }, { kind: 'image', data, mimeType, name });
  }

  attachText(name: string, text: string, how = 'as it was dropped here'): void {
    this.add(`t${this.attached.size}-${name}`, { kind: 'file', label: name, detail: `${name}, ${how}` }, { kind: 'text', title: name, text });
  }

  /** What is selected, by its lines: the text is that of the moment when it is sent. Of what is no file it is that of now. */
  attachSelection(editor: vscode.TextEditor): void {
    const text = textAlong(editor);
    if (text) {
      this.attachText(text.title, text.text, 'as it is now');
      return;
    }
    const {
      document: { uri },
      selection,
    } = editor;
    const path = vscode.workspace.asRelativePath(uri, false);
    const lines = `${selection.start.line + 1}-${lastLine(selection) + 1}`;
    this.add(
      selectionId(uri, selection),
      { kind: 'selection', label: `${nameOf(path)}:${lines}`, detail: `${path}, lines ${lines}` },
      { kind: 'selection', uri: uri.toString(), range: plain(selection) },
    );
  }

  attachProblems(uri: vscode.Uri): void {
    const path = vscode.workspace.asRelativePath(uri, false);
    this.add(`d${uri.toString()}`, { kind: 'diagnostics', label: `Problems in ${nameOf(path)}`, detail: path }, { kind: 'diagnostics', uri: uri.toString() });
  }

  /** What is no file, as a text of this moment; the same again takes its place. */
  attachKnown(what: KnownKind, title: string, text: string): void {
    const kind = { problems: 'diagnostics', changes: 'changes', terminal: 'other' } as const;
    const lines = text.split('\n').length;
    this.add(
      `k${what}`,
      { kind: kind[what], label: title, detail: `${title}, ${lines} ${lines === 1 ? 'line' : 'lines'}, as it is now` },
      { kind: 'text', title, text },
    );
  }

  attachOpenFiles(): void {
    this.add('open', { kind: 'other', label: 'Open files', detail: 'The names of all open files' }, { kind: 'openFiles' });
  }

  detach(id: string): void {
    if (id === 'editor') this.without = vscode.window.activeTextEditor?.document.uri.toString();
    else this.attached.delete(id);
    this.resolved = [];
    this.onChange();
  }

  private add(id: string, chip: { kind: Chip['kind']; label: string; detail: string }, wire: Attached): void {
    this.attached.set(id, { chip: { id, ...chip, fixed: false, problem: false }, wire });
    this.resolved = [];
    this.onChange();
  }

  private own(): Chip[] {
    const chips: Chip[] = [];
    const editor = this.editor();
    if (editor) {
      const { document, selection } = editor;
      // What is selected goes along once: where it was added by itself, the file in front is only named.
      const isNamed = selection.isEmpty || this.isAttached(editor);
      const lines = isNamed ? '' : `:${selection.start.line + 1}-${lastLine(selection) + 1}`;
      const whole = document.uri.scheme === 'file' ? 'Pi is told that it is open' : 'Pi gets its text, since it is no file';
      const detail = `${vscode.workspace.asRelativePath(document.uri)}: ${isNamed ? whole : 'Pi gets the selected lines'}`;
      const kind = isNamed ? 'file' : 'selection';
      chips.push({ id: 'editor', kind, label: `${nameOf(document.uri.path)}${lines}`, detail, fixed: false, problem: false });
    }
    return [...chips, ...[...this.attached.values()].map(({ chip }) => chip)];
  }

  private isAttached({ document: { uri }, selection }: vscode.TextEditor): boolean {
    return this.attached.has(selectionId(uri, selection));
  }

  private editor(): vscode.TextEditor | undefined {
    const editor = vscode.window.activeTextEditor;
    if (!editor || !(isDocument(editor.document.uri) || textAlong(editor))) return undefined;
    if (editor.document.uri.toString() === this.without) return undefined;
    this.without = undefined;
    return editor;
  }
}

const selectionId = (uri: vscode.Uri, selection: vscode.Selection) => `s${uri.toString()}#${selection.start.line + 1}-${lastLine(selection) + 1}`;

const plain = ({ start, end }: vscode.Selection): Range => ({
  start: { line: start.line, character: start.character },
  end: { line: end.line, character: end.character },
});

/** A selection that ends before the first character of a line does not have that line. */
const lastLine = ({ start, end }: vscode.Selection) => (end.character === 0 && end.line > start.line ? end.line - 1 : end.line);

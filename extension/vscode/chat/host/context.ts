import * as vscode from 'vscode';
import type { Range } from '../../protocol.ts';
import type { Chip } from '../messages/toView.ts';
import type { Attachment } from '../model/conversation.ts';

export interface Along {
  textDocument?: { uri: string };
  range?: Range;
  /** Further files, by their path in the workspace. */
  files: string[];
  attachments: Attachment[];
}

/** What goes along with the next prompt: the file in front, with what is selected in it, and what the user has attached. */
export class Context implements vscode.Disposable {
  onChange: () => void = () => {};
  private readonly files = new Map<string, vscode.Uri>();
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
    const chips: Chip[] = [];
    const editor = this.editor();
    if (editor) {
      const { document, selection } = editor;
      const name = document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1);
      const lines = selection.isEmpty ? '' : `:${selection.start.line + 1}-${lastLine(selection) + 1}`;
      const detail = `${vscode.workspace.asRelativePath(document.uri)}: ${selection.isEmpty ? 'Pi is told that it is open' : 'Pi gets the selected lines'}`;
      chips.push({ id: 'editor', kind: selection.isEmpty ? 'file' : 'selection', label: `${name}${lines}`, detail, fixed: false });
    }
    for (const [id, uri] of this.files) {
      const path = vscode.workspace.asRelativePath(uri, false);
      chips.push({ id, kind: 'file', label: path.slice(path.lastIndexOf('/') + 1), detail: path, fixed: false });
    }
    return chips;
  }

  /** What the next prompt takes along; what was attached is used up by it. */
  take(): Along {
    const attachments = this.chips().map(({ kind, label }) => ({ kind, label }));
    const editor = this.editor();
    const files = [...this.files.values()].map((uri) => vscode.workspace.asRelativePath(uri, false));
    this.files.clear();
    this.onChange();
    if (!editor) return { files, attachments };
    const { document, selection } = editor;
    const { start, end } = selection;
    const range = { start: { line: start.line, character: start.character }, end: { line: end.line, character: end.character } };
    return { textDocument: { uri: document.uri.toString() }, ...(selection.isEmpty ? {} : { range }), files, attachments };
  }

  attach(uri: vscode.Uri): void {
    this.files.set(`f${uri.toString()}`, uri);
    this.onChange();
  }

  detach(id: string): void {
    if (id === 'editor') this.without = vscode.window.activeTextEditor?.document.uri.toString();
    else this.files.delete(id);
    this.onChange();
  }

  private editor(): vscode.TextEditor | undefined {
    const editor = vscode.window.activeTextEditor;
    if (!editor || !['file', 'untitled'].includes(editor.document.uri.scheme)) return undefined;
    if (editor.document.uri.toString() === this.without) return undefined;
    this.without = undefined;
    return editor;
  }
}

/** A selection that ends before the first character of a line does not have that line. */
const lastLine = ({ start, end }: vscode.Selection) => (end.character === 0 && end.line > start.line ? end.line - 1 : end.line);

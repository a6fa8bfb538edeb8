import type * as vscode from 'vscode';

/** An attachment of `pi.ask`: a text that the server cannot look up. */
export interface TextAlong {
  kind: 'text';
  title: string;
  text: string;
}

/** What the server has as a document: files, and buffers that are not saved yet. */
export const isDocument = ({ scheme }: vscode.Uri) => scheme === 'file' || scheme === 'untitled';

/** Views whose whole text is what the user looks at. Of any other (an output channel, a log) only what is selected is meant. */
const READ = /^(git|gitfs|gitlens.*|review|pr|vscode-notebook-cell|vscode-vfs|vscode-local-history)$/;

/**
 * The text in front that has no file (a revision of git's, a cell of a notebook): no path leads the agent there, so it goes
 * along as text. Nothing for what the server has itself.
 */
export function textAlong({ document, selection }: Pick<vscode.TextEditor, 'document' | 'selection'>): TextAlong | undefined {
  const { scheme, path } = document.uri;
  if (isDocument(document.uri) || scheme.startsWith('pi-') || scheme.startsWith('pilsp') || (!READ.test(scheme) && selection.isEmpty)) return undefined;
  const name = path.slice(path.lastIndexOf('/') + 1) || scheme;
  const what = scheme === 'vscode-notebook-cell' ? `A cell of ${name}` : `${name} (${scheme}:)`;
  const lines = selection.isEmpty ? '' : `, lines ${selection.start.line + 1}-${selection.end.line + 1}`;
  return {
    kind: 'text',
    title: `${what}${lines}, which is no file and cannot be edited here`,
    text: document.getText(selection.isEmpty ? undefined : selection),
  };
}

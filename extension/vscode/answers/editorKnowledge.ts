import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { KnownDiagnostic, KnownLocation, KnownSymbol, Position } from '../protocol.ts';

/** More than this no model reads; the server shows fewer. */
const MOST = 500;

/**
 * Answers Pi's questions about the code from what VS Code's other language servers know (`pi/editor/*`). Nothing is
 * shown for it. Null says that nothing is known.
 */
export function answerFromEditor(client: LanguageClient): void {
  const on = <P, R>(what: string, answer: (params: P, token: vscode.CancellationToken) => Promise<R | null>) =>
    client.onRequest(`pi/editor/${what}`, (params: P, token: vscode.CancellationToken) => answer(params, token));
  on('diagnostics', diagnostics);
  on('definition', (params: At) => locations('vscode.executeDefinitionProvider', params));
  on('references', (params: At) => locations('vscode.executeReferenceProvider', params));
  on('hover', hover);
  on('symbols', symbols);
}

interface At {
  uri: string;
  position: Position;
}

/** Language servers look at open documents only. */
async function open(uri: string): Promise<vscode.TextDocument> {
  return vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
}

async function diagnostics(
  { uri, version, waitMs }: { uri?: string; version?: number; waitMs: number },
  token: vscode.CancellationToken,
): Promise<{ items: KnownDiagnostic[] }> {
  if (uri === undefined) {
    const all = vscode.languages.getDiagnostics().filter(([of]) => of.scheme === 'file' || of.scheme === 'untitled');
    return { items: all.flatMap(([of, some]) => some.map((one) => asKnown(of, one))).slice(0, MOST) };
  }
  const known = vscode.workspace.textDocuments.some((one) => one.uri.toString() === vscode.Uri.parse(uri).toString());
  const document = await open(uri);
  // VS Code does not say which version diagnostics are for: those that come after the change are for it, or for a later one.
  if (version !== undefined || !known) await nextDiagnostics(document.uri, waitMs, token);
  return {
    items: vscode.languages
      .getDiagnostics(document.uri)
      .slice(0, MOST)
      .map((one) => asKnown(document.uri, one)),
  };
}

function nextDiagnostics(uri: vscode.Uri, waitMs: number, token: vscode.CancellationToken): Promise<void> {
  return new Promise((resolve) => {
    const own = () => JSON.stringify(vscode.languages.getDiagnostics(uri).filter((one) => one.source !== 'pi'));
    const before = own();
    const done = () => {
      clearTimeout(timer);
      heard.dispose();
      cancelled.dispose();
      resolve();
    };
    const timer = setTimeout(done, waitMs);
    const cancelled = token.onCancellationRequested(done);
    // Our own marks on the changes move at once and say nothing about the code.
    const heard = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      if (uris.some((one) => one.toString() === uri.toString()) && own() !== before) done();
    });
  });
}

const SEVERITIES = {
  [vscode.DiagnosticSeverity.Error]: 1,
  [vscode.DiagnosticSeverity.Warning]: 2,
  [vscode.DiagnosticSeverity.Information]: 3,
  [vscode.DiagnosticSeverity.Hint]: 4,
};

function asKnown(uri: vscode.Uri, { range, severity, message, source, code }: vscode.Diagnostic): KnownDiagnostic {
  const plainCode = typeof code === 'object' ? code.value : code;
  return {
    uri: uri.toString(),
    range: plain(range),
    severity: SEVERITIES[severity],
    message,
    ...(source ? { source } : {}),
    ...(plainCode === undefined ? {} : { code: plainCode }),
  };
}

async function locations(command: string, { uri, position }: At): Promise<{ locations: KnownLocation[] } | null> {
  const document = await open(uri);
  const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[] | undefined>(command, document.uri, place(position));
  if (!found) return null;
  const listed = found.slice(0, MOST).map((one) => ('targetUri' in one ? { uri: one.targetUri, range: one.targetSelectionRange ?? one.targetRange } : one));
  return { locations: listed.map((one) => ({ uri: one.uri.toString(), range: plain(one.range) })) };
}

async function hover({ uri, position }: At): Promise<{ text: string } | null> {
  const document = await open(uri);
  const found = await vscode.commands.executeCommand<vscode.Hover[] | undefined>('vscode.executeHoverProvider', document.uri, place(position));
  const texts = (found ?? [])
    .flatMap((one) => one.contents)
    .map((one) => (typeof one === 'string' ? one : 'language' in one ? `\`\`\`${one.language}\n${one.value}\n\`\`\`` : one.value));
  const text = texts.filter((one) => one.trim() !== '').join('\n\n');
  return text === '' ? null : { text };
}

async function symbols({ uri, query }: { uri?: string; query?: string }): Promise<{ symbols: KnownSymbol[] } | null> {
  if (uri === undefined) {
    const found = await vscode.commands.executeCommand<vscode.SymbolInformation[] | undefined>('vscode.executeWorkspaceSymbolProvider', query ?? '');
    return found ? { symbols: found.slice(0, MOST).map(asSymbol) } : null;
  }
  const document = await open(uri);
  const found = await vscode.commands.executeCommand<(vscode.DocumentSymbol | vscode.SymbolInformation)[] | undefined>(
    'vscode.executeDocumentSymbolProvider',
    document.uri,
  );
  if (!found) return null;
  const flat = found.flatMap((one) => ('location' in one ? [asSymbol(one)] : flattened(one, document.uri)));
  return { symbols: flat.slice(0, MOST) };
}

// LSP counts the kinds of symbols from 1, VS Code from 0.
function asSymbol({ name, kind, location, containerName }: vscode.SymbolInformation): KnownSymbol {
  return { name, kind: kind + 1, uri: location.uri.toString(), range: plain(location.range), ...(containerName ? { container: containerName } : {}) };
}

function flattened({ name, kind, selectionRange, children }: vscode.DocumentSymbol, uri: vscode.Uri, container?: string): KnownSymbol[] {
  const own = { name, kind: kind + 1, uri: uri.toString(), range: plain(selectionRange), ...(container ? { container } : {}) };
  return [own, ...children.flatMap((child) => flattened(child, uri, name))];
}

const place = ({ line, character }: Position) => new vscode.Position(line, character);
const plain = ({ start, end }: vscode.Range) => ({
  start: { line: start.line, character: start.character },
  end: { line: end.line, character: end.character },
});

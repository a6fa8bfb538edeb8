// What the tests in the extension host do again and again, in the words of the tests.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Edit, Status } from '../../../extension/vscode/protocol.ts';
import { outside, until } from './testing.ts';

type Step = Record<string, unknown>;
/** A pair of texts: what stands there, what is to stand there. */
type Pair = [string, string];

export const calls = (...toolCalls: { name: string; arguments: object }[]): Step => ({ toolCalls });
export const says = (text: string): Step => ({ text });
export const edit = (path: string, ...pairs: Pair[]) => ({
  name: 'edit',
  arguments: { path, edits: pairs.map(([oldText, newText]) => ({ oldText, newText })) },
});
export const bash = (command: string) => ({ name: 'bash', arguments: { command } });

/** What the model answers to this prompt, one step for each of its turns. */
export const script = (prompt: string, ...steps: Step[]) => outside('script', ...steps.map((one) => ({ match: prompt, ...one })));

export const run = <T = void>(command: string, ...args: unknown[]) => vscode.commands.executeCommand<T>(command, ...args) as Promise<T>;
export const edits = async (): Promise<Edit[]> => (await run<{ edits: Edit[] }>('pi.listEdits')).edits;
export const status = () => run<Status>('pi.status');
export const openEdits = async () => (await edits()).filter((one) => one.status === 'open');

export const uriOf = (name: string) => vscode.Uri.joinPath((vscode.workspace.workspaceFolders as vscode.WorkspaceFolder[])[0].uri, name);

/** Shows a file with this text, unsaved. */
export async function show(name: string, text: string): Promise<vscode.TextEditor> {
  await vscode.workspace.fs.writeFile(uriOf(name), Buffer.from(''));
  const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uriOf(name)), { preview: false });
  await editor.edit((change) => change.insert(new vscode.Position(0, 0), text));
  return editor;
}

export function select(editor: vscode.TextEditor, from: [number, number], to: [number, number] = from): void {
  editor.selection = new vscode.Selection(...from, ...to);
}

let proposed = 0;

/** Starts a run that proposes these changes of the file; resolves when the edit waits. */
export async function propose(name: string, ...pairs: Pair[]): Promise<{ open: Edit; finished: Promise<void> }> {
  // No step that another test has left over fits it.
  const prompt = `change ${name} now (${++proposed})`;
  await script(prompt, calls(edit(name, ...pairs)), says('Done.'));
  const before = new Set((await edits()).map((one) => one.id));
  const finished = run('pilsp.ask', prompt);
  const open = await until(`an edit of ${name}`, async () => (await openEdits()).find((one) => !before.has(one.id)));
  return { open, finished };
}

/** The text that the user sees as proposed, when the diff is in front. */
export async function proposedInFront(): Promise<vscode.TextEditor> {
  return until('the diff in front', () => (vscode.window.activeTextEditor?.document.uri.scheme === 'pi-proposal' ? vscode.window.activeTextEditor : undefined));
}

/** The results of the model's tools, as it was told them in its newest request. */
export const told = () => outside<string[]>('told');
export async function assertTold(pattern: RegExp): Promise<void> {
  const texts = await told();
  assert.ok(
    texts.some((text) => pattern.test(text)),
    `the model was told ${pattern}; it was told ${JSON.stringify(texts)}`,
  );
}

/** Nothing of one test reaches the next. */
export async function tidy(): Promise<void> {
  await run('workbench.action.closeQuickOpen');
  for (const terminal of vscode.window.terminals) terminal.dispose();
  if (vscode.extensions.getExtension('pilsp.pilsp')?.isActive) {
    await run('pi.abort').catch(() => {});
    await until('the end of the run', async () => (await status()).state !== 'running');
    await run('pilsp.newSession');
  }
  for (const document of vscode.workspace.textDocuments.filter((one) => one.isDirty)) {
    await vscode.window.showTextDocument(document);
    await run('workbench.action.revertAndCloseActiveEditor');
  }
  await run('workbench.action.closeAllEditors');
  await run('notifications.clearAll');
}

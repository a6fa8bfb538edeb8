import { execFile } from 'node:child_process';
import * as vscode from 'vscode';
import { short } from '../../words/short.ts';
import type { KnownKind } from '../messages/chrome.ts';
import { problemLines } from './problemLines.ts';

/** More than so many characters of one of these no model should read at once. */
const MOST = 100_000;

export const KNOWN: Record<KnownKind, { label: string; title: string; detail: string }> = {
  problems: { label: '@problems', title: 'Problems in the workspace', detail: 'All problems of the workspace' },
  changes: { label: '@changes', title: 'Changes in git', detail: 'What git has as changed, as a diff' },
  terminal: { label: '@terminal', title: 'Output of the terminal', detail: 'What the terminal in front shows' },
};

/** What goes along with a message and is no file, as a text of this moment. Rejects with a sentence where there is none. */
export async function knownText(what: KnownKind): Promise<string> {
  const text = await { problems, changes, terminal }[what]();
  return what === 'terminal' ? lastPart(text) : short(text, MOST, '\n… the rest is left out');
}

/** Of a terminal the end is what is meant. */
function lastPart(text: string): string {
  if (text.length <= MOST) return text;
  const from = text.indexOf('\n', text.length - MOST);
  return `… what is before is left out\n${text.slice(from + 1)}`;
}

async function problems(): Promise<string> {
  const all = vscode.languages.getDiagnostics().filter(([uri]) => uri.scheme === 'file' || uri.scheme === 'untitled');
  const lines = all.flatMap(([uri, some]) => problemLines(vscode.workspace.asRelativePath(uri), some));
  if (lines.length === 0) throw new Error('There is no problem in the workspace.');
  return lines.join('\n');
}

async function changes(): Promise<string> {
  if (!vscode.workspace.isTrusted) throw new Error('Trust this folder before git is asked what has changed in it.');
  const folders = vscode.workspace.workspaceFolders ?? [];
  const texts = await Promise.all(folders.map(({ uri }) => gitChanges(uri.fsPath)));
  const text = texts.filter((one) => one !== '').join('\n');
  if (text === '') throw new Error('Git has nothing as changed here.');
  return text;
}

/** Nothing that a repository names is run for it: no pager, no filter for text, no program that compares. */
async function gitChanges(cwd: string): Promise<string> {
  const git = (...args: string[]) =>
    new Promise<string>((resolve, reject) => {
      const all = ['-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false', '--no-optional-locks', ...args];
      execFile('git', all, { cwd, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
        if (error) reject(new Error(stderr.trim().split('\n').at(-1) || error.message));
        else resolve(stdout);
      });
    });
  const [status, diff] = await Promise.all([
    git('status', '--short', '--untracked-files=normal', '.'),
    git('diff', '--no-color', '--no-ext-diff', '--no-textconv', '--relative', 'HEAD').catch(() =>
      git('diff', '--no-color', '--no-ext-diff', '--no-textconv', '--relative', '--cached'),
    ),
  ]);
  return [status, diff].filter((one) => one.trim() !== '').join('\n');
}

/** There is no way to read a terminal but over the clipboard, which has what it had afterwards. */
async function terminal(): Promise<string> {
  if (!vscode.window.activeTerminal) throw new Error('There is no terminal to take the output of.');
  const before = await vscode.env.clipboard.readText();
  try {
    await vscode.commands.executeCommand('workbench.action.terminal.selectAll');
    await vscode.commands.executeCommand('workbench.action.terminal.copySelection');
    await vscode.commands.executeCommand('workbench.action.terminal.clearSelection');
    const text = (await vscode.env.clipboard.readText()).replace(/[ \t]+$/gm, '').trim();
    if (text === '') throw new Error('The terminal shows nothing.');
    return text;
  } finally {
    await vscode.env.clipboard.writeText(before);
  }
}

import * as vscode from 'vscode';
import { reluctance } from './order.ts';

/** Paths as a model writes them: relative to a folder of the workspace, or absolute inside one. Nothing outside is looked at. */
function inWorkspace(path: string): vscode.Uri[] {
  const clean = path.replaceAll('\\', '/');
  return (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri: folder }) => {
    const absolute = clean.startsWith('/') || /^[a-z]:\//i.test(clean);
    const uri = absolute ? folder.with({ path: clean.startsWith('/') ? clean : `/${clean}` }) : vscode.Uri.joinPath(folder, clean);
    const root = folder.path.endsWith('/') ? folder.path : `${folder.path}/`;
    // joinPath has resolved `..`; an absolute path has not been.
    return uri.path.startsWith(root) && !uri.path.split('/').includes('..') ? [uri] : [];
  });
}

async function fileAt(path: string): Promise<vscode.Uri | undefined> {
  for (const uri of inWorkspace(path)) {
    try {
      const { type } = await vscode.workspace.fs.stat(uri);
      if (type & vscode.FileType.File) return uri;
    } catch {
      // There is none.
    }
  }
  return undefined;
}

/** Those of the paths that are files of the workspace. */
export async function existing(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(async (path) => ((await fileAt(path)) ? path : null)));
  return found.filter((path) => path !== null);
}

/** @param line from 1 */
export async function openFile(path: string, line?: number): Promise<boolean> {
  const uri = await fileAt(path);
  if (!uri) return false;
  const at = line === undefined ? undefined : new vscode.Position(Math.max(0, line - 1), 0);
  await vscode.window.showTextDocument(uri, { preview: true, ...(at ? { selection: new vscode.Range(at, at) } : {}) });
  return true;
}

/** Files whose path has these letters in this order, the open ones first. */
export async function filesLike(query: string, most: number): Promise<vscode.Uri[]> {
  const open = vscode.window.tabGroups.all.flatMap((group) => group.tabs).flatMap((tab) => (tab.input instanceof vscode.TabInputText ? [tab.input.uri] : []));
  const letters = [...query.replace(/[^\p{L}\p{N}._/-]/gu, '')].slice(0, 60);
  const pattern = new RegExp(letters.map((letter) => letter.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')).join('.*'), 'iu');
  const name = letters.join('').split('/').at(-1) ?? '';
  const glob =
    name === '' ? '**/*' : `**/*${[...name].map((letter) => (/\p{L}/u.test(letter) ? `[${letter.toLowerCase()}${letter.toUpperCase()}]` : letter)).join('*')}*`;
  const found = await vscode.workspace.findFiles(glob, undefined, 400);
  const seen = new Set<string>();
  return [...open, ...found]
    .filter((uri) => {
      const path = vscode.workspace.asRelativePath(uri, false);
      if (uri.scheme !== 'file' || seen.has(uri.toString()) || !pattern.test(path)) return false;
      seen.add(uri.toString());
      return true;
    })
    .map((uri) => ({ uri, rank: rank(vscode.workspace.asRelativePath(uri, false), query) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ uri }) => uri);
}

/** What is likely not meant, last; a name that begins so, then one that has it in it, then the shortest. */
function rank(path: string, query: string): number {
  const [name, wanted] = [path.slice(path.lastIndexOf('/') + 1).toLowerCase(), query.toLowerCase()];
  const at = name.indexOf(wanted);
  const hidden = wanted.startsWith('.') ? 0 : reluctance(path) * 10_000;
  return hidden + (at === 0 ? 0 : at > 0 ? 1_000 : path.toLowerCase().includes(wanted) ? 2_000 : 3_000) + path.length;
}

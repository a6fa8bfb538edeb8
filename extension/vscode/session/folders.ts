import * as vscode from 'vscode';
import type { Status } from '../protocol.ts';

type Folders = Pick<Status, 'folder' | 'folders'>;

const same = (a: string, b: string) => vscode.Uri.parse(a).toString() === vscode.Uri.parse(b).toString();

/** As the workbench calls it. */
export function nameOfFolder(uri: string): string {
  const parsed = vscode.Uri.parse(uri);
  return vscode.workspace.workspaceFolders?.find((one) => one.uri.toString() === parsed.toString())?.name ?? parsed.path.split('/').at(-1) ?? uri;
}

/** Of the folder in which the session works; undefined where there is only one, which needs no name. */
export const folderName = (status: Folders | undefined): string | undefined =>
  status?.folders && status.folders.length > 1 && status.folder ? nameOfFolder(status.folder) : undefined;

/** The folder of the file in front, where there are several to choose from. */
export function folderInFront(status: Folders | undefined): string | undefined {
  const document = vscode.window.activeTextEditor?.document;
  const folder = document && vscode.workspace.getWorkspaceFolder(document.uri);
  return folder && status?.folders?.find((one) => same(one, folder.uri.toString()));
}

/** One of them, which begins at the present one. */
export async function chooseFolder(status: Folders): Promise<string | undefined> {
  const rows = (status.folders ?? []).map((uri) => ({
    uri,
    label: nameOfFolder(uri),
    description: [same(uri, status.folder) ? 'this session' : '', uri === folderInFront(status) ? 'the file in front' : ''].filter(Boolean).join(' · '),
  }));
  return (await vscode.window.showQuickPick(rows, { title: 'Pi: new session in which folder?' }))?.uri;
}

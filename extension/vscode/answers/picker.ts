import * as vscode from 'vscode';
import type { PickItem, PickParams, PickResult } from '../protocol.ts';
import { pickRows } from './pickRows.ts';

type Row = vscode.QuickPickItem & { id?: string; all?: true };

/** Of a dialog of an extension of Pi: an answer that is none, which lets the extension go on. */
export const REFUSE: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('circle-slash'), tooltip: 'Give no answer' };

/** The server's choice as VS Code's: groups, the few that matter first, a search over everything. */
export function pick({ title, items, sessionId }: PickParams, token?: vscode.CancellationToken): Promise<PickResult | null> {
  return new Promise((resolve) => {
    const list = vscode.window.createQuickPick<Row>();
    let all = !items.some((item) => item.primary);
    const show = () => {
      list.items = pickRows(items, all || list.value !== '').map(asRow);
    };
    const finish = (result: PickResult | null) => {
      resolve(result);
      list.hide();
    };
    list.title = `Pi: ${title}`;
    list.placeholder = all ? 'Type to search' : 'Type to search everything';
    list.matchOnDescription = list.matchOnDetail = list.ignoreFocusOut = true;
    list.onDidChangeValue(show);
    list.onDidAccept(() => {
      const [row] = list.selectedItems;
      if (row?.all) {
        all = true;
        show();
      } else if (row?.id !== undefined) {
        if (title === 'Model') void vscode.commands.executeCommand('setContext', 'pilsp.modelPicked', true);
        finish({ id: row.id });
      }
    });
    // What an extension of Pi asks is put aside by closing it, and only refused by saying so.
    if (sessionId !== undefined) list.buttons = [REFUSE];
    list.onDidTriggerButton(() => finish(null));
    list.onDidHide(() => {
      resolve(sessionId === undefined ? null : { later: true });
      list.dispose();
    });
    token?.onCancellationRequested(() => finish(null));
    show();
    list.show();
  });
}

function asRow(row: ReturnType<typeof pickRows>[number]): Row {
  if (row.kind === 'group') return { label: row.label, kind: vscode.QuickPickItemKind.Separator };
  if (row.kind === 'all') return { label: `$(list-flat) Show all ${row.count}`, all: true, alwaysShow: true };
  const { id, label, detail }: PickItem = row.item;
  return { id, label, description: detail };
}

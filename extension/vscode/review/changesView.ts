import * as vscode from 'vscode';
import type { Hub } from '../server/hub.ts';
import type { Edit } from '../protocol.ts';
import { asDiff, headline, openOnes, type Place, placesOf, size, waits } from './places.ts';

type Node = { edit: Edit } | Place;

const isPlace = (node: Node): node is Place => 'hunk' in node;

/** The tree of what waits: files, and in them the changes. Its badge counts the files. */
export class ChangesView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly hub: Hub;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly view: vscode.TreeView<Node>;
  private readonly registered: vscode.Disposable;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(hub: Hub) {
    this.hub = hub;
    this.view = vscode.window.createTreeView('pilsp.changes', { treeDataProvider: this, showCollapseAll: true });
    this.registered = vscode.Disposable.from(
      this.view,
      this.changed,
      hub.onEdits(() => this.refresh()),
    );
    this.refresh();
  }

  get visible(): boolean {
    return this.view.visible;
  }

  getChildren(node?: Node): Node[] {
    if (!node) return openOnes(this.hub.edits).map((edit) => ({ edit }));
    return isPlace(node) ? [] : placesOf(node.edit);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const { edit } = node;
    if (isPlace(node)) {
      const item = new vscode.TreeItem(headline(node.hunk));
      const clashes = node.hunk.fate === 'clashed';
      item.id = `${edit.id}/${node.hunk.id}`;
      item.description = `line ${node.hunk.range.start.line + 1} · ${clashes ? 'clashes with what you typed' : size([node.hunk])}`;
      item.tooltip = new vscode.MarkdownString().appendCodeblock(asDiff(node.hunk), 'diff');
      item.iconPath = new vscode.ThemeIcon(
        clashes ? 'warning' : node.hunk.oldText === '' ? 'diff-added' : node.hunk.newText === '' ? 'diff-removed' : 'diff-modified',
      );
      item.contextValue = clashes ? 'clash' : 'change';
      item.command = { title: 'Show', command: 'pilsp.showChange', arguments: [edit.id, node.hunk.id] };
      return item;
    }
    const uri = vscode.Uri.parse(edit.uri);
    const item = new vscode.TreeItem(uri, vscode.TreeItemCollapsibleState.Expanded);
    const folder = vscode.workspace.asRelativePath(uri).split('/').slice(0, -1).join('/');
    item.id = edit.id;
    item.iconPath = edit.careful ? new vscode.ThemeIcon('warning') : vscode.ThemeIcon.File;
    if (edit.careful) item.tooltip = `Careful: ${edit.careful}`;
    item.description = [folder, edit.hunks.length === 0 ? 'empty file' : size(edit.hunks.filter(waits)), edit.careful].filter(Boolean).join('  ');
    item.contextValue = 'edit';
    item.command = { title: 'Show', command: 'pilsp.showChange', arguments: [edit.id] };
    return item;
  }

  getParent(node: Node): Node | undefined {
    return isPlace(node) ? { edit: node.edit } : undefined;
  }

  dispose(): void {
    this.registered.dispose();
  }

  private refresh(): void {
    const open = openOnes(this.hub.edits).length;
    this.view.badge = open > 0 ? { value: open, tooltip: open === 1 ? '1 edit waits for you' : `${open} edits wait for you` } : undefined;
    this.changed.fire();
  }
}

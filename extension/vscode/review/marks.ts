import * as vscode from 'vscode';
import type { Hub } from '../server/hub.ts';
import { ghostsOf } from './ghosts.ts';
import { asDiff, lineCount, openOnes, type Place, placesOf } from './places.ts';

/**
 * What the file itself shows where a change waits: a bar in the margin, a spot in the ruler, what goes struck through, what comes as
 * a ghost behind it, and the whole change as a hover.
 */
export class Marks implements vscode.Disposable {
  private readonly hub: Hub;
  private readonly change: Mark;
  private readonly clash: Mark;
  private readonly gone = vscode.window.createTextEditorDecorationType({
    textDecoration: 'line-through',
    backgroundColor: new vscode.ThemeColor('diffEditor.removedTextBackground'),
    border: '1px solid',
    borderColor: new vscode.ThemeColor('diffEditor.removedTextBorder'),
  });
  /** Words behind a row stay where they are while one types in it. */
  private readonly comes = vscode.window.createTextEditorDecorationType({ rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed });
  private readonly registered: vscode.Disposable;

  constructor(hub: Hub, extension: vscode.Uri) {
    this.hub = hub;
    const media = vscode.Uri.joinPath(extension, 'extension', 'vscode', 'media');
    this.change = mark(vscode.Uri.joinPath(media, 'mark.svg'), 'charts.blue', 'Pi wants to change these lines');
    this.clash = mark(vscode.Uri.joinPath(media, 'mark-clash.svg'), 'charts.yellow', 'Pi wanted to change these lines, and you have changed them meanwhile');
    this.registered = vscode.Disposable.from(
      this.change.type,
      this.clash.type,
      this.gone,
      this.comes,
      hub.onEdits(() => this.draw()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.draw()),
    );
  }

  dispose(): void {
    this.registered.dispose();
  }

  private draw(): void {
    const open = openOnes(this.hub.edits);
    for (const editor of vscode.window.visibleTextEditors) {
      // A side of a diff is in no column; there the diff itself shows what changes.
      const shown = editor.viewColumn === undefined ? [] : open;
      const wanted = editor.document.uri.toString();
      const places = shown.filter((edit) => vscode.Uri.parse(edit.uri).toString() === wanted).flatMap(placesOf);
      for (const { type, words } of [this.change, this.clash]) {
        const own = places.filter(({ hunk }) => (hunk.fate === 'clashed') === (type === this.clash.type));
        editor.setDecorations(
          type,
          own.map((place) => ({ range: linesOf(place), hoverMessage: hover(place, words) })),
        );
      }
      const rows = places.flatMap(({ hunk }) => ghostsOf(hunk)).filter(({ line }) => line < editor.document.lineCount);
      editor.setDecorations(
        this.gone,
        rows.flatMap(({ line, gone }) => (gone && gone.to > gone.from ? [new vscode.Range(line, gone.from, line, gone.to)] : [])),
      );
      editor.setDecorations(
        this.comes,
        rows.flatMap(({ line, comes }) => (comes === undefined ? [] : [{ range: editor.document.lineAt(line).range, renderOptions: { after: ghost(comes) } }])),
      );
    }
  }
}

const ghost = (contentText: string): vscode.ThemableDecorationAttachmentRenderOptions => ({
  contentText,
  margin: '0 0 0 3ch',
  color: new vscode.ThemeColor('editor.foreground'),
  backgroundColor: new vscode.ThemeColor('diffEditor.insertedTextBackground'),
  border: '1px solid',
  borderColor: new vscode.ThemeColor('diffEditor.insertedTextBorder'),
  fontStyle: 'italic',
});

interface Mark {
  type: vscode.TextEditorDecorationType;
  words: string;
}

function mark(icon: vscode.Uri, color: string, words: string): Mark {
  const type = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
    gutterIconPath: icon,
    gutterIconSize: 'contain',
    overviewRulerColor: new vscode.ThemeColor(color),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
  });
  return { type, words };
}

function linesOf({ hunk }: Place): vscode.Range {
  const first = hunk.range.start.line;
  return new vscode.Range(first, 0, first + Math.max(1, lineCount(hunk.oldText)) - 1, 0);
}

function hover(place: Place, words: string): vscode.MarkdownString {
  const { edit, hunk } = place;
  const text = new vscode.MarkdownString('', true);
  const link = (title: string, command: string) => `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([edit.id, hunk.id]))})`;
  const ways = [link('$(diff-single) Open diff', 'pilsp.showChange'), link('$(discard) Reject', 'pilsp.rejectChange')];
  if (hunk.fate !== 'clashed') ways.unshift(link('$(check) Apply', 'pilsp.applyChange'));
  text.isTrusted = { enabledCommands: ['pilsp.applyChange', 'pilsp.rejectChange', 'pilsp.showChange'] };
  text.appendText(words).appendCodeblock(asDiff(hunk), 'diff').appendMarkdown(ways.join('  ·  '));
  return text;
}

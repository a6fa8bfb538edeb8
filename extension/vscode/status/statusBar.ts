import * as vscode from 'vscode';
import type { Hub } from '../server/hub.ts';
import { openOnes } from '../review/places.ts';
import { isUnavailable } from './problems.ts';
import { type BarState, barText, details, summary } from './words.ts';

const LINKS: [string, string][] = [
  ['Review', 'pilsp.review'],
  ['Model', 'pilsp.pickModel'],
  ['Thinking', 'pilsp.pickThinking'],
  ['Permission', 'pilsp.permissionMode'],
  ['New session', 'pilsp.newSession'],
  ['Log', 'pilsp.showLog'],
];

/** State, model, thinking level, context and what waits, at the bottom; a click opens the menu. Keeps the context keys too. */
export class StatusBar implements vscode.Disposable {
  private readonly hub: Hub;
  private readonly item = vscode.window.createStatusBarItem('pilsp.status', vscode.StatusBarAlignment.Right, 100);
  private readonly registered: vscode.Disposable;
  private questions = 0;

  constructor(hub: Hub) {
    this.hub = hub;
    this.item.name = 'Pi';
    this.item.command = 'pilsp.menu';
    const draw = () => this.draw();
    this.registered = vscode.Disposable.from(
      this.item,
      hub.onServerState(draw),
      hub.onStatus(draw),
      hub.onEdits(draw),
      hub.onQuestions((questions) => {
        this.questions = questions;
        draw();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(draw),
    );
    this.draw();
    this.item.show();
  }

  dispose(): void {
    this.registered.dispose();
  }

  private draw(): void {
    const { hub } = this;
    const state: BarState = {
      server: hub.serverState,
      status: hub.status,
      openEdits: openOnes(hub.edits).length,
      questions: this.questions,
      trusted: vscode.workspace.isTrusted,
    };
    this.item.text = barText(state);
    this.item.accessibilityInformation = { label: summary(state) };
    const failed = state.server === 'failed' || state.status?.state === 'failed' || isUnavailable(state.status);
    const waits = state.openEdits + state.questions > 0;
    this.item.backgroundColor = failed
      ? new vscode.ThemeColor('statusBarItem.errorBackground')
      : waits
        ? new vscode.ThemeColor('statusBarItem.warningBackground')
        : undefined;
    this.item.tooltip = tooltip(state);
    const set = (key: string, value: unknown) => void vscode.commands.executeCommand('setContext', `pilsp.${key}`, value);
    set('openEdits', state.openEdits);
    set('running', state.status?.state === 'running');
    set('serverState', state.server);
    set('hasModel', state.status?.model !== undefined);
    set('available', state.status?.availability?.state === 'ready' || state.status?.gate !== undefined);
  }
}

function tooltip(state: BarState): vscode.MarkdownString {
  const text = new vscode.MarkdownString('', true);
  text.isTrusted = { enabledCommands: LINKS.map(([, command]) => command) };
  text.appendMarkdown('**').appendText(summary(state)).appendMarkdown('**\n\n');
  const rows = details(state);
  if (rows.length > 0) {
    text.appendMarkdown('| | |\n|---|---|\n');
    for (const [name, value] of rows) text.appendMarkdown(`| ${name} | `).appendText(value.replace(/\s+/g, ' ')).appendMarkdown(' |\n');
    text.appendMarkdown('\n');
  }
  const links = LINKS.filter(([, command]) => command !== 'pilsp.review' || state.openEdits > 0);
  text.appendMarkdown(links.map(([title, command]) => `[${title}](command:${command})`).join(' · '));
  return text;
}

import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { Hub } from '../server/hub.ts';
import type { SignInParams } from '../protocol.ts';

const FOLLOW = 'pilsp.followSignIn';

interface Note {
  report(message: string): void;
  end(): void;
}

/**
 * What a sign-in needs of the user, in one notification that stands as long as the sign-in goes on: an ordinary one could not be
 * taken away, and would go on showing a code that is good for nothing. Owned by main.ts.
 */
export class SignInNotes implements vscode.Disposable {
  private readonly notes = new Map<string, Note>();
  private readonly disposables: vscode.Disposable[];
  /** What the link in the note leads to. */
  private page: { url?: string; code?: string } | undefined;

  constructor(hub: Hub) {
    this.disposables = [
      vscode.commands.registerCommand(FOLLOW, () => this.follow()),
      hub.onServerState((state) => {
        if (state !== 'running') this.endAll();
      }),
    ];
  }

  wire(client: LanguageClient): void {
    client.onNotification('pi/signIn', (params: SignInParams) => this.accept(params));
  }

  /** The user's own sign-in, which can be cancelled where it is shown. */
  async during<T>(provider: string, name: string, work: (token: vscode.CancellationToken) => Promise<T>): Promise<T> {
    const options = { location: vscode.ProgressLocation.Notification, title: `Signing in to ${name}`, cancellable: true };
    return vscode.window.withProgress(options, async (progress, token) => {
      this.notes.set(provider, { report: (message) => progress.report({ message }), end: () => {} });
      try {
        return await work(token);
      } finally {
        this.notes.delete(provider);
      }
    });
  }

  dispose(): void {
    this.endAll();
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private accept({ provider, kind, url, code, message }: SignInParams): void {
    if (kind === 'ended') {
      this.end(provider);
      return;
    }
    if (kind === 'address' && url) void vscode.env.openExternal(vscode.Uri.parse(url));
    // News is not worth the place of an address or a code.
    if (kind === 'progress' && this.page) return;
    if (kind !== 'progress') this.page = { url, code };
    const text = wordsFor(kind, url, code) ?? message;
    if (text) this.noteOf(provider).report(text);
  }

  /** One that was begun elsewhere, such as by a slash command in the chat, gets its note with its first words. */
  private noteOf(provider: string): Note {
    const found = this.notes.get(provider);
    if (found) return found;
    const options = { location: vscode.ProgressLocation.Notification, title: `Signing in to ${provider}` };
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const shown = new Promise<vscode.Progress<{ message?: string }>>((resolve) => {
      void vscode.window.withProgress(options, (progress) => {
        resolve(progress);
        return ended;
      });
    });
    const note: Note = { report: (message) => void shown.then((progress) => progress.report({ message })), end };
    this.notes.set(provider, note);
    return note;
  }

  private end(provider: string): void {
    this.notes.get(provider)?.end();
    this.notes.delete(provider);
    if (this.notes.size === 0) this.page = undefined;
  }

  private endAll(): void {
    for (const provider of [...this.notes.keys()]) this.end(provider);
  }

  private async follow(): Promise<void> {
    const { url, code } = this.page ?? {};
    if (code) await vscode.env.clipboard.writeText(code);
    if (url) await vscode.env.openExternal(vscode.Uri.parse(url));
  }
}

/** The link in it is one that notifications understand. */
function wordsFor(kind: SignInParams['kind'], url: string | undefined, code: string | undefined): string | undefined {
  if (kind === 'code' && code) return `enter the code ${code} – [${url ? 'Copy It and Open the Page' : 'Copy It'}](command:${FOLLOW})`;
  if (kind === 'address' && url) return `continue in the browser – [Open the Page Again](command:${FOLLOW})`;
  return undefined;
}

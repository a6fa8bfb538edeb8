import * as vscode from 'vscode';
import { inform, warn } from '../words/notices.ts';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { Confirmer } from '../server/hub.ts';
import { pick, REFUSE } from './picker.ts';
import { inNotification, shown } from '../words/shown.ts';
import type { ConfirmParams, ConfirmResult, InputParams, InputResult, PickParams, SaveParams } from '../protocol.ts';

const REVIEW = 'Review';

/**
 * Asks about a tool in a notification: it waits in its corner, takes no focus and blocks nothing. It cannot be taken down again, so
 * whoever answers one that is void hears that.
 */
export class NotificationQuestions implements Confirmer {
  private readonly isSeen: (question: ConfirmParams) => boolean;

  /** @param isSeen whether the question is in front of the user anyway */
  constructor(isSeen: (question: ConfirmParams) => boolean) {
    this.isSeen = isSeen;
  }

  canAsk(question: ConfirmParams): boolean {
    return !this.isSeen(question);
  }

  async ask(question: ConfirmParams, token: vscode.CancellationToken): Promise<ConfirmResult> {
    const ways: Record<string, ConfirmResult> = question.stagedEdits > 0 ? { 'Apply Edits, Then Allow': { allow: true, landFirst: true } } : {};
    ways.Allow = { allow: true };
    ways.Reject = { allow: false };
    if (question.stagedEdits === 0 && question.always !== undefined) ways['Always Allow'] = { allow: true, always: true };
    const { line, isWhole } = inNotification(question);
    const tail = `: ${line}${staged(question.stagedEdits)}`;
    const wants = `Pi wants to ${question.private === undefined ? 'run ' : ''}${question.tool}`;
    // Nothing is allowed by what was not shown: first all of it is opened.
    let seen = isWhole;
    for (;;) {
      const chosen = seen
        ? await warn(`${wants}${isWhole ? '' : ', all of which is open beside this'}${tail}`, ...Object.keys(ways))
        : await warn(`${wants}; you can allow it when you have seen all of it${tail}`, REVIEW, 'Reject');
      if (token.isCancellationRequested) {
        if (chosen) void inform(`Pi does not wait for this answer any more: the question about ${question.tool} is settled.`);
        return { allow: false };
      }
      // A note that was closed is put aside: the question goes on standing in the chat.
      if (chosen === undefined) return new Promise(() => {});
      if (chosen !== REVIEW) return ways[chosen] ?? { allow: false };
      await showText(question);
      seen = true;
    }
  }
}

function staged(edits: number): string {
  if (edits === 0) return '';
  return edits === 1 ? ' – it would not see 1 edit that waits' : ` – it would not see ${edits} edits that wait`;
}

const QUESTION_SCHEME = 'pi-question';
const texts = new Map<string, string>();

/** What a tool is about to do, as a document to look at. */
export const questionTexts = () =>
  vscode.workspace.registerTextDocumentContentProvider(QUESTION_SCHEME, { provideTextDocumentContent: (uri) => texts.get(uri.authority) ?? '' });

async function showText({ tool, toolCallId, what }: ConfirmParams): Promise<void> {
  const id = toolCallId.replace(/[^\w-]/g, '-');
  texts.set(id, shown(what));
  const document = await vscode.workspace.openTextDocument(
    vscode.Uri.from({ scheme: QUESTION_SCHEME, authority: id, path: `/${tool.replace(/[^\w.-]/g, '-')}${tool === 'bash' ? '.sh' : ''}` }),
  );
  await vscode.window.showTextDocument(document, { preview: true, preserveFocus: true });
}

/** Answers the server's requests that need a picker, a field, or VS Code's saving. */
export function answerRequests(client: LanguageClient): void {
  client.onRequest('pi/pick', (params: PickParams, token: vscode.CancellationToken) => pick(params, token));
  client.onRequest('pi/input', (params: InputParams, token: vscode.CancellationToken) => input(params, token));
  client.onRequest('pi/save', (params: SaveParams) => save(params));
}

function input({ title, placeholder, value, secret, sessionId }: InputParams, token: vscode.CancellationToken): Promise<InputResult | null> {
  return new Promise((resolve) => {
    const box = vscode.window.createInputBox();
    const finish = (result: InputResult | null) => {
      resolve(result);
      box.hide();
    };
    Object.assign(box, { title: `Pi: ${title}`, placeholder, value: value ?? '', password: secret === true, ignoreFocusOut: true });
    // As of a choice: closed is put aside.
    if (sessionId !== undefined) box.buttons = [REFUSE];
    box.onDidTriggerButton(() => finish(null));
    box.onDidAccept(() => finish({ value: box.value }));
    box.onDidHide(() => {
      resolve(sessionId === undefined ? null : { later: true });
      box.dispose();
    });
    token.onCancellationRequested(() => finish(null));
    box.show();
  });
}

async function save({ uris }: SaveParams): Promise<null> {
  const wanted = new Set(uris.map((uri) => vscode.Uri.parse(uri).toString()));
  const documents = vscode.workspace.textDocuments.filter((one) => wanted.has(one.uri.toString()) && one.isDirty);
  await Promise.all(documents.map((one) => one.save()));
  return null;
}

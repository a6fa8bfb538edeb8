import * as vscode from 'vscode';
import type { Asking } from './asking/asking.ts';
import type { ChatView } from './chat/host/chatView.ts';
import type { Choices } from './session/choices.ts';
import { checkAvailability } from './status/availability.ts';
import { showFailure } from './words/failures.ts';
import type { Hub } from './server/hub.ts';
import { showMenu } from './status/menu.ts';
import type { Providers } from './accounts/providers.ts';
import type { Review, Subject } from './review/review.ts';
import type { RunDiffs } from './review/runDiffs.ts';
import type { PiServer } from './server/server.ts';
import type { Sessions } from './session/sessions.ts';
import { showPi } from './session/terminal.ts';

export interface Parts {
  hub: Hub;
  server: PiServer;
  review: Review;
  asking: Asking;
  choices: Choices;
  sessions: Sessions;
  providers: Providers;
  chat: ChatView;
  runs: RunDiffs;
  log: vscode.LogOutputChannel;
}

/** All commands of package.json, by the part that does the work. */
export function registerCommands({ hub, server, review, asking, choices, sessions, providers, chat, runs, log }: Parts): vscode.Disposable[] {
  const on = (name: string, work: (...args: never[]) => unknown) =>
    vscode.commands.registerCommand(`pilsp.${name}`, async (...args: unknown[]) => {
      try {
        return await work(...(args as never[]));
      } catch (error) {
        showFailure(error);
        return undefined;
      }
    });
  return [
    on('ask', (prompt?: unknown) => asking.ask(prompt)),
    on('askAboutSelection', () => asking.aboutSelection()),
    on('editSelection', () => asking.editSelection()),
    on('fixProblems', (uri?: vscode.Uri, diagnostics?: vscode.Diagnostic[]) => asking.fixProblems(uri, Array.isArray(diagnostics) ? diagnostics : undefined)),
    on('addToChat', (uri?: unknown, uris?: unknown) => chat.attach(urisOf(uri, uris))),
    on('find', () => chat.find()),
    on('review', () => review.show()),
    on('showChange', (subject: Subject, hunkId?: string) => review.show(subject, hunkId)),
    on('applyChange', (subject: Subject, hunkId?: unknown) => review.applyChange(subject, text(hunkId))),
    on('rejectChange', (subject: Subject, hunkId?: unknown) => review.rejectChange(subject, text(hunkId))),
    on('applyEdit', (subject: Subject) => review.applyEdit(subject)),
    on('rejectEdit', (subject: Subject, reason?: unknown) => review.rejectEdit(subject, text(reason))),
    on('rejectEditWithReason', (subject: Subject) => review.rejectWithReason(subject)),
    on('applyAll', () => review.applyAll()),
    on('rejectAll', () => review.rejectAll()),
    on('nextChange', () => review.go(1)),
    on('previousChange', () => review.go(-1)),
    on('remark', (subject: Subject, line?: number) => review.remark(subject, typeof line === 'number' ? line : undefined)),
    on('putInProposed', (subject: Subject, hunkId?: string) => review.putInProposed(subject, text(hunkId))),
    on('dropOwnVersion', (subject: Subject) => review.dropOwnVersion(subject)),
    on('pickModel', () => choices.pickModel()),
    on('pickThinking', () => choices.pickThinking()),
    on('permissionMode', () => choices.permissionMode()),
    on('checkAvailability', () => checkAvailability(hub)),
    on('sessions', () => sessions.pick()),
    on('renameSession', () => sessions.rename()),
    on('forkSession', () => sessions.fork()),
    on('exportSession', () => sessions.export()),
    on('newSession', () => choices.newSession()),
    on('newSessionInFolder', () => choices.newSessionInFolder()),
    on('stop', () => choices.stop()),
    on('undoRun', (runId?: unknown) => choices.undoRun(text(runId))),
    on('reviewRun', (runId: string) => runs.show(runId)),
    on('showLanded', (editId: string) => review.showLanded(editId)),
    on('compact', () => choices.compact()),
    on('askAgain', () => choices.askAgain()),
    on('allowances', () => choices.allowances()),
    on('status', () => choices.status()),
    on('menu', () => showMenu(hub)),
    on('showLog', () => log.show()),
    on('restart', () => server.restart()),
    on('providers', () => providers.manage()),
    on('setApiKey', (provider?: unknown) => providers.setKey(text(provider))),
    on('signIn', (provider?: unknown) => providers.signIn(text(provider))),
    on('signOut', () => providers.signOut()),
    on('openTerminal', () => showPi()),
    on('openSettings', () => vscode.commands.executeCommand('workbench.action.openSettings', '@ext:pilsp.pilsp')),
    on('openWalkthrough', () => vscode.commands.executeCommand('workbench.action.openWalkthrough', 'pilsp.pilsp#start', false)),
  ];
}

/** Lenses and the chat hand texts over; menus hand over whatever VS Code has. */
const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** The explorer hands over the file that was clicked and all that are selected; a tab its file and something else. */
function urisOf(uri: unknown, uris: unknown): vscode.Uri[] {
  const all = Array.isArray(uris) ? uris : [uri];
  return all.filter((one) => one instanceof vscode.Uri);
}

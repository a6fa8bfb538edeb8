import * as vscode from 'vscode';
import { ApiKeys } from './accounts/apiKeys.ts';
import { Asking, fixActions } from './asking/asking.ts';
import { ChangeActions } from './review/changeActions.ts';
import { ChangesView } from './review/changesView.ts';
import { registerChat } from './chat/register.ts';
import { Choices } from './session/choices.ts';
import { registerCommands } from './commands.ts';
import { answerFromEditor } from './answers/editorKnowledge.ts';
import { LiveHub } from './server/liveHub.ts';
import { Providers } from './accounts/providers.ts';
import { answerRequests, NotificationQuestions, questionTexts } from './answers/questions.ts';
import { redacting } from './words/redact.ts';
import { closeOrphans, isDiffInFront } from './review/diffs.ts';
import { FileLenses, ProposalLenses } from './review/lenses.ts';
import { Leftovers } from './review/leftovers.ts';
import { Marks } from './review/marks.ts';
import { OtherDecisions } from './review/otherDecisions.ts';
import { ProposalFiles } from './review/proposalFiles.ts';
import { Remarks } from './review/remarks.ts';
import { Review } from './review/review.ts';
import { Round } from './review/round.ts';
import { RunDiffs } from './review/runDiffs.ts';
import { Settling } from './review/settling.ts';
import { PiServer } from './server/server.ts';
import { Sessions } from './session/sessions.ts';
import { sectionFor } from './server/settings.ts';
import { SignInNotes } from './accounts/signInNotes.ts';
import { StatusBar } from './status/statusBar.ts';
import { WaitingNote } from './status/waitingNote.ts';

let running: PiServer | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = redacting(vscode.window.createOutputChannel('Pi', { log: true }), () => keys.values);
  const keys: ApiKeys = new ApiKeys(context.secrets, log);
  const server: PiServer = new PiServer({
    context,
    log,
    section: () => sectionFor({ trusted: vscode.workspace.isTrusted, inspect: (key) => vscode.workspace.getConfiguration('pi').inspect(key) }),
    wire: (client) => {
      hub.wire(client);
      answerRequests(client);
      answerFromEditor(client);
      signIns.wire(client);
    },
    started: (client) => keys.handOver(client),
    executeCommand: (command, args, next) => others.run(command, args, next),
  });
  running = server;
  const hub: LiveHub = new LiveHub(server);
  const files = new ProposalFiles(hub);
  const round = new Round();
  // Before whoever shows where one is in it.
  context.subscriptions.push(hub.onEdits(() => round.follow(hub.edits)));
  const remarks = new Remarks(files);
  const review: Review = new Review(hub, files, remarks);
  const leftovers = new Leftovers(files);
  const others = new OtherDecisions(review, files);
  const changes = new ChangesView(hub);
  const signIns = new SignInNotes(hub);
  const chat = registerChat(context, hub, log);
  const runs = new RunDiffs(hub);
  const parts = {
    hub,
    server,
    review,
    asking: new Asking(hub, files),
    choices: new Choices(hub),
    sessions: new Sessions(hub),
    providers: new Providers(hub, keys, signIns),
    chat,
    runs,
    log,
  };
  context.subscriptions.push(
    ...[
      log,
      server,
      hub,
      keys,
      files,
      remarks,
      changes,
      signIns,
      runs,
      leftovers,
      new Settling(hub, files, remarks, leftovers),
      new ProposalLenses(hub, files, round),
      new FileLenses(hub, files, round),
      new Marks(hub, context.extensionUri),
      new StatusBar(hub),
    ],
    new ChangeActions(hub, files).register(),
    new WaitingNote(hub, ({ sessionId }) => changes.visible || isDiffInFront() || chat.shows(sessionId)),
    hub.confirmBy(new NotificationQuestions(({ sessionId }) => chat.shows(sessionId))),
    questionTexts(),
    vscode.languages.registerCodeActionsProvider([{ scheme: 'file' }, { scheme: 'untitled' }], fixActions, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
    ...registerCommands(parts),
    vscode.workspace.onDidGrantWorkspaceTrust(() => server.configure()),
    vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration('pi.server') && void server.offerRestart()),
  );
  void closeOrphans(files).then(() => leftovers.offer());
  await keys.load();
  // Whoever asked for the extension is going to ask for the server; a failure has been reported.
  void server.ready().catch(() => {});
}

/** VS Code waits for this, a little: no server and no Pi are left behind. */
export async function deactivate(): Promise<void> {
  await running?.end();
}

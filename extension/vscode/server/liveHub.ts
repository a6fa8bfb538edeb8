import * as vscode from 'vscode';
import { ErrorCodes, type LanguageClient, ResponseError } from 'vscode-languageclient/node';
import { ReportedError } from '../words/failures.ts';
import { execute } from './execute.ts';
import type { Confirmer, Hub, SessionEdits } from './hub.ts';
import type { CommandName, Commands, ConfirmParams, ConfirmResult, Edit, EditsParams, SessionEvent, Status } from '../protocol.ts';
import type { PiServer } from './server.ts';
import { filled, ordered, whole } from './toldEdits.ts';

/** So many calls of a session are remembered; more edits than these never wait. */
const MOST_CALLS = 4_000;
const GONE = new Set<number>([ErrorCodes.PendingResponseRejected, ErrorCodes.ConnectionInactive]);

/** The hub in front of the running server. What was told by a server that has ended is forgotten. Owned by main.ts. */
export class LiveHub implements Hub, vscode.Disposable {
  private readonly server: PiServer;
  private readonly events = new vscode.EventEmitter<SessionEvent>();
  private readonly editLists = new vscode.EventEmitter<SessionEdits>();
  private readonly statuses = new vscode.EventEmitter<Status>();
  private readonly questionCounts = new vscode.EventEmitter<number>();
  private readonly editsOf = new Map<string, readonly Edit[]>();
  /** When the calls of each session began, by the numbers of their events. */
  private readonly calls = new Map<string, Map<string, number>>();
  private readonly confirmers: Confirmer[] = [];
  /** Questions that stand; a server that has gone does not wait for an answer. */
  private readonly asking = new Set<vscode.CancellationTokenSource>();

  readonly onEvent = this.events.event;
  readonly onEdits = this.editLists.event;
  readonly onStatus = this.statuses.event;
  readonly onQuestions = this.questionCounts.event;
  readonly onServerState: Hub['onServerState'];
  status: Status | undefined;
  questions = 0;

  constructor(server: PiServer) {
    this.server = server;
    this.onServerState = server.onState;
    server.onState((state) => {
      if (state !== 'running') this.forget();
      else
        void this.run('pi.status')
          .then((status) => this.accept(status))
          .catch(() => {});
    });
  }

  get serverState() {
    return this.server.state;
  }

  get edits(): readonly Edit[] {
    return [...this.editsOf.values()].flat();
  }

  async run<C extends CommandName>(command: C, argument?: Commands[C]['argument'], token?: vscode.CancellationToken): Promise<Commands[C]['result']> {
    const client = await this.server.ready();
    try {
      return await execute(client, command, argument, token);
    } catch (error) {
      // The server has gone meanwhile, and the user has been told so.
      if (error instanceof ResponseError && GONE.has(error.code)) throw new ReportedError('The server of Pi has ended.');
      throw error;
    }
  }

  confirmBy(confirmer: Confirmer): vscode.Disposable {
    this.confirmers.push(confirmer);
    return new vscode.Disposable(() => this.confirmers.splice(this.confirmers.indexOf(confirmer), 1));
  }

  /** Hears what a client's server tells. */
  wire(client: LanguageClient): void {
    client.onNotification('pi/event', (event: SessionEvent) => {
      if (event.type === 'toolStarted') this.noteCall(event);
      this.events.fire(event);
    });
    client.onNotification('pi/edits', ({ sessionId, edits: told }: EditsParams) => {
      const { edits, missing } = whole(told, this.editsOf.get(sessionId) ?? []);
      this.tell(sessionId, edits);
      if (missing.length > 0) void this.fill(client, sessionId, missing);
    });
    client.onNotification('pi/status', (status: Status) => this.accept(status));
    client.onRequest('pi/confirm', (question: ConfirmParams, token: vscode.CancellationToken) => this.confirm(question, token));
  }

  dispose(): void {
    this.events.dispose();
    this.editLists.dispose();
    this.statuses.dispose();
    this.questionCounts.dispose();
  }

  private async confirm(question: ConfirmParams, token: vscode.CancellationToken): Promise<ConfirmResult> {
    const confirmers = this.confirmers.filter((one) => one.canAsk(question));
    if (confirmers.length === 0) return { allow: false, reason: 'nobody can be asked' };
    this.questionCounts.fire(++this.questions);
    const until = new vscode.CancellationTokenSource();
    this.asking.add(until);
    const outer = token.onCancellationRequested(() => until.cancel());
    const cancelled = new Promise<ConfirmResult>((resolve) => until.token.onCancellationRequested(() => resolve({ allow: false })));
    try {
      return (await Promise.race([...confirmers.map((one) => one.ask(question, until.token)), cancelled])) ?? { allow: false };
    } finally {
      // The others take theirs down, as far as that can be done.
      until.cancel();
      this.asking.delete(until);
      outer.dispose();
      this.questionCounts.fire(--this.questions);
    }
  }

  private noteCall({ sessionId, toolCallId, seq }: { sessionId: string; toolCallId: string; seq: number }): void {
    const calls = this.calls.get(sessionId) ?? new Map<string, number>();
    this.calls.set(sessionId, calls);
    // The latest last, so that the oldest are those that go.
    calls.delete(toolCallId);
    calls.set(toolCallId, seq);
    if (calls.size > MOST_CALLS) for (const [old] of [...calls].slice(0, MOST_CALLS / 2)) calls.delete(old);
  }

  private tell(sessionId: string, told: Edit[]): void {
    const edits = ordered(told, this.calls.get(sessionId) ?? new Map());
    this.editsOf.set(sessionId, edits);
    this.editLists.fire({ sessionId, edits });
  }

  /** Of edits that were decided before anything was told of them. */
  private async fill(client: LanguageClient, sessionId: string, editIds: string[]): Promise<void> {
    try {
      const { edits } = await execute(client, 'pi.listEdits', { editIds });
      const now = this.editsOf.get(sessionId);
      if (now) this.tell(sessionId, filled(now, edits));
    } catch {
      // The server has gone; with it goes the list.
    }
  }

  private accept(status: Status): void {
    this.status = status;
    this.statuses.fire(status);
  }

  private forget(): void {
    this.status = undefined;
    this.calls.clear();
    for (const question of this.asking) question.cancel();
    for (const sessionId of [...this.editsOf.keys()]) {
      this.editsOf.delete(sessionId);
      this.editLists.fire({ sessionId, edits: [] });
    }
  }
}

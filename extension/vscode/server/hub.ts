import type { CancellationToken, Disposable, Event } from 'vscode';
import type { CommandName, Commands, ConfirmParams, ConfirmResult, Edit, SessionEvent, Status } from '../protocol.ts';

export type ServerState = 'stopped' | 'starting' | 'running' | 'failed';

/** Shows questions about tools in its own way. All that can ask do, and the first answer counts. */
export interface Confirmer {
  /** False: others shall ask. */
  canAsk(question: ConfirmParams): boolean;
  /** The token is cancelled when the question is void; then whatever is answered is dropped. */
  ask(question: ConfirmParams, token: CancellationToken): Thenable<ConfirmResult>;
}

/** All edits of one session, whole. */
export interface SessionEdits {
  sessionId: string;
  edits: Edit[];
}

/** What the views and commands of this extension know of the server: its news, and its commands. */
export interface Hub {
  readonly serverState: ServerState;
  readonly onServerState: Event<ServerState>;
  /** `pi/event`, in order. */
  readonly onEvent: Event<SessionEvent>;
  /** `pi/edits`: the edits of one session have changed. */
  readonly onEdits: Event<SessionEdits>;
  /** `pi/status`, or the answer to `pi.status`. */
  readonly onStatus: Event<Status>;
  /** How many questions about tools (`pi/confirm`) wait for an answer. */
  readonly questions: number;
  readonly onQuestions: Event<number>;
  /** The edits of all sessions, the latest that was told. */
  readonly edits: readonly Edit[];
  /** The latest that was told; undefined as long as no server has answered. */
  readonly status: Status | undefined;
  /** Runs a command of the server, which is started first where it is not running. Rejects with what the server says. */
  run<C extends CommandName>(command: C, argument?: Commands[C]['argument'], token?: CancellationToken): Promise<Commands[C]['result']>;
  confirmBy(confirmer: Confirmer): Disposable;
}

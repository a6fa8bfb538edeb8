/**
 * The wire between this client and the server, beyond LSP. Its other half is docs/protocol.md, and the records in
 * server/Server/WireResults.cs: a change there is a change here. Types only; the webview may import them too.
 */

import type { ApplyArgument, ApplyResult, Edit, RejectArgument } from './protocol/edits.ts';
import type { AskArgument, AskResult, BashArgument, BashResult, Run, SessionChoice, SessionReply, StoredSession, UndoResult } from './protocol/runs.ts';
import type { Availability, PermissionMode, Status } from './protocol/status.ts';
import type { Credential, ModelChoice, ModelGroup, Provider } from './protocol/models.ts';

export type * from './protocol/edits.ts';
export type * from './protocol/runs.ts';
export type * from './protocol/status.ts';
export type * from './protocol/models.ts';
export type * from './protocol/requests.ts';

/** Every command of the server with its argument and its result. */
export interface Commands {
  'pi.ask': { argument: AskArgument & { wait?: true }; result: AskResult };
  'pi.abort': { argument: { sessionId?: string; what?: 'run' | 'retry' | 'bash' }; result: { aborted: boolean } };
  'pi.bash': { argument: BashArgument; result: BashResult };
  'pi.listEdits': { argument: { editIds?: string[] } | undefined; result: { edits: Edit[] } };
  'pi.applyEdit': { argument: ApplyArgument; result: ApplyResult };
  'pi.rejectEdit': { argument: RejectArgument; result: { rejected: boolean; reason?: string } };
  'pi.showEdit': { argument: { editId?: string; as?: 'diff' | 'text' }; result: { uri: string; shown: boolean } };
  'pi.listRuns': { argument: undefined; result: { runs: Run[] } };
  'pi.undoRun': { argument: { runId?: string }; result: UndoResult };
  'pi.pickModel': { argument: { provider?: string; model?: string }; result: ModelChoice };
  'pi.listModels': { argument: undefined; result: { current?: string; groups: ModelGroup[] } };
  'pi.listProviders': { argument: { refresh?: boolean; credits?: boolean }; result: { providers: Provider[] } };
  'pi.setApiKey': { argument: { provider: string; key?: string; private?: boolean; variable?: string }; result: Credential };
  'pi.removeApiKey': { argument: { provider: string }; result: Credential };
  'pi.login': { argument: { provider: string; type?: 'oauth' | 'apiKey' }; result: Credential };
  'pi.logout': { argument: { provider: string }; result: Credential };
  'pi.setThinking': { argument: { level?: string }; result: { thinking: string; levels: string[] } };
  'pi.listThinking': { argument: undefined; result: { thinking: string; levels: string[] } };
  'pi.setPermissionMode': { argument: { mode: PermissionMode }; result: { mode: PermissionMode } };
  'pi.status': { argument: undefined; result: Status };
  'pi.newSession': { argument: undefined; result: SessionReply };
  'pi.checkAvailability': { argument: { refresh?: boolean }; result: Availability };
  'pi.listSessions': { argument: undefined; result: { folder: string; sessions: StoredSession[] } };
  'pi.resumeSession': { argument: SessionChoice; result: SessionReply };
  'pi.switchSession': { argument: SessionChoice; result: SessionReply };
  'pi.renameSession': { argument: SessionChoice & { name: string }; result: { path: string; name: string } };
  'pi.deleteSession': { argument: SessionChoice; result: { path: string; movedTo: string } };
  'pi.restoreSession': { argument: { path: string }; result: { path: string } };
  'pi.listForkPoints': { argument: { sessionId?: string }; result: { sessionId: string; points: { entryId: string; text: string }[] } };
  'pi.forkSession': { argument: SessionChoice & { entryId: string }; result: SessionReply & { text?: string } };
  'pi.cloneSession': { argument: SessionChoice; result: SessionReply };
  'pi.exportSession': { argument: SessionChoice & { output?: string }; result: { path: string } };
  'pi.resumeCommand': { argument: SessionChoice & { shell?: 'sh' | 'cmd' | 'powershell' }; result: { command: string; arguments: string[]; path: string } };
}

export type CommandName = keyof Commands;

/** `capabilities.experimental.pi` of this client, but for its version, which is that of the installed extension. */
export const CLIENT_CAPABILITIES = {
  proposals: true,
  events: true,
  pick: true,
  input: true,
  save: true,
  status: true,
  signIn: true,
  editor: true,
  /** Code actions to ask with are this client's own, and so is what marks a change that waits. */
  askActions: false,
  reviewMarks: false,
} as const;

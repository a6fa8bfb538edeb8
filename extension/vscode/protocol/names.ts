// Made by scripts/protocol.mjs from the records in server/Protocol. Not to be edited.
import type { CompleteMentionArgument, CompleteMentionResult, ResolveContextArgument, ResolvedContext } from './context.ts';
import type {
  EditorDiagnosticsParams,
  EditorDiagnosticsResult,
  EditorHoverResult,
  EditorLocationsResult,
  EditorPlaceParams,
  EditorSymbolsParams,
  EditorSymbolsResult,
} from './editor.ts';
import type {
  ApplyArgument,
  ApplyResult,
  ListEditsArgument,
  ListEditsResult,
  ListRunsResult,
  RejectArgument,
  RejectResult,
  ShowEditArgument,
  ShowEditResult,
  UndoArgument,
  UndoneRun,
} from './edits.ts';
import type { SessionEvent } from './events.ts';
import type { ListModelsArgument, ListModelsResult, ModelChoice, PickModelArgument, SetThinkingArgument, Thinking } from './models.ts';
import type { AllowArgument, AllowancesResult, ModeResult, RevokeArgument, SetModeArgument } from './permissions.ts';
import type { Credential, ListProvidersArgument, ListProvidersResult, LoginArgument, ProviderArgument, SetApiKeyArgument } from './providers.ts';
import type {
  AskedAgain,
  ConfirmParams,
  ConfirmResult,
  EditsParams,
  InputParams,
  InputResult,
  PickParams,
  PickResult,
  SaveParams,
  SignInParams,
} from './questions.ts';
import type {
  AbortArgument,
  AbortResult,
  AskAboutArgument,
  AskAnswer,
  AskArgument,
  AskedAction,
  BashArgument,
  BashResult,
  CompactArgument,
  CompactResult,
  DoCommentArgument,
  FixDiagnosticsArgument,
  ListCommandsResult,
  SessionArgument,
  SetQueueArgument,
  SetQueueResult,
  WaitingTexts,
} from './runs.ts';
import type {
  DeleteSessionArgument,
  DeletedSession,
  ExportSessionArgument,
  ExportedSession,
  ForkSessionArgument,
  ListForkPointsResult,
  ListSessionsResult,
  NewSessionArgument,
  OpenedSession,
  PathArgument,
  RenameSessionArgument,
  RenamedSession,
  ResumeCommandArgument,
  ResumeLine,
  SessionChoice,
  SessionPath,
} from './sessions.ts';
import type { Availability, CheckAvailabilityArgument, Status } from './status.ts';
import type { GetTranscriptArgument, ShownTranscript, TranscriptPage } from './transcripts.ts';

/** Every command of the server with its argument and its result. */
export interface Commands {
  'pi.ask': { argument: AskArgument; result: AskAnswer };
  'pi.askAbout': { argument: AskAboutArgument; result: AskedAction };
  'pi.fixDiagnostics': { argument: FixDiagnosticsArgument; result: AskedAction };
  'pi.doComment': { argument: DoCommentArgument; result: AskedAction };
  'pi.abort': { argument: AbortArgument; result: AbortResult };
  'pi.bash': { argument: BashArgument; result: BashResult };
  'pi.setQueue': { argument: SetQueueArgument; result: SetQueueResult };
  'pi.clearQueue': { argument: SessionArgument; result: WaitingTexts };
  'pi.compact': { argument: CompactArgument; result: CompactResult };
  'pi.listCommands': { argument: SessionArgument; result: ListCommandsResult };
  'pi.resolveContext': { argument: ResolveContextArgument; result: ResolvedContext };
  'pi.completeMention': { argument: CompleteMentionArgument; result: CompleteMentionResult };
  'pi.listEdits': { argument: ListEditsArgument; result: ListEditsResult };
  'pi.applyEdit': { argument: ApplyArgument; result: ApplyResult };
  'pi.rejectEdit': { argument: RejectArgument; result: RejectResult };
  'pi.showEdit': { argument: ShowEditArgument; result: ShowEditResult };
  'pi.listRuns': { argument: undefined; result: ListRunsResult };
  'pi.undoRun': { argument: UndoArgument; result: UndoneRun };
  'pi.pickModel': { argument: PickModelArgument; result: ModelChoice };
  'pi.listModels': { argument: ListModelsArgument; result: ListModelsResult };
  'pi.setThinking': { argument: SetThinkingArgument; result: Thinking };
  'pi.listThinking': { argument: SessionArgument; result: Thinking };
  'pi.listProviders': { argument: ListProvidersArgument; result: ListProvidersResult };
  'pi.setApiKey': { argument: SetApiKeyArgument; result: Credential };
  'pi.removeApiKey': { argument: ProviderArgument; result: Credential };
  'pi.login': { argument: LoginArgument; result: Credential };
  'pi.logout': { argument: ProviderArgument; result: Credential };
  'pi.askAgain': { argument: SessionArgument; result: AskedAgain };
  'pi.setPermissionMode': { argument: SetModeArgument; result: ModeResult };
  'pi.allow': { argument: AllowArgument; result: AllowancesResult };
  'pi.listAllowances': { argument: SessionArgument; result: AllowancesResult };
  'pi.revokeAllowance': { argument: RevokeArgument; result: AllowancesResult };
  'pi.status': { argument: SessionArgument; result: Status };
  'pi.checkAvailability': { argument: CheckAvailabilityArgument; result: Availability };
  'pi.getTranscript': { argument: GetTranscriptArgument; result: TranscriptPage };
  'pi.showTranscript': { argument: SessionArgument; result: ShownTranscript };
  'pi.newSession': { argument: NewSessionArgument; result: OpenedSession };
  'pi.listSessions': { argument: undefined; result: ListSessionsResult };
  'pi.resumeSession': { argument: SessionChoice; result: OpenedSession };
  'pi.switchSession': { argument: SessionChoice; result: OpenedSession };
  'pi.renameSession': { argument: RenameSessionArgument; result: RenamedSession };
  'pi.deleteSession': { argument: DeleteSessionArgument; result: DeletedSession };
  'pi.restoreSession': { argument: PathArgument; result: SessionPath };
  'pi.listForkPoints': { argument: SessionArgument; result: ListForkPointsResult };
  'pi.forkSession': { argument: ForkSessionArgument; result: OpenedSession };
  'pi.cloneSession': { argument: SessionChoice; result: OpenedSession };
  'pi.exportSession': { argument: ExportSessionArgument; result: ExportedSession };
  'pi.resumeCommand': { argument: ResumeCommandArgument; result: ResumeLine };
}

export type CommandName = keyof Commands;

/** What the server tells beyond LSP. */
export interface Notifications {
  'pi/event': SessionEvent;
  'pi/edits': EditsParams;
  'pi/status': Status;
  'pi/signIn': SignInParams;
}

/** What the server asks beyond LSP. */
export interface Requests {
  'pi/confirm': { params: ConfirmParams; result: ConfirmResult | null };
  'pi/pick': { params: PickParams; result: PickResult | null };
  'pi/input': { params: InputParams; result: InputResult | null };
  'pi/save': { params: SaveParams; result: unknown };
  'pi/editor/diagnostics': { params: EditorDiagnosticsParams; result: EditorDiagnosticsResult | null };
  'pi/editor/definition': { params: EditorPlaceParams; result: EditorLocationsResult | null };
  'pi/editor/references': { params: EditorPlaceParams; result: EditorLocationsResult | null };
  'pi/editor/hover': { params: EditorPlaceParams; result: EditorHoverResult | null };
  'pi/editor/symbols': { params: EditorSymbolsParams; result: EditorSymbolsResult | null };
}

---@meta
-- Made by scripts/protocol.mjs from the records in server/Protocol. Not to be edited.

---@alias pi.CommandName
---| 'pi.ask'
---| 'pi.askAbout'
---| 'pi.fixDiagnostics'
---| 'pi.doComment'
---| 'pi.abort'
---| 'pi.bash'
---| 'pi.setQueue'
---| 'pi.clearQueue'
---| 'pi.compact'
---| 'pi.listCommands'
---| 'pi.resolveContext'
---| 'pi.completeMention'
---| 'pi.listEdits'
---| 'pi.applyEdit'
---| 'pi.rejectEdit'
---| 'pi.showEdit'
---| 'pi.listRuns'
---| 'pi.undoRun'
---| 'pi.pickModel'
---| 'pi.listModels'
---| 'pi.setThinking'
---| 'pi.listThinking'
---| 'pi.listProviders'
---| 'pi.setApiKey'
---| 'pi.removeApiKey'
---| 'pi.login'
---| 'pi.logout'
---| 'pi.askAgain'
---| 'pi.setPermissionMode'
---| 'pi.allow'
---| 'pi.listAllowances'
---| 'pi.revokeAllowance'
---| 'pi.status'
---| 'pi.checkAvailability'
---| 'pi.getTranscript'
---| 'pi.showTranscript'
---| 'pi.newSession'
---| 'pi.listSessions'
---| 'pi.resumeSession'
---| 'pi.switchSession'
---| 'pi.renameSession'
---| 'pi.deleteSession'
---| 'pi.restoreSession'
---| 'pi.listForkPoints'
---| 'pi.forkSession'
---| 'pi.cloneSession'
---| 'pi.exportSession'
---| 'pi.resumeCommand'

---@class pi.AbortArgument
---@field sessionId? string
---@field what? pi.AbortedThing

--- When Pi is idle.
---@class pi.AbortResult
---@field aborted boolean
---@field restored? pi.WaitingTexts What had not been taken up: the user's again.

---@alias pi.AbortedThing "run"|"retry"|"bash"

--- Exactly one of the first four.
---@class pi.AllowArgument
---@field tool? string By its name.
---@field pathPattern? string A glob of files that may be edited.
---@field shellCommand? string By its exact words.
---@field readPath? string One file that may be read.
---@field sessionId? string

---@class pi.Allowance
---@field id string
---@field tool? string
---@field pathPattern? string
---@field shellCommand? string
---@field readPath? string

---@class pi.AllowancesResult
---@field allowances pi.Allowance[]

--- Without `editId` the oldest open one.
---@class pi.ApplyArgument
---@field editId? string
---@field hunkIds? string[] These; the others are left out for good, or go on waiting with `keepRest`.
---@field newText? string The user's own version of the whole file.
---@field version? integer The buffer version that the decision was made on.
---@field keepRest? boolean
---@field remarks? pi.EditRemark[]
---@field all? boolean Every open edit as it is proposed.

---@class pi.ApplyResult
---@field applied boolean
---@field status? "open"|"stopped"|"applied"|"partial"|"rejected"|"withdrawn"|"failed"
---@field landed string[] The hunks that are verifiably there.
---@field reason? string

---@class pi.AskAboutArgument
---@field textDocument lsp.TextDocumentIdentifier
---@field range lsp.Range
---@field prompt? string
---@field sessionId? string

---@alias pi.AskAnswer pi.AskSettled|pi.AskStarted

---@class pi.AskArgument
---@field prompt string
---@field textDocument? lsp.TextDocumentIdentifier What the user looks at.
---@field range? lsp.Range Gives the model the selected text from the live buffer.
---@field attachments? pi.Attachment[]
---@field sessionId? string
---@field deliver? pi.AskDelivery During a run: into it.
---@field wait? boolean False: answered at once.
---@field transcript? boolean The conversation opens as a document when the run begins.

---@alias pi.AskDelivery "start"|"steer"|"followUp"

--- When the run has settled.
---@class pi.AskSettled
---@field sessionId string
---@field text string The last assistant message that has text.
---@field stopReason string Pi's own word, or ours. `stop`, `length`, `error`, `aborted`, `handled` or another.
---@field error? string
---@field usage pi.Usage Summed over the run's turns.
---@field edits pi.EditOutcome[]
---@field runId? string Left out where no run had begun.
---@field answeredBy? string[] The models that answered, where one of them is another than is set.
---@field next? pi.NextStep[] Where it failed: what the user can do about it.
---@field command? string Of a slash command that the server carried out: which of its commands.
---@field result? any What that command has answered.

--- At once with `wait: false`.
---@class pi.AskStarted
---@field sessionId string
---@field runId string

--- At once.
---@class pi.AskedAction
---@field sessionId string
---@field runId string
---@field transcript? string Where the conversation can be read; left out for a client with a view of its own.

---@class pi.AskedAgain
---@field asked integer How many.

--- Models as of `messageCompleted`.
---@class pi.AssistantEntry
---@field kind "assistant"
---@field id string
---@field text string
---@field state "running"|"done"
---@field provider? string
---@field model? string
---@field selectedModel? string

---@alias pi.Attachment pi.FileAttachment|pi.SelectionAttachment|pi.DiagnosticsAttachment|pi.OpenFilesAttachment|pi.ImageAttachment|pi.TextAttachment

--- The `availability` of `pi.status`; may start Pi without a stored session and without the user's MCP servers (Pi 1.0.4 and later), and ends it again.
---@class pi.Availability
---@field state "unknown"|"checking"|"starting"|"ready"|"notFound"|"notPi"|"tooOld"|"nodeMissing"|"nodeTooOld"|"noCredentials"|"configBroken"|"modelsKeptOut"|"gateRefused"|"failed" Whether a prompt can be sent, or what stops one. Others may be added.
---@field message? string What is wrong; left out when nothing is.
---@field advice? string What the user can do about it, in a sentence.
---@field next? pi.NextStep[] The same as data.
---@field tried? string[] Where Pi was looked for.

---@class pi.BashArgument
---@field command string
---@field excludeFromContext? boolean The model does not read of it.
---@field sessionId? string

---@class pi.BashEndedEvent
---@field type "bashEnded"
---@field sessionId string
---@field seq integer
---@field text string
---@field exitCode? integer
---@field cancelled boolean
---@field truncated boolean
---@field fullOutputPath? string
---@field error? string
---@field changed string[]
---@field unsaved string[]

--- A command of the user's.
---@class pi.BashEntry
---@field kind "bash"
---@field id string
---@field command string
---@field excludeFromContext? boolean
---@field state "running"|"done"|"failed"
---@field output string The latest, at most 16,384 characters of its end (`truncated`).
---@field truncated? boolean
---@field exitCode? integer
---@field cancelled? boolean
---@field fullOutputPath? string
---@field error? string

--- What has come since the last one.
---@class pi.BashOutputEvent
---@field type "bashOutput"
---@field sessionId string
---@field seq integer
---@field text string
---@field truncated? boolean Of a flood the end, which then stands alone.
---@field replacesLine? boolean The line that is unfinished so far was written over, and the text takes its place.

--- When the command has ended.
---@class pi.BashResult
---@field sessionId string
---@field output string
---@field exitCode? integer
---@field cancelled boolean
---@field truncated boolean
---@field fullOutputPath? string All of the output, where it was truncated.
---@field changed string[] Files of the workspace that the command changed, relative to its first folder where they are in it.
---@field unsaved string[] Files whose unsaved text the command could not see.

--- The user's own shell command.
---@class pi.BashStartedEvent
---@field type "bashStarted"
---@field sessionId string
---@field seq integer
---@field command string
---@field excludeFromContext boolean

---@class pi.ChangedFile
---@field uri string
---@field created boolean
---@field diff string

---@class pi.CheckAvailabilityArgument
---@field refresh? boolean A fresh look is wanted.

---@class pi.CompactArgument
---@field instructions? string
---@field sessionId? string

---@class pi.CompactResult
---@field sessionId string
---@field tokensBefore? integer
---@field tokensAfter? integer
---@field summary string
---@field usage pi.Usage

---@class pi.CompactionEndedEvent
---@field type "compactionEnded"
---@field sessionId string
---@field seq integer
---@field reason string `manual`, `threshold`, `overflow` or another.
---@field tokensBefore? integer
---@field tokensAfter? integer
---@field aborted boolean
---@field error? string
---@field usage? pi.Usage What the summary cost.

---@class pi.CompactionEntry
---@field kind "compaction"
---@field id string
---@field reason string
---@field state "running"|"done"|"failed"
---@field tokensBefore? integer
---@field tokensAfter? integer
---@field error? string

---@class pi.CompactionStartedEvent
---@field type "compactionStarted"
---@field sessionId string
---@field seq integer
---@field reason string `manual`, `threshold`, `overflow` or another.

---@class pi.CompleteMentionArgument
---@field prefix? string
---@field limit? integer

--- The best first.
---@class pi.CompleteMentionResult
---@field items pi.Mention[]

--- May this tool run?
---@class pi.ConfirmParams
---@field sessionId string
---@field toolCallId string
---@field parentToolCallId? string
---@field tool string
---@field source string Where the tool comes from: Pi itself or an extension.
---@field what string All that is about to happen, fit to be shown.
---@field brief string As much of it as a message shows: the whole, or both its ends.
---@field isWhole boolean False: whoever allows it must have been shown `what`.
---@field private? string Set where it is about reading a file: why that is asked, in words that follow "it"; `what` says it, too.
---@field input any As the model gave it: it hides what it hides.
---@field stagedEdits integer Edits that wait and that the tool would not see.
---@field always? string What `always` would cover, in words; left out where it is not offered and would count as `allow` alone.

--- No `allow` is a refusal.
---@class pi.ConfirmResult
---@field allow? boolean
---@field reason? string Reaches the model.
---@field always? boolean
---@field landFirst? boolean The staged edits first; the tool runs only if all of them have landed.
---@field later? boolean Put aside: it stays open, and is asked again by `pi.askAgain`.

---@class pi.ContextUse
---@field tokens? integer
---@field window? integer
---@field percent? number

---@class pi.Credential
---@field provider string
---@field configured boolean
---@field source? string
---@field models? integer Left out where nothing runs that could count them.
---@field variable? string Of a key that the client keeps: to be handed over with it next time.

---@class pi.Credits
---@field remaining? number Left out without a limit.
---@field used number US dollars, as the other.

---@class pi.DeleteSessionArgument
---@field sessionId? string
---@field path? string
---@field permanently? boolean

---@class pi.DeletedSession
---@field path string
---@field movedTo? string Left out of one that is gone for good.

--- `uri` or `path`; without `items` the client is asked by `pi/editor/diagnostics`.
---@class pi.DiagnosticsAttachment
---@field kind "diagnostics"
---@field uri? string
---@field path? string
---@field range? lsp.Range
---@field items? pi.KnownProblem[]

--- The range beginning in a comment.
---@class pi.DoCommentArgument
---@field textDocument lsp.TextDocumentIdentifier
---@field range lsp.Range
---@field sessionId? string

---@class pi.Edit
---@field id string
---@field sessionId string
---@field uri string
---@field tool string
---@field toolCallId string
---@field status "open"|"stopped"|"applied"|"partial"|"rejected"|"withdrawn"|"failed"
---@field version integer|nil Of the buffer that the hunks and `newText` are relative to; null for a file that is not open.
---@field hunks pi.Hunk[]
---@field newText string The whole file as it would be.
---@field diff string Unified.
---@field reason? string
---@field careful? string What the user is to know before deciding: why it is asked for in every mode, what saving will do to the file.
---@field protected? boolean Set where it is asked for in every mode.
---@field outcome? pi.LandedPart Of a decided one: what it has come to.

---@class pi.EditOutcome
---@field uri string
---@field status "open"|"stopped"|"applied"|"partial"|"rejected"|"withdrawn"|"failed"

---@class pi.EditRemark
---@field range lsp.Range Lines of the proposed text.
---@field text string

---@alias pi.EditView "diff"|"text"|"landed"

---@class pi.EditorDiagnosticsParams
---@field uri? string Without it those of all files.
---@field version? integer The buffer has just been changed to it: the client waits until diagnostics for that version, or a later one, have come.
---@field waitMs integer So long at most; then it answers with what there is.

---@class pi.EditorDiagnosticsResult
---@field items? pi.KnownDiagnostic[]

---@class pi.EditorHoverResult
---@field text? string Markdown or plain text.

---@class pi.EditorLocationsResult
---@field locations? pi.KnownLocation[]

---@class pi.EditorPlaceParams
---@field uri string
---@field position lsp.Position

--- Either of the two: of one document, flat, in its order, or of the workspace.
---@class pi.EditorSymbolsParams
---@field uri? string
---@field query? string

---@class pi.EditorSymbolsResult
---@field symbols? pi.KnownSymbol[]

--- Whenever the list changes; where edits only move because the user types, at the pace at which the client reads. Open edits are whole. A decided one is told without its texts: `hunks`, `newText` and `diff` are in `pi.listEdits`. Of decided ones only the latest hundred are told, and any once after its decision; `pi.listEdits` has all.
---@class pi.EditsParams
---@field sessionId string
---@field edits pi.ToldEdit[]

---@alias pi.Entry pi.UserEntry|pi.AssistantEntry|pi.ThinkingEntry|pi.ToolEntry|pi.BashEntry|pi.RetryEntry|pi.CompactionEntry|pi.NoticeEntry|pi.RunEntry

--- `output` is absolute, without it Pi chooses a name in the workspace.
---@class pi.ExportSessionArgument
---@field sessionId? string
---@field path? string
---@field output? string

--- An HTML file, made by Pi.
---@class pi.ExportedSession
---@field path string

--- `uri` or `path`; whole lines.
---@class pi.FileAttachment
---@field kind "file"
---@field uri? string
---@field path? string
---@field range? lsp.Range

---@class pi.FixDiagnosticsArgument
---@field textDocument lsp.TextDocumentIdentifier
---@field diagnostics pi.KnownProblem[]
---@field sessionId? string

---@class pi.ForkPoint
---@field entryId string
---@field text string

---@class pi.ForkSessionArgument
---@field entryId string
---@field sessionId? string
---@field path? string

---@class pi.Gate
---@field proven boolean
---@field piVersion? string
---@field heldTools string[] The tools in force.

---@class pi.GetTranscriptArgument
---@field sessionId? string
---@field before? string The id of an entry: those before it are wanted.
---@field limit? integer At most so many; 200 where it is not said.

---@class pi.HiddenModels
---@field provider string
---@field models integer How many.
---@field reason string

---@class pi.Hunk
---@field id string
---@field range lsp.Range Of an open edit: in the buffer as it is now.
---@field oldText string
---@field newText string
---@field fate? "landed"|"changed"|"rejected"|"leftOut"|"clashed"|"notApplied" What became of it, once decided; with `clashed` while open the user changed its lines.

--- `uri` or `path`; or `data` (base64) with its `mimeType`. PNG, JPEG, GIF, WebP, 20 MB at most; its bytes say which it is, whatever `mimeType` says.
---@class pi.ImageAttachment
---@field kind "image"
---@field uri? string
---@field path? string
---@field data? string
---@field mimeType? string
---@field name? string

--- A text from the user.
---@class pi.InputParams
---@field title string
---@field placeholder? string
---@field value? string What the field begins with.
---@field multiline? boolean
---@field secret? boolean What is typed is hidden.
---@field sessionId? string Of a dialog of Pi's extensions.

--- Or null.
---@class pi.InputResult
---@field value? string
---@field later? boolean Of a dialog of Pi's extensions: put aside, as of `pi/confirm`.

---@class pi.KnownDiagnostic
---@field uri? string
---@field range lsp.Range
---@field severity? integer LSP's number.
---@field message? string
---@field source? string
---@field code? any A number or a string.

---@class pi.KnownLocation
---@field uri? string
---@field range lsp.Range

---@class pi.KnownProblem
---@field range lsp.Range
---@field message string
---@field severity? integer LSP's number.
---@field source? string
---@field code? any

---@class pi.KnownSymbol
---@field name? string
---@field kind? integer LSP's number.
---@field uri? string
---@field range lsp.Range
---@field container? string

---@class pi.LandedFile
---@field uri string
---@field created boolean
---@field added integer Lines.
---@field removed integer Lines.

---@class pi.LandedPart
---@field added integer Lines that have really landed.
---@field removed integer Lines that went with them.
---@field applied integer Hunks that have landed.
---@field rejected integer Hunks that the user rejected or left out.
---@field changedByUser boolean The user's own version stands.

---@class pi.ListCommandsResult
---@field commands pi.SlashCommand[]

---@class pi.ListEditsArgument
---@field editIds? string[]

--- All of them or these, whole, oldest first.
---@class pi.ListEditsResult
---@field edits pi.Edit[]

--- The user's messages, oldest first.
---@class pi.ListForkPointsResult
---@field sessionId string
---@field points pi.ForkPoint[]

---@class pi.ListModelsArgument
---@field refresh? boolean Credentials and models.json are read again.
---@field sessionId? string

---@class pi.ListModelsResult
---@field current? string `provider/id`.
---@field groups pi.ModelGroup[]
---@field hidden? pi.HiddenModels[] What the policy keeps out; left out where it keeps nothing out.

---@class pi.ListProvidersArgument
---@field refresh? boolean
---@field credits? boolean
---@field sessionId? string

---@class pi.ListProvidersResult
---@field providers pi.Provider[]

---@class pi.ListRunsResult
---@field runs pi.Run[]

--- Newest first, of all workspace folders.
---@class pi.ListSessionsResult
---@field folder string Where those of the current session's folder are stored.
---@field sessions pi.StoredSession[]

---@class pi.LoginArgument
---@field provider string
---@field type? pi.LoginType
---@field answers? string[] Given in place of the user's, in order.
---@field sessionId? string

---@alias pi.LoginType "oauth"|"apiKey"

---@class pi.Mention
---@field path string
---@field kind "file"|"folder"
---@field insert string What completes the mention, quoted where the path has spaces.

---@class pi.MessageCompletedEvent
---@field type "messageCompleted"
---@field sessionId string
---@field seq integer
---@field text string What is visible of it; may be empty.
---@field stopReason string
---@field error? string
---@field usage pi.Usage
---@field provider? string
---@field model? string
---@field selectedModel? string `provider/id`, where another model than the one that is set has answered.

---@alias pi.Mode "readOnly"|"ask"|"acceptEdits"|"full"

--- For this session.
---@class pi.ModeResult
---@field mode pi.Mode

---@class pi.Model
---@field id string
---@field name string
---@field reasoning boolean
---@field contextWindow integer
---@field input string[]
---@field cost pi.ModelCost US dollars for a million tokens.
---@field primary boolean One of the few to show first.

---@class pi.ModelChoice
---@field model? string
---@field provider? string
---@field thinking string
---@field clamped? string The level that was in force before and that the new model does not have.

---@class pi.ModelCost
---@field input number
---@field output number

---@class pi.ModelGroup
---@field provider string
---@field name string
---@field source? string Of the credential: `auth.json`, `oauth`, `environment`, `models.json`, ….
---@field models pi.Model[]

---@class pi.NewSessionArgument
---@field folder? string The URI of the workspace folder to work in; without it the one where the current session works.

---@class pi.NextStep
---@field kind string `signIn`, `apiKey`, `installPi`, `installNode`, `pickModel`, `retry`, `compact`, `trust`, `settings` or another.
---@field provider? string The provider that it is about.
---@field command? string A line for the user's terminal that does it.

---@class pi.NoticeEntry
---@field kind "notice"
---@field id string
---@field level "info"|"warning"|"error"
---@field text string

---@class pi.NoticeEvent
---@field type "notice"
---@field sessionId string
---@field seq integer
---@field level "info"|"warning"|"error"
---@field text string

--- The names of all open files.
---@class pi.OpenFilesAttachment
---@field kind "openFiles"

---@class pi.OpenedSession
---@field sessionId string
---@field path? string
---@field name? string
---@field model? string `provider/id`.
---@field thinking? string
---@field text? string Of a fork: the message that it begins instead of, to be written anew.
---@field title? string What the list calls it: its name, else its first words.

--- As `pi.deleteSession` gave it, either of the two.
---@class pi.PathArgument
---@field path string

---@class pi.PickItem
---@field id string
---@field label string
---@field detail? string
---@field group? string
---@field primary? boolean One of the few to show first.

--- Without a model the user is asked.
---@class pi.PickModelArgument
---@field provider? string
---@field model? string
---@field refresh? boolean
---@field sessionId? string

--- Where some items are `primary`, those are to be shown first and the rest behind "show all"; a search goes over everything.
---@class pi.PickParams
---@field title string
---@field items pi.PickItem[]
---@field sessionId? string Of a dialog of Pi's extensions; left out where the user has just chosen a command that asks back.

--- Or null.
---@class pi.PickResult
---@field id? string
---@field later? boolean Of a dialog of Pi's extensions: put aside, as of `pi/confirm`.

--- An extension of Pi puts a text where the user writes prompts.
---@class pi.PromptTextSetEvent
---@field type "promptTextSet"
---@field sessionId string
---@field seq integer
---@field text string

---@class pi.Provider
---@field id string
---@field name string
---@field kinds ("apiKey"|"oauth"|"environment")[] How it can be set up.
---@field configured boolean
---@field source? string Where its credential comes from: `auth.json`, `oauth`, `environment`, `models.json`, `client` for one that the client keeps, ….
---@field label? string More about the source, such as a variable's name. No secret.
---@field variable? string The environment variable that alone makes up its key.
---@field models integer
---@field docs? string For a provider that is set up in the environment only: where Pi says how.
---@field removable boolean Its credential can be taken away here: what the environment or a file of the user's gives cannot.
---@field credits? pi.Credits

---@class pi.ProviderArgument
---@field provider string
---@field sessionId? string

--- What waits in a run's queue, in the user's own words.
---@class pi.QueueChangedEvent
---@field type "queueChanged"
---@field sessionId string
---@field seq integer
---@field steering string[]
---@field followUp string[]

--- What waited when the run was stopped: the user's again.
---@class pi.QueueRestoredEvent
---@field type "queueRestored"
---@field sessionId string
---@field seq integer
---@field steering string[]
---@field followUp string[]

---@class pi.RejectArgument
---@field editId? string
---@field hunkIds? string[] These alone; the rest stays open.
---@field reason? string Reaches the model, as the remarks do.
---@field remarks? pi.EditRemark[]
---@field all? boolean

---@class pi.RejectResult
---@field rejected boolean False, with the `reason`, where somebody had decided before.
---@field reason? string

---@class pi.RenameSessionArgument
---@field name string
---@field sessionId? string
---@field path? string

---@class pi.RenamedSession
---@field path string
---@field name string

---@class pi.ResolveContextArgument
---@field prompt? string
---@field textDocument? lsp.TextDocumentIdentifier
---@field range? lsp.Range
---@field attachments? pi.Attachment[]

---@class pi.ResolvedContext
---@field items pi.ResolvedItem[]
---@field text string All that the model would read.
---@field images integer How many pictures.
---@field tokens integer

---@class pi.ResolvedItem
---@field kind string
---@field title string
---@field size integer Characters; of a picture, bytes.
---@field tokens integer An estimate, for text.
---@field included boolean False: it will not be sent, and `problem` says why.
---@field problem? string
---@field text? string

---@class pi.RestoredFile
---@field uri string
---@field status "restored"|"deleted"|"partial"|"unchanged"|"failed"
---@field reason? string

---@class pi.ResumeCommandArgument
---@field sessionId? string
---@field path? string
---@field shell? pi.Shell

--- The line for a terminal, `pi --session <path>`, quoted where that shell needs it.
---@class pi.ResumeLine
---@field command string
---@field arguments string[]
---@field path string

---@class pi.RetryEndedEvent
---@field type "retryEnded"
---@field sessionId string
---@field seq integer
---@field success boolean
---@field attempt integer
---@field error? string

---@class pi.RetryEntry
---@field kind "retry"
---@field id string
---@field attempt integer
---@field maxAttempts integer
---@field error string
---@field state "running"|"done"|"failed"

---@class pi.RetryScheduledEvent
---@field type "retryScheduled"
---@field sessionId string
---@field seq integer
---@field attempt integer
---@field maxAttempts integer
---@field delayMs integer
---@field error string

--- `id` or `all`.
---@class pi.RevokeArgument
---@field id? string
---@field all? boolean
---@field sessionId? string

---@class pi.Run
---@field sessionId string
---@field runId string
---@field title string
---@field undone boolean
---@field files pi.ChangedFile[]

--- The end of one, as of `pi.ask`.
---@class pi.RunEntry
---@field kind "run"
---@field id string
---@field stopReason string
---@field error? string
---@field usage pi.Usage
---@field next? pi.NextStep[] Where it failed: what the user can do about it.
---@field runId? string As of `runSettled`, of a run that this server has seen.
---@field files? pi.LandedFile[]
---@field changedByCommands? string[]
---@field undoable? boolean

--- It will not go on by itself: exactly once for each run, as the result of `pi.ask` has it.
---@class pi.RunSettledEvent
---@field type "runSettled"
---@field sessionId string
---@field seq integer
---@field stopReason? string
---@field error? string
---@field next? pi.NextStep[] Where it failed: what the user can do about it.
---@field runId? string
---@field usage? pi.Usage Summed over the run's turns.
---@field files? pi.LandedFile[] What has really landed so far.
---@field changedByCommands? string[] URIs of files that its commands changed past the review.
---@field undoable? boolean `pi.undoRun` can take something back.

--- Pi works on a prompt: once for each run, however often it retries.
---@class pi.RunStartedEvent
---@field type "runStarted"
---@field sessionId string
---@field seq integer

--- Save these buffers; the server looks at the disk afterwards. A command waits 15 s for it, then runs and is told what it could not see.
---@class pi.SaveParams
---@field uris string[]

--- `uri` or `path`.
---@class pi.SelectionAttachment
---@field kind "selection"
---@field uri? string
---@field path? string
---@field range? lsp.Range

---@class pi.SessionArgument
---@field sessionId? string

---@class pi.SessionChoice
---@field sessionId? string
---@field path? string

---@alias pi.SessionEvent pi.RunStartedEvent|pi.RunSettledEvent|pi.TurnStartedEvent|pi.TurnEndedEvent|pi.UserMessageEvent|pi.TextDeltaEvent|pi.ThinkingDeltaEvent|pi.MessageCompletedEvent|pi.UsedBesideEvent|pi.ToolStartedEvent|pi.ToolProgressedEvent|pi.ToolEndedEvent|pi.BashStartedEvent|pi.BashOutputEvent|pi.BashEndedEvent|pi.RetryScheduledEvent|pi.RetryEndedEvent|pi.CompactionStartedEvent|pi.CompactionEndedEvent|pi.QueueChangedEvent|pi.QueueRestoredEvent|pi.StatusLineChangedEvent|pi.WidgetChangedEvent|pi.TitleChangedEvent|pi.PromptTextSetEvent|pi.ThinkingLevelChangedEvent|pi.SessionRenamedEvent|pi.NoticeEvent

---@class pi.SessionPath
---@field path string

---@class pi.SessionRenamedEvent
---@field type "sessionRenamed"
---@field sessionId string
---@field seq integer
---@field name? string

--- Without a key the user is asked.
---@class pi.SetApiKeyArgument
---@field provider string
---@field key? string
---@field private? boolean The client keeps it.
---@field variable? string Of a key that the client keeps.
---@field sessionId? string

---@class pi.SetModeArgument
---@field mode pi.Mode
---@field sessionId? string

---@class pi.SetQueueArgument
---@field steering? string[]
---@field followUp? string[]
---@field sessionId? string

---@class pi.SetQueueResult
---@field steering string[]
---@field followUp string[]
---@field removed pi.WaitingTexts What was in the queue before and is not any more.

--- Without a level the user is asked.
---@class pi.SetThinkingArgument
---@field level? string
---@field sessionId? string

---@alias pi.Shell "sh"|"cmd"|"powershell"

---@class pi.ShowEditArgument
---@field editId? string
---@field as? pi.EditView `landed`: the diff of what has really landed of a decided one.

---@class pi.ShowEditResult
---@field uri string
---@field shown boolean False: the client does not open documents; open the URI by hand.

--- Opens the conversation as a document and takes the focus.
---@class pi.ShownTranscript
---@field sessionId string
---@field uri string
---@field shown boolean

--- During `pi.login`: `address` (open `url`), `code` (enter `code` at `url`), `progress` (`message`), `ended` when it is over, well or not: what was shown of it can go. The server opens and shows nothing then.
---@class pi.SignInParams
---@field provider string
---@field kind "address"|"code"|"progress"|"ended"
---@field url? string
---@field code? string
---@field message? string

---@class pi.SlashCommand
---@field name string
---@field description? string
---@field source "builtin"|"extension"|"prompt"|"skill"
---@field hint? string What may follow the name.

---@class pi.Status
---@field version string The server's.
---@field state "notStarted"|"ready"|"running"|"failed"
---@field problem? string With `failed`: why, and what to do.
---@field availability pi.Availability Whether a prompt could be sent, by what is known.
---@field sessionId? string
---@field sessionFile? string
---@field sessionName? string
---@field gate? pi.Gate
---@field model? string `provider/id`.
---@field answeredBy? string Where the last answer came from, where that is another model than the one that is set.
---@field thinking? string
---@field context? pi.ContextUse
---@field usage? pi.Usage
---@field cost? number Of the whole session, summaries included.
---@field cacheWarmingCost? number US dollars of `cost` that went into keeping the model's cache warm while this server looked on.
---@field folder string The URI of the workspace folder that the session works in, or would.
---@field folders? string[] The URIs of those that one can be chosen from; left out where there is one.
---@field restricted? boolean The workspace is not trusted: what that means stands with the setting `workspaceTrusted`.
---@field openEdits integer In all sessions.
---@field putAside? integer Questions of this session that the user has put aside.
---@field permissionMode pi.Mode
---@field approval "none"|"commands"|"message"|"preview" How edits reach the user here; `none` means that they are refused.

--- An extension of Pi shows one line under a name of its own; without `text` it is taken away.
---@class pi.StatusLineChangedEvent
---@field type "statusLineChanged"
---@field sessionId string
---@field seq integer
---@field key string
---@field text? string

---@class pi.StoredSession
---@field path string
---@field sessionId? string Of one that is open here.
---@field state "stored"|"sleeping"|"idle"|"running"|"waiting"
---@field current boolean
---@field title? string The name that somebody gave it.
---@field firstWords? string The beginning of the user's first message that was answered; of a fork of its own first one.
---@field modified? string ISO 8601, UTC.
---@field size integer
---@field messages integer
---@field model? string The one that answered last.
---@field totalTokens integer
---@field cost number
---@field parent? string The session that it is a fork or a clone of.
---@field forkedFrom? string What that one is called, where it is in the list.
---@field workspaceFolder? string The URI of the workspace folder that it works in, where there are several.
---@field loading? boolean Its first message is under way, and nobody knows yet what to call it.

---@class pi.TextAttachment
---@field kind "text"
---@field title string
---@field text string

---@class pi.TextDeltaEvent
---@field type "textDelta"
---@field sessionId string
---@field seq integer
---@field text string

---@class pi.Thinking
---@field thinking string
---@field levels string[] Of the model in force.

---@class pi.ThinkingDeltaEvent
---@field type "thinkingDelta"
---@field sessionId string
---@field seq integer
---@field text string

--- As `assistant`.
---@class pi.ThinkingEntry
---@field kind "thinking"
---@field id string
---@field text string
---@field state "running"|"done"
---@field provider? string
---@field model? string
---@field selectedModel? string

---@class pi.ThinkingLevelChangedEvent
---@field type "thinkingLevelChanged"
---@field sessionId string
---@field seq integer
---@field level string

--- An extension of Pi names the window.
---@class pi.TitleChangedEvent
---@field type "titleChanged"
---@field sessionId string
---@field seq integer
---@field title string

---@class pi.ToldEdit
---@field id string
---@field sessionId string
---@field uri string
---@field tool string
---@field toolCallId string
---@field status "open"|"stopped"|"applied"|"partial"|"rejected"|"withdrawn"|"failed"
---@field version integer|nil Of the buffer that the hunks and `newText` are relative to; null for a file that is not open.
---@field reason? string
---@field hunks? pi.Hunk[]
---@field newText? string
---@field diff? string
---@field careful? string
---@field protected? boolean Set where it is asked for in every mode.
---@field outcome? pi.LandedPart Of a decided one: what it has come to.

---@class pi.ToolEndedEvent
---@field type "toolEnded"
---@field sessionId string
---@field seq integer
---@field toolCallId string
---@field parentToolCallId? string
---@field tool string
---@field text string
---@field isError boolean
---@field durationMs? integer How long the tool itself has run.

---@class pi.ToolEntry
---@field kind "tool"
---@field id string
---@field toolCallId string
---@field parentToolCallId? string
---@field tool string
---@field title string
---@field input? any Long strings cut.
---@field state "running"|"done"|"failed"
---@field output string The latest, at most 16,384 characters from both ends (`truncated`).
---@field truncated? boolean
---@field durationMs? integer

--- `text` is the latest and replaces the one before.
---@class pi.ToolProgressedEvent
---@field type "toolProgressed"
---@field sessionId string
---@field seq integer
---@field toolCallId string
---@field parentToolCallId? string
---@field tool string
---@field text string

---@class pi.ToolStartedEvent
---@field type "toolStarted"
---@field sessionId string
---@field seq integer
---@field toolCallId string
---@field parentToolCallId? string The call whose script, as of `codemode`, has made this one.
---@field tool string
---@field title string
---@field input? any

--- Starts nothing.
---@class pi.TranscriptPage
---@field sessionId? string
---@field seq integer The last event of `pi/event` that is in it.
---@field running boolean
---@field more boolean There are entries before these.
---@field entries pi.Entry[] Oldest first.

---@class pi.TurnEndedEvent
---@field type "turnEnded"
---@field sessionId string
---@field seq integer

---@class pi.TurnStartedEvent
---@field type "turnStarted"
---@field sessionId string
---@field seq integer

--- Without `runId` the latest that changed something.
---@class pi.UndoArgument
---@field runId? string
---@field sessionId? string
---@field dryRun? boolean Nothing is changed; what would be, and what cannot be brought back (`failed`), is named.

---@class pi.UndoneRun
---@field undone boolean
---@field runId? string
---@field files pi.RestoredFile[]

---@class pi.Usage
---@field input integer
---@field output integer
---@field cacheRead integer
---@field cacheWrite integer
---@field totalTokens integer
---@field cost number US dollars.

--- A model was used beside the conversation, which costs as well (`cache_warm`: the provider's cache of it was kept from expiring, also while nothing runs; a `notice` tells of the first one and where it is switched off).
---@class pi.UsedBesideEvent
---@field type "usedBeside"
---@field sessionId string
---@field seq integer
---@field kind string
---@field usage pi.Usage
---@field provider? string
---@field model? string

---@class pi.UserEntry
---@field kind "user"
---@field id string
---@field text string The user's words.
---@field context? string What the editor put behind them for the model.
---@field images? integer How many.

--- When the agent takes it up, with what was put behind the prompt.
---@class pi.UserMessageEvent
---@field type "userMessage"
---@field sessionId string
---@field seq integer
---@field text string

---@class pi.WaitingTexts
---@field steering string[]
---@field followUp string[]

--- An extension of Pi shows some lines under a name of its own; without `lines` they are taken away.
---@class pi.WidgetChangedEvent
---@field type "widgetChanged"
---@field sessionId string
---@field seq integer
---@field key string
---@field lines? string[]
---@field placement "aboveEditor"|"belowEditor" The editor is the place where prompts are written.

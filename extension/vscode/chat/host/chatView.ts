import * as vscode from 'vscode';
import type { Hub } from '../../hub.ts';
import { maybe, number, orNull, record, type Shape, text, check, anything, list } from '../messages/shape.ts';
import { usage } from '../messages/pi.ts';
import { type ToHost, toHost } from '../messages/toHost.ts';
import type { Chrome, Completion, ToView } from '../messages/toView.ts';
import { ChatModel } from './chatModel.ts';
import { Context } from './context.ts';
import { LastSession } from './lastSession.ts';
import { page } from './page.ts';
import { Questions } from './questions.ts';
import { runner, type Run } from './serverCommands.ts';
import { existing, filesLike, openFile } from './workspaceFiles.ts';

const status = record({
  state: maybe(text()),
  problem: maybe(text()),
  sessionId: maybe(text()),
  sessionFile: maybe(text()),
  sessionName: maybe(text()),
  model: maybe(text()),
  thinking: maybe(text()),
  context: maybe(record({ tokens: orNull(number), window: orNull(number), percent: orNull(number) })),
  usage: maybe(usage),
  availability: maybe(record({ state: text(), message: maybe(text()), next: maybe(text()) })),
});
const outcome = record({ applied: anything, rejected: anything, reason: maybe(text()) });
const stopped: Shape<unknown> = anything;
const answer = record({ stopReason: maybe(text()), text: maybe(text()) });
const resolved = record({ items: list(record({ title: text(), tokens: number, problem: maybe(text()) })) });
const mentions = record({ items: list(record({ path: text(), kind: maybe(text()), insert: text() })) });
const commandList = record({ commands: list(record({ name: text(), description: maybe(text()), hint: maybe(text()) })) });

/**
 * The chat view: the model of the conversation, kept whether the page lives or not, the page, and what the user asks for in it.
 * Everything is called on the extension's one thread.
 */
export class ChatView implements vscode.WebviewViewProvider, vscode.Disposable {
  private readonly folder: vscode.Uri;
  private readonly hub: Hub;
  private readonly run: Run;
  private readonly log: vscode.LogOutputChannel | undefined;
  private readonly model: ChatModel;
  private readonly questions: Questions;
  private readonly context = new Context();
  private readonly last: LastSession;
  private readonly subscriptions: vscode.Disposable[] = [];
  private view: vscode.WebviewView | undefined;
  private ready = false;
  /** Words for the box of a page that is not there yet. */
  private waiting = '';
  private resolving = 0;
  private facts: ReturnType<typeof this.readStatus> = {};

  constructor(folder: vscode.Uri, hub: Hub, memory: vscode.Memento, log?: vscode.LogOutputChannel) {
    this.folder = folder;
    this.last = new LastSession(memory);
    this.hub = hub;
    this.log = log;
    this.run = runner(hub);
    this.model = new ChatModel({
      transcript: (argument) => this.run('pi.getTranscript', argument, anything),
      warn: (problem) => this.log?.warn(`chat: ${problem}`),
    });
    this.model.onInputs = (rev, inputs) => this.tell({ type: 'inputs', rev, inputs });
    this.model.onReset = () => this.snapshot();
    this.questions = new Questions(this.model, () => this.view?.visible === true);
    this.questions.onChange = () => this.badge();
    this.context.onChange = () => this.chrome();
    this.subscriptions.push(
      this.context,
      hub.confirmBy(this.questions),
      hub.onEvent((event) => this.model.event(event)),
      hub.onEdits(({ sessionId }) => {
        if (this.model.conversation.sessionId === null || sessionId === this.model.conversation.sessionId) this.edits(sessionId);
      }),
      hub.onStatus(() => this.onStatus()),
      hub.onServerState((state) => this.onServer(state)),
    );
    if (hub.status) this.onStatus();
  }

  dispose(): void {
    this.questions.endAll();
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    this.ready = false;
    view.webview.options = { enableScripts: true, localResourceRoots: [this.folder], enableCommandUris: false, enableForms: false };
    const listening = view.webview.onDidReceiveMessage((message: unknown) => this.onPage(message));
    view.onDidChangeVisibility(() => {
      // A page that is hidden is thrown away; the next one says that it is ready.
      if (!view.visible) this.ready = false;
    });
    view.onDidDispose(() => {
      listening.dispose();
      if (this.view !== view) return;
      this.view = undefined;
      this.ready = false;
    });
    view.webview.html = page(view.webview, this.folder);
    this.badge();
  }

  /** Brings the view to the front with text in its box. */
  async prefill(words: string): Promise<void> {
    await vscode.commands.executeCommand('pilsp.chat.focus');
    if (this.ready) this.tell({ type: 'prefill', text: words });
    else this.waiting = words;
  }

  // To the page.

  private tell(message: ToView): void {
    if (this.ready) void this.view?.webview.postMessage(message);
  }

  private snapshot(): void {
    const { conversation, rev } = this.model;
    this.tell({ type: 'snapshot', rev, conversation, chrome: this.chromeNow() });
  }

  private chrome(): void {
    this.tell({ type: 'chrome', chrome: this.chromeNow() });
  }

  private chromeNow(): Chrome {
    const { model, thinking, context, availability, problem, usage } = this.facts;
    const inTheWay = availability?.message ? [availability.message, availability.next].filter(Boolean).join(' ') : null;
    return {
      server: this.hub.serverState,
      problem: problem ?? inTheWay,
      model: model ?? null,
      thinking: thinking ?? this.model.conversation.thinkingLevel,
      mode: this.hub.status?.permissionMode ?? 'ask',
      context: typeof context?.percent === 'number' ? { percent: context.percent, tokens: context.tokens, window: context.window } : null,
      usage: usage ?? null,
      last: this.model.conversation.items.length === 0 ? this.last.title : null,
      chips: this.context.chips(),
    };
  }

  private badge(): void {
    if (!this.view) return;
    // Edits are counted by the view of the changes.
    const { count } = this.questions;
    this.view.badge = count > 0 ? { value: count, tooltip: count === 1 ? 'A question waits for you' : `${count} questions wait for you` } : undefined;
  }

  // From the server.

  private readStatus() {
    const facts = check(status, this.hub.status ?? {}, 'pi/status');
    if ('value' in facts) return facts.value;
    this.log?.warn(`chat: ${facts.problem}`);
    return {};
  }

  private onStatus(): void {
    this.facts = this.readStatus();
    const { sessionId, sessionFile, sessionName } = this.facts;
    if (sessionName !== undefined) this.model.feed({ type: 'named', name: sessionName });
    if (sessionId !== undefined && sessionId !== this.model.conversation.sessionId) {
      void this.model.open(sessionId, sessionName ?? null).then(() => this.edits(sessionId));
    }
    if (sessionFile !== undefined && sessionId === this.model.conversation.sessionId) this.last.seen(sessionFile, this.model.conversation);
    this.chrome();
  }

  private onServer(state: Hub['serverState']): void {
    if (state !== 'starting') {
      this.questions.endAll();
      this.model.feed({ type: 'serverStarted' });
    }
    if (state !== 'running') this.facts = {};
    this.chrome();
  }

  private edits(sessionId: string): void {
    this.model.edits(this.hub.edits.filter((edit) => edit.sessionId === sessionId));
    this.badge();
  }

  // From the page.

  private onPage(raw: unknown): void {
    const message = check(toHost, raw, 'message');
    if ('problem' in message) {
      this.log?.warn(`chat: a message of the page was refused: ${message.problem}`);
      return;
    }
    Promise.resolve(this.act(message.value)).catch((error: unknown) => {
      const words = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(`Pi: ${words}`);
    });
  }

  private act(message: ToHost): unknown {
    switch (message.type) {
      case 'ready':
        this.ready = true;
        this.snapshot();
        if (this.waiting) this.tell({ type: 'prefill', text: this.waiting });
        this.waiting = '';
        return undefined;
      case 'send':
        return this.send(message.id, message.text, message.deliver);
      case 'stop':
        this.model.feed({ type: 'stopAsked' });
        return this.run('pi.abort', this.session(), stopped);
      case 'unqueue':
        return this.unqueue(message.text);
      case 'applyEdit':
        return this.decide('pi.applyEdit', message.editId === undefined ? { all: true } : { editId: message.editId });
      case 'rejectEdit': {
        const reason = message.reason.trim();
        return this.decide('pi.rejectEdit', { ...(message.editId === undefined ? { all: true } : { editId: message.editId }), ...(reason ? { reason } : {}) });
      }
      case 'openDiff':
        return this.run('pi.showEdit', { editId: message.editId, as: 'diff' }, anything);
      case 'answer':
        return (
          this.questions.answer(message.confirmId, message.answer, message.reason) ||
          void vscode.window.showInformationMessage('Pi does not wait for this answer any more; nothing was run.')
        );
      case 'pickModel':
        return vscode.commands.executeCommand('pilsp.pickModel');
      case 'pickThinking':
        return vscode.commands.executeCommand('pilsp.pickThinking');
      case 'pickMode':
        return vscode.commands.executeCommand('pilsp.permissionMode');
      case 'newSession':
        return this.run('pi.newSession', undefined, anything);
      case 'pickSession':
        return vscode.commands.executeCommand('pilsp.sessions');
      case 'resumeLast':
        return this.last.path === null ? undefined : this.run('pi.resumeSession', { path: this.last.path }, anything);
      case 'renameSession':
        return vscode.commands.executeCommand('pilsp.renameSession');
      case 'undoRun':
        return vscode.commands.executeCommand('pilsp.undoRun');
      case 'attach':
        return this.attach();
      case 'attachPicture':
        return this.context.attachPicture(message.name, message.mimeType, message.data);
      case 'draft':
        return this.quietly(this.resolve(message.text));
      case 'stopRetry':
        return this.run('pi.abort', { ...this.session(), what: 'retry' }, anything);
      case 'compact':
        return this.compact();
      case 'detach':
        return this.context.detach(message.id);
      case 'copy':
        return vscode.env.clipboard.writeText(message.text);
      case 'insert':
        return this.insert(message.text);
      case 'applyCode':
        return this.applyCode(message.text, message.language);
      case 'openText':
        return vscode.workspace.openTextDocument({ language: 'markdown', content: message.text }).then((document) => vscode.window.showTextDocument(document));
      case 'openLink':
        return this.openLink(message.href);
      case 'openPath':
        return this.openPath(message.path, message.line);
      case 'findPaths':
        return existing(message.paths).then((found) => this.tell({ type: 'paths', id: message.id, found }));
      case 'complete':
        return this.quietly(this.complete(message.id, message.kind, message.query));
      case 'earlier':
        return this.model.earlier();
      case 'restart':
        return vscode.commands.executeCommand('pilsp.restart');
      case 'showLog':
        return vscode.commands.executeCommand('pilsp.showLog');
    }
  }

  /** What only helps while typing interrupts nobody when it fails. */
  private quietly(work: Promise<void>): Promise<void> {
    return work.catch((error: unknown) => this.log?.warn(`chat: ${error instanceof Error ? error.message : String(error)}`));
  }

  private session(): { sessionId?: string } {
    const { sessionId } = this.model.conversation;
    // After a new start of the server the session that is shown may not be open there: then its current one is meant.
    return sessionId === null || sessionId !== this.facts.sessionId ? {} : { sessionId };
  }

  private async send(id: string, words: string, deliver: 'start' | 'steer' | 'followUp'): Promise<void> {
    const { running } = this.model.conversation;
    const { along, shown } = this.context.take();
    // The page may not know yet that the run has begun or ended.
    const way = running ? (deliver === 'start' ? 'steer' : deliver) : 'start';
    this.model.feed({ type: 'asked', id, text: words, attachments: shown, deliver: way });
    try {
      const { stopReason, text: said } = await this.run('pi.ask', { prompt: words, ...along, ...this.session(), deliver: way }, answer);
      this.model.feed({ type: 'askEnded', id });
      // A command of the server's own, or of an extension: no run, so no events.
      if (stopReason === 'handled' && said) this.model.feed({ type: 'noted', text: said });
    } catch (error) {
      this.model.feed({ type: 'askEnded', id, error: error instanceof Error ? error.message : String(error) });
    }
  }

  private async unqueue(words: string): Promise<void> {
    const { steering, followUp } = this.model.conversation;
    const fromSteering = steering.includes(words);
    const less = (texts: readonly string[]) => texts.toSpliced(texts.indexOf(words), 1);
    if (!fromSteering && !followUp.includes(words)) return;
    // Before the server tells the change, so that it is not taken for one that the model has seen.
    this.model.feed({ type: 'unqueued', text: words });
    const argument = { ...this.session(), steering: fromSteering ? less(steering) : steering, followUp: fromSteering ? followUp : less(followUp) };
    await this.run('pi.setQueue', argument, anything);
  }

  private async compact(): Promise<void> {
    const chosen = await vscode.window.showInformationMessage(
      'Sum up the older part of this conversation?',
      { modal: true, detail: 'The model goes on with a summary instead. What you see here stays.' },
      'Sum Up',
    );
    if (chosen) await this.run('pi.compact', this.session(), anything);
  }

  /** Shows what the mentions in the draft would bring along. */
  private async resolve(words: string): Promise<void> {
    const mine = ++this.resolving;
    const along = this.context.now();
    if (!words.includes('@') && along.attachments === undefined) return this.context.resolve([]);
    const { items } = await this.run('pi.resolveContext', { prompt: words, ...along }, resolved);
    if (mine === this.resolving) this.context.resolve(items);
  }

  private async decide(command: 'pi.applyEdit' | 'pi.rejectEdit', argument: object): Promise<void> {
    const { applied, rejected, reason } = await this.run(command, argument, outcome);
    const done = command === 'pi.applyEdit' ? applied === true : rejected !== false && rejected !== 0;
    if (!done) void vscode.window.showWarningMessage(`Pi: ${reason ?? 'this edit does not wait any more'}`);
  }

  private async insert(words: string): Promise<void> {
    const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors.find((one) => one.document.uri.scheme === 'file');
    if (!editor) return void vscode.window.showInformationMessage('Open a file and put the cursor where the code shall go.');
    const done = await editor.edit((edit) => {
      for (const selection of editor.selections) edit.replace(selection, words);
    });
    if (!done) return void vscode.window.showWarningMessage(`${vscode.workspace.asRelativePath(editor.document.uri)} cannot be changed.`);
    await vscode.window.showTextDocument(editor.document, editor.viewColumn);
  }

  /** Nothing is written here: Pi is asked, and its edit waits like any other. */
  private async applyCode(code: string, language: string): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.uri.scheme !== 'file') return void vscode.window.showInformationMessage('Open the file that the code is meant for.');
    const path = vscode.workspace.asRelativePath(editor.document.uri);
    let fence = '```';
    while (code.includes(fence)) fence += '`';
    await this.send(`apply-${Date.now().toString(36)}`, `Apply this to ${path}:\n\n${fence}${language}\n${code}\n${fence}`, 'followUp');
  }

  private async openLink(href: string): Promise<void> {
    const uri = vscode.Uri.parse(href, true);
    if (!['http', 'https', 'mailto'].includes(uri.scheme))
      return void vscode.window.showWarningMessage(`Pi: ${uri.scheme} addresses are not opened from here.`);
    await vscode.env.openExternal(uri);
  }

  private async openPath(path: string, line: number | undefined): Promise<void> {
    if (!(await openFile(path, line))) void vscode.window.showInformationMessage(`${path} is no file of this workspace.`);
  }

  private async attach(): Promise<void> {
    const front = vscode.window.activeTextEditor?.document.uri;
    type Row = vscode.QuickPickItem & { uri?: vscode.Uri; add?: () => void };
    const rows: Row[] = [
      { label: '$(list-unordered) Names of the open files', add: () => this.context.attachOpenFiles() },
      ...(front?.scheme === 'file'
        ? [{ label: `$(warning) Problems in ${vscode.workspace.asRelativePath(front)}`, add: () => this.context.attachProblems(front) }]
        : []),
      { label: 'Files and pictures', kind: vscode.QuickPickItemKind.Separator },
      ...(await filesLike('', 400)).map((uri) => ({ label: vscode.workspace.asRelativePath(uri, false), uri })),
    ];
    const chosen = await vscode.window.showQuickPick(rows, { canPickMany: true, title: 'Pi: what goes along with the message', placeHolder: 'Search files' });
    for (const { uri, add } of chosen ?? []) {
      if (uri) this.context.attach(uri);
      else add?.();
    }
    this.tell({ type: 'focus' });
  }

  private async complete(id: string, kind: 'mention' | 'slash', query: string): Promise<void> {
    const items = kind === 'mention' ? await this.mentions(query) : await this.slashes(query);
    this.tell({ type: 'completions', id, items });
  }

  private async mentions(query: string): Promise<Completion[]> {
    const { items } = await this.run('pi.completeMention', { prefix: query, limit: 12 }, mentions);
    return items.map(({ path, kind, insert }) => {
      const name = path.replace(/\/$/, '').split('/').at(-1) ?? path;
      // A folder is gone into by typing on.
      return { label: kind === 'folder' ? `${name}/` : name, detail: path, insert: kind === 'folder' ? insert : `${insert} ` };
    });
  }

  private async slashes(query: string): Promise<Completion[]> {
    const { commands } = await this.run('pi.listCommands', this.session(), commandList);
    const wanted = query.toLowerCase();
    const fits = commands.filter(({ name }) => name.toLowerCase().includes(wanted));
    const first = fits.filter(({ name }) => name.toLowerCase().startsWith(wanted));
    return [...new Set([...first, ...fits])].slice(0, 20).map(({ name, description, hint }) => ({
      label: `/${name}${hint ? ` ${hint}` : ''}`,
      detail: description ?? '',
      insert: `/${name} `,
    }));
  }
}

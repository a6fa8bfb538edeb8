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
const commandList = record({ commands: list(record({ name: text(), description: maybe(text()) })) });

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

  attach(uri: vscode.Uri): void {
    this.context.attach(uri);
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
        return this.pickFiles();
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
        return this.complete(message.id, message.kind, message.query);
      case 'choose':
        return this.context.attach(vscode.Uri.parse(message.value, true));
      case 'earlier':
        return this.model.earlier();
      case 'restart':
        return vscode.commands.executeCommand('pilsp.restart');
      case 'showLog':
        return vscode.commands.executeCommand('pilsp.showLog');
    }
  }

  private session(): { sessionId?: string } {
    const { sessionId } = this.model.conversation;
    // After a new start of the server the session that is shown may not be open there: then its current one is meant.
    return sessionId === null || sessionId !== this.facts.sessionId ? {} : { sessionId };
  }

  private async send(id: string, words: string, deliver: 'start' | 'steer' | 'followUp'): Promise<void> {
    const { running } = this.model.conversation;
    const along = this.context.take();
    const prompt = along.files.length > 0 ? `${words}\n\n${along.files.map((file) => `@${file}`).join(' ')}` : words;
    // The page may not know yet that the run has begun or ended.
    const way = running ? (deliver === 'start' ? 'steer' : deliver) : 'start';
    this.model.feed({ type: 'asked', id, text: prompt, attachments: along.attachments, deliver: way });
    const { textDocument, range } = along;
    const where = { ...(textDocument ? { textDocument } : {}), ...(range ? { range } : {}) };
    try {
      await this.run('pi.ask', { prompt, ...where, ...this.session(), deliver: way }, anything);
      this.model.feed({ type: 'askEnded', id });
    } catch (error) {
      this.model.feed({ type: 'askEnded', id, error: error instanceof Error ? error.message : String(error) });
    }
  }

  private async unqueue(words: string): Promise<void> {
    await this.run('pi.editQueue', { ...this.session(), remove: words }, anything);
    this.model.feed({ type: 'unqueued', text: words });
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

  private async pickFiles(): Promise<void> {
    const files = await filesLike('', 400);
    const rows = files.map((uri) => ({ label: vscode.workspace.asRelativePath(uri, false), uri }));
    const chosen = await vscode.window.showQuickPick(rows, {
      canPickMany: true,
      title: 'Pi: files that go along with the message',
      placeHolder: 'Search files',
    });
    for (const { uri } of chosen ?? []) this.context.attach(uri);
    this.tell({ type: 'focus' });
  }

  private async complete(id: string, kind: 'mention' | 'slash', query: string): Promise<void> {
    const items = kind === 'mention' ? await this.mentions(query) : await this.slashes(query);
    this.tell({ type: 'completions', id, items });
  }

  private async mentions(query: string): Promise<Completion[]> {
    return (await filesLike(query, 12)).map((uri) => {
      const path = vscode.workspace.asRelativePath(uri, false);
      return { label: path.slice(path.lastIndexOf('/') + 1), detail: path, insert: `@${path} `, choose: null };
    });
  }

  private async slashes(query: string): Promise<Completion[]> {
    try {
      const { commands } = await this.run('pi.listCommands', this.session(), commandList);
      const fits = commands.filter(({ name }) => name.toLowerCase().includes(query.toLowerCase()));
      return fits.slice(0, 20).map(({ name, description }) => ({ label: `/${name}`, detail: description ?? '', insert: `/${name} `, choose: null }));
    } catch {
      // An older server has no list; the command can be typed all the same.
      return [];
    }
  }
}

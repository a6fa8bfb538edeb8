import * as vscode from 'vscode';
import { fail, inform } from '../../words/notices.ts';
import { textAlong } from '../../asking/withoutFile.ts';
import type { Hub } from '../../server/hub.ts';
import { anything, check, list, maybe, record, text } from '../shape.ts';
import type { PiEventBody } from '../messages/pi.ts';
import { toHost } from '../messages/toHost.ts';
import type { Chrome } from '../messages/chrome.ts';
import type { ToView } from '../messages/toView.ts';
import { ChatModel } from './chatModel.ts';
import { Context } from './context.ts';
import { chromeOf, type Facts, factsOf } from './facts.ts';
import { folderName } from '../../session/folders.ts';
import { FirstLook } from './firstLook.ts';
import { LastSession } from './lastSession.ts';
import { page } from './page.ts';
import { PageActions } from './pageActions.ts';
import { Questions } from './questions.ts';
import { runner, type Run } from './serverCommands.ts';
import { codeColors } from './theme.ts';

const named = record({ sessions: list(record({ sessionId: maybe(text()), title: maybe(text()) })) });

/** A description beside it is not shown while this view is the only one. */
const titleOf = (title: string) => (title ? `Chat: ${title}` : 'Chat');

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
  private readonly actions: PageActions;
  private readonly subscriptions: vscode.Disposable[] = [];
  private view: vscode.WebviewView | undefined;
  private ready = false;
  /** Words for the box of a page that is not there yet. */
  private waiting = '';
  /** The same of an extension of Pi, for a box that is empty. */
  private suggested = '';
  private finding = false;
  private readonly first: FirstLook;
  private colors: Chrome['colors'] = {};
  private title = '';
  private news = '';
  private facts: Facts = {};

  constructor(folder: vscode.Uri, hub: Hub, memory: vscode.Memento, log?: vscode.LogOutputChannel) {
    this.folder = folder;
    this.last = new LastSession(memory);
    this.hub = hub;
    this.first = new FirstLook(hub, this.last, (problem) => this.log?.warn(`chat: ${problem}`));
    this.log = log;
    this.run = runner(hub);
    this.model = new ChatModel({
      transcript: (argument) => this.run('pi.getTranscript', argument, anything),
      warn: (problem) => this.log?.warn(`chat: ${problem}`),
    });
    this.model.onInputs = (rev, inputs) => this.tell({ type: 'inputs', rev, inputs });
    this.model.onReset = () => this.snapshot();
    this.model.onAside = (body) => this.aside(body);
    this.questions = new Questions(this.model);
    this.questions.onChange = () => this.badge();
    this.context.onChange = () => this.chrome();
    this.actions = new PageActions({
      run: this.run,
      model: this.model,
      questions: this.questions,
      context: this.context,
      last: this.last,
      tell: (message) => this.tell(message),
      warn: (problem) => this.log?.warn(`chat: ${problem}`),
      steps: () => this.hub.status?.availability.next ?? [],
      session: () => this.session(),
    });
    this.subscriptions.push(
      this.context,
      hub.confirmBy(this.questions),
      hub.onEvent((event) => this.model.event(event)),
      hub.onEdits(({ sessionId }) => {
        if (this.model.conversation.sessionId === null || sessionId === this.model.conversation.sessionId) this.edits(sessionId);
      }),
      hub.onStatus(() => this.onStatus()),
      hub.onServerState((state) => this.onServer(state)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.chrome()),
      vscode.window.onDidChangeActiveColorTheme(() => void this.paint()),
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
      // A page that is hidden is thrown away; the next one says that it is ready. One that was not gets what it has missed.
      this.ready = view.visible;
      if (view.visible) this.snapshot();
    });
    view.onDidDispose(() => {
      listening.dispose();
      if (this.view !== view) return;
      this.view = undefined;
      this.ready = false;
    });
    view.webview.html = page(view.webview, this.folder);
    view.title = titleOf(this.title);
    this.badge();
  }

  /** Whether what happens in this session is in front of the user. */
  shows(sessionId: string): boolean {
    return this.view?.visible === true && this.model.conversation.sessionId === sessionId;
  }

  private attachFront(editor: vscode.TextEditor): void {
    const text = textAlong(editor);
    if (text) this.context.attachText(text.title, text.text, 'as it is now');
    else this.context.attach(editor.document.uri);
  }

  /** Adds these files to the context of the next message, or without any what is selected, or the file in front; and goes to the box. */
  async attach(uris: readonly vscode.Uri[]): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const files = uris.filter(({ scheme }) => scheme === 'file' || scheme === 'untitled');
    for (const uri of files) this.context.attach(uri);
    if (uris.length === 0 && editor && !editor.selection.isEmpty) this.context.attachSelection(editor);
    else if (uris.length === 0 && editor) this.attachFront(editor);
    else if (files.length === 0) return void inform('Open or choose a file to add it to the context of a message.');
    await vscode.commands.executeCommand('pilsp.chat.focus');
    this.tell({ type: 'focus' });
  }

  /** Its card and its edits say so. */
  runUndone(runId: string): void {
    this.model.feed({ type: 'runUndone', runId });
  }

  /** Opens the search in the conversation. */
  async find(): Promise<void> {
    await vscode.commands.executeCommand('pilsp.chat.focus');
    if (this.ready) this.tell({ type: 'find' });
    else this.finding = true;
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
    this.tell({ type: 'snapshot', ...this.model.snapshot(), chrome: this.chromeNow() });
  }

  private chrome(): void {
    this.tell({ type: 'chrome', chrome: this.chromeNow() });
  }

  private chromeNow(): Chrome {
    return chromeOf(this.facts, {
      server: this.hub.serverState,
      mode: this.hub.status?.permissionMode,
      trusted: vscode.workspace.isTrusted,
      folder: folderName(this.hub.status) ?? null,
      conversation: this.model.conversation,
      last: this.last.title === null ? null : { title: this.last.title, waits: this.last.waits },
      colors: this.colors,
      chips: this.context.chips(),
    });
  }

  private badge(): void {
    if (!this.view) return;
    // Edits are counted by the view of the changes.
    const { count } = this.questions;
    this.view.badge = count > 0 ? { value: count, tooltip: count === 1 ? 'A question waits for you' : `${count} questions wait for you` } : undefined;
  }

  // From the server.

  private onStatus(): void {
    this.facts = factsOf(this.hub.status, (problem) => this.log?.warn(`chat: ${problem}`));
    const { sessionId, sessionFile } = this.facts;
    // A session is told before its stored conversation has been read: until something happens in it, every news may bring that.
    const news = JSON.stringify([sessionId, this.facts.state, sessionFile, this.facts.model]);
    const isNews = news !== this.news;
    this.news = news;
    if (sessionId !== undefined && sessionId !== this.model.conversation.sessionId) void this.open(sessionId);
    else if (isNews && sessionId !== undefined && this.model.conversation.seq === 0) void this.model.refresh();
    if (sessionFile !== undefined && sessionId === this.model.conversation.sessionId) this.last.seen(sessionFile, this.model.conversation);
    this.chrome();
  }

  private aside(body: PiEventBody): void {
    if (body.type === 'titleChanged') this.entitle(body.title);
    if (body.type !== 'promptTextSet') return;
    if (this.ready) this.tell({ type: 'suggest', text: body.text });
    else this.suggested = body.text;
  }

  /** Beside the view's own name, for as long as the session is shown. */
  private entitle(title: string): void {
    this.title = title;
    if (this.view) this.view.title = titleOf(title);
  }

  private async open(sessionId: string): Promise<void> {
    this.entitle('');
    this.suggested = '';
    await this.model.open(sessionId, null);
    this.edits(sessionId);
    this.questions.showAgain();
    try {
      const { sessions } = await this.run('pi.listSessions', undefined, named);
      const title = sessions.find((one) => one.sessionId === sessionId)?.title;
      if (title !== undefined && this.model.conversation.sessionId === sessionId) this.model.feed({ type: 'named', name: title });
      // What is stored of a run does not say that it was undone later.
      const { runs } = await this.hub.run('pi.listRuns');
      for (const run of runs) if (run.undone && run.sessionId === sessionId) this.model.feed({ type: 'runUndone', runId: run.runId });
    } catch (error) {
      // It is shown by its first words instead.
      this.log?.warn(`chat: ${error instanceof Error ? error.message : String(error)}`);
    }
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

  private onReady(): void {
    this.ready = true;
    this.snapshot();
    void this.first.look().then(() => this.chrome());
    void this.paint();
    if (this.waiting) this.tell({ type: 'prefill', text: this.waiting });
    this.waiting = '';
    if (this.finding) this.tell({ type: 'find' });
    this.finding = false;
    if (this.suggested) this.tell({ type: 'suggest', text: this.suggested });
    this.suggested = '';
  }

  private async paint(): Promise<void> {
    this.colors = await codeColors();
    this.chrome();
  }

  private onPage(raw: unknown): void {
    const message = check(toHost, raw, 'message');
    if ('problem' in message) {
      this.log?.warn(`chat: a message of the page was refused: ${message.problem}`);
      return;
    }
    Promise.resolve(message.value.type === 'ready' ? this.onReady() : this.actions.act(message.value)).catch((error: unknown) => {
      const words = error instanceof Error ? error.message : String(error);
      void fail(`Pi: ${words}`);
    });
  }

  private session(): { sessionId?: string } {
    const { sessionId } = this.model.conversation;
    // After a new start of the server the session that is shown may not be open there: then its current one is meant.
    return sessionId === null || sessionId !== this.facts.sessionId ? {} : { sessionId };
  }
}

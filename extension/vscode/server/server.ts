import type { ChildProcess } from 'node:child_process';
import { fail, inform } from '../words/notices.ts';
import * as vscode from 'vscode';
import { CloseAction, ErrorAction, type ExecuteCommandSignature, LanguageClient, type Middleware } from 'vscode-languageclient/node';
import { CrashBudget } from './crashes.ts';
import { ReportedError } from '../words/failures.ts';
import type { ServerState } from './hub.ts';
import { CLIENT_CAPABILITIES } from '../protocol.ts';
import { exited, isGone, StartError, startProcess, withDeadline } from './process.ts';

/** How long the server may take to answer `initialize`. */
const START_DEADLINE = 30_000;
/** How long it may take to end Pi and itself; VS Code gives an extension five seconds altogether. */
const STOP_DEADLINE = 4_000;

export interface ServerOptions {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
  /** The section `pi` as it is to reach the server. */
  section(): Record<string, unknown>;
  /** Registers the handlers of a client that has not been started. */
  wire(client: LanguageClient): void;
  /** Runs when the server has answered and before anything else is asked of it. */
  started(client: LanguageClient): Promise<void>;
  /** Stands between a lens or code action and the server. */
  executeCommand(command: string, args: unknown[], next: ExecuteCommandSignature): Promise<unknown>;
}

/**
 * The server's process and the client that talks to it. Starts, restarts and stops one after another; starts again
 * after a crash, but not for ever. Owned by main.ts.
 */
export class PiServer implements vscode.Disposable {
  private readonly options: ServerOptions;
  private readonly crashes = new CrashBudget();
  private readonly states = new vscode.EventEmitter<ServerState>();
  private client: LanguageClient | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private ended = false;

  state: ServerState = 'stopped';
  readonly onState = this.states.event;

  constructor(options: ServerOptions) {
    this.options = options;
  }

  /** The running client; started where it is not. Rejects when that fails, after the user has been told. */
  async ready(): Promise<LanguageClient> {
    return this.inTurn(async () => this.client ?? (await this.open()));
  }

  /** By the user, who may have repaired what was wrong. */
  async restart(): Promise<void> {
    this.crashes.forget();
    await this.inTurn(async () => {
      await this.close();
      await this.open();
    });
  }

  /** Hands the settings over again. A server that does not run gets them when it starts. */
  async configure(): Promise<void> {
    await this.client?.sendNotification('workspace/didChangeConfiguration', { settings: { pi: this.options.section() } });
  }

  /** What names the server itself is read when it starts. */
  async offerRestart(): Promise<void> {
    if (this.state === 'stopped') return;
    const restart = 'Restart';
    const chosen = await inform('Pi has to be started again to use the changed settings.', restart);
    if (chosen === restart) await this.restart().catch(() => {});
  }

  /** For good; resolves when the process has ended. */
  async end(): Promise<void> {
    this.ended = true;
    await this.inTurn(() => this.close());
  }

  dispose(): void {
    void this.end();
    this.states.dispose();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(work);
    this.queue = turn.catch(() => {});
    return turn;
  }

  private async open(): Promise<LanguageClient> {
    if (this.ended) throw new Error('Pi is being shut down.');
    this.enter('starting');
    const { log } = this.options;
    let child: ChildProcess | undefined;
    try {
      const { process, describe } = await startProcess(this.options.context, log);
      child = process;
      const client = this.makeClient(process, describe);
      await withDeadline(client.start(), START_DEADLINE, 'The server did not answer "initialize" in time.');
      await this.options.started(client);
      // Whoever ends between the answer and this would be taken for one that runs.
      if (isGone(process)) throw new Error(`The server has ended (${describe()}).`);
      this.client = client;
      children.set(client, process);
      this.enter('running');
      return client;
    } catch (error) {
      child?.kill('SIGKILL');
      this.enter('failed');
      const problem = error instanceof Error ? error.message : String(error);
      log.error(problem);
      void this.report(`Pi could not be started. ${problem}`, error instanceof StartError ? error.remedy : undefined);
      throw new ReportedError(`Pi could not be started. ${problem}`);
    }
  }

  private async close(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (!client) return;
    const child = children.get(client);
    this.enter('stopped');
    try {
      await client.dispose(STOP_DEADLINE);
    } catch (error) {
      this.options.log.warn(`The server did not stop in good order: ${error instanceof Error ? error.message : error}`);
    }
    // What has had its chance is ended; its own child goes with it, because the gate watches for that.
    if (child && !(await exited(child, 500))) child.kill('SIGKILL');
  }

  private makeClient(child: ChildProcess, describe: () => string): LanguageClient {
    const { options } = this;
    const middleware: Middleware = {
      executeCommand: (command, args, next) => options.executeCommand(command, args, next),
      workspace: {
        // What VS Code would answer by itself contains what the folder's own settings file says.
        configuration: (params) => params.items.map((item) => (item.section === 'pi' ? options.section() : null)),
        didChangeConfiguration: () => this.configure(),
      },
    };
    const client = new LanguageClient('pi', 'Pi', async () => child, {
      documentSelector: [{ scheme: 'file' }, { scheme: 'untitled' }],
      outputChannel: options.log,
      initializationOptions: () => ({ pi: options.section() }),
      initializationFailedHandler: () => false,
      middleware,
      errorHandler: {
        error: (error) => {
          options.log.error(`The connection to the server: ${error.message}`);
          return { action: ErrorAction.Continue, handled: true };
        },
        closed: async () => {
          // The end of the pipe is noticed before the end of the process.
          await exited(child, 500);
          if (this.client === client) this.crashed(describe());
          return { action: CloseAction.DoNotRestart, handled: true, message: `The connection to the server is closed; ${describe()}.` };
        },
      },
    });
    client.registerFeature({
      fillClientCapabilities: (capabilities) => {
        const { version } = this.options.context.extension.packageJSON;
        capabilities.experimental = { ...capabilities.experimental, pi: { ...CLIENT_CAPABILITIES, version } };
      },
      initialize: () => {},
      getState: () => ({ kind: 'static' }),
      clear: () => {},
    });
    options.wire(client);
    return client;
  }

  private crashed(how: string): void {
    const client = this.client;
    this.client = undefined;
    const again = !this.ended && this.crashes.spend(Date.now());
    this.enter(again ? 'stopped' : 'failed');
    // Disposing takes away what the dead client has registered, so that the next one can.
    void client?.dispose().catch(() => {});
    if (this.ended) return;
    const what = `The server of Pi has ended unexpectedly (${how}).`;
    if (!again) {
      void this.report(`${what} It has done so several times and is not started again.`);
      return;
    }
    void this.report(`${what} It is being started again; a run that was under way has been lost, your files have not.`);
    void this.ready().catch(() => {});
  }

  private enter(state: ServerState): void {
    if (this.state === state) return;
    this.state = state;
    if (!this.ended) this.states.fire(state);
  }

  private async report(problem: string, remedy?: 'settings' | 'dotnet'): Promise<void> {
    const ways: Record<string, () => unknown> = {
      'Show Log': () => this.options.log.show(true),
      Restart: () => this.restart().catch(() => {}),
    };
    if (remedy === 'dotnet') ways['Get .NET'] = () => vscode.env.openExternal(vscode.Uri.parse('https://dot.net/download'));
    if (remedy) ways.Settings = () => vscode.commands.executeCommand('workbench.action.openSettings', 'pi.server');
    const chosen = await fail(problem, ...Object.keys(ways));
    if (chosen) await ways[chosen]?.();
  }
}

/** The process of each client: a client that is given one does not keep it. */
const children = new WeakMap<LanguageClient, ChildProcess>();

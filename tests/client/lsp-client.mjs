/**
 * A neutral LSP client for tests: it does what the specification says a client does, unless it is told to cheat.
 * Nothing sleeps; every wait ends at its deadline with a message that says what was awaited and what was seen.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { overlay, standardCapabilities } from './capabilities.mjs';
import { VirtualDocument, typed } from './documents.mjs';
import { ServerProcess } from './server-process.mjs';
import { plan } from './workspace-edits.mjs';

/**
 * @typedef {"honest" | "lie" | "refuse" | "lateChange" | "never"} NamedApplyMode
 *   lie: says that it applied and does nothing; lateChange: answers first, `didChange` comes after it; never: no answer
 * @typedef {NamedApplyMode | ((params: object, honest: () => Promise<object>) => object | Promise<object>)} ApplyMode
 *   a function gives the answer itself and may let the honest client do the work
 *
 * @typedef {object} Options
 * @property {string} command
 * @property {string[]} [args]
 * @property {Record<string, string>} [env] all of it, as for `spawn`
 * @property {string} [cwd]
 * @property {object} [capabilities] laid over the standard ones; null takes one away
 * @property {object} [initializationOptions]
 * @property {(string | {uri: string, name: string})[]} [workspaceFolders] a string is a path
 * @property {string | string[]} [encoding] the position encodings to offer
 * @property {object} [configuration] by section
 * @property {ApplyMode} [applyMode]
 * @property {boolean} [initialize] false: leave the handshake to the test
 */

/** Starts a server and, if not said otherwise, initializes it. @param {Options} options */
export async function startServer(options) {
  const client = new LspClient(options);
  if (options.initialize === false) return client;
  try {
    await client.initialize();
  } catch (error) {
    await client.kill();
    throw error;
  }
  return client;
}

class LspClient extends ServerProcess {
  #options;
  #handlers = new Map();
  #questionsTaken = 0;

  /** Open documents by URI. @type {Map<string, VirtualDocument>} */
  documents = new Map();
  /** All `window/showMessageRequest`s so far. */
  questions = [];
  /** @type {ApplyMode} */
  applyMode;
  /** Asked when an edit carries a `needsConfirmation` annotation: whether the user ticks it. */
  onPreview = () => false;
  /** By how much the version grows with a change. */
  versionStep = 1;
  /** By section, for `workspace/configuration`. */
  configuration;
  /** What `initialize` answered. */
  serverInfo = null;
  serverCapabilities = null;
  encoding = 'utf-16';

  constructor(options) {
    super(options, (method, params, token) => this.#answer(method, params, token));
    this.#options = options;
    this.applyMode = options.applyMode ?? 'honest';
    this.configuration = options.configuration ?? {};
    this.folders = (options.workspaceFolders ?? []).map((one) =>
      typeof one === 'string' ? { uri: pathToFileURL(one).href, name: one.split(/[\\/]/).at(-1) } : one,
    );
  }

  /** The handshake; resolves with the result of `initialize`. */
  async initialize(params = {}) {
    const { capabilities = {}, initializationOptions, encoding = 'utf-16' } = this.#options;
    const result = await this.request('initialize', {
      processId: process.pid,
      clientInfo: { name: 'neutral-client', version: '1' },
      rootUri: this.folders[0]?.uri ?? null,
      workspaceFolders: this.folders.length > 0 ? this.folders : null,
      capabilities: overlay(standardCapabilities([encoding].flat()), capabilities),
      ...(initializationOptions === undefined ? {} : { initializationOptions }),
      ...params,
    });
    this.serverInfo = result.serverInfo ?? null;
    this.serverCapabilities = result.capabilities;
    this.encoding = result.capabilities.positionEncoding ?? 'utf-16';
    await this.notify('initialized', {});
    return result;
  }

  command(name, argument, options) {
    const params = { command: name, ...(argument === undefined ? {} : { arguments: [argument] }) };
    return this.request('workspace/executeCommand', params, options);
  }

  /** How a request of the server is answered, instead of this client's own way. */
  onRequest(method, handler) {
    this.#handlers.set(method, handler);
  }

  // Documents

  async open(uri, text, languageId = 'plaintext', version = 1) {
    if (this.documents.has(uri)) throw new Error(`${uri} is open already`);
    this.documents.set(uri, new VirtualDocument(uri, languageId, version, text));
    await this.notify('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
  }

  /**
   * The user types: changes made one after another, told in one `didChange`.
   * @param {import('./documents.mjs').Typed | import('./documents.mjs').Typed[]} changes
   * @param {{version?: number}} [options]
   */
  async type(uri, changes, { version } = {}) {
    const document = this.#document(uri);
    const events = [changes].flat().map((change) => {
      const { text, event } = typed(document.text, change, this.encoding);
      document.text = text;
      return event;
    });
    document.version = version ?? document.version + this.versionStep;
    document.dirty = true;
    const sync = this.serverCapabilities?.textDocumentSync;
    const kind = typeof sync === 'number' ? sync : sync?.change;
    if (!kind) return;
    await this.notify('textDocument/didChange', {
      textDocument: { uri, version: document.version },
      contentChanges: kind === 1 ? [{ text: document.text }] : events,
    });
  }

  text(uri) {
    return this.#document(uri).text;
  }

  version(uri) {
    return this.#document(uri).version;
  }

  /** Writes the text to disk and says so. */
  async save(uri) {
    const document = this.#document(uri);
    writeFileSync(fileURLToPath(uri), `${document.marked ? '\uFEFF' : ''}${document.text}`);
    document.dirty = false;
    await this.notify('textDocument/didSave', { textDocument: { uri }, text: document.text });
  }

  async close(uri) {
    this.documents.delete(this.#document(uri).uri);
    await this.notify('textDocument/didClose', { textDocument: { uri } });
  }

  #document(uri) {
    const document = this.documents.get(uri);
    if (!document) throw new Error(`${uri} is not open; open are: ${[...this.documents.keys()].join(', ') || 'none'}`);
    return document;
  }

  async setConfiguration(configuration) {
    this.configuration = configuration;
    await this.notify('workspace/didChangeConfiguration', { settings: configuration });
  }

  // What the server sends

  /** The next `window/showMessageRequest` that was not taken yet. @param {{deadlineMs?: number}} [options] */
  async nextQuestion(options) {
    const question = await this.until('a question to the user', () => this.questions[this.#questionsTaken], options);
    this.#questionsTaken++;
    return question;
  }

  #ask({ message, type, actions = [] }, token) {
    return new Promise((resolve) => {
      const question = {
        message,
        type,
        actions: actions.map((one) => one.title),
        answered: false,
        /** The server no longer wants an answer. */
        withdrawn: false,
        /** @param {string | null} title null dismisses it */
        answer: (title) => {
          const action = title === null ? null : actions.find((one) => one.title === title);
          if (action === undefined) throw new Error(`"${title}" is none of ${question.actions.join(', ')}`);
          question.answered = true;
          resolve(action);
        },
      };
      const withdraw = () => {
        question.withdrawn = true;
        this.changed();
        resolve(null);
      };
      this.questions.push(question);
      // A token that was cancelled before this handler ran never fires.
      if (token.isCancellationRequested) withdraw();
      else token.onCancellationRequested(withdraw);
      this.changed();
    });
  }

  async #answer(method, params, token) {
    const own = this.#handlers.get(method);
    if (own) return own(params, token);
    switch (method) {
      case 'workspace/applyEdit':
        return this.#applyEdit(params);
      case 'window/showMessageRequest':
        return this.#ask(params, token);
      case 'workspace/configuration':
        return params.items.map(({ section }) => valueAt(this.configuration, section) ?? null);
      case 'workspace/workspaceFolders':
        return this.folders;
      case 'window/showDocument':
        return { success: true };
      case 'window/workDoneProgress/create':
      case 'client/registerCapability':
      case 'client/unregisterCapability':
      case 'workspace/codeLens/refresh':
      case 'workspace/diagnostic/refresh':
      case 'workspace/inlayHint/refresh':
      case 'workspace/semanticTokens/refresh':
        return null;
      default:
        return new ResponseError(ErrorCodes.MethodNotFound, `this client knows no ${method}`);
    }
  }

  async #applyEdit(params) {
    switch (this.applyMode) {
      case 'honest':
        return this.applyHonestly(params);
      case 'lie':
        return { applied: true };
      case 'refuse':
        return { applied: false, failureReason: 'the client does not want to', failedChange: 0 };
      case 'never':
        return new Promise(() => {});
      case 'lateChange': {
        const { id } = this.received.findLast((one) => one.params === params);
        this.afterAnswer(id, () => this.applyHonestly(params));
        return { applied: true };
      }
      default:
        return this.applyMode(params, () => this.applyHonestly(params));
    }
  }

  /** Does what `workspace/applyEdit` asks for, and tells the server about every document before it resolves. */
  async applyHonestly(params) {
    const annotations = Object.values(params.edit.changeAnnotations ?? {});
    if (annotations.some((one) => one.needsConfirmation) && !(await this.onPreview(params))) return { applied: false };
    const { error, failedChange, steps } = plan(params, this.documents, this.encoding);
    if (error) return { applied: false, failureReason: error, failedChange };
    for (const step of steps) {
      if (step.create) await this.open(step.create, '');
      else if (step.open) {
        await this.open(step.open, step.text);
        this.#document(step.open).marked = step.marked;
      } else await this.type(step.uri, step.changes);
    }
    return { applied: true };
  }
}

const valueAt = (root, section) => (section ? section.split('.').reduce((value, key) => value?.[key], root) : root);

// The box for prompts. Enter sends, Shift+Enter makes a line, the arrows go through what was sent before.
import type { Chip, Chrome, Completion, KnownKind } from '../messages/chrome.ts';
import { asked, CompletionList } from './completion.ts';
import { button, h, set, svg } from './dom.ts';

export type Deliver = 'start' | 'steer' | 'followUp';

export interface ComposerActions {
  send(text: string, deliver: Deliver): void;
  stop(): void;
  attach(): void;
  attachKnown(what: KnownKind): void;
  detach(id: string): void;
  pickModel(): void;
  pickThinking(): void;
  pickMode(): void;
  pickFolder(): void;
  manageTrust(): void;
  /** Rejects what waits, with these words as the reason. */
  tellInstead(text: string): void;
  complete(id: string, kind: 'mention' | 'slash', query: string): void;
  /** Takes the files that were pasted. @returns how many */
  takeFiles(files: Iterable<File>): number;
  /** The draft, a while after the last key, where it may mention files. */
  mentioned(draft: string): void;
  changed(draft: string): void;
}

const modes: Record<Chrome['mode'], string> = { readOnly: 'Read only', ask: 'Ask first', acceptEdits: 'Accept edits', full: 'Full access' };

export class Composer {
  readonly element: HTMLElement;
  readonly box = h('textarea', '', {
    rows: 1,
    'aria-label': 'Message to Pi',
    placeholder: 'Ask Pi',
    role: 'combobox',
    'aria-autocomplete': 'list',
    'aria-expanded': 'false',
    'aria-controls': 'completions',
    spellcheck: 'true',
  });
  private readonly actions: ComposerActions;
  private readonly completions: CompletionList;
  private readonly chips = h('div', 'chips', { role: 'list', 'aria-label': 'Context of the message' });
  private readonly model = button('pick', 'Model', () => this.actions.pickModel(), undefined, true);
  private readonly thinking = button('pick think', 'Thinking', () => this.actions.pickThinking(), undefined, true);
  private readonly mode = button('pick', 'Permissions', () => (this.restricted ? this.actions.manageTrust() : this.actions.pickMode()), undefined, true);
  private readonly folder = button('pick folder', 'Folder', () => this.actions.pickFolder(), undefined, true);
  private readonly sendButton = button('round primary', 'Send', () => this.send('steer'), 'send');
  private readonly stopButton = button('round stop', 'Stop (Escape)', () => this.actions.stop(), 'stop');
  private readonly keys = h('span', '', {}, 'Enter steers the run · Alt+Enter queues behind it');
  private readonly instead = button('link', 'Tell Pi instead (Ctrl+Enter)', () => this.tellInstead(), undefined, true);
  private readonly hint = h('div', 'hint', { hidden: true }, this.keys, this.instead);
  private running = false;
  private restricted = false;
  /** How many edits and questions wait, which the next words may be the answer to. */
  private waiting = 0;
  private history: string[] = [];
  /** How far back the arrows are; -1 is the draft. */
  private back = -1;
  private draft = '';
  private wanted = 0;
  private hadMentions = false;
  private mentionTimer: number | undefined;

  constructor(actions: ComposerActions) {
    this.actions = actions;
    this.completions = new CompletionList(this.box, (item) => this.complete(item));
    this.element = h(
      'form',
      'composer',
      { 'aria-label': 'Ask Pi' },
      this.completions.element,
      h(
        'div',
        'box',
        {},
        this.chips,
        this.box,
        h(
          'div',
          'tools',
          {},
          button('ghost', 'Attach files, or type @', () => actions.attach(), 'attach'),
          this.model,
          this.thinking,
          this.mode,
          this.folder,
          h('span', 'ends', {}, this.stopButton, this.sendButton),
        ),
      ),
      this.hint,
    );
    this.element.addEventListener('submit', (event) => event.preventDefault());
    this.box.addEventListener('input', () => this.onInput());
    this.box.addEventListener('keydown', (event) => this.onKey(event));
    this.box.addEventListener('paste', (event) => this.onPaste(event));
    this.box.addEventListener('blur', () => this.completions.hide());
    this.setRunning(false, false);
  }

  get text(): string {
    return this.box.value;
  }

  setText(text: string): void {
    this.box.value = text;
    this.box.setSelectionRange(text.length, text.length);
    this.onInput();
  }

  /** Adds to what is there, in a paragraph of its own. */
  add(text: string): void {
    const before = this.text.replace(/\s+$/, '');
    this.setText(before ? `${before}\n\n${text}` : text);
  }

  /** Puts text where the cursor is. */
  write(text: string): void {
    this.box.setRangeText(text, this.box.selectionStart, this.box.selectionEnd, 'end');
    this.onInput();
  }

  /** Shows that what is dragged over the view would go along. */
  markDrop(over: boolean): void {
    set(this.element, { 'data-drop': over });
  }

  setHistory(history: readonly string[]): void {
    this.history = [...history];
    this.back = -1;
  }

  setRunning(running: boolean, stopping: boolean, waiting = 0): void {
    this.running = running;
    this.waiting = waiting;
    this.stopButton.hidden = !running;
    this.stopButton.disabled = stopping;
    this.hint.hidden = !running;
    const words = waiting > 0 ? 'Tell Pi something, also why not' : 'Tell Pi something while it works';
    set(this.box, { placeholder: running ? words : 'Ask Pi, @ for files, / for commands, ! for the shell' });
    set(this.sendButton, { title: running ? 'Steer the run' : 'Send', 'aria-label': running ? 'Steer the run' : 'Send' });
    this.enable();
  }

  setChrome(chrome: Chrome): void {
    label(this.model, chrome.model ? chrome.model.slice(chrome.model.indexOf('/') + 1) : 'No model', `Model: ${chrome.model ?? 'none'}`);
    const { thinking } = chrome;
    // Where the model does not think there is nothing to read, and still a way to change it.
    label(this.thinking, thinking === 'off' ? '' : (thinking ?? ''), `Thinking: ${thinking ?? 'unknown'}`);
    if (thinking === 'off' && !this.thinking.firstElementChild) this.thinking.append(svg('think'));
    set(this.thinking, { 'data-off': thinking === 'off' });
    this.thinking.hidden = !chrome.thinking;
    this.restricted = chrome.restricted;
    const restricted = 'Permissions: read only, because this folder is not trusted. Press to decide about that';
    label(this.mode, chrome.restricted ? 'Restricted' : modes[chrome.mode], chrome.restricted ? restricted : `Permissions: ${modes[chrome.mode]}`);
    this.folder.hidden = chrome.folder === null;
    label(this.folder, chrome.folder ?? '', `Folder: ${chrome.folder ?? ''}. Press for a session in another one`);
    set(this.mode, { 'data-mode': chrome.restricted ? 'restricted' : chrome.mode });
    this.chips.replaceChildren(...chrome.chips.map((chip) => this.chip(chip)));
    this.chips.hidden = chrome.chips.length === 0;
  }

  showCompletions(id: string, items: Completion[]): void {
    if (id === `c${this.wanted}` && document.activeElement === this.box) this.completions.show(items);
  }

  private chip({ id, label: words, detail, fixed, problem }: Chip): HTMLElement {
    const chip = h('span', 'chip', { role: 'listitem', title: detail, 'data-problem': problem }, svg(problem ? 'warning' : 'file'), h('span', '', {}, words));
    if (problem) chip.append(h('span', 'unseen', {}, `: ${detail}`));
    // What is mentioned in the text is left out by taking it out of the text.
    if (!fixed) chip.append(button('ghost small', `Leave ${words} out`, () => this.actions.detach(id), 'reject'));
    return chip;
  }

  private onPaste(event: ClipboardEvent): void {
    const { clipboardData: data } = event;
    // Copied cells and paragraphs come as a picture, too: the text is meant.
    if (data && data.getData('text/plain') === '' && this.actions.takeFiles(data.files) > 0) event.preventDefault();
  }

  private send(whileRunning: 'steer' | 'followUp'): void {
    const text = this.text.trim();
    if (text === '') return;
    this.taken(text);
    this.actions.send(text, this.running ? whileRunning : 'start');
  }

  /** What waits is not done, and Pi reads why. */
  private tellInstead(): void {
    const text = this.text.trim();
    if (text === '' || this.waiting === 0) return;
    this.taken(text);
    this.actions.tellInstead(text);
  }

  private taken(text: string): void {
    this.history.push(text);
    this.back = -1;
    this.box.value = '';
    this.onInput();
  }

  private onInput(): void {
    this.box.style.height = 'auto';
    // In a low view the conversation keeps its room.
    this.box.style.height = `${Math.min(this.box.scrollHeight, Math.max(44, Math.min(260, window.innerHeight * 0.3 - 70)))}px`;
    this.enable();
    this.actions.changed(this.text);
    this.noticeMentions();
    const query = asked(this.text, this.box.selectionStart);
    if (query && document.activeElement === this.box) this.actions.complete(`c${++this.wanted}`, query.kind, query.query);
    else {
      this.wanted++;
      this.completions.hide();
    }
  }

  private noticeMentions(): void {
    const mentions = this.text.includes('@');
    if (!mentions && !this.hadMentions) return;
    this.hadMentions = mentions;
    window.clearTimeout(this.mentionTimer);
    this.mentionTimer = window.setTimeout(() => this.actions.mentioned(this.text), 300);
  }

  private enable(): void {
    const empty = this.text.trim() === '';
    this.sendButton.disabled = empty;
    this.instead.hidden = empty || this.waiting === 0;
  }

  private complete(item: Completion): void {
    const query = asked(this.text, this.box.selectionStart);
    if (!query) return;
    this.box.setRangeText(item.insert, query.from, query.to, 'end');
    this.onInput();
    this.completions.hide();
    if (item.attach) this.actions.attachKnown(item.attach);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (this.completions.onKey(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && this.waiting > 0) {
      event.preventDefault();
      this.tellInstead();
    } else if (event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.send(event.altKey ? 'followUp' : 'steer');
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      // Where nothing runs it moves nothing: the focus stays where one writes.
      if (this.running) this.actions.stop();
    } else if (event.key === 'ArrowUp' && this.box.selectionStart === 0 && this.box.selectionEnd === 0 && (this.back >= 0 || this.text === '')) {
      this.recall(event, this.back + 1);
    } else if (event.key === 'ArrowDown' && this.back >= 0 && this.box.selectionEnd === this.text.length) {
      this.recall(event, this.back - 1);
    }
  }

  private recall(event: KeyboardEvent, back: number): void {
    const text = back < 0 ? this.draft : this.history[this.history.length - 1 - back];
    if (text === undefined) return;
    event.preventDefault();
    if (this.back < 0) this.draft = this.text;
    this.setText(text);
    this.back = back;
    // At the beginning after a step back, at the end after one forward: the next one goes on.
    const at = event.key === 'ArrowUp' ? 0 : text.length;
    this.box.setSelectionRange(at, at);
  }
}

function label(element: HTMLButtonElement, text: string, title: string): void {
  if (element.textContent !== text) element.textContent = text;
  set(element, { title, 'aria-label': title });
}

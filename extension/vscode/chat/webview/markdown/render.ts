// The tree of a text as elements, changed in place while it grows: what is the same stays, with its focus and its selection.
import { CodeView } from '../code/codeView.ts';
import { button, h } from '../dom.ts';
import { pathIn } from '../words.ts';
import { MarkdownStream } from './stream.ts';
import type { MdNode } from './tree.ts';

/** What can be done with what a text holds. Each is called by a click or a key of the user. */
export interface TextActions {
  copy(text: string): void;
  insert(text: string): void;
  applyCode(text: string, language: string): void;
  runInTerminal(text: string): void;
  openText(text: string): void;
  openLink(href: string): void;
  openPath(path: string, line?: number): void;
  /** Calls back, perhaps later and at most once, when this is a file of the workspace. */
  whenFile(path: string, found: () => void): void;
}

/** More elements than this of one text are not made; the rest can be opened as a document. */
const MOST_NODES = 6_000;
const MOST_CHARACTERS = 400_000;
const MOST_ROWS = 300;

/** A growing Markdown text in an element. */
export class MarkdownView {
  readonly element = h('div', 'md');
  private readonly actions: TextActions;
  private stream = new MarkdownStream();
  private text = '';
  private ended = false;
  private shownSettled = 0;
  private nodes = 0;
  private full = false;

  constructor(actions: TextActions) {
    this.actions = actions;
  }

  update(text: string, ended: boolean): void {
    if (text === this.text && ended === this.ended) return;
    if (!text.startsWith(this.text) || (this.ended && text !== this.text)) this.reset();
    if (!this.full) {
      const room = MOST_CHARACTERS - this.text.length;
      this.stream.append(text.slice(this.text.length, this.text.length + Math.max(0, room)));
      if (ended || text.length > MOST_CHARACTERS) this.stream.end();
    }
    this.text = text;
    this.ended = ended;
    this.show();
  }

  private reset(): void {
    this.stream = new MarkdownStream();
    this.text = '';
    this.shownSettled = 0;
    this.nodes = 0;
    this.full = false;
    this.element.replaceChildren();
  }

  private show(): void {
    const { settled, tail } = this.stream;
    if (!this.full) {
      const before = this.shownSettled;
      for (; this.shownSettled < settled.length && this.nodes < MOST_NODES; this.shownSettled++) {
        const node = settled[this.shownSettled];
        this.nodes += size(node);
        patchAt(this.element, this.shownSettled, node, this.actions);
      }
      const room = this.nodes < MOST_NODES && this.shownSettled === settled.length;
      const wanted = room ? tail : [];
      for (const [i, node] of wanted.entries()) patchAt(this.element, this.shownSettled + i, node, this.actions);
      const keep = this.shownSettled + wanted.length;
      while (this.element.childNodes.length > keep) this.element.lastChild?.remove();
      this.full = !room || this.text.length > MOST_CHARACTERS || (before === this.shownSettled && this.nodes >= MOST_NODES);
    }
    if (!this.full) return;
    let note = this.element.querySelector(':scope > .more');
    if (!note) {
      note = h(
        'p',
        'more',
        {},
        'The rest is too long to be shown here. ',
        button('link', 'Open all of it as a document', () => this.actions.openText(this.text)),
      );
      this.element.append(note);
    }
  }
}

function size(node: MdNode): number {
  let count = 1;
  if ('children' in node) for (const child of node.children) count += size(child);
  return count;
}

/** Made of what, so that the same element can be used again. */
const made = new WeakMap<Node, MdNode>();

function patchAt(parent: Element, at: number, node: MdNode, actions: TextActions): void {
  const old = parent.childNodes[at];
  const fresh = old === undefined ? null : patch(old, node, actions);
  if (fresh === old) return;
  const next = fresh ?? make(node, actions);
  if (old === undefined) parent.append(next);
  else parent.replaceChild(next, old);
}

/** @returns the same node, changed, or another one in its place */
function patch(old: Node, node: MdNode, actions: TextActions): Node {
  const was = made.get(old);
  if (!was || was.kind !== node.kind) return make(node, actions);
  if (node.kind === 'text') {
    if ((old as Text).data !== node.text) (old as Text).data = node.text;
  } else if (node.kind === 'block' && was.kind === 'block') {
    if (was.language !== node.language) return make(node, actions);
    codeOf.get(old)?.update(node.text);
  } else if (node.kind === 'element' && was.kind === 'element') {
    if (was.tag !== node.tag || was.start !== node.start || was.align !== node.align) return make(node, actions);
    children(inner(old as Element), node, actions);
  } else if (JSON.stringify(was) !== JSON.stringify(node)) return make(node, actions);
  made.set(old, node);
  return old;
}

/** A table stands in a frame of its own, in which it can be scrolled. */
const inner = (element: Element): Element => (element.classList.contains('table') ? (element.firstElementChild ?? element) : element);

function children(element: Element, node: MdNode & { kind: 'element' }, actions: TextActions): void {
  const shown = node.tag === 'tbody' && node.children.length > MOST_ROWS ? node.children.slice(0, MOST_ROWS) : node.children;
  for (const [i, child] of shown.entries()) patchAt(element, i, child, actions);
  while (element.childNodes.length > shown.length) element.lastChild?.remove();
  if (shown.length < node.children.length) {
    const hidden = node.children.length - shown.length;
    element.append(h('tr', '', {}, h('td', 'more', { colspan: 100 }, `… ${hidden} more rows; copy the message to read them`)));
  }
}

function make(node: MdNode, actions: TextActions): Node {
  const result = create(node, actions);
  made.set(result, node);
  return result;
}

function create(node: MdNode, actions: TextActions): Node {
  switch (node.kind) {
    case 'text':
      return document.createTextNode(node.text);
    case 'code':
      return inlineCode(node.text, actions);
    case 'block':
      return codeBlock(node, actions);
    case 'link':
      return link(node, actions);
    case 'element': {
      const element = h(node.tag);
      if (node.start !== undefined) element.setAttribute('start', String(node.start));
      if (node.align) element.className = `align-${node.align}`;
      if (node.tag === 'th') element.setAttribute('scope', 'col');
      children(element, node, actions);
      return node.tag === 'table' ? h('div', 'table', { tabindex: 0, role: 'group', 'aria-label': 'Table' }, element) : element;
    }
  }
}

function link(node: MdNode & { kind: 'link' }, actions: TextActions): Node {
  const { href } = node;
  const element = h('a', href === null ? 'dead' : 'link');
  for (const child of node.children) element.append(make(child, actions));
  if (href === null) {
    element.title = `Cannot be opened from here: ${node.address}`;
    return element;
  }
  // Without `href`, so that nobody but the host opens it, after it has looked at it.
  const file = href.startsWith('file:') ? href.slice(5) : null;
  const open = () => (file === null ? actions.openLink(href) : openFile(file, actions));
  pressable(element, file ?? href, open);
  return element;
}

function openFile(reference: string, actions: TextActions): void {
  const [path, line] = reference.split(/#L?/);
  let decoded = path;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    // A lone % is part of the name.
  }
  actions.openPath(decoded, line ? Number.parseInt(line, 10) : undefined);
}

function pressable(element: HTMLElement, title: string, open: () => void): void {
  element.title = title;
  element.setAttribute('role', 'link');
  element.tabIndex = 0;
  element.addEventListener('click', open);
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    event.stopPropagation();
    open();
  });
}

function inlineCode(text: string, actions: TextActions): Node {
  const element = h('code', '', {}, text);
  const reference = pathIn(text);
  if (reference) {
    actions.whenFile(reference.path, () => {
      element.classList.add('path');
      pressable(element, `Open ${text}`, () => actions.openPath(reference.path, reference.line));
    });
  }
  return element;
}

/** Languages whose blocks are for a terminal. */
const SHELL = /^(bash|sh|shell|zsh|fish|console|terminal|powershell|pwsh|ps1|cmd|bat|batch)$/i;

/** The code in each block's element. */
const codeOf = new WeakMap<Node, CodeView>();

function codeBlock(node: MdNode & { kind: 'block' }, actions: TextActions): Node {
  const code = new CodeView(node.language);
  code.update(node.text);
  const text = () => code.text;
  const block = h(
    'figure',
    'code',
    { 'aria-label': node.language ? `Code, ${node.language}` : 'Code' },
    h(
      'div',
      'code-head',
      {},
      h('span', 'language', {}, node.language || 'text'),
      button('ghost', 'Copy', () => actions.copy(text()), 'copy'),
      SHELL.test(node.language) && button('ghost', 'Run in the terminal', () => actions.runInTerminal(text()), 'terminal'),
      button('ghost', 'Insert at the cursor', () => actions.insert(text()), 'insert'),
      button('ghost', 'Ask Pi to apply this to the file', () => actions.applyCode(text(), node.language), 'toFile'),
    ),
    h('pre', '', { tabindex: 0 }, code.element),
  );
  codeOf.set(block, code);
  return block;
}

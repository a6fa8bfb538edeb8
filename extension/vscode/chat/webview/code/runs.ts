// Code to runs of text with what they are, line by line. Pure; nothing here knows elements or colours.
import type { Emitter } from 'highlight.js';
import { hljs } from './languages.ts';

/** A class of code.css; no kind is plain text. */
export type Kind =
  | 'keyword'
  | 'string'
  | 'number'
  | 'comment'
  | 'type'
  | 'function'
  | 'variable'
  | 'attribute'
  | 'tag'
  | 'meta'
  | 'added'
  | 'removed'
  | 'heading';

export interface Run {
  text: string;
  kind?: Kind;
}

/** By the first word of a scope; those that are left out are plain. */
const kinds: Record<string, Kind> = {
  keyword: 'keyword',
  literal: 'keyword',
  'selector-tag': 'tag',
  'template-tag': 'keyword',
  built_in: 'type',
  type: 'type',
  'selector-class': 'type',
  'selector-pseudo': 'type',
  number: 'number',
  'selector-id': 'number',
  string: 'string',
  regexp: 'string',
  char: 'string',
  quote: 'string',
  link: 'string',
  code: 'string',
  symbol: 'number',
  bullet: 'keyword',
  comment: 'comment',
  doctag: 'comment',
  title: 'function',
  variable: 'variable',
  'template-variable': 'variable',
  property: 'variable',
  attr: 'attribute',
  attribute: 'attribute',
  'selector-attr': 'attribute',
  tag: 'tag',
  name: 'tag',
  meta: 'meta',
  addition: 'added',
  deletion: 'removed',
  section: 'heading',
};

function kindOf(scope: string): Kind | undefined {
  const [first, second] = scope.split('.');
  if (first === 'title' && second === 'class') return 'type';
  if (first === 'variable' && second === 'language') return 'keyword';
  return kinds[first];
}

/** Takes what the library finds, without its markup. */
class Lines implements Emitter {
  readonly lines: Run[][] = [[]];
  private readonly open: (Kind | undefined)[] = [];

  startScope(scope: string): void {
    // What is substituted into a string is code again; what has no kind of its own is what is around it.
    const around = this.open.at(-1);
    this.open.push(scope === 'subst' ? undefined : (kindOf(scope) ?? around));
  }

  endScope(): void {
    this.open.pop();
  }

  addText(text: string): void {
    const kind = this.open.at(-1);
    for (const [i, piece] of text.split('\n').entries()) {
      if (i > 0) this.lines.push([]);
      const line = this.lines[this.lines.length - 1];
      const last = line.at(-1);
      if (piece === '') continue;
      if (last && last.kind === kind) last.text += piece;
      else line.push(kind === undefined ? { text: piece } : { text: piece, kind });
    }
  }

  __addSublanguage(emitter: Emitter): void {
    for (const [i, line] of (emitter as Lines).lines.entries()) {
      if (i > 0) this.lines.push([]);
      this.lines[this.lines.length - 1].push(...line);
    }
  }

  /** Asked for with every text; code is never markup here. */
  toHTML(): string {
    return '';
  }

  finalize(): void {}
  // The names of an earlier version, which the library still calls in places.
  openNode(scope: string): void {
    this.startScope(scope);
  }
  closeNode(): void {
    this.endScope();
  }
}

// The library is handed the class and makes one for each text.
hljs.configure({ __emitter: Lines as never });

export const isKnown = (language: string): boolean => language !== '' && hljs.getLanguage(language) !== undefined;

/** The lines of a text in a known language; joined by line ends they are the text. */
export function runsOf(language: string, text: string): Run[][] {
  const { lines } = hljs.highlight(text, { language, ignoreIllegals: true })._emitter as unknown as Lines;
  // Where the library has given up, nothing of the text is lost.
  return lines.map(textOf).join('\n') === text ? lines : plain(text);
}

const plain = (text: string): Run[][] => text.split('\n').map((line) => (line === '' ? [] : [{ text: line }]));

const textOf = (line: readonly Run[]): string => line.map((run) => run.text).join('');

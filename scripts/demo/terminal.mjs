// @ts-check
// How the demo looks: 80 columns, few colours, none where NO_COLOR is set or nobody looks.
import { createInterface } from 'node:readline/promises';

const WIDTH = Math.min(process.stdout.columns || 80, 80);
const coloured = process.env.NO_COLOR ? false : Boolean(process.env.FORCE_COLOR) || Boolean(process.stdout.isTTY);
const paint = (code) => (text) => (coloured ? `\x1b[${code}m${text}\x1b[0m` : text);

export const bold = paint('1');
export const dim = paint('2');
export const red = paint('31');
export const green = paint('32');
export const yellow = paint('33');
const cyan = paint('36');

export const line = (text = '') => void process.stdout.write(`${text}\n`);

export function title(text) {
  line();
  line(`${bold(cyan(text))} ${dim('─'.repeat(Math.max(0, WIDTH - text.length - 1)))}`);
}

/** Wrapped words behind a label: ` pi   I read the file.` */
export function say(label, text, colour = (one) => one) {
  const speech = new Speech(label, colour);
  speech.add(text);
  speech.end();
}

const MARGIN = 6;

/** Text that comes in pieces, wrapped at words as it comes. */
export class Speech {
  #label;
  #colour;
  #column = 0;
  /** Between the last word and the next one, if that comes on the same line. */
  #space = '';
  /** The word in the making: it may have to go to the next line. */
  #word = '';

  constructor(label, colour = (one) => one) {
    this.#label = label;
    this.#colour = colour;
  }

  add(text) {
    for (const part of text.split(/(\s)/)) {
      if (!/^\s$/.test(part)) this.#word += part;
      else {
        this.#flush();
        if (this.#column > MARGIN) this.#space = part === '\n' ? part : this.#space || ' ';
      }
    }
  }

  /** @returns {boolean} whether anything was said */
  end() {
    this.#flush();
    if (this.#column === 0) return false;
    line();
    this.#column = 0;
    this.#space = '';
    return true;
  }

  #flush() {
    if (this.#word === '') return;
    if (this.#column === 0) this.#begin(this.#label);
    else if (this.#space === '\n' || this.#column + this.#space.length + this.#word.length > WIDTH) {
      line();
      this.#begin('');
      this.#space = '';
    }
    this.#write(this.#space + this.#word);
    this.#space = '';
    this.#word = '';
  }

  #begin(label) {
    process.stdout.write(` ${bold(label.padEnd(MARGIN - 1))}`);
    this.#column = MARGIN;
  }

  #write(text) {
    process.stdout.write(this.#colour(text));
    this.#column += text.length;
  }
}

/** A tool at work, one line. */
export const tool = (text, note) => line(`${' '.repeat(MARGIN)}${yellow('▸')} ${text}${note ? dim(`  ${note}`) : ''}`);

/** A text with line numbers; lines that are not in `before` are marked. */
export function buffer(text, before) {
  const known = new Set(before.split('\n'));
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  lines.forEach((one, index) => {
    const fresh = one !== '' && !known.has(one);
    line(`${dim(String(index + 1).padStart(MARGIN + 2))} ${fresh ? green(`+ ${one}`) : `  ${one}`}`);
  });
}

/** What an edit would change, hunk by hunk, with a line around each. */
export function hunks(edit, text) {
  const lines = text.split('\n');
  const pad = ' '.repeat(MARGIN);
  line();
  edit.hunks.forEach(({ range, oldText, newText }, index) => {
    const [first, next] = [range.start.line, range.end.line];
    const where = `${decodeURIComponent(edit.uri.split('/').at(-1))}, line ${first + 1}`;
    line(`${pad}${bold(edit.hunks.length > 1 ? `[${index + 1}] ${where}` : where)}`);
    if (first > 0 && lines[first - 1] !== '') line(`${pad}${dim(`    ${lines[first - 1]}`)}`);
    for (const one of linesOf(oldText)) line(`${pad}${red(`  - ${one}`)}`);
    for (const one of linesOf(newText)) line(`${pad}${green(`  + ${one}`)}`);
    if (lines[next] !== undefined && lines[next] !== '') line(`${pad}${dim(`    ${lines[next]}`)}`);
  });
  line();
}

function linesOf(text) {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

const terminal = process.stdin.isTTY ? createInterface({ input: process.stdin, output: process.stdout }) : null;
/** Ctrl-C at a question ends everything as elsewhere. */
terminal?.on('SIGINT', () => process.emit('SIGINT'));
terminal?.pause();

/** Whether there is anybody to ask. */
export const hasReader = terminal !== null && Boolean(process.stdout.isTTY);

export async function question(text) {
  const answer = (await terminal.question(`${' '.repeat(MARGIN)}${bold(text)} `)).trim();
  terminal.pause();
  return answer;
}

/** What would have been typed, where nobody types. */
export const answered = (text, answer) => line(`${' '.repeat(MARGIN)}${bold(text)} ${answer} ${dim('(by itself)')}`);

export const close = () => terminal?.close();

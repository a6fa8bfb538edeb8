// A block of code that grows. Lines that are as they were keep their elements, so that a selection stays and nothing flickers; how
// often the growing end is coloured depends on what that costs.
import { h, say } from '../dom.ts';
import { isKnown, type Run, runsOf } from './runs.ts';

/** What is behind so many characters stays plain: every run is an element. */
const MOST = 20_000;
/** Between two colourings of one block passes at least so many times what the last one took. */
const REST = 8;
/** So much of one frame, in milliseconds, goes into colours; a whole page of messages that comes into sight takes several frames. */
const SHARE = 8;

const pace = { frame: null as unknown, spent: 0 };

/** Whether this frame has room left. */
function hasRoom(): boolean {
  const frame = document.timeline.currentTime;
  if (pace.frame !== frame) Object.assign(pace, { frame, spent: 0 });
  return pace.spent < SHARE;
}

export class CodeView {
  readonly element = h('code');
  private readonly language: string;
  text = '';
  /** The lines as they are shown, and the elements of them. */
  private lines: readonly Run[][] = [];
  /** So much of the text has been coloured, in these lines. */
  private coloured = { length: 0, lines: [] as readonly Run[][] };
  private notBefore = 0;
  private timer: number | undefined;

  constructor(language: string) {
    this.language = isKnown(language) ? language : '';
  }

  update(text: string): void {
    if (text === this.text) return;
    const grown = text.startsWith(this.text);
    this.text = text;
    if (this.language === '') this.grow(text);
    else {
      if (!grown) this.coloured = { length: 0, lines: [] };
      this.draw();
    }
  }

  private draw(): void {
    const until = Math.min(this.text.length, MOST);
    const now = performance.now();
    if (this.coloured.length < until) {
      if (now >= this.notBefore && hasRoom()) {
        this.coloured = { length: until, lines: runsOf(this.language, this.text.slice(0, until)) };
        const took = performance.now() - now;
        this.notBefore = performance.now() + REST * took;
        pace.spent += took;
      } else {
        this.timer ??= window.setTimeout(
          () => {
            this.timer = undefined;
            this.draw();
          },
          Math.max(16, this.notBefore - now),
        );
      }
    }
    this.show(withRest(this.coloured.lines, this.text.slice(this.coloured.length)));
  }

  private show(lines: readonly Run[][]): void {
    const { element } = this;
    for (const [i, line] of lines.entries()) {
      const last = i === lines.length - 1;
      let shown = element.children[i];
      if (!shown) {
        shown = h('span');
        element.append(shown);
      }
      const before = this.lines[i];
      const wasLast = i === this.lines.length - 1;
      if (before && last === wasLast && same(before, line)) continue;
      patch(shown, before ?? [], line);
      // The end of a line is in it, so that what is selected and copied has it.
      const end = shown.lastChild;
      const ends = end instanceof Text && end.data === '\n';
      if (!last && !ends) shown.append('\n');
    }
    while (element.children.length > lines.length) element.lastElementChild?.remove();
    this.lines = lines;
  }

  /** Without colours it is one text. */
  private grow(text: string): void {
    const first = this.element.firstChild;
    if (first instanceof Text && text.startsWith(first.data)) first.appendData(text.slice(first.data.length));
    else say(this.element, text);
  }
}

/** What is not coloured yet, or not at all, is one run, line ends and all. */
function withRest(lines: readonly Run[][], rest: string): readonly Run[][] {
  if (rest === '') return lines;
  return [...lines.slice(0, -1), [...(lines.at(-1) ?? []), { text: rest }]];
}

const same = (a: readonly Run[], b: readonly Run[]) => a.length === b.length && a.every((run, i) => run.text === b[i].text && run.kind === b[i].kind);

/** Changes a line's element; what it begins with alike is left alone, and a run that only grows keeps its text. */
function patch(element: Element, before: readonly Run[], line: readonly Run[]): void {
  let at = 0;
  while (at < before.length && at < line.length && before[at].text === line[at].text && before[at].kind === line[at].kind) at++;
  const grows = at < before.length && at < line.length && before[at].kind === line[at].kind && line[at].text.startsWith(before[at].text);
  const keep = grows ? at + 1 : at;
  while (element.childNodes.length > keep) element.lastChild?.remove();
  if (grows) {
    const node = element.childNodes[at];
    const text = node instanceof Text ? node : (node.firstChild as Text);
    text.appendData(line[at].text.slice(text.data.length));
  }
  for (const { text, kind } of line.slice(keep)) element.append(kind === undefined ? text : h('span', `t-${kind}`, {}, text));
}

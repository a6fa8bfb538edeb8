// What a screen reader says by itself: streamed text in whole sentences and not too often, states in a few words.
import { h } from './dom.ts';

const PAUSE_MS = 1_500;
/** A reader that is far behind hears where to read on instead. */
const MOST = 600;

export class Announcer {
  readonly element = h('div', 'unseen');
  private readonly polite = h('div', '', { 'aria-live': 'polite', role: 'status' });
  private readonly urgent = h('div', '', { 'aria-live': 'assertive', role: 'alert' });
  private waiting = '';
  private streamId = '';
  private heard = 0;
  private timer: number | undefined;

  constructor() {
    this.element.append(this.polite, this.urgent);
  }

  say(text: string): void {
    // Nothing to hear, or just said: the rest of a sentence that a snapshot had cut, the end of a run told twice.
    if (!/[\p{L}\p{N}]/u.test(text) || this.waiting.endsWith(`${text} `)) return;
    this.waiting += `${text} `;
    this.schedule();
  }

  /** Something waits for the user. */
  alert(text: string): void {
    this.urgent.textContent = text;
  }

  /** The text of an answer so far; each sentence is said once. */
  stream(id: string, text: string, ended: boolean): void {
    if (id !== this.streamId) {
      this.streamId = id;
      this.heard = 0;
    }
    const upTo = ended ? text.length : lastSentenceEnd(text);
    if (upTo <= this.heard) return;
    this.say(
      text
        .slice(this.heard, upTo)
        .replace(/```[\s\S]*?(```|$)/g, ' code block. ')
        .replace(/[#*_`|>]+/g, ' '),
    );
    this.heard = upTo;
  }

  /** What is there already is not read out. */
  skip(id: string, text: string): void {
    this.streamId = id;
    this.heard = text.length;
  }

  private schedule(): void {
    this.timer ??= window.setTimeout(() => {
      this.timer = undefined;
      const text = this.waiting.replace(/\s+/g, ' ').trim();
      this.waiting = '';
      if (text) this.polite.textContent = text.length > MOST ? `${text.slice(0, MOST)} … more in the message.` : text;
    }, PAUSE_MS);
  }
}

function lastSentenceEnd(text: string): number {
  for (let i = text.length - 1; i > 0; i--) if (/\s/.test(text[i]) && /[.!?:\n]/.test(text[i - 1])) return i + 1;
  return 0;
}

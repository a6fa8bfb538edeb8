// What a screen reader is told when the conversation has changed: at once what waits for the user, in its turn the rest.
import type { Conversation } from '../model/conversation.ts';
import type { Announcer } from './announcer.ts';
import { alertsOf, hasNewEdit, newsOf, waitingWords } from './heard.ts';

/** What a mode applies at once is open for a moment, too, and waits for nobody. */
const MOMENT_MS = 400;

export class Telling {
  #announcer: Announcer;
  #now: () => Conversation;
  #announcing = false;

  /** @param now what is shown: when it is told, it may be another conversation than the one that changed */
  constructor(announcer: Announcer, now: () => Conversation) {
    this.#announcer = announcer;
    this.#now = now;
  }

  changedFrom(before: Conversation): void {
    const now = this.#now();
    for (const words of alertsOf(before, now)) this.#announcer.alert(words);
    if (hasNewEdit(before, now)) this.#announceEdits();
    const last = now.items.findLast((item) => item.kind === 'assistant');
    if (last && now.items !== before.items) this.#announcer.stream(last.id, last.text, !last.streaming);
    for (const words of newsOf(before, now)) this.#announcer.say(words);
  }

  #announceEdits(): void {
    if (this.#announcing) return;
    this.#announcing = true;
    window.setTimeout(() => {
      this.#announcing = false;
      const words = waitingWords(this.#now());
      if (words) this.#announcer.alert(words);
    }, MOMENT_MS);
  }
}

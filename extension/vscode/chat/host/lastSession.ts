import type { Memento } from 'vscode';
import { check, record, text } from '../shape.ts';
import { firstLine } from '../../words/short.ts';
import { type Conversation, firstWords } from '../model/conversation.ts';

const KEY = 'chat.lastSession';
const stored = record({ path: text(), title: text() });

/** A stored session as far as it matters here. */
export interface Listed {
  path: string;
  title?: string;
  firstWords?: string;
  state: string;
  current: boolean;
}

/** The conversation of the last time in this workspace: what the window showed before it was closed or loaded again. */
export class LastSession {
  private readonly memory: Memento;
  /** As it was when this window began. */
  path: string | null;
  title: string | null;
  /** Something in it waits for the user. */
  waits = false;
  private told = '';

  constructor(memory: Memento) {
    this.memory = memory;
    const last = check(stored, memory.get(KEY), KEY);
    this.path = 'value' in last ? last.value.path : null;
    this.title = 'value' in last ? last.value.title : null;
  }

  /** What the server lists has better names, and one of it may wait for the user. */
  listed(sessions: readonly Listed[]): void {
    const other = sessions.filter(({ current }) => !current);
    const one = other.find(({ state }) => state === 'waiting') ?? other.find(({ path }) => path === this.path);
    if (one === undefined) return;
    this.path = one.path;
    this.title = one.title || firstLine(one.firstWords ?? '', 80) || this.title || 'Untitled session';
    this.waits = one.state === 'waiting';
  }

  seen(path: string, conversation: Conversation): void {
    const first = firstWords(conversation);
    // A session without a message is none to be resumed.
    if (first === undefined) return;
    const title = conversation.name ?? firstLine(first, 80);
    if (this.told === `${path}\n${title}`) return;
    this.told = `${path}\n${title}`;
    void this.memory.update(KEY, { path, title });
  }
}

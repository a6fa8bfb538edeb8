import type { Memento } from 'vscode';
import { check, record, text } from '../shape.ts';
import { firstLine } from '../../words/short.ts';
import type { Conversation } from '../model/conversation.ts';

const KEY = 'chat.lastSession';
const stored = record({ path: text(), title: text() });

/** The conversation of the last time in this workspace: what the window showed before it was closed or loaded again. */
export class LastSession {
  private readonly memory: Memento;
  /** As it was when this window began. */
  readonly path: string | null;
  readonly title: string | null;
  private told = '';

  constructor(memory: Memento) {
    this.memory = memory;
    const last = check(stored, memory.get(KEY), KEY);
    this.path = 'value' in last ? last.value.path : null;
    this.title = 'value' in last ? last.value.title : null;
  }

  seen(path: string, { name, items }: Conversation): void {
    const first = items.find((item) => item.kind === 'user');
    // A session without a message is no conversation to go on with.
    if (first === undefined) return;
    const title = name ?? firstLine(first.text, 80);
    if (this.told === `${path}\n${title}`) return;
    this.told = `${path}\n${title}`;
    void this.memory.update(KEY, { path, title });
  }
}

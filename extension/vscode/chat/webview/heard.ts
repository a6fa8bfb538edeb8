// What a screen reader is told of a change in the conversation. Pure.
import type { Conversation, Edit, RunItem } from '../model/conversation.ts';
import { many } from './words.ts';

/** Something waits for the user: said at once. */
export function alertsOf(before: Conversation, now: Conversation): string[] {
  return now.confirms.filter((confirm) => !before.confirms.includes(confirm)).map(({ tool, what }) => `Pi asks to use ${tool}: ${what}`);
}

const open = ({ edits }: Conversation): Edit[] => edits.filter((edit) => edit.status === 'open');

/** Whether another edit waits than before. */
export const hasNewEdit = (before: Conversation, now: Conversation): boolean => {
  const known = new Set(open(before).map(({ id }) => id));
  return open(now).some(({ id }) => !known.has(id));
};

/** What waits, with its number. Undefined when it has been decided by now, as by a mode that applies it at once. */
export function waitingWords(now: Conversation): string | undefined {
  const { length } = open(now);
  return length === 0 ? undefined : `${many(length, 'edit')} ${length === 1 ? 'waits' : 'wait'} for you.`;
}

const endOf = (now: Conversation): RunItem | undefined => now.items.findLast((item): item is RunItem => item.kind === 'run');

/** How a run goes and ends. */
export function newsOf(before: Conversation, now: Conversation): string[] {
  const news: string[] = [];
  if (now.retry && now.retry.attempt !== before.retry?.attempt) news.push(`It did not work. Pi tries again, ${now.retry.attempt} of ${now.retry.maxAttempts}.`);
  if (now.stopping && !before.stopping) news.push('Pi is being stopped.');
  if (before.running && !now.running) {
    const { stopReason, error } = endOf(now) ?? { stopReason: 'stop' };
    const failure = error ?? now.items.findLast((item) => item.kind === 'assistant')?.error;
    if (stopReason === 'aborted') news.push('Pi was stopped.');
    else if (stopReason === 'error' || error !== undefined) news.push(`Pi has failed${failure ? `: ${failure}` : '.'}`);
    else if (stopReason === 'length') news.push('Pi has ended: the answer was cut at its longest.');
    else news.push('Pi has finished.');
    const left = waitingWords(now);
    if (left) news.push(left);
  }
  return news;
}

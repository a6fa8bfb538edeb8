// One view for each kind of message.
import { short } from '../../words/short.ts';
import type { AssistantItem, CompactionItem, Item, NextStep, NoticeItem, UserItem } from '../model/conversation.ts';
import { button, h, say, set, svg } from './dom.ts';
import { problemView, stepButtons } from './failure.ts';
import { MarkdownView, type TextActions } from './markdown/render.ts';
import type { ItemView } from './messageList.ts';
import { tokens } from './words.ts';

export interface MessageActions extends TextActions {
  /** Puts a prompt back into the composer. */
  edit(text: string): void;
  /** What a button about a failure says; `id` of the message that it is about. */
  takeStep(step: NextStep, id?: string): void;
}

/** What was unfolded stays so when its message leaves the screen and comes back. */
export const unfolded = new Set<string>();

/** A fold whose content is made when it is opened for the first time. */
export function fold(
  key: string,
  className: string,
  title: Node | string,
  fill: (body: HTMLElement) => void,
): { element: HTMLDetailsElement; refill: () => void } {
  const body = h('div', 'fold-body');
  const summary = h('summary', '', {}, svg('chevron'), title);
  const element = h('details', className, { open: unfolded.has(key) }, summary, body);
  const refill = () => element.open && fill(body);
  // A click comes before what it does. What is unfolded for the user is not remembered as if the user had done it.
  summary.addEventListener('click', () => {
    if (element.open) unfolded.delete(key);
    else unfolded.add(key);
  });
  element.addEventListener('toggle', refill);
  refill();
  return { element, refill };
}

const article = (className: string, label: string, ...children: (Node | string)[]) =>
  h('article', `item ${className}`, { 'aria-label': label, tabindex: -1 }, ...children);

export function userView(actions: MessageActions): ItemView {
  const text = h('div', 'words');
  const chips = h('div', 'chips', { hidden: true });
  const problem = h('div', 'trouble', { hidden: true });
  const again = button('link', 'Put it back into the box', () => actions.edit(text.textContent ?? ''));
  const bar = h(
    'div',
    'bar',
    {},
    button('ghost', 'Copy', () => actions.copy(text.textContent ?? ''), 'copy'),
    button('ghost', 'Ask this again, changed', () => actions.edit(text.textContent ?? ''), 'edit'),
  );
  const element = article('user', 'You', text, chips, problem, bar);
  return {
    element,
    update(item) {
      const { id, text: words, state, attachments, error, next = [] } = item as UserItem;
      say(text, words);
      set(element, { 'data-state': state, 'aria-label': `You: ${short(words, 200)}${state === 'failed' ? '. Not sent.' : ''}` });
      chips.hidden = attachments.length === 0;
      chips.replaceChildren(...attachments.map((one) => h('span', 'chip', {}, svg('file'), one.label)));
      problem.hidden = state !== 'failed';
      if (state !== 'failed') return;
      const ways = stepButtons(next, (step) => actions.takeStep(step, id));
      problem.replaceChildren(...problemView(error ?? 'It was not sent.'), ...(ways ? [ways] : []), again);
    },
  };
}

export function assistantView(item: Item, actions: MessageActions): ItemView {
  let current = item as AssistantItem;
  const markdown = new MarkdownView(actions);
  const thought = h('span');
  const thinking = fold(`${item.id}.thinking`, 'thinking', thought, (body) => {
    if (!body.firstChild) body.append(h('div', 'words'));
    if (body.firstElementChild) say(body.firstElementChild, current.thinking);
  });
  const problem = h('div', 'trouble', { hidden: true });
  const bar = h(
    'div',
    'bar',
    {},
    button('ghost', 'Copy the message', () => actions.copy(current.text), 'copy'),
    button('ghost', 'Open as a document', () => actions.openText(current.text), 'file'),
  );
  const from = h('div', 'caption', { hidden: true });
  let shownTrouble: string | undefined;
  const element = article('assistant', 'Pi', thinking.element, markdown.element, from, problem, bar);
  return {
    element,
    update(next) {
      current = next as AssistantItem;
      const { text, streaming, error, stopReason } = current;
      set(element, { 'data-streaming': streaming, 'aria-label': `Pi: ${short(text, 200) || (streaming ? 'thinking' : (error ?? 'thought'))}` });
      thinking.element.hidden = current.thinking === '';
      say(thought, streaming && text === '' ? 'Thinking…' : 'Thought');
      thinking.refill();
      markdown.update(text, !streaming);
      from.hidden = current.answered === undefined;
      if (current.answered) say(from, `${current.answered.by} answered for ${current.answered.instead}`);
      const trouble = error ?? (stopReason === 'length' ? 'The answer was cut: the model had reached its longest output.' : undefined);
      problem.hidden = trouble === undefined || stopReason === 'aborted';
      if (trouble !== undefined && trouble !== shownTrouble) problem.replaceChildren(...problemView(trouble));
      shownTrouble = trouble;
      bar.hidden = text === '';
    },
  };
}

export function noticeView(): ItemView {
  const element = article('notice', 'Notice');
  return {
    element,
    update(item) {
      const { level, text } = item as NoticeItem;
      set(element, { 'data-level': level, 'aria-label': `${level === 'info' ? 'Notice' : level}: ${short(text, 300)}` });
      element.replaceChildren(level === 'info' ? '' : svg('warning'), h('span', 'words', {}, text));
    },
  };
}

export function compactionView(): ItemView {
  const element = article('divider', 'Compaction');
  return {
    element,
    update(item) {
      const { state, reason, tokensBefore, tokensAfter, error } = item as CompactionItem;
      const from = tokensBefore === undefined ? '' : ` from ${tokens(tokensBefore)}`;
      const to = tokensAfter === undefined ? '' : ` to ${tokens(tokensAfter)} tokens`;
      const words =
        state === 'running'
          ? 'Compacting the conversation…'
          : state === 'done'
            ? `Earlier messages were compacted${from || to ? `:${from}${to}` : ''}`
            : `Compaction failed: ${error ?? 'it was stopped'}`;
      set(element, { 'data-state': state, 'aria-label': words, title: reason ? `Why: ${reason}` : undefined });
      element.replaceChildren(h('span', '', {}, words));
    },
  };
}

// What stands there before the first message.
import type { Chrome } from '../messages/chrome.ts';
import { button, h, say } from './dom.ts';

const promises: Record<Chrome['mode'], string> = {
  readOnly: 'It only reads: no edit, no command.',
  ask: 'Every edit and every command waits for your word.',
  acceptEdits: 'Its edits are applied at once; commands wait for your word.',
  full: 'Its edits and commands are not asked for.',
};

const beginnings = ['Explain what this file does', 'Find the bug in my selection', 'Write tests for the code I have open'];

export interface Welcome {
  element: HTMLElement;
  update(chrome: Chrome): void;
}

export function welcome(choose: (text: string) => void, goOn: () => void): Welcome {
  const promise = h('p');
  const last = button('beginning last', 'Resume', goOn);
  const element = h(
    'section',
    'welcome',
    { 'aria-label': 'Welcome' },
    h('div', 'mark', { 'aria-hidden': 'true' }, 'π'),
    h('h2', '', {}, 'What shall we change?'),
    promise,
    h('div', 'beginnings', {}, last, ...beginnings.map((text) => button('beginning', text, () => choose(text)))),
  );
  return {
    element,
    update(chrome) {
      say(promise, `Pi reads your open files as they are, saved or not. ${promises[chrome.mode]}`);
      last.hidden = chrome.last === null;
      say(last, `Resume “${chrome.last?.title ?? ''}”${chrome.last?.waits ? ', which waits for you' : ''}`);
      last.title = last.textContent ?? '';
    },
  };
}

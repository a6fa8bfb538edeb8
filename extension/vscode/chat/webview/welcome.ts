// What stands there before the first message.
import { button, h } from './dom.ts';

const beginnings = ['Explain what this file does', 'Find the bug in my selection', 'Write tests for the code I have open'];

export function welcome(choose: (text: string) => void): HTMLElement {
  return h(
    'section',
    'welcome',
    { 'aria-label': 'Welcome' },
    h('div', 'mark', { 'aria-hidden': 'true' }, 'π'),
    h('h2', '', {}, 'What shall we change?'),
    h('p', '', {}, 'Pi reads your open files as they are, saved or not. Every edit and every command waits for your word.'),
    h('div', 'beginnings', {}, ...beginnings.map((text) => button('beginning', text, () => choose(text)))),
  );
}

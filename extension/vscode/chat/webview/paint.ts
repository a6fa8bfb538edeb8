// The theme's own colours of code, as variables of the page.
import type { Chrome } from '../messages/chrome.ts';

const KINDS = ['keyword', 'string', 'number', 'comment', 'type', 'function', 'variable', 'meta'] as const;
let painted = '';

export function paint(colors: Chrome['colors']): void {
  const key = JSON.stringify(colors);
  if (key === painted) return;
  painted = key;
  for (const kind of KINDS) {
    const color = colors[kind];
    if (color === undefined) document.body.style.removeProperty(`--t-${kind}`);
    else document.body.style.setProperty(`--t-${kind}`, color);
  }
  document.body.classList.toggle('theme-colors', key !== '{}');
}

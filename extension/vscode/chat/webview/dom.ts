// Elements made by hand. There is no way from a string to markup here: text goes in as text.

type Attributes = Record<string, string | number | boolean | undefined>;
type Child = Node | string | undefined | null | false;

/** An element with a class, attributes (true: present; false or undefined: absent) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, className = '', attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  set(element, attributes);
  for (const child of children) if (child) element.append(child);
  return element;
}

export function set(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) element.removeAttribute(name);
    else if (element.getAttribute(name) !== (value === true ? '' : String(value))) element.setAttribute(name, value === true ? '' : String(value));
  }
}

/** Changes the text only where it is another one, so that a selection in it stays. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function button(className: string, label: string, onClick: () => void, icon?: Icon, showsLabel = icon === undefined): HTMLButtonElement {
  const element = h('button', className, { type: 'button', title: label, 'aria-label': showsLabel ? undefined : label });
  if (icon) element.append(svg(icon));
  if (showsLabel) element.append(label);
  element.addEventListener('click', onClick);
  return element;
}

/** Drawn on a grid of 16 with a line of 1.2. */
const icons = {
  send: 'M2.5 8 13.5 3 10.5 13.5 7.5 9z M7.5 9 13.5 3',
  stop: 'M4.5 4.5h7v7h-7z',
  copy: 'M5.5 5.5h7v8h-7z M3.5 10.5v-8h7',
  insert: 'M3 3v10 M6 8h7 M10 5l3 3-3 3',
  apply: 'M3 8.5 6.5 12 13 4.5',
  reject: 'M4 4l8 8 M12 4l-8 8',
  diff: 'M5 3v6 M2.5 6h5 M2.5 12.5h5 M10 4l3.5 0 M10 8h3.5 M10 12h3.5',
  chevron: 'M6 4l4 4-4 4',
  down: 'M8 3v10 M4 9l4 4 4-4',
  up: 'M4 10l4-4 4 4',
  downward: 'M4 6l4 4 4-4',
  search: 'M7 11.5a4.5 4.5 0 1 1 0-9 4.5 4.5 0 0 1 0 9z M10.3 10.3l3.4 3.4',
  terminal: 'M2.5 3.5h11v9h-11z M5 6.5l2 1.7-2 1.8 M8.5 10.3h2.5',
  toFile: 'M4 2.5h5l3 3v8H4z M8 6v5 M5.8 9l2.2 2.2L10.2 9',
  plus: 'M8 3.5v9 M3.5 8h9',
  history: 'M8 4.5V8l2.5 1.5 M3 8a5 5 0 1 0 1.6-3.7L3 5.8 M3 3v2.8h2.8',
  attach: 'M10.5 5.5 6 10a1.4 1.4 0 0 0 2 2l5-5a2.8 2.8 0 0 0-4-4L3.8 8.2a4.2 4.2 0 0 0 6 6l3.7-3.7',
  file: 'M4 2.5h5l3 3v8H4z M9 2.5v3h3',
  undo: 'M3.5 6.5h6a3.2 3.2 0 0 1 0 6.5H7 M6 3.5l-3 3 3 3',
  more: 'M3.5 8h.01 M8 8h.01 M12.5 8h.01',
  think: 'M6 11.5a4.2 4.2 0 1 1 4 0v1.2H6z M6.5 14.5h3',
  edit: 'M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3z',
  clock: 'M8 4.5V8l2.5 1.5 M13.5 8a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0z',
  warning: 'M8 2.5 14 13.5H2z M8 6.5v3 M8 11.5h.01',
};
export type Icon = keyof typeof icons;

const SVG = 'http://www.w3.org/2000/svg';

export function svg(icon: Icon): SVGSVGElement {
  const element = document.createElementNS(SVG, 'svg');
  set(element, { class: 'icon', viewBox: '0 0 16 16', 'aria-hidden': 'true', focusable: 'false' });
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', icons[icon]);
  element.append(path);
  return element;
}

/** A ring that is filled to so many percent. */
export function ring(percent: number): SVGSVGElement {
  const element = document.createElementNS(SVG, 'svg');
  set(element, { class: 'ring', viewBox: '0 0 16 16', 'aria-hidden': 'true', focusable: 'false' });
  for (const name of ['track', 'fill']) {
    const circle = document.createElementNS(SVG, 'circle');
    set(circle, { class: name, cx: 8, cy: 8, r: 6, pathLength: 100 });
    if (name === 'fill') set(circle, { 'stroke-dasharray': `${Math.max(0, Math.min(100, percent))} 100`, transform: 'rotate(-90 8 8)' });
    element.append(circle);
  }
  return element;
}

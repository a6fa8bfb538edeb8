// @ts-check
// What the demo plays: a small file, what the person asks for, and what the scripted model does about it.

export const FILE = 'greet.mjs';

export const ON_DISK = `export function greet() {
  return 'hello.';
}

export function leave() {
  return 'bye.';
}
`;

/** As it is in the editor: the person has typed, and not saved. */
export const UNSAVED = `const mark = '!';

export function greet() {
  return 'hello' + mark;
}

export function leave() {
  return 'bye' + mark;
}
`;

const words = (text) => text.split(/(?<= )/);
const edit = (...edits) => [{ name: 'edit', arguments: { path: FILE, edits: edits.map(([oldText, newText]) => ({ oldText, newText })) } }];
const pace = { chunkDelayMs: 25 };

/**
 * @typedef {object} Step
 * @property {string} title
 * @property {string} prompt
 * @property {string} hint what to try, for a person
 * @property {{apply?: "all" | number[], reject?: string}} byItself the decision where nobody is asked
 * @property {object[]} model the scripted model's answers up to the decision
 * @property {(status: string) => object} closing its answer to what became of the edit
 */

/** @type {Step[]} */
export const story = [
  {
    title: '1  An edit waits for you',
    prompt: 'Let greet() take a name.',
    hint: '',
    byItself: { apply: 'all' },
    model: [
      {
        ...pace,
        text: words('Let me read the file as you see it.'),
        toolCalls: [{ name: 'read', arguments: { path: FILE } }],
        usage: { input: 940, output: 32 },
      },
      {
        ...pace,
        text: words('greet() gets a parameter, and keeps the mark that you just typed.'),
        toolCalls: edit(["export function greet() {\n  return 'hello' + mark;", "export function greet(name) {\n  return 'hello ' + name + mark;"]),
        usage: { input: 120, output: 88, cacheRead: 930 },
      },
    ],
    closing: (status) => says(status === 'rejected' ? 'Understood, greet() stays as it is.' : "Done: greet('Anna') now returns hello Anna!"),
  },
  {
    title: '2  Take one part, leave the other',
    prompt: 'Document both functions.',
    hint: 'h takes only some of the hunks',
    byItself: { apply: [1] },
    model: [
      {
        ...pace,
        text: words('One line above each of them.'),
        toolCalls: edit(
          ['export function greet(', '/** Says hello. */\nexport function greet('],
          ['export function leave(', '/** Says good bye. */\nexport function leave('],
        ),
        usage: { input: 60, output: 96, cacheRead: 1180 },
      },
    ],
    closing: (status) =>
      says({ partial: 'I see that you took only a part; I leave the rest alone.', rejected: 'Understood, no comments.' }[status] ?? 'Both are documented.'),
  },
  {
    title: '3  Say no, and why',
    prompt: 'Rename leave() to goodbye().',
    hint: 'n asks for a reason; the model reads it',
    byItself: { reject: 'other files call leave()' },
    model: [
      {
        ...pace,
        text: words('A small change.'),
        toolCalls: edit(['export function leave(', 'export function goodbye(']),
        usage: { input: 70, output: 54, cacheRead: 1320 },
      },
    ],
    closing: (status) =>
      says(status === 'rejected' ? 'I see. leave() keeps its name, then.' : 'It is called goodbye() now; whoever calls leave() has to follow.'),
  },
];

const says = (text) => ({ ...pace, text: words(text), usage: { input: 80, output: 24, cacheRead: 1400 } });

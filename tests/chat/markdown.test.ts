import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MarkdownStream } from '../../extension/vscode/chat/webview/markdown/stream.ts';
import { type MdNode, parse } from '../../extension/vscode/chat/webview/markdown/tree.ts';
import { dice } from './dice.ts';

const whole = (text: string) => parse(text.replace(/\r\n?/g, '\n').replaceAll('\0', '\ufffd')).map((block) => block.node);
const words = (nodes: MdNode[]): string => nodes.map((node) => ('text' in node ? node.text : words(node.children))).join('');
const linksOf = (nodes: MdNode[]): (string | null)[] =>
  nodes.flatMap((node) => ('children' in node ? [...(node.kind === 'link' ? [node.href] : []), ...linksOf(node.children)] : []));

const deep = Array.from({ length: 60 }, (_, i) => `${' '.repeat(i * 2)}- x\n`).join('');

function streamed(text: string, roll: (n: number) => number): MdNode[] {
  const stream = new MarkdownStream();
  for (let at = 0; at < text.length; ) {
    const to = at + 1 + roll(roll(2) ? 3 : 40);
    stream.append(text.slice(at, to));
    at = to;
  }
  stream.end();
  return [...stream.settled, ...stream.tail];
}

const pieces = [
  'word ',
  'two words\n',
  '\n',
  '\n\n',
  '- ',
  '* ',
  '1. ',
  '2. ',
  '2',
  '2.',
  '> ',
  '# ',
  '## x\n',
  '```',
  '```ts\n',
  '~~~\n',
  '    ',
  '  ',
  '\t',
  '|a|b|\n',
  '|-|:-:|\n',
  '| 1 | 2 |\n',
  '---\n',
  '===\n',
  '**',
  '*',
  '`',
  '[x](http://a.b)',
  '[x]: http://a.b\n',
  '[x]',
  '![p](https://a.b/c.png)',
  '<b>',
  '<script>',
  '&amp;',
  '\\',
  '\r\n',
  '\r',
  '🙂',
  'https://x.y/z ',
  '~~',
  '-',
  '+',
  ')',
  '\0',
  '\u00a0',
  '***\n',
  '-\n',
];

test('in whatever pieces a text comes, the tree is that of the whole text', () => {
  for (let seed = 1; seed <= 3_000; seed++) {
    const roll = dice(seed);
    const text = Array.from({ length: 1 + roll(25) }, () => pieces[roll(pieces.length)]).join('');
    assert.deepEqual(streamed(text, roll), whole(text), `seed ${seed}: ${JSON.stringify(text)}`);
  }
});

test('what is nested too deep is shown as it is, with all that follows', () => {
  const text = `before\n\n${deep}\nafter\n\n**all**`;
  for (let seed = 1; seed <= 20; seed++) assert.deepEqual(streamed(text, dice(seed)), whole(text));
  assert.ok(words(whole(text)).includes('- x\n\nafter\n\n**all**'));
  const quotes = `${'>'.repeat(5_000)} q\n\nlast`;
  assert.ok(words(whole(quotes)).endsWith('last'));
});

test('no text is lost: letters that go in come out', () => {
  for (let seed = 1; seed <= 500; seed++) {
    const roll = dice(seed);
    const marks = ['- ', '> ', '\n', '\n\n', '  ', '**', '`', '<i>', '1. ', '# ', '[', ']', '(', ')', '!'];
    const text = Array.from({ length: 60 }, (_, i) => (roll(2) ? marks[roll(marks.length)] : `w${i}w`)).join('');
    const shown = words(whole(text)) + JSON.stringify(whole(text));
    for (const [word] of text.matchAll(/w\d+w/g)) assert.ok(shown.includes(word), `seed ${seed}: ${word} of ${JSON.stringify(text)}`);
  }
});

test('addresses lead out by http, https and mail only, and into the workspace by plain paths', () => {
  const of = (text: string) => linksOf(whole(text));
  assert.deepEqual(of('[a](https://x.y/z) [b](http://x.y) [c](mailto:a@b.c) https://bare.example/a'), [
    'https://x.y/z',
    'http://x.y/',
    'mailto:a@b.c',
    'https://bare.example/a',
  ]);
  assert.deepEqual(of('[a](src/a.ts#L12) [b](./b.ts) [c](docs/my%20file.md)'), ['file:src/a.ts#L12', 'file:./b.ts', 'file:docs/my%20file.md']);
  for (const href of [
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'command:x',
    'vscode://x/y',
    '//evil/x',
    '\\\\evil\\x',
    'a%5c..%5cb',
    'ftp://x',
  ])
    assert.deepEqual(of(`[a](${href})`), [null], href);
});

test('a picture is a link, a tag is text, an unclosed fence is code', () => {
  assert.deepEqual(linksOf(whole('![cat](https://x.y/cat.png)')), ['https://x.y/cat.png']);
  assert.equal(words(whole('a <b>c</b> <script>d</script>')), 'a <b>c</b> <script>d</script>');
  assert.deepEqual(whole('```ts\nlet a\n'), [{ kind: 'block', language: 'ts', text: 'let a' }]);
});

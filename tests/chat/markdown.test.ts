import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MarkdownStream } from '../../extension/vscode/chat/webview/markdown/stream.ts';
import { type MdNode, parse } from '../../extension/vscode/chat/webview/markdown/tree.ts';
import { dice } from './dice.ts';

const whole = (text: string) => parse(text.replace(/\r\n?/g, '\n').replaceAll('\0', '\ufffd')).map((block) => block.node);
const words = (nodes: MdNode[]): string => nodes.map((node) => ('text' in node ? node.text : words(node.children))).join('');
const linksOf = (nodes: MdNode[]): (string | null)[] =>
  nodes.flatMap((node) => ('children' in node ? [...(node.kind === 'link' ? [node.href] : []), ...linksOf(node.children)] : []));

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

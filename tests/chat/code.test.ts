import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isKnown, type Run, runsOf } from '../../extension/vscode/chat/webview/code/runs.ts';

const textOf = (lines: readonly Run[][]) => lines.map((line) => line.map((run) => run.text).join('')).join('\n');
/** `kind:text` of everything that is not plain. */
const kindsIn = (language: string, text: string) =>
  runsOf(language, text).flatMap((line) => line.flatMap(({ kind, text: words }) => (kind ? [`${kind}:${words.trim()}`] : [])));

test('code becomes runs of what it is, line by line', () => {
  assert.deepEqual(runsOf('ts', 'const a = "b"; // c\n\nreturn 1;'), [
    [{ text: 'const', kind: 'keyword' }, { text: ' a = ' }, { text: '"b"', kind: 'string' }, { text: '; ' }, { text: '// c', kind: 'comment' }],
    [],
    [{ text: 'return', kind: 'keyword' }, { text: ' ' }, { text: '1', kind: 'number' }, { text: ';' }],
  ]);
});

test('a kind that goes over several lines is on each of them', () => {
  assert.deepEqual(
    runsOf('js', '/* one\ntwo */ x').map((line) => line[0]),
    [
      { text: '/* one', kind: 'comment' },
      { text: 'two */', kind: 'comment' },
    ],
  );
});

test('what is put into a string is code, and the string goes on behind it', () => {
  assert.deepEqual(kindsIn('js', ['x = `a $', '{1} b`'].join('')), ['string:`a', 'number:1', 'string:b`']);
});

test('a language within a language is read as itself', () => {
  const kinds = kindsIn('html', '<p class="x">hi</p><script>const a = 1;</script>');
  assert.ok(kinds.includes('keyword:const') && kinds.includes('string:"x"'), kinds.join(' '));
});

test('languages go by their names, endings and short names; others are not coloured', () => {
  for (const name of ['typescript', 'ts', 'TS', 'tsx', 'py', 'sh', 'c#', 'cs', 'c++', 'rs', 'yml', 'toml', 'jsonc', 'vue', 'html', 'ps1', 'console', 'diff'])
    assert.ok(isKnown(name), name);
  for (const name of ['', 'nothing', 'text.plain', 'constructor', '__proto__']) assert.equal(isKnown(name), false, name);
});

test('nothing of a text is lost, whatever it is and wherever it is cut', () => {
  const texts = [
    '<script>alert(1)</script> & "x" \'y\' &amp;\n\ttab\n',
    '\n\n# h\n```js\nx\n```\n* a **b** `c`\n',
    "def f(x):\n  '''doc\n  string\n  return {1: 'a'}\n",
    "SELECT * FROM t WHERE a = 'b' -- c\n/* d",
    '+added\n-removed\n@@ -1 +1 @@\n context\n',
    '💥 = "\ud83d half"\u2028x\0',
    'body { color: red; } /* x */ @media (a) { .b::after { content: "\\201c"; } }',
  ];
  for (const language of ['ts', 'html', 'markdown', 'python', 'sql', 'diff', 'css', 'bash', 'php', 'yaml', 'rust', 'csharp']) {
    for (const text of texts)
      for (let end = 0; end <= text.length; end++) assert.equal(textOf(runsOf(language, text.slice(0, end))), text.slice(0, end), language);
  }
});

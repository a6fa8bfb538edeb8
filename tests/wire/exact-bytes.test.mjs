// Line ends, byte order marks, last lines and characters of four bytes: an edit changes its own words and nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageFor } from './stage.mjs';
import { calls, edit, says, write } from './steps.mjs';

const BOM = '\uFEFF';
const cases = {
  LF: ['one\ntwo\nthree\n', 'two', '2'],
  CRLF: ['one\r\ntwo\r\nthree\r\n', 'two', '2'],
  'CRLF, over several lines': ['one\r\ntwo\r\nthree\r\nfour\r\n', 'two\nthree', '2\n2.5\n3'],
  'mixed line ends': ['one\r\ntwo\nthree\r\nfour\n', 'two', '2'],
  'a byte order mark': [`${BOM}one\ntwo\n`, 'two', '2'],
  'a byte order mark, edited right behind it': [`${BOM}one\ntwo\n`, 'one', '1'],
  'a byte order mark and CRLF': [`${BOM}one\r\ntwo\r\n`, 'one', '1'],
  'no last line end': ['one\ntwo', 'two', '2'],
  'no last line end, and CRLF': ['one\r\ntwo', 'two', '2'],
  'characters of four bytes': ['a😀b😀c\n𝒳 two 𝒴\n👩‍👩‍👧 end\n', 'two 𝒴', '2 𝒵🎉'],
  'tabs and spaces at the ends of lines': ['\tone \n\t\ttwo\t\n  three  \n', 'two\t', '2\t'],
  'combining marks and no-break spaces': ['cafe\u0301 and café\na\u00a0b\n', 'a\u00a0b', 'a\u00a0c'],
  'separators that are no line ends': ['a\u2028b\u0085c\u000bd\ntwo\n', 'two', '2'],
};

const inTheWayOf = (text, old, fresh) => {
  const crlf = text.includes('\r\n') && !/[^\r]\n/.test(text);
  const convert = (part) => (crlf ? part.replaceAll('\n', '\r\n') : part);
  return text.replace(convert(old), () => convert(fresh));
};

for (const [what, [text, oldText, newText]] of Object.entries(cases)) {
  for (const encoding of ['utf-16', 'utf-8']) {
    test(`${what}: an open and a closed file, columns in ${encoding}`, async (t) => {
      const stage = await stageFor(t, {
        files: { 'open.txt': text, 'closed.txt': text },
        script: [calls(edit('open.txt', [oldText, newText]), edit('closed.txt', [oldText, newText])), says('Done.')],
        client: { encoding: [encoding] },
      });
      assert.equal(stage.lsp.encoding, encoding);
      await stage.open('open.txt');
      const asked = stage.ask('change both');
      (await stage.lsp.nextQuestion()).answer('Apply');
      (await stage.lsp.nextQuestion()).answer('Apply');
      const { edits } = await asked;
      assert.deepEqual(
        edits.map((one) => one.status),
        ['applied', 'applied'],
        stage.told().join('\n'),
      );
      const expected = inTheWayOf(text, oldText, newText);
      assert.notEqual(expected, text);
      for (const name of ['open.txt', 'closed.txt']) {
        await stage.lsp.save(stage.uri(name));
        assert.equal(stage.disk(name), expected, name);
      }
    });
  }
}

test('a model that writes LF over a CRLF file with a byte order mark does not take them away', async (t) => {
  const stage = await stageFor(t, {
    files: { 'windows.txt': `${BOM}one\r\ntwo\r\n` },
    script: [calls(write('windows.txt', 'one\n2\nthree\n')), says('Done.')],
  });
  const uri = await stage.open('windows.txt');
  const asked = stage.ask('write it');
  (await stage.lsp.nextQuestion()).answer('Apply');
  await asked;
  assert.equal(stage.lsp.text(uri), `${BOM}one\r\n2\r\nthree\r\n`);
});

test('an editor that keeps the byte order mark of an open file to itself', async (t) => {
  const stage = await stageFor(t, { files: { 'marked.txt': `${BOM}one\ntwo\n` }, script: [calls(edit('marked.txt', ['one', '1'])), says('Done.')] });
  const uri = await stage.open('marked.txt', 'one\ntwo\n');
  const asked = stage.ask('change it');
  (await stage.lsp.nextQuestion()).answer('Apply');
  assert.equal((await asked).edits[0].status, 'applied');
  assert.equal(stage.lsp.text(uri), '1\ntwo\n');
});

test('an editor that opens a marked file without its mark, only for the edit', async (t) => {
  const stage = await stageFor(t, { files: { 'marked.txt': `${BOM}one\ntwo\n` }, script: [calls(edit('marked.txt', ['one', '1'])), says('Done.')] });
  const uri = stage.uri('marked.txt');
  stage.lsp.applyMode = async (params, honest) => {
    await stage.lsp.open(uri, 'one\ntwo\n');
    return honest();
  };
  const asked = stage.ask('change it');
  (await stage.lsp.nextQuestion()).answer('Apply');
  assert.equal((await asked).edits[0].status, 'applied', stage.told().join());
  assert.equal(stage.lsp.text(uri), '1\ntwo\n');
});

test('half an emoji in a buffer and in a prompt ends nothing, and an edit beside it lands', async (t) => {
  const half = 'one \ud83d\ntwo\n';
  const stage = await stageFor(t, { files: { 'half.txt': '' }, script: [calls(edit('half.txt', ['two', '2'])), says('Done.')] });
  const uri = await stage.open('half.txt', half);
  const asked = stage.ask('change \ude00 it');
  (await stage.lsp.nextQuestion()).answer('Apply');
  assert.deepEqual((await asked).edits, [{ uri, status: 'applied' }]);
  assert.equal(stage.lsp.text(uri), half.replace('two', '2'));
  assert.match(stage.model.requests[0].messages.at(-1).content[0].text, /^change \ufffd it/);
});

test('half an emoji from the model becomes what it would become in a file, and two halves are one', async (t) => {
  const stage = await stageFor(t, {
    files: { 'half.txt': 'one\ntwo\n' },
    script: [
      {
        text: ['a \ud83d', '\ude00 b'],
        toolCalls: [{ ...edit('half.txt'), arguments: '{"path":"half.txt","edits":[{"oldText":"two","newText":"2 \\ud83d"}]}' }],
      },
      says('Done.'),
    ],
    client: { capabilities: { experimental: { pi: { events: true } } } },
  });
  const uri = await stage.open('half.txt');
  const asked = stage.ask('change it');
  (await stage.lsp.nextQuestion()).answer('Apply');
  assert.deepEqual((await asked).edits, [{ uri, status: 'applied' }]);
  assert.equal(stage.lsp.text(uri), 'one\n2 \ufffd\n');
  const deltas = stage.lsp.all('pi/event').filter((one) => one.type === 'textDelta');
  assert.equal(deltas.map((one) => one.text).join(''), 'a 😀 bDone.');
});

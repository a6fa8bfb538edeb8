// What goes with a prompt: attachments, mentions; shown before it is sent.
import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { stageFor } from './stage.mjs';
import { says } from './steps.mjs';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const lines = (first, last) => ({ start: { line: first, character: 0 }, end: { line: last, character: 0 } });
const sent = (stage) => {
  const { content } = stage.model.requests.at(-1).messages.findLast((m) => m.role === 'user');
  return typeof content === 'string'
    ? { text: content, images: [] }
    : { text: content.map((p) => p.text ?? '').join(''), images: content.filter((p) => p.type === 'image_url') };
};
const resolve = (stage, argument) => stage.lsp.command('pi.resolveContext', argument);

test('what is shown before sending is what is sent', async (t) => {
  const stage = await stageFor(t, { files: { 'a.txt': 'on disk\n', 'b c.md': 'one\ntwo\nthree\n' }, script: [says('Seen.')] });
  const uri = await stage.open('a.txt', 'not saved\n');
  const argument = {
    prompt: 'compare @a.txt with @"b c.md"#L2, @nobody and me@example.org',
    attachments: [{ kind: 'openFiles' }, { kind: 'text', title: 'A note', text: 'with ``` in it' }, { kind: 'selection', uri, range: lines(0, 1) }],
  };
  const { items, text } = await resolve(stage, argument);
  assert.deepEqual(
    items.map(({ kind, title, included }) => [kind, title, included]),
    [
      ['openFiles', 'Open files', true],
      ['text', 'A note', true],
      ['selection', 'a.txt:1-2', true],
      ['file', 'a.txt', true],
      ['file', 'b c.md, line 2', true],
    ],
  );
  assert.ok(text.includes('not saved') && text.includes('(unsaved changes)') && !text.includes('on disk'));
  assert.ok(text.includes('````\nwith ``` in it\n````') && text.includes('```\ntwo\n```') && !text.includes('three'));
  await stage.ask(argument.prompt, argument);
  assert.equal(sent(stage).text, `${argument.prompt}\n\n<editor>\n${text}\n</editor>`);
});

test('only the workspace can be mentioned, and nothing that a link leads out of it', async (t) => {
  const other = await stageFor(t, { files: { 'secret.txt': 'hidden' } });
  const stage = await stageFor(t, { files: { 'a.txt': 'a' }, script: [says('No.')] });
  symlinkSync(other.path('secret.txt'), stage.path('link.txt'));
  symlinkSync(other.workspace, stage.path('folder'));
  const prompt = `@link.txt @folder/secret.txt @../${other.workspace.split('/').at(-1)}/secret.txt @${other.path('secret.txt')} @src/none.ts`;
  const { items, text } = await resolve(stage, { prompt });
  assert.equal(items.length, 5);
  for (const one of items) assert.deepEqual([one.included, typeof one.problem], [false, 'string'], JSON.stringify(one));
  assert.equal(text, '');
  await stage.ask(prompt);
  assert.equal(sent(stage).text, prompt);
});

test('pictures go with the prompt: by data, by path, by mention', async (t) => {
  const stage = await stageFor(t, {
    home: { models: [{ id: 'scripted-1', input: ['text', 'image'], contextWindow: 128_000, maxTokens: 1000 }] },
    files: { 'p.png': Buffer.from(PNG, 'base64'), 'x.bin': Buffer.from([0, 1, 2, 255]) },
    script: [says('Seen.')],
  });
  const argument = {
    prompt: 'see @p.png',
    attachments: [
      { kind: 'image', data: PNG, mimeType: 'image/png', name: 'pasted' },
      { kind: 'image', data: PNG, mimeType: 'image/tiff' },
      { kind: 'image', path: 'x.bin' },
    ],
  };
  const resolved = await resolve(stage, argument);
  assert.deepEqual(
    resolved.items.map((one) => [one.kind, one.title, one.included]),
    [
      ['image', 'pasted', true],
      // Whatever it is called, its bytes are those of a PNG.
      ['image', 'picture', true],
      ['file', 'x.bin', false],
      ['image', 'p.png', true],
    ],
  );
  assert.equal(resolved.images, 3);
  await stage.ask(argument.prompt, argument);
  assert.equal(sent(stage).images.length, 3);
});

test('the editor’s problems are asked for, or taken as they are given', async (t) => {
  const stage = await stageFor(t, { files: { 'a.ts': 'x\ny\n' }, client: { capabilities: { experimental: { pi: { editor: true } } } } });
  const uri = await stage.open('a.ts');
  stage.lsp.onRequest('pi/editor/diagnostics', () => ({
    items: [
      { uri, range: lines(0, 0), severity: 1, message: 'first' },
      { uri, range: lines(1, 1), severity: 1, message: 'second' },
    ],
  }));
  const asked = await resolve(stage, { attachments: [{ kind: 'diagnostics', uri, range: lines(1, 1) }] });
  assert.match(asked.text, /a\.ts:2:1: error: second/);
  assert.doesNotMatch(asked.text, /first/);
  const given = await resolve(stage, { attachments: [{ kind: 'diagnostics', uri, items: [{ range: lines(0, 0), message: 'mine' }] }] });
  assert.match(given.text, /a\.ts:1:1: error: mine/);
});

test('what is too long is named only; a folder is listed', async (t) => {
  const stage = await stageFor(t, { files: { 'big.txt': 'x'.repeat(300_000), 'src/a.ts': '', 'src/lib/b.ts': '' } });
  const { items } = await resolve(stage, { prompt: '@big.txt @src' });
  assert.match(items[0].problem, /too long/);
  assert.ok(items[0].text.length < 200);
  assert.equal(items[1].text, 'The folder src has:\na.ts\nlib/');
});

test('a wrong attachment is refused by name', async (t) => {
  const stage = await stageFor(t, {});
  for (const [attachment, message] of [
    [{ kind: 'moon' }, /no attachment of the kind "moon"/],
    [{}, /"kind" must be a string/],
    [{ kind: 'file' }, /"uri" must be a string/],
    [{ kind: 'file', uri: 'http://x/y' }, /is no file/],
  ])
    await assert.rejects(stage.ask('x', { attachments: [attachment] }), message);
  await assert.rejects(stage.ask('x', { attachments: {} }), /list of objects/);
});

test('mentions are completed from the workspace, without what .gitignore names', async (t) => {
  const stage = await stageFor(t, {
    files: {
      '.gitignore': 'out/\n*.log\n',
      'src/garden.ts': '',
      'src/pond garden.ts': '',
      'src/lib/.gitignore': 'secret.ts\n',
      'src/lib/secret.ts': '',
      'src/lib/gate.ts': '',
      'out/garden.js': '',
      'x.log': '',
      'node_modules/garden/index.js': '',
    },
  });
  symlinkSync('/', stage.path('rootlink'));
  const complete = async (prefix) => (await stage.lsp.command('pi.completeMention', { prefix })).items;
  assert.deepEqual(
    (await complete('garden')).map((one) => one.insert),
    ['@src/garden.ts', '@"src/pond garden.ts"'],
  );
  assert.deepEqual(
    (await complete('src/lib')).map((one) => one.path),
    ['src/lib/', 'src/lib/gate.ts', 'src/lib/.gitignore'],
  );
  assert.deepEqual(await complete('secret'), []);
  assert.deepEqual(await complete('rootlink'), []);
  assert.ok((await complete('')).length > 0);
  const many = await stage.lsp.command('pi.completeMention', { prefix: '', limit: 2 });
  assert.equal(many.items.length, 2);
});

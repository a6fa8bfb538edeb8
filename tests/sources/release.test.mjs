// `npm run release`, as far as it can be tried without a release.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { copies, version, withVersion } from '../../scripts/check/version.mjs';
import { released, section } from '../../scripts/release/changelog.mjs';
import { changes, refused } from '../../scripts/release.mjs';

const root = new URL('../../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');

test('only a newer version of three numbers will do', () => {
  for (const good of ['0.1.1', '0.2.0', '1.0.0', '0.1.10']) assert.equal(refused(good, '0.1.0'), null);
  for (const bad of ['0.1.0', '0.0.9', '0.2', 'v0.2.0', '0.2.0-beta', '0.2.0 ']) assert.notEqual(refused(bad, '0.1.0'), null, bad);
});

test('a release changes the version where it stands, and nothing else', () => {
  const texts = changes('98.76.54', '2031-02-03', (path) => (path === 'CHANGELOG.md' ? '# Changes\n\n## Unreleased\n\n- New.\n\n## 0.0.1\n' : read(path)));
  assert.deepEqual(new Set(texts.keys()), new Set(['package.json', 'CHANGELOG.md', ...copies.map(([path]) => path)]));
  for (const [path, text] of texts) {
    if (path === 'CHANGELOG.md') continue;
    assert.ok(text.includes('98.76.54'), path);
    assert.equal(text.replaceAll('98.76.54', version()), read(path), path);
  }
  assert.equal(texts.get('CHANGELOG.md'), '# Changes\n\n## Unreleased\n\n## 98.76.54 – 2031-02-03\n\n- New.\n\n## 0.0.1\n');
});

test('the version of a package that happens to be the same is left alone', () => {
  const [path, place] = copies[1];
  const own = { name: 'pilsp', version: '1.0.0' };
  const lock = JSON.stringify({ ...own, packages: { '': own, x: { version: '1.0.0' } } }, null, 2);
  assert.equal(path, 'package-lock.json');
  assert.equal(withVersion(lock, place, '2.0.0')?.split('2.0.0').length, 2);
  assert.equal(withVersion('nothing', place, '2.0.0'), null);
});

test('a release without news, or one that there is, is refused', () => {
  assert.throws(() => released('## Unreleased\n\n## 0.1.0\n\n- First.\n', '0.2.0', '2031-02-03'), /nothing under/);
  assert.throws(() => released('## Unreleased\n\n- New.\n\n## 0.1.0 – 2030-01-01\n\n- First.\n', '0.1.0', '2031-02-03'), /already/);
  assert.equal(section('## 0.1.0 – 2030-01-01\n\n- First.\n', '0.1.0'), '- First.');
});

test('without --go it says what it would do and changes nothing', () => {
  const before = copies.map(([path]) => read(path)).join();
  const dry = spawnSync(process.execPath, [fileURLToPath(new URL('scripts/release.mjs', root)), '99.0.0'], { encoding: 'utf8' });
  // What is not released yet may be nothing, directly after a release.
  if (section(read('CHANGELOG.md'), 'Unreleased') === '') assert.match(dry.stderr, /nothing under/);
  else assert.match(dry.stdout, new RegExp(`^${version()} → 99\\.0\\.0, in package\\.json, .*CHANGELOG\\.md\\n`));
  assert.equal(copies.map(([path]) => read(path)).join(), before);
});

test('the compiler takes the version from package.json', () => {
  const done = spawnSync('dotnet', ['msbuild', 'server/PiLsp.csproj', '-getProperty:Version', '-nologo'], { cwd: fileURLToPath(root), encoding: 'utf8' });
  assert.equal(done.stdout.trim(), version(), done.stderr);
});

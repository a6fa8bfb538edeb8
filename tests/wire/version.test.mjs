// A client of ours that was made for another server says its version, and the user hears of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageFor } from './stage.mjs';

const announcing = (version) => ({ client: { capabilities: { experimental: { pi: { version } } } } });

test('a client of another version is complained about once, with both versions', async (t) => {
  const stage = await stageFor(t, announcing('99.1.0'));
  const { type, message } = await stage.lsp.waitFor('window/showMessage');
  assert.equal(type, 2);
  assert.match(message, /99\.1\.0/);
  assert.ok(message.includes(stage.lsp.serverInfo.version));
  await stage.lsp.command('pi.status');
  assert.equal(stage.lsp.all('window/showMessage').length, 1);
});

test('a client of the same major and minor version, or of none, hears nothing', async (t) => {
  const plain = await stageFor(t, {});
  const [major, minor] = plain.lsp.serverInfo.version.split('.');
  for (const stage of [plain, await stageFor(t, announcing(`${major}.${minor}.99`))]) {
    await stage.lsp.command('pi.status');
    assert.deepEqual(stage.lsp.all('window/showMessage'), []);
  }
});

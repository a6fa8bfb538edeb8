// A conversation that is deleted in another window, or by hand, while it is open here: it goes on whole, and says so.
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { anotherServer, stageFor } from '../stage.mjs';
import { says } from '../steps.mjs';

const own = { capabilities: { experimental: { pi: { events: true } } } };
const storedAt = async (stage) => (await stage.lsp.command('pi.status')).sessionFile;
const lines = (file) =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const said = (entries) =>
  entries.filter((one) => one.type === 'message').map((one) => one.message.content.map?.((part) => part.text).join('') ?? one.message.content);

const ways = {
  'another window': async (t, stage, file) => void (await (await anotherServer(t, stage)).command('pi.deleteSession', { path: file })),
  hand: async (_t, _stage, file) => rmSync(file),
  'hand, and Pi has written to it since': async (_t, _stage, file) => {
    const [, ...entries] = readFileSync(file, 'utf8').trim().split('\n');
    writeFileSync(file, `${entries.at(-1)}\n`);
  },
};

for (const [how, remove] of Object.entries(ways)) {
  test(`failure 29: a conversation that was deleted by ${how} is stored again, whole, before it goes on`, async (t) => {
    const stage = await stageFor(t, { client: own, script: [says('Blue.'), says('Blue, you said.'), says('Still blue.')] });
    await stage.ask('my colour is blue');
    const file = await storedAt(stage);
    await remove(t, stage, file);
    await stage.ask('which colour?');
    assert.match((await stage.lsp.waitFor('pi/event', (one) => one.type === 'notice' && /deleted/.test(one.text))).text, /stored there again/);
    const [header, ...entries] = lines(file);
    assert.deepEqual([header.type, header.cwd], ['session', stage.workspace]);
    assert.deepEqual(
      said(entries).filter((text) => /colour|lue/.test(text)),
      ['my colour is blue', 'Blue.', 'which colour?', 'Blue, you said.'],
    );
    // It can be opened as any other.
    const { sessions } = await stage.lsp.command('pi.listSessions');
    assert.deepEqual(
      sessions.map((one) => [one.path, one.messages]),
      [[file, 4]],
    );
    await stage.ask('sure?');
    assert.equal(stage.lsp.all('pi/event').filter((one) => one.type === 'notice' && /deleted/.test(one.text)).length, 1);
  });
}

test('failure 29: what was written to a deleted conversation does not keep it from being restored', async (t) => {
  const stage = await stageFor(t, { client: own, script: [says('Blue.')] });
  await stage.ask('my colour is blue');
  const file = await storedAt(stage);
  const { movedTo } = await stage.lsp.command('pi.deleteSession', { path: file });
  const last = lines(movedTo).at(-1);
  // As a Pi that still has it open writes it: the new entry alone.
  const message = { role: 'user', content: 'late words', timestamp: 1 };
  appendFileSync(file, `${JSON.stringify({ type: 'message', id: 'abcd1234', parentId: last.id, timestamp: last.timestamp, message })}\n`);
  assert.deepEqual(await stage.lsp.command('pi.restoreSession', { path: movedTo }), { path: file });
  assert.equal(existsSync(movedTo), false);
  const [header, ...entries] = lines(file);
  assert.equal(header.type, 'session');
  assert.equal(said(entries).at(-1), 'late words');
  assert.equal(existsSync(join(file, '..', 'deleted')), true);
});

// A picture is what its bytes say; one that cannot be sent is said to be so before the prompt goes, and stops nothing later.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { stageFor } from '../stage.mjs';
import { says } from '../steps.mjs';

const home = { models: [{ id: 'scripted-1', input: ['text', 'image'], contextWindow: 128_000, maxTokens: 1000 }] };
const events = { capabilities: { experimental: { pi: { events: true } } } };
const crcs = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});
const crc = (bytes) => ~bytes.reduce((c, byte) => crcs[(c ^ byte) & 255] ^ (c >>> 8), -1) >>> 0;
function chunk(kind, data) {
  const whole = Buffer.alloc(12 + data.length);
  whole.writeUInt32BE(data.length, 0);
  whole.write(kind, 4, 'latin1');
  data.copy(whole, 8);
  whole.writeUInt32BE(crc(whole.subarray(4, 8 + data.length)), 8 + data.length);
  return whole;
}
/** A PNG that does not pack well. */
function png(width, height) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let at = 0, seed = 1; at < rows.length; at++) rows[at] = at % (1 + width * 3) === 0 ? 0 : (seed = (seed * 1103515245 + 12345) >>> 0) >>> 24;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 0 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
const SMALL = png(8, 8);
const image = (bytes, mimeType = 'image/png', name = 'shot.png') => ({ kind: 'image', data: bytes.toString('base64'), mimeType, name });
const pictures = (stage, nth = -1) => {
  const { content } = stage.model.requests.at(nth).messages.findLast((one) => one.role === 'user');
  return typeof content === 'string' ? [] : content.filter((part) => part.type === 'image_url').map((part) => part.image_url.url.slice(0, 20));
};

test('failure 35: a PNG that is called a JPEG goes as what it is', async (t) => {
  const stage = await stageFor(t, { home, files: { 'a.jpg': SMALL }, script: [says('Seen.')] });
  await stage.ask('see @a.jpg', { attachments: [image(SMALL, 'image/jpeg'), image(SMALL, 'image/x-unknown', 'other')] });
  assert.deepEqual(pictures(stage), Array(3).fill('data:image/png;base6'));
});

test('failure 35: a broken one is said before it is sent, to user and model, and the rest goes', async (t) => {
  const damaged = Buffer.from(png(64, 64));
  damaged.fill(0xaa, 45, 60);
  const attachments = [
    image(SMALL.subarray(0, 40), 'image/png', 'half.png'),
    image(damaged, 'image/png', 'damaged.png'),
    image(Buffer.from('GIF'), 'image/gif', 'none.gif'),
    image(SMALL),
  ];
  const stage = await stageFor(t, { home, client: events, script: [says('Seen.'), says('Still here.')] });
  const { items, images } = await stage.lsp.command('pi.resolveContext', { prompt: 'look', attachments });
  assert.deepEqual(
    items.map((one) => [one.title, one.included, /broken|no PNG/.test(one.problem ?? '')]),
    [
      ['half.png', false, true],
      ['damaged.png', false, true],
      ['none.gif', false, true],
      ['shot.png', true, false],
    ],
  );
  assert.equal(images, 1);
  assert.equal((await stage.ask('look', { attachments })).text, 'Seen.');
  assert.equal(pictures(stage).length, 1);
  assert.match(stage.model.lastUserText(), /The picture half\.png could not be sent: it is broken/);
  const told = stage.lsp.all('pi/event').map(({ type, text }) => `${type} ${text ?? ''}`);
  const notice = told.findIndex((one) => /^notice Not sent with your message: half\.png: .*damaged\.png: .*none\.gif: /.test(one));
  assert.ok(notice >= 0 && notice < told.findIndex((one) => one.startsWith('userMessage')), told.join('\n'));
  const { entries } = await stage.lsp.command('pi.getTranscript');
  assert.equal(entries.find((one) => one.kind === 'user').text, 'look');
  assert.equal((await stage.ask('and now?')).text, 'Still here.');
});

test('failure 35: what Pi makes smaller, or leaves out, is no part of the user’s words', async (t) => {
  const stage = await stageFor(t, { home, client: events, script: [says('Seen.')] });
  await stage.ask('look at the large one', { attachments: [image(png(2400, 40))] });
  assert.match(stage.model.lastUserText(), /<\/editor>\s+\[Image: original 2400x40/);
  const { entries } = await stage.lsp.command('pi.getTranscript');
  assert.equal(entries.find((one) => one.kind === 'user').text, 'look at the large one');
});

test('failure 35: where Pi is told not to make pictures smaller, one that no vendor takes is refused, and the conversation goes on', async (t) => {
  const stage = await stageFor(t, { home, script: [says('Fine.')] });
  const settings = join(stage.pi.dir, 'settings.json');
  writeFileSync(settings, JSON.stringify({ ...JSON.parse(readFileSync(settings, 'utf8')), images: { autoResize: false } }));
  await assert.rejects(
    stage.ask('look', { attachments: [image(png(1400, 1200), 'image/png', 'wall.png')] }),
    /Nothing was sent: wall\.png \(1400 × 1200 points.*images\.autoResize is off/,
  );
  assert.equal(stage.model.requests.length, 0);
  assert.equal((await stage.ask('without it', { attachments: [image(SMALL)] })).text, 'Fine.');
  assert.equal(pictures(stage).length, 1);
});

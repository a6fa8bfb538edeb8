// The chat's page when there is much: thousands of messages, long answers, and where the view stands in them.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { long, usage } from './scenes.ts';
import { closeBrowser, missing, say, stageFor } from './stage.ts';

after(closeBrowser);
const options = { skip: missing };

test('thousands of messages: few elements, the end in sight, all of them within reach', options, async (t) => {
  const stage = await stageFor(t);
  await stage.show(long(5_000));
  const count = () => stage.page.evaluate(() => ({ all: document.querySelectorAll('*').length, articles: document.querySelectorAll('article').length }));
  const atEnd = await count();
  assert.ok(atEnd.articles < 120 && atEnd.all < 6_000, JSON.stringify(atEnd));
  const visible = (id: string) =>
    stage.page.evaluate((wanted) => {
      const rect = document.getElementById(`m-${wanted}`)?.getBoundingClientRect();
      return rect !== undefined && rect.bottom > 0 && rect.top < innerHeight;
    }, id);
  assert.equal(await visible('a4999'), true);
  await stage.page.locator('article[tabindex="0"]').focus();
  await stage.page.keyboard.press('Home');
  assert.equal(await visible('u0'), true);
  for (const share of [0.2, 0.4, 0.6, 0.8]) {
    await stage.page.locator('.scroller').evaluate((element, to) => {
      element.scrollTop = element.scrollHeight * to;
    }, share);
    await stage.drawn();
    await stage.drawn();
    const now = await count();
    assert.ok(now.articles < 160 && now.all < 8_000, `at ${share}: ${JSON.stringify(now)}`);
    const seen = await stage.page.evaluate(() =>
      [...document.querySelectorAll('article')].some((e) => e.getBoundingClientRect().top < innerHeight && e.getBoundingClientRect().bottom > 0),
    );
    assert.ok(seen, `something is shown at ${share}`);
  }
  const positions = await stage.page
    .locator('article')
    .first()
    .evaluate((element) => [element.getAttribute('aria-posinset'), element.getAttribute('aria-setsize')]);
  assert.equal(positions[1], '5000');
});

test('the view follows the end, until the user scrolls up; a button brings it back', options, async (t) => {
  const stage = await stageFor(t);
  await stage.show(long(60));
  const gap = () => stage.page.locator('.scroller').evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
  await say(stage, { type: 'runStarted' }, { type: 'textDelta', text: 'word\n\n'.repeat(60) });
  await stage.drawn();
  assert.ok((await gap()) < 5, `at the end, ${await gap()} px away`);
  await stage.page.mouse.move(200, 300);
  await stage.page.mouse.wheel(0, -1500);
  await stage.page.getByRole('button', { name: 'To the latest message' }).waitFor();
  const before = await gap();
  await say(stage, { type: 'textDelta', text: 'more\n\n'.repeat(60) });
  assert.ok((await gap()) > before, 'what comes below does not pull the view down');
  await stage.page.getByRole('button', { name: 'To the latest message' }).click();
  assert.ok((await gap()) < 5);
});

test('earlier messages are asked for at the top, and come above without moving what is read', options, async (t) => {
  const stage = await stageFor(t);
  const all = long(300);
  await stage.show({ ...all, items: all.items.slice(200), more: true });
  await stage.page.locator('article[tabindex="0"]').focus();
  await stage.page.keyboard.press('Home');
  await stage.page.getByRole('button', { name: 'Show earlier messages' }).click();
  await stage.heard('earlier');
  const top = () => stage.page.locator('#m-u200').evaluate((element) => Math.round(element.getBoundingClientRect().top));
  const before = await top();
  await stage.feed({ type: 'earlier', sessionId: 's', more: false, items: all.items.slice(0, 200) });
  await stage.drawn();
  const moved = Math.abs((await top()) - before);
  // The button above is gone, which is all that may show.
  assert.ok(moved <= 40, `moved by ${moved} px`);
  assert.equal(await stage.page.getByRole('button', { name: 'Show earlier messages' }).count(), 0);
  assert.equal(await stage.page.locator('#m-u200').getAttribute('aria-posinset'), '201');
});

test('a table of thousands of rows and a text of half a million characters stay small', options, async (t) => {
  const stage = await stageFor(t);
  const table = `| a | b |\n|---|---|\n${'| 1 | 2 |\n'.repeat(20_000)}`;
  await say(
    stage,
    { type: 'runStarted' },
    { type: 'textDelta', text: table },
    { type: 'messageCompleted', text: table, stopReason: 'stop', usage: usage(60, 0) },
  );
  await say(stage, { type: 'textDelta', text: 'paragraph *one*\n\n'.repeat(40_000) });
  const all = await stage.page.evaluate(() => document.querySelectorAll('*').length);
  assert.ok(all < 20_000, `${all} elements`);
  await stage.page.getByRole('button', { name: 'Open all of it as a document' }).click();
  assert.equal((await stage.heard('openText')).text.length, 'paragraph *one*\n\n'.length * 40_000);
});

test('lists and quotes nested without end neither break nor hang the page', options, async (t) => {
  const stage = await stageFor(t);
  const deep = Array.from({ length: 400 }, (_, i) => `${' '.repeat(i * 2)}- x`).join('\n');
  await say(
    stage,
    { type: 'runStarted' },
    { type: 'textDelta', text: `${deep}\n\n${'>'.repeat(5_000)} q\n\n${'['.repeat(5_000)}a${']('.repeat(5_000)}\n\n${'*a '.repeat(5_000)}\n\nlast words` },
  );
  assert.equal(await stage.page.getByText('last words').count(), 1);
});

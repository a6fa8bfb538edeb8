// The chat's page for everybody: by keys, by ear, in a narrow view, without motion.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { chrome } from './chrome.ts';
import { busy, confirm, openEdit } from './scenes.ts';
import { box, closeBrowser, focused, missing, say, stageFor } from './stage.ts';

after(closeBrowser);
const options = { skip: missing };

test('the messages are one stop of the Tab key; arrows move among them, Enter goes in, Escape back', options, async (t) => {
  const stage = await stageFor(t);
  await stage.show(busy());
  const stops = await stage.page.locator('article[tabindex="0"]').count();
  assert.equal(stops, 1);
  await box(stage).focus();
  await stage.page.evaluate(() => document.querySelector<HTMLElement>('article[tabindex="0"]')?.focus());
  const label = () => stage.page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  assert.match((await label()) ?? '', /^Tool bash: npm test/);
  await stage.page.keyboard.press('ArrowUp');
  assert.match((await label()) ?? '', /^Tool edit: src\/greet\.ts: waits for you/);
  await stage.page.keyboard.press('Home');
  assert.match((await label()) ?? '', /^You: Rename hello/);
  await stage.page.keyboard.press('End');
  await stage.page.keyboard.press('Enter');
  assert.match(await focused(stage), /^SUMMARY/);
  await stage.page.keyboard.press('Escape');
  assert.match(await focused(stage), /^TEXTAREA/);
});

test('a screen reader hears answers in sentences and at once what waits', options, async (t) => {
  const stage = await stageFor(t);
  await say(stage, { type: 'runStarted' }, { type: 'notice', level: 'info', text: 'n' }, { type: 'textDelta', text: 'One sentence. And half of ano' });
  const polite = stage.page.locator('[aria-live=polite]');
  await stage.page.waitForFunction(() => document.querySelector('[aria-live=polite]')?.textContent !== '');
  assert.match((await polite.textContent()) ?? '', /One sentence\.$/);
  await stage.feed({ type: 'confirmOpened', confirm: confirm('c1', 't1', 'rm -rf dist') });
  assert.equal(await stage.page.locator('[aria-live=assertive]').textContent(), 'Pi asks to use bash: rm -rf dist');
  assert.equal(await stage.page.locator('[role=feed]').getAttribute('aria-busy'), 'true');
});

test('every control has a name, every picture is left out of reading', options, async (t) => {
  const stage = await stageFor(t);
  await stage.show(busy(), chrome({ chips: [{ id: 'editor', kind: 'file', label: 'greet.ts', detail: 'src/greet.ts', fixed: false, problem: false }] }));
  const nameless = await stage.page.evaluate(() =>
    [...document.querySelectorAll('button, input, textarea, summary, article, [role]')]
      .filter((e) => !(e.getAttribute('aria-label') || e.textContent?.trim() || e.closest('[aria-live]')))
      .map((e) => e.outerHTML.slice(0, 120)),
  );
  assert.deepEqual(
    nameless.filter((one) => !one.includes('id="completions"')),
    [],
  );
  assert.equal(await stage.page.locator('svg:not([aria-hidden=true])').count(), 0);
});

for (const width of [170, 230, 280]) {
  test(`nothing is cut off or stands over the edge where the view is ${width} pixels wide`, options, async (t) => {
    const stage = await stageFor(t, { width });
    const around = chrome({ model: 'anthropic/claude-sonnet-4-5-20250929', thinking: width === 230 ? 'off' : 'medium', mode: 'acceptEdits' });
    await stage.show({ ...busy(), edits: [openEdit('e1', 't1'), openEdit('e2', 't1'), openEdit('e3', 't2')] }, around);
    const over = await stage.page.evaluate(() =>
      [...document.querySelectorAll('header *, footer *, article, .card *, .table')]
        .filter((e) => (e as HTMLElement).checkVisibility() && !e.closest('pre, .unseen'))
        .filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5 || e.getBoundingClientRect().left < -0.5)
        .map((e) => `${e.localName}.${e.className} ${e.getBoundingClientRect().right}`),
    );
    assert.deepEqual(over, []);
    for (const name of ['Steer the run', 'Stop (Escape)', 'Attach files, or type @']) {
      const box = await stage.page.getByRole('button', { name }).boundingBox();
      assert.ok(box && box.width >= 24 && Math.abs(box.width - box.height) < 1, `${name} is ${JSON.stringify(box)}`);
    }
  });
}

test('motion is left out for those who want none, and forced colours keep every edge', options, async (t) => {
  const stage = await stageFor(t, { reducedMotion: true, forcedColors: true });
  await stage.show(busy());
  const styles = await stage.page.evaluate(() => ({
    moving: [...document.querySelectorAll('*')].filter((e) => getComputedStyle(e).animationName !== 'none').length,
    card: getComputedStyle(document.querySelector('.card') as Element).borderTopStyle,
  }));
  assert.deepEqual(styles, { moving: 0, card: 'solid' });
});

// What is written, sent, waited for and found in the chat's page, and how it holds when there is much of it.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { busy, confirm, events, long, openEdit, usage } from './scenes.ts';
import { chrome } from './chrome.ts';
import { closeBrowser, missing, type Stage, stageFor } from './stage.ts';

after(closeBrowser);
const options = { skip: missing };

const box = (stage: Stage) => stage.page.locator('textarea');
const focused = (stage: Stage) => stage.page.evaluate(() => `${document.activeElement?.tagName} ${document.activeElement?.className ?? ''}`.trim());
const say = (stage: Stage, ...bodies: object[]) => stage.feed(...events(stage.conversation, ...bodies));

test('Enter sends, Shift+Enter makes a line, the arrows bring back what was sent', options, async (t) => {
  const stage = await stageFor(t);
  await box(stage).click();
  await stage.page.keyboard.type('first');
  await stage.page.keyboard.press('Shift+Enter');
  await stage.page.keyboard.type('line');
  assert.equal(stage.saidLast('send'), undefined);
  await stage.page.keyboard.press('Enter');
  const sent = await stage.heard('send');
  assert.deepEqual([sent.text, sent.deliver], ['first\nline', 'start']);
  assert.equal(await box(stage).inputValue(), '');
  await stage.page.keyboard.type('second');
  await stage.page.keyboard.press('Enter');
  await stage.page.keyboard.press('ArrowUp');
  assert.equal(await box(stage).inputValue(), 'second');
  await stage.page.keyboard.press('ArrowUp');
  assert.equal(await box(stage).inputValue(), 'first\nline');
  for (let i = 0; i < 4; i++) await stage.page.keyboard.press('ArrowDown');
  for (let i = 0; i < 4; i++) await stage.page.keyboard.press('ArrowDown');
  assert.equal(await box(stage).inputValue(), '');
  await stage.page.keyboard.press('Enter');
  assert.equal(stage.said.filter((one) => one.type === 'send').length, 2, 'nothing is not sent');
});

test('during a run Enter sends into it, Alt+Enter behind it, Escape and the button stop it', options, async (t) => {
  const stage = await stageFor(t);
  assert.equal(await stage.page.getByRole('button', { name: 'Stop (Escape)' }).count(), 0);
  await say(stage, { type: 'runStarted' });
  await box(stage).fill('be brief');
  await stage.page.keyboard.press('Enter');
  await box(stage).fill('then test');
  await stage.page.keyboard.press('Alt+Enter');
  await stage.drawn();
  assert.deepEqual(
    stage.said.flatMap((one) => (one.type === 'send' ? [one.deliver] : [])),
    ['steer', 'followUp'],
  );
  await stage.page.keyboard.press('Escape');
  await stage.heard('stop');
  await stage.page.getByRole('button', { name: 'Stop (Escape)' }).click();
  await stage.drawn();
  assert.equal(stage.said.filter((one) => one.type === 'stop').length, 2);
});

test('a queued message can be taken back into the box', options, async (t) => {
  const stage = await stageFor(t);
  await say(stage, { type: 'runStarted' }, { type: 'queueChanged', steering: ['now'], followUp: ['later'] });
  await stage.page
    .getByRole('button', { name: /back into the box/ })
    .last()
    .click();
  assert.equal((await stage.heard('unqueue')).text, 'later');
  assert.equal(await box(stage).inputValue(), 'later');
});

test('while the user types nothing takes the focus, whatever comes', options, async (t) => {
  const stage = await stageFor(t);
  await box(stage).click();
  await stage.page.keyboard.type('I am wri');
  await say(stage, { type: 'runStarted' }, { type: 'textDelta', text: 'x' }, { type: 'toolStarted', toolCallId: 't1', tool: 'bash', title: 'bash', input: {} });
  await stage.feed({ type: 'confirmOpened', confirm: confirm('c1', 't1') }, { type: 'edits', edits: [openEdit('e1', 't1')] });
  await say(stage, { type: 'notice', level: 'error', text: 'n' }, { type: 'runSettled' });
  await stage.page.keyboard.type('ting');
  assert.equal(await box(stage).inputValue(), 'I am writing');
});

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

test('the conversation of the last time can be gone on with', options, async (t) => {
  const stage = await stageFor(t);
  assert.equal(await stage.page.getByRole('button', { name: /Go on with/ }).count(), 0);
  await stage.tell({ type: 'chrome', chrome: chrome({ last: 'Rename hello' }) });
  await stage.page.getByRole('button', { name: 'Go on with “Rename hello”' }).click();
  await stage.heard('resumeLast');
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

test('thoughts are shown on demand only', options, async (t) => {
  const stage = await stageFor(t);
  await say(stage, { type: 'runStarted' }, { type: 'thinkingDelta', text: 'secret thought' }, { type: 'textDelta', text: 'answer' });
  assert.equal(await stage.page.getByText('secret thought').count(), 0);
  await stage.page.locator('.thinking summary').click();
  await stage.page.getByText('secret thought').waitFor();
  await say(stage, { type: 'thinkingDelta', text: ' goes on' });
  assert.equal(await stage.page.getByText('secret thought goes on').isVisible(), true);
});

test('what is typed outlives the page', options, async (t) => {
  const first = await stageFor(t);
  await box(first).fill('half a thought');
  const kept = await first.page.waitForFunction(
    () => (window as never as { kept(): { draft?: string } }).kept()?.draft && (window as never as { kept(): unknown }).kept(),
  );
  const second = await stageFor(t, { state: await kept.jsonValue() });
  assert.equal(await box(second).inputValue(), 'half a thought');
});

test('what VS Code has kept is not trusted, nor is a message that is wrong', options, async (t) => {
  const stage = await stageFor(t, { state: { draft: 7, history: [{}] } });
  assert.equal(await box(stage).inputValue(), '');
  const before = stage.said.length;
  await stage.page.evaluate(() => window.postMessage({ type: 'snapshot', rev: 'x' }, '*'));
  await stage.page.evaluate(() => window.postMessage({ type: 'inputs', rev: 1, inputs: [{ type: 'asked', id: 5 }] }, '*'));
  await stage.heard('ready');
  for (let i = 0; i < 5; i++) await stage.drawn();
  assert.equal(stage.said.slice(before).filter((one) => one.type === 'ready').length, 2, 'it asks for a snapshot');
  const complaints = stage.wrong.splice(0);
  assert.equal(complaints.filter((one) => one.includes('was not understood')).length, 2, complaints.join('; '));
});

test('a page that has missed something asks for all of it', options, async (t) => {
  const stage = await stageFor(t);
  const before = stage.said.length;
  await stage.tell({ type: 'inputs', rev: 99, inputs: [{ type: 'stopAsked' }] });
  for (let i = 0; i < 3; i++) await stage.drawn();
  assert.deepEqual(
    stage.said.slice(before).map((one) => one.type),
    ['ready'],
  );
});

test('suggestions open below @ and /, are chosen by key, and leave the focus in the box', options, async (t) => {
  const stage = await stageFor(t);
  await box(stage).click();
  await stage.page.keyboard.type('look at @gre');
  for (let i = 0; i < 3; i++) await stage.drawn();
  const asked = await stage.heard('complete');
  assert.deepEqual([asked.kind, asked.query], ['mention', 'gre']);
  const item = (label: string) => ({ label, detail: `src/${label}`, insert: `@src/${label} ` });
  await stage.tell({ type: 'completions', id: asked.id, items: [item('greet.ts'), item('great.ts')] });
  await stage.page.getByRole('option', { name: 'great.ts' }).waitFor();
  await stage.page.keyboard.press('ArrowDown');
  const active = await box(stage).getAttribute('aria-activedescendant');
  assert.equal(await stage.page.locator(`#${active}`).getAttribute('aria-selected'), 'true');
  await stage.page.keyboard.press('Enter');
  assert.equal(await box(stage).inputValue(), 'look at @src/great.ts ');
  assert.equal(stage.saidLast('send'), undefined, 'the choice sends nothing');
  await box(stage).fill('');
  await stage.page.keyboard.type('/com');
  for (let i = 0; i < 3; i++) await stage.drawn();
  assert.deepEqual([stage.saidLast('complete')?.kind, stage.saidLast('complete')?.query], ['slash', 'com']);
});

test('what the draft mentions is asked for once the keys rest, and shown with what is wrong with it', options, async (t) => {
  const stage = await stageFor(t);
  await box(stage).fill('compare @src/a.ts with @src/none.ts');
  assert.equal((await stage.heard('draft')).text, 'compare @src/a.ts with @src/none.ts');
  const chip = { kind: 'file' as const, fixed: true };
  const chips = [
    { ...chip, id: 'm0', label: 'a.ts', detail: 'src/a.ts (some 40 tokens)', problem: false },
    { ...chip, id: 'm1', label: 'none.ts', detail: 'there is no such file', problem: true },
  ];
  await stage.tell({ type: 'chrome', chrome: chrome({ chips }) });
  await stage.drawn();
  assert.deepEqual(await stage.page.locator('.composer .chip').allTextContents(), ['a.ts', 'none.ts: there is no such file']);
  assert.equal(await stage.page.locator('.composer .chip button').count(), 0);
});

test('a picture that is pasted goes along; text is pasted as text', options, async (t) => {
  const stage = await stageFor(t);
  await box(stage).focus();
  await stage.page.evaluate(() => {
    const paste = (fill: (data: DataTransfer) => void) => {
      const data = new DataTransfer();
      fill(data);
      document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    };
    paste((data) => data.items.add(new File([new Uint8Array([137, 80, 78, 71])], 'shot.png', { type: 'image/png' })));
    paste((data) => {
      data.items.add(new File([new Uint8Array([137, 80, 78, 71])], 'cells.png', { type: 'image/png' }));
      data.setData('text/plain', 'cells');
    });
  });
  assert.deepEqual(await stage.heard('attachPicture'), { type: 'attachPicture', name: 'shot.png', mimeType: 'image/png', data: 'iVBORw==' });
  await stage.drawn();
  assert.equal(stage.said.filter((one) => one.type === 'attachPicture').length, 1);
});

test('what is dropped goes along: files by their addresses, pictures and texts by what is in them', options, async (t) => {
  const stage = await stageFor(t);
  const drop = (given: { data?: Record<string, string>; files?: [string, string, number[]][] }) =>
    stage.page.evaluate(({ data = {}, files = [] }) => {
      const transfer = new DataTransfer();
      for (const [type, text] of Object.entries(data)) transfer.setData(type, text);
      for (const [name, type, bytes] of files) transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
      const send = (type: string) => {
        const event = new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true });
        document.querySelector('main')?.dispatchEvent(event);
        return event.defaultPrevented;
      };
      const over = send('dragover');
      const marked = document.querySelector('.composer')?.hasAttribute('data-drop');
      return [over, marked, send('drop'), document.querySelector('.composer')?.hasAttribute('data-drop')];
    }, given);
  const uris = ['vscode-remote://host/work/a.ts', 'vscode-remote://host/work/b%20c.ts'];
  assert.deepEqual(await drop({ data: { 'application/vnd.code.uri-list': uris.join('\r\n'), 'text/plain': '/work/a.ts' } }), [true, true, true, false]);
  assert.deepEqual((await stage.heard('attachUris')).uris, uris);
  await drop({ data: { codefiles: '["/work/a b.ts","c:\\\\x\\\\y.ts"]' } });
  await stage.drawn();
  assert.deepEqual(stage.saidLast('attachUris')?.uris, ['file:///work/a%20b.ts', 'file:///c%3A/x/y.ts']);
  await drop({
    files: [
      ['shot.png', 'image/png', [137, 80, 78, 71]],
      ['notes.txt', 'text/plain', [104, 105]],
      ['tool.bin', 'application/octet-stream', [0, 1, 2]],
    ],
  });
  assert.deepEqual(await stage.heard('attachPicture'), { type: 'attachPicture', name: 'shot.png', mimeType: 'image/png', data: 'iVBORw==' });
  assert.deepEqual(await stage.heard('attachText'), { type: 'attachText', name: 'notes.txt', text: 'hi' });
  assert.match((await stage.heard('refused')).why, /tool\.bin is no text/);
  await drop({ data: { 'text/uri-list': 'https://example.org/a' } });
  assert.equal(await box(stage).inputValue(), 'https://example.org/a');
  assert.deepEqual(await drop({ data: { 'text/plain': 'words' } }), [false, false, false, false], 'words are for the browser to put where they fall');
});

test("what Pi's extensions show stands above the box, as text", options, async (t) => {
  const stage = await stageFor(t);
  await say(
    stage,
    { type: 'widgetChanged', key: 'w', lines: ['<b>1</b> of 3', 'done'], placement: 'aboveEditor' },
    { type: 'statusLineChanged', key: 'l', text: 'on branch main' },
  );
  assert.deepEqual(await stage.page.locator('.widgets pre').allTextContents(), ['<b>1</b> of 3\ndone', 'on branch main']);
  await say(stage, { type: 'widgetChanged', key: 'w' }, { type: 'statusLineChanged', key: 'l' });
  assert.equal(await stage.page.locator('.widgets').isVisible(), false);
});

test('chips, pickers, the meter and the cost say what they are', options, async (t) => {
  const stage = await stageFor(t);
  await stage.show(busy(), chrome({ chips: [{ id: 'editor', kind: 'file', label: 'greet.ts', detail: 'src/greet.ts', fixed: false, problem: false }] }));
  await stage.page.getByRole('button', { name: 'Leave greet.ts out' }).click();
  assert.equal((await stage.heard('detach')).id, 'editor');
  await stage.page.getByRole('button', { name: 'Model: local/scripted-1' }).click();
  await stage.page.getByRole('button', { name: 'Thinking: medium' }).click();
  await stage.page.getByRole('button', { name: 'Permissions: Ask first' }).click();
  await stage.page.getByRole('button', { name: 'New conversation' }).click();
  await stage.page.getByRole('button', { name: 'Earlier conversations' }).click();
  for (const type of ['pickModel', 'pickThinking', 'pickMode', 'newSession', 'pickSession'] as const) await stage.heard(type);
  await stage.page.getByRole('button', { name: 'Context: 12%; sum up' }).click();
  await stage.heard('compact');
  assert.equal(await stage.page.locator('.cost').textContent(), '$0.015');
  assert.match((await stage.page.locator('article.run').textContent()) ?? '', /3,600 tokens · \$0\.015/);
});

test('a retry counts down, a compaction divides, a problem says what to do', options, async (t) => {
  const stage = await stageFor(t);
  await say(stage, { type: 'runStarted' }, { type: 'retryScheduled', attempt: 2, maxAttempts: 3, delayMs: 60_000, error: 'Overloaded.' });
  assert.match((await stage.page.locator('.retry span').textContent()) ?? '', /^Overloaded\. Trying again in \d+ s \(2 of 3\)\.$/);
  await stage.page.getByRole('button', { name: 'Stop trying' }).click();
  await stage.heard('stopRetry');
  await say(stage, { type: 'retryEnded', success: true, attempt: 2 }, { type: 'compactionStarted', reason: 'manual' });
  assert.equal(await stage.page.locator('.retry').isVisible(), false);
  assert.match((await stage.page.locator('.divider').textContent()) ?? '', /Compacting/);
  await stage.tell({ type: 'chrome', chrome: chrome({ problem: 'Pi was not found. Install it.' }) });
  await stage.drawn();
  assert.match((await stage.page.locator('.banner').textContent()) ?? '', /^Pi was not found\. Install it\./);
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
    for (const name of ['Send into the run', 'Stop (Escape)', 'Attach files, or type @']) {
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

// What is written in the chat's box: sent, queued, suggested, mentioned, pasted and dropped.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { chrome } from './chrome.ts';
import { confirm, openEdit } from './scenes.ts';
import { box, closeBrowser, missing, say, stageFor } from './stage.ts';

after(closeBrowser);
const options = { skip: missing };

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

test('what is typed outlives the page', options, async (t) => {
  const first = await stageFor(t);
  await box(first).fill('half a thought');
  const kept = await first.page.waitForFunction(
    () => (window as never as { kept(): { draft?: string } }).kept()?.draft && (window as never as { kept(): unknown }).kept(),
  );
  const second = await stageFor(t, { state: await kept.jsonValue() });
  assert.equal(await box(second).inputValue(), 'half a thought');
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

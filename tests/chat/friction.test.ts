// What stood in the way of an afternoon in the chat: keys, room, finding, words at the right time.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { chords } from '../../extension/vscode/chat/webview/chords.ts';
import { chrome } from './chrome.ts';
import { busy, confirm, events, long, openEdit } from './scenes.ts';
import { closeBrowser, missing, type Stage, stageFor } from './stage.ts';

after(closeBrowser);
const options = { skip: missing };
const box = (stage: Stage) => stage.page.locator('textarea');
const say = (stage: Stage, ...bodies: object[]) => stage.feed(...events(stage.conversation, ...bodies));

test('the second key of a chord leaves no letter in the box, and the next one does', options, async (t) => {
  const stage = await stageFor(t);
  await box(stage).click();
  await stage.page.keyboard.press('Control+Alt+p');
  await stage.page.keyboard.press('r');
  assert.equal(await box(stage).inputValue(), '');
  await stage.page.keyboard.press('r');
  assert.equal(await box(stage).inputValue(), 'r');
});

test('a chord that is not gone on with is over when VS Code has given it up', () => {
  let [now, stopped] = [0, 0];
  const isSecond = chords(() => now);
  const key = (name: string, chord = false) =>
    isSecond({ key: name, code: `Key${name.toUpperCase()}`, ctrlKey: chord, altKey: chord, preventDefault: () => stopped++ });
  assert.deepEqual([key('p', true), key('Shift'), key('r'), key('r')], [false, false, true, false]);
  key('p', true);
  now = 5_001;
  assert.deepEqual([key('r'), stopped], [false, 1]);
});

test('Escape in the idle box moves nothing', options, async (t) => {
  const stage = await stageFor(t);
  await stage.show(long(60));
  await box(stage).fill('half a thought');
  await box(stage).press('Escape');
  assert.equal(await stage.page.evaluate(() => document.activeElement?.tagName), 'TEXTAREA');
  assert.equal(await box(stage).inputValue(), 'half a thought');
  assert.equal(stage.saidLast('stop'), undefined);
});

test('words are found in what is far away and in what is folded, from the latest upwards', options, async (t) => {
  const stage = await stageFor(t);
  await stage.show(long(600));
  await say(
    stage,
    { type: 'runStarted' },
    { type: 'toolStarted', toolCallId: 't1', tool: 'bash', title: 'bash: ls', input: { command: 'ls' } },
    { type: 'toolEnded', toolCallId: 't1', tool: 'bash', text: 'Question 3 is in the output', isError: false },
  );
  await stage.page.keyboard.press('Control+f');
  const find = stage.page.getByRole('textbox', { name: 'Find in the conversation' });
  await find.fill('question 3 ');
  const count = stage.page.locator('.find .count');
  assert.equal(await count.textContent(), '1 of 1');
  assert.equal(await stage.page.getByText('Question 3 is in the output').isVisible(), true);
  await find.fill('question 33x');
  assert.equal(await count.textContent(), 'No results');
  await find.fill('Answer 33');
  assert.equal(await count.textContent(), '6 of 6');
  assert.match((await stage.page.evaluate(() => [...(CSS.highlights.get('found') ?? [])].map(String).join())) ?? '', /^Answer 33$/);
  await find.press('Enter');
  assert.equal(await count.textContent(), '1 of 6');
  await find.press('Shift+Enter');
  assert.equal(await count.textContent(), '6 of 6');
  await find.press('Escape');
  assert.equal(await stage.page.evaluate(() => document.activeElement?.tagName), 'TEXTAREA');
  await stage.tell({ type: 'find' });
  await stage.drawn();
  assert.equal(await find.isVisible(), true);
});

test('words that are typed while an edit waits can be given as the reason', options, async (t) => {
  const stage = await stageFor(t);
  await say(stage, { type: 'runStarted' }, { type: 'toolStarted', toolCallId: 't1', tool: 'edit', title: 'edit', input: {} });
  const instead = stage.page.getByRole('button', { name: 'Tell Pi instead' });
  await box(stage).fill('too early');
  assert.equal(await instead.isVisible(), false);
  await stage.feed({ type: 'edits', edits: [openEdit('e1', 't1')] });
  await instead.click();
  assert.deepEqual(await stage.heard('tellInstead'), { type: 'tellInstead', text: 'too early' });
  assert.equal(await box(stage).inputValue(), '');
  await box(stage).fill('keep the name');
  await box(stage).press('Control+Enter');
  await stage.drawn();
  assert.equal(stage.saidLast('tellInstead')?.text, 'keep the name');
  assert.equal(stage.saidLast('send'), undefined);
});

test('behind a card that is decided here the next one comes into view, in the order of the conversation', options, async (t) => {
  const stage = await stageFor(t);
  const started = (toolCallId: string) => ({ type: 'toolStarted', toolCallId, tool: 'edit', title: `edit: ${toolCallId}`, input: {} });
  await say(stage, { type: 'runStarted' }, started('t1'), started('t2'), started('t3'));
  const edits = [openEdit('e1', 't1'), openEdit('e2', 't2'), openEdit('e3', 't3')];
  await stage.feed({ type: 'edits', edits });
  await stage.page.locator('.card.edit').nth(1).getByRole('button', { name: 'Apply', exact: true }).click();
  await stage.feed({ type: 'edits', edits: [edits[0], openEdit('e2', 't2', { status: 'applied' }), edits[2]] });
  await stage.drawn();
  const inCard = () => stage.page.evaluate(() => [...document.querySelectorAll('.card.edit')].indexOf(document.activeElement?.closest('.card') as Element));
  assert.equal(await inCard(), 2);
  await stage.feed({ type: 'edits', edits: [edits[0], openEdit('e2', 't2', { status: 'applied' }), openEdit('e3', 't3', { status: 'rejected' })] });
  await stage.drawn();
  assert.notEqual(await inCard(), 0, 'what was decided elsewhere moves nothing');
});

test('what is said of a mode, a model and a folder that is not trusted is there in a narrow view, too', options, async (t) => {
  const stage = await stageFor(t, { width: 190, height: 500 });
  for (const name of ['Model: local/scripted-1', 'Permissions: Ask first'])
    assert.equal(await stage.page.getByRole('button', { name, exact: true }).isVisible(), true, name);
  await stage.tell({ type: 'chrome', chrome: chrome({ restricted: true, model: null }) });
  await stage.page.getByRole('button', { name: /^Permissions: read only, because this folder is not trusted/ }).click();
  await stage.heard('manageTrust');
  await stage.page.getByRole('button', { name: 'Model: none' }).waitFor();
  assert.equal(await stage.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
});

test('in a low view the conversation has room, and the buttons of what waits are in it', options, async (t) => {
  // 800 by 600 pixels at 150 %, beside an editor.
  const stage = await stageFor(t, { width: 250, height: 380 });
  await stage.show(busy());
  await box(stage).fill('line\n'.repeat(30));
  const heights = await stage.page.evaluate(() => [document.querySelector('main')?.clientHeight ?? 0, innerHeight]);
  assert.ok(heights[0] > 0.3 * heights[1], `${heights[0]} of ${heights[1]} px`);
  await stage.page.getByRole('button', { name: /for you/ }).click();
  const rect = await stage.page.evaluate(() => {
    const { top, bottom } = document.activeElement?.getBoundingClientRect() ?? { top: 0, bottom: 0 };
    const main = document.querySelector('main')?.getBoundingClientRect() ?? { top: 0, bottom: 0 };
    return [top >= main.top - 1, bottom <= main.bottom + 1];
  });
  assert.deepEqual(rect, [true, true]);
});

test('a block for a shell can be run in the terminal, another cannot; tasks have their boxes', options, async (t) => {
  const stage = await stageFor(t);
  await say(stage, { type: 'runStarted' }, { type: 'textDelta', text: '- [x] done\n- [ ] open\n\n```bash\nnpm test\n```\n\n```ts\nlet a;\n```\n' });
  const blocks = stage.page.locator('figure.code');
  await blocks.first().getByRole('button', { name: 'Run in the terminal' }).click();
  assert.deepEqual(await stage.heard('runInTerminal'), { type: 'runInTerminal', text: 'npm test' });
  assert.equal(await blocks.last().getByRole('button', { name: 'Run in the terminal' }).count(), 0);
  assert.deepEqual(await stage.page.locator('.md li').allTextContents(), ['☑ done', '☐ open']);
});

test('what is no file is offered behind an @, and goes along without standing in the text', options, async (t) => {
  const stage = await stageFor(t);
  await box(stage).click();
  await stage.page.keyboard.type('look at @prob');
  const { id } = await stage.heard('complete');
  await stage.tell({ type: 'completions', id: id.replace(/\d+$/, (n) => String(Number(n))), items: [] });
  const latest = stage.saidLast('complete')?.id ?? id;
  await stage.tell({ type: 'completions', id: latest, items: [{ label: '@problems', detail: 'All problems', insert: '', attach: 'problems' }] });
  await stage.drawn();
  await stage.page.keyboard.press('Enter');
  assert.deepEqual(await stage.heard('attachKnown'), { type: 'attachKnown', what: 'problems' });
  assert.equal(await box(stage).inputValue(), 'look at ');
});

test('a question that waits can be answered with what was typed, too', options, async (t) => {
  const stage = await stageFor(t);
  await say(stage, { type: 'runStarted' });
  await stage.feed({ type: 'confirmOpened', confirm: confirm('c1', 't1') });
  await box(stage).fill('use the script');
  await box(stage).press('Control+Enter');
  assert.equal((await stage.heard('tellInstead')).text, 'use the script');
});

test('a card says what landed, with a diff of that; a reason stands on it when it is folded', options, async (t) => {
  const stage = await stageFor(t);
  const started = (toolCallId: string) => ({ type: 'toolStarted', toolCallId, tool: 'edit', title: `edit: ${toolCallId}`, input: {} });
  await say(stage, { type: 'runStarted' }, started('t1'), started('t2'), started('t3'));
  const outcome = { added: 4, removed: 0, applied: 1, rejected: 2, changedByUser: true };
  await stage.feed({
    type: 'edits',
    edits: [
      openEdit('e1', 't1', { status: 'partial', hunks: [{ id: 'a' }, { id: 'b' }, { id: 'c' }], outcome, protected: true }),
      openEdit('e2', 't2', { status: 'rejected', reason: 'keep the name' }),
      openEdit('e3', 't3', { status: 'applied', outcome: { added: 3, removed: 2, applied: 1, rejected: 0, changedByUser: false } }),
    ],
  });
  const cards = stage.page.locator('.card.edit');
  assert.deepEqual(await cards.locator('.fate').allTextContents(), ['1 of 3 applied with your changes, +4 −0; 2 rejected', 'Rejected', 'Applied, +3 −2']);
  assert.equal(await cards.first().getByText('protected').isVisible(), true);
  assert.equal(await cards.nth(1).getByText('Why: keep the name').isVisible(), true);
  await cards.first().getByRole('button', { name: 'Show what landed' }).click();
  assert.equal((await stage.heard('showLanded')).editId, 'e1');
  await cards.first().getByRole('button', { name: 'greet.ts, go to the change' }).click();
  assert.equal((await stage.heard('openDiff')).editId, 'e1');
});

test('what a stopped run had proposed stays, and can still be applied', options, async (t) => {
  const stage = await stageFor(t);
  await say(stage, { type: 'runStarted' }, { type: 'toolStarted', toolCallId: 't1', tool: 'edit', title: 'edit', input: {} });
  await stage.feed({ type: 'edits', edits: [openEdit('e1', 't1', { status: 'stopped' })] });
  await say(stage, { type: 'runSettled', stopReason: 'aborted' });
  const card = stage.page.locator('.card.edit');
  assert.equal(await card.locator('.fate').textContent(), 'The run was stopped');
  assert.equal(await stage.page.locator('.waiting:visible').count(), 0, 'it is in no question');
  await card.getByRole('button', { name: 'Apply', exact: true }).click();
  assert.equal((await stage.heard('applyEdit')).editId, 'e1');
});

test('the end of a run has a card: files, commands, review, undo; undone, it and its edits say so', options, async (t) => {
  const stage = await stageFor(t);
  const files = [
    { uri: 'file:///w/src/a.ts', created: false, added: 3, removed: 1 },
    { uri: 'file:///w/new.ts', created: true, added: 9, removed: 0 },
  ];
  await say(stage, { type: 'runStarted' }, { type: 'toolStarted', toolCallId: 't1', tool: 'edit', title: 'edit', input: {} });
  await stage.feed({ type: 'edits', edits: [openEdit('e1', 't1', { status: 'applied' })] });
  await say(stage, { type: 'runSettled', stopReason: 'stop', runId: 'r1', files, changedByCommands: ['file:///w/old.txt'], undoable: true });
  const card = stage.page.getByRole('article', { name: /^End of the run\. 2 files changed, \+12 −1 · 1 file changed by commands/ });
  assert.deepEqual(await card.locator('li').allTextContents(), ['a.ts+3 −1', 'new.tsnew, +9 −0', 'old.txtby a command']);
  await card.getByRole('button', { name: 'new.ts' }).click();
  assert.equal((await stage.heard('openFile')).uri, 'file:///w/new.ts');
  await card.getByRole('button', { name: 'Review' }).click();
  assert.equal((await stage.heard('reviewRun')).runId, 'r1');
  await card.getByRole('button', { name: 'Undo this run' }).click();
  assert.deepEqual(await stage.heard('undoRun'), { type: 'undoRun', runId: 'r1' });
  await stage.feed({ type: 'runUndone', runId: 'r1' });
  assert.equal(await card.count(), 0);
  await stage.page.getByRole('article', { name: /^End of the run\. Undone/ }).waitFor();
  assert.equal(await stage.page.locator('.card.edit .fate').textContent(), 'Applied, then undone');
  assert.equal(await stage.page.getByRole('button', { name: 'Undo this run' }).count(), 0);
});

test('always is offered only where it can be said what it would cover', options, async (t) => {
  const stage = await stageFor(t);
  await stage.feed({ type: 'confirmOpened', confirm: { ...confirm('c1', 't1'), always: '“npm test” with any words behind it' } });
  await stage.page.getByText('Always allow: “npm test” with any words behind it').waitFor();
  const { always: _, ...without } = confirm('c2', 't1', 'curl https://example.org | sh');
  await stage.feed({ type: 'confirmClosed', id: 'c1' }, { type: 'confirmOpened', confirm: without });
  assert.equal(await stage.page.getByRole('button', { name: 'Always allow' }).count(), 0);
});

test('code has the colours of the theme, where they are known', options, async (t) => {
  const stage = await stageFor(t);
  await stage.tell({ type: 'chrome', chrome: chrome({ colors: { keyword: '#12ab34' } }) });
  await say(stage, { type: 'runStarted' }, { type: 'textDelta', text: '```ts\nconst a = 1;\n```\n' });
  await stage.page.locator('.t-number').waitFor();
  const color = (kind: string) => stage.page.locator(`.t-${kind}`).evaluate((element) => getComputedStyle(element).color);
  assert.equal(await color('keyword'), 'rgb(18, 171, 52)');
  assert.equal(await color('number'), 'rgb(181, 206, 168)', 'what the theme does not say is as before');
});

test('what was put aside is offered again', options, async (t) => {
  const stage = await stageFor(t);
  const again = () => stage.page.getByRole('button', { name: /put aside/ });
  assert.equal(await again().count(), 0);
  await stage.tell({ type: 'chrome', chrome: chrome({ putAside: 2 }) });
  await stage.page.getByRole('button', { name: 'Answer the 2 questions that you have put aside' }).click();
  await stage.heard('askAgain');
});

test('with several folders that of the session is named, and another can be chosen', options, async (t) => {
  const stage = await stageFor(t, { width: 260 });
  assert.equal(await stage.page.getByRole('button', { name: /^Folder/ }).count(), 0);
  await stage.tell({ type: 'chrome', chrome: chrome({ folder: 'second' }) });
  await stage.page.getByRole('button', { name: 'Folder: second. Press for a session in another one' }).click();
  await stage.heard('pickFolder');
});

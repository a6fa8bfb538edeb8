import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { events, confirm, long, openEdit, usage } from './scenes.ts';
import { closeBrowser, missing, type Stage, stageFor, themes } from './stage.ts';

after(closeBrowser);
const options = { skip: missing };

const say = (stage: Stage, ...bodies: object[]) => stage.feed(...events(stage.conversation, ...bodies));

test('an answer grows while it streams, in the same elements, and stays selected', options, async (t) => {
  const stage = await stageFor(t);
  await say(stage, { type: 'runStarted' }, { type: 'textDelta', text: 'First **bold** paragraph.\n\nSecond ' });
  const first = stage.page.locator('.md > p').first();
  await first.evaluate((element) => {
    Object.assign(element, { mark: 'same' });
    getSelection()?.selectAllChildren(element);
  });
  await say(stage, { type: 'textDelta', text: 'one.\n\n```js\nlet a' }, { type: 'textDelta', text: ' = 1;\n' });
  assert.equal(await stage.page.locator('figure.code code').textContent(), 'let a = 1;');
  const text = 'First **bold** paragraph.\n\nSecond one.\n\n```js\nlet a = 1;\n```\n';
  await say(stage, { type: 'textDelta', text: '```\n' }, { type: 'messageCompleted', text, stopReason: 'stop', usage: usage(60, 0), model: 'm' });
  assert.equal(await first.evaluate((element) => (element as never as { mark: string }).mark), 'same');
  assert.equal(await stage.page.evaluate(() => String(getSelection())), 'First bold paragraph.');
  assert.equal(await stage.page.locator('article.assistant').count(), 1);
  assert.equal(await stage.page.locator('.md strong').textContent(), 'bold');
});

const hostile = [
  '<script>window.hacked = 1</script><img src=x onerror="window.hacked=1"><svg onload="window.hacked=1">',
  '[click](javascript:window.hacked=1) [data](data:text/html,<script>window.hacked=1</script>) [vb](vbscript:x) [cmd](command:workbench.action.terminal.new)',
  '[a](JaVaScRiPt:window.hacked=1) [b](java&#10;script:window.hacked=1) <javascript:window.hacked=1> [c](\\\\evil\\share) [d](//evil.example/x)',
  '![picture](https://evil.example/pixel.png) ![x](javascript:window.hacked=1) ![y](data:image/svg+xml,<svg/onload=alert(1)>)',
  '<iframe src="https://evil.example"></iframe> <style>body{display:none}</style> <base href="https://evil.example">',
  '```"><img src=x onerror=window.hacked=1>\ncode</code></pre><script>window.hacked=1</script>\n```',
  '| <b>a</b> | [x](javascript:window.hacked=1) |\n|---|---|\n| <i onclick=window.hacked=1>c</i> | `<script>` |',
  '[x]: javascript:window.hacked=1\n\n[x] &lt;script&gt; &#60;script&#62;',
].join('\n\n');

test('what a model writes as markup stays text and leads nowhere', options, async (t) => {
  const stage = await stageFor(t);
  await say(
    stage,
    { type: 'runStarted' },
    { type: 'userMessage', text: hostile },
    { type: 'thinkingDelta', text: hostile },
    { type: 'textDelta', text: hostile },
    { type: 'toolStarted', toolCallId: 't<script>', tool: '<img src=x onerror=window.hacked=1>', title: '<b>bold</b>', input: { command: hostile } },
    { type: 'toolEnded', toolCallId: 't<script>', tool: 'bash', text: hostile, isError: true },
    { type: 'notice', level: 'error', text: hostile },
    { type: 'sessionRenamed', name: '<script>window.hacked=1</script>' },
  );
  for (const summary of await stage.page.locator('summary:visible').all()) await summary.click();
  const found = await stage.page.evaluate(() => ({
    hacked: (window as never as { hacked?: number }).hacked,
    forbidden: [
      ...document.querySelectorAll(
        'main :is(script, img, iframe, style, base, object, embed, form, link, video, audio), main [onclick], main [onerror], main [href], main [src]',
      ),
    ].map((e) => e.outerHTML),
    tags: [...new Set([...document.querySelectorAll('.md *')].map((e) => e.localName))].sort(),
    links: [...document.querySelectorAll('.md a.link')].map((e) => (e as HTMLElement).title),
    dead: document.querySelectorAll('.md a.dead').length,
  }));
  assert.deepEqual([found.hacked, found.forbidden], [undefined, []]);
  for (const link of found.links) assert.match(link, /^https:\/\/evil\.example\//);
  assert.ok(found.dead >= 8, `${found.dead} dead links`);
  for (const link of await stage.page.locator('.md a').all()) await link.click({ force: true });
  await stage.drawn();
  assert.deepEqual(
    stage.said.flatMap((one) => (one.type === 'openLink' ? [one.href] : [])),
    found.links,
  );
  assert.match((await stage.page.locator('.md').first().textContent()) ?? '', /<script>window\.hacked = 1<\/script>/);
});

test('a link is opened by the extension, by click and by key, with its real address shown', options, async (t) => {
  const stage = await stageFor(t);
  await say(stage, { type: 'runStarted' }, { type: 'textDelta', text: 'See [bank.example](https://other.example/a).' });
  const link = stage.page.locator('.md a');
  assert.equal(await link.getAttribute('title'), 'https://other.example/a');
  await link.focus();
  await stage.page.keyboard.press('Enter');
  assert.equal((await stage.heard('openLink')).href, 'https://other.example/a');
});

test('a path becomes a link when there is such a file', options, async (t) => {
  const stage = await stageFor(t);
  await say(stage, { type: 'runStarted' }, { type: 'textDelta', text: 'In `src/a.ts:12` and `src/none.ts`, not `let x = 1` or `3.14`.' });
  const asked = await stage.heard('findPaths');
  assert.deepEqual(asked.paths, ['src/a.ts', 'src/none.ts']);
  await stage.tell({ type: 'paths', id: asked.id, found: ['src/a.ts'] });
  await stage.page.locator('code.path').click();
  assert.deepEqual(await stage.heard('openPath'), { type: 'openPath', path: 'src/a.ts', line: 12 });
  assert.equal(await stage.page.locator('code.path').count(), 1);
});

test('a block of code is copied, inserted, applied, whole', options, async (t) => {
  const stage = await stageFor(t);
  await say(stage, { type: 'runStarted' }, { type: 'textDelta', text: '```ts\nconst a = 1;\n\nconst b = "<b>";\n```' });
  for (const [name, type] of [
    ['Copy', 'copy'],
    ['Insert at the cursor', 'insert'],
    ['Ask Pi to apply this to the file', 'applyCode'],
  ] as const) {
    await stage.page.locator('figure.code').getByRole('button', { name, exact: true }).click();
    assert.equal((await stage.heard(type)).text, 'const a = 1;\n\nconst b = "<b>";');
  }
  assert.equal(stage.saidLast('applyCode')?.language, 'ts');
});

test('a command of the user’s shows its output at once, and can be stopped', options, async (t) => {
  const stage = await stageFor(t);
  await stage.page.getByRole('combobox', { name: 'Message to Pi' }).fill('!npm test');
  await stage.page.keyboard.press('Enter');
  assert.equal((await stage.heard('send')).text, '!npm test');
  await say(stage, { type: 'bashStarted', command: 'npm test', excludeFromContext: false }, { type: 'bashOutput', text: 'one' });
  const card = stage.page.getByRole('article', { name: 'Your command ! npm test: running' });
  assert.equal(await card.getByLabel('Output').textContent(), 'one');
  await card.getByRole('button', { name: 'Stop', exact: true }).click();
  await stage.heard('stopShell');
});

test('code is coloured while it comes, in whatever pieces, and what is coloured stays where it is', options, async (t) => {
  const code = 'const first = "one"; // note\nfunction two(a) {\n  return `x` + 3;\n}\n';
  const whole = await stageFor(t);
  await say(whole, { type: 'runStarted' }, { type: 'textDelta', text: `\`\`\`ts\n${code}\`\`\`\n` });
  const html = (stage: Stage) => stage.page.locator('figure.code code').evaluate((element) => element.innerHTML);
  await whole.page.locator('.t-number').waitFor();
  const wanted = await html(whole);
  assert.equal(await whole.page.locator('figure.code code').evaluate((element) => element.textContent), code.trimEnd());

  const pieces = await stageFor(t);
  await say(pieces, { type: 'runStarted' }, { type: 'textDelta', text: '```ts\nconst first = "one"; // note\nfunc' });
  const keyword = pieces.page.locator('.t-keyword').first();
  await keyword.evaluate((element) => {
    Object.assign(element, { mark: 'same' });
    getSelection()?.selectAllChildren(element.parentElement as Element);
  });
  for (const piece of code.slice(code.indexOf('tion two'))) await say(pieces, { type: 'textDelta', text: piece });
  await say(pieces, { type: 'textDelta', text: '```\n' });
  await pieces.page.locator('.t-number').waitFor();
  await pieces.page.waitForFunction((last) => document.querySelector('figure.code code')?.innerHTML === last, wanted);
  assert.equal(await keyword.evaluate((element) => (element as never as { mark: string }).mark), 'same');
  assert.equal((await pieces.page.evaluate(() => String(getSelection()))).trim(), 'const first = "one"; // note');
});

test('a language that is not known, and the far end of a long block, are shown as they are', options, async (t) => {
  const stage = await stageFor(t);
  const long = `${'const a = 1;\n'.repeat(4_000)}const last = 2;`;
  await say(stage, { type: 'runStarted' }, { type: 'textDelta', text: `\`\`\`befunge\nconst a = 1;\n\`\`\`\n\n\`\`\`js\n${long}\n\`\`\`\n` });
  const [unknown, known] = [stage.page.locator('figure.code').first(), stage.page.locator('figure.code').last()];
  assert.equal(await unknown.locator('code *').count(), 0);
  await known.locator('.t-keyword').first().waitFor();
  assert.equal(await known.locator('code').evaluate((element) => element.textContent), long);
  assert.ok((await known.locator('code *').count()) < 12_000);
  await known.getByRole('button', { name: 'Copy' }).click();
  assert.equal((await stage.heard('copy')).text, long);
});

for (const theme of themes) {
  test(`every colour of code stands out from its block: ${theme}`, options, async (t) => {
    const stage = await stageFor(t, { theme });
    await say(stage, { type: 'runStarted' }, { type: 'textDelta', text: '```ts\nconst a = 1;\n```\n' });
    const ratios = await stage.page.locator('figure.code').evaluate((block) => {
      const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
      const colorOf = (element: Element) => channels(getComputedStyle(element).color);
      const ground = channels(getComputedStyle(block).backgroundColor);
      const light = ([r, g, b]: number[]) =>
        [r, g, b]
          .map((value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4))
          .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
      return ['keyword', 'string', 'number', 'comment', 'type', 'function', 'variable', 'attribute', 'tag', 'meta', 'heading'].map((kind) => {
        const probe = document.createElement('span');
        probe.className = `t-${kind}`;
        block.append(probe);
        const [a, b] = [light(colorOf(probe)), light(ground)].sort((x, y) => y - x);
        probe.remove();
        return [kind, (a + 0.05) / (b + 0.05), ground.length] as const;
      });
    });
    assert.deepEqual(
      ratios.filter(([, ratio, channels]) => ratio < 4.5 || channels !== 3),
      [],
    );
  });
}

test('a command is allowed, rejected with words, always allowed, in place and only once', options, async (t) => {
  const stage = await stageFor(t);
  await say(stage, { type: 'runStarted' }, { type: 'toolStarted', toolCallId: 't1', tool: 'bash', title: 'bash: rm', input: { command: 'rm -rf dist' } });
  await stage.feed({ type: 'confirmOpened', confirm: confirm('c1', 't1', 'rm -rf dist\n# second line') });
  const card = stage.page.locator('.confirm');
  assert.equal(await card.locator('.exact').textContent(), 'rm -rf dist\n# second line');
  await card.getByRole('button', { name: 'Allow', exact: true }).click();
  assert.deepEqual(await stage.heard('answer'), { type: 'answer', confirmId: 'c1', answer: 'allow', reason: '' });
  assert.equal(await card.locator('button:enabled').count(), 0);
  await stage.feed({ type: 'confirmClosed', id: 'c1' });
  assert.equal(await card.count(), 0);

  await stage.feed({ type: 'confirmOpened', confirm: confirm('c2', 't1') });
  await card.getByLabel('Reason for rejecting, told to Pi').fill('use the script instead');
  await card.getByRole('button', { name: 'Reject', exact: true }).click();
  await stage.feed({ type: 'confirmClosed', id: 'c2' }, { type: 'confirmOpened', confirm: { ...confirm('c3', 't1'), stagedEdits: 2 } });
  await card.getByRole('button', { name: 'Apply edits, then allow', exact: true }).click();
  await stage.feed({ type: 'confirmClosed', id: 'c3' }, { type: 'confirmOpened', confirm: confirm('c4', 't1') });
  await card.getByRole('button', { name: 'Always allow', exact: true }).click();
  await stage.drawn();
  assert.deepEqual(
    stage.said.flatMap((one) => (one.type === 'answer' ? [[one.confirmId, one.answer, one.reason]] : [])),
    [
      ['c1', 'allow', ''],
      ['c2', 'reject', 'use the script instead'],
      ['c3', 'landFirst', ''],
      ['c4', 'always', ''],
    ],
  );
});

test('a command cannot hide what it does behind characters that are not seen', options, async (t) => {
  const stage = await stageFor(t);
  await stage.feed({ type: 'confirmOpened', confirm: confirm('c1', 't1', 'echo safe\u202e txt.mr- #\u200b\u0007\u001b[2K') });
  assert.deepEqual(await stage.page.locator('.confirm .odd').allTextContents(), ['\\u{202e}', '\\u{200b}', '\\u{7}', '\\u{1b}']);
});

test('a long command can be allowed when it was scrolled to its end', options, async (t) => {
  const stage = await stageFor(t);
  const command = `${Array.from({ length: 200 }, (_, i) => `echo ${i}`).join('\n')}\nrm -rf precious`;
  await stage.feed({ type: 'confirmOpened', confirm: confirm('c1', 't1', command) });
  const card = stage.page.locator('.card.confirm');
  const allow = card.getByRole('button', { name: 'Allow', exact: true });
  await stage.drawn();
  assert.deepEqual([await allow.isDisabled(), await card.getByRole('button', { name: 'Always allow' }).isDisabled()], [true, true]);
  assert.equal(await card.getByRole('button', { name: 'Reject', exact: true }).isDisabled(), false);
  await card.getByText('Scroll to its end').waitFor();
  await card.locator('.exact').evaluate((pre) => pre.scrollTo(0, pre.scrollHeight));
  await allow.click();
  assert.equal((await stage.heard('answer')).answer, 'allow');
});

test('what is to be known before an edit is decided stands on its card, until it is', options, async (t) => {
  const stage = await stageFor(t);
  await say(stage, { type: 'runStarted' }, { type: 'toolStarted', toolCallId: 't1', tool: 'edit', title: 'edit: src/greet.ts', input: {} });
  const careful = 'saving rewrites all its line ends';
  await stage.feed({ type: 'edits', edits: [openEdit('e1', 't1', { careful })] });
  const shown = stage.page.locator('.card.edit .careful');
  assert.equal(await shown.textContent(), `Careful: ${careful}`);
  await stage.feed({ type: 'edits', edits: [openEdit('e1', 't1', { careful, status: 'applied' })] });
  assert.equal(await shown.isVisible(), false);
});

test('an open edit shows its change and is applied, rejected with words, opened', options, async (t) => {
  const stage = await stageFor(t);
  await say(stage, { type: 'runStarted' }, { type: 'toolStarted', toolCallId: 't1', tool: 'edit', title: 'edit: src/greet.ts', input: {} });
  await stage.feed({ type: 'edits', edits: [openEdit('e1', 't1')] });
  const card = stage.page.locator('.card.edit');
  assert.match((await card.getAttribute('aria-label')) ?? '', /greet\.ts, 3 lines added, 2 removed\. Waits for you/);
  assert.match((await card.locator('.diff').textContent()) ?? '', /^\+export function greet/m);
  await card.getByRole('button', { name: 'Open diff', exact: true }).click();
  await card.getByRole('button', { name: 'Apply', exact: true }).click();
  await card.getByLabel('Reason for rejecting, told to Pi').fill('keep the name');
  await stage.page.keyboard.press('Enter');
  assert.equal((await stage.heard('openDiff')).editId, 'e1');
  assert.equal((await stage.heard('applyEdit')).editId, 'e1');
  assert.deepEqual(await stage.heard('rejectEdit'), { type: 'rejectEdit', editId: 'e1', reason: 'keep the name' });
  await stage.feed({ type: 'edits', edits: [openEdit('e1', 't1', { status: 'applied' })] });
  assert.equal(await card.getByRole('button', { name: 'Apply', exact: true }).count(), 0);
  assert.equal(await card.locator('.fate').textContent(), 'Applied');
});

test('an edit that is decided is folded, unless the user has unfolded it; one that was rejected has not failed', options, async (t) => {
  const stage = await stageFor(t);
  const started = (toolCallId: string) => ({ type: 'toolStarted', toolCallId, tool: 'edit', title: `edit: ${toolCallId}`, input: {} });
  await say(stage, { type: 'runStarted' }, started('t1'), started('t2'));
  await stage.feed({ type: 'edits', edits: [openEdit('e1', 't1'), openEdit('e2', 't2')] });
  const folds = stage.page.locator('.diff-fold');
  const opened = () => folds.evaluateAll((all) => all.map((one) => (one as HTMLDetailsElement).open));
  assert.deepEqual(await opened(), [true, true]);
  await folds.nth(1).locator('summary').click();
  await folds.nth(1).locator('summary').click();
  await stage.feed({ type: 'edits', edits: [openEdit('e1', 't1', { status: 'rejected' }), openEdit('e2', 't2', { status: 'applied' })] });
  await say(stage, { type: 'toolEnded', toolCallId: 't1', tool: 'edit', text: 'The user rejected it.', isError: true });
  assert.deepEqual(await opened(), [false, true]);
  assert.equal(await stage.page.locator('article.tool').first().locator('.state').textContent(), 'rejected');
});

test('what waits is counted above the box, gone to, and decided at once', options, async (t) => {
  const stage = await stageFor(t);
  const history = long(200);
  await stage.show({ ...history, running: true, edits: [openEdit('e1', 't1'), openEdit('e2', 't2')] });
  await say(stage, ...['t1', 't2'].map((toolCallId) => ({ type: 'toolStarted', toolCallId, tool: 'edit', title: `edit ${toolCallId}`, input: {} })));
  await stage.page.getByRole('button', { name: '2 edits wait for you' }).click();
  assert.equal(await stage.page.evaluate(() => document.activeElement?.closest('.card')?.getAttribute('data-status')), 'open');
  await stage.page.getByRole('button', { name: 'Apply all' }).click();
  await stage.page.getByRole('button', { name: 'Reject all' }).click();
  assert.deepEqual(await stage.heard('applyEdit'), { type: 'applyEdit' });
  assert.deepEqual(await stage.heard('rejectEdit'), { type: 'rejectEdit', reason: '' });
});

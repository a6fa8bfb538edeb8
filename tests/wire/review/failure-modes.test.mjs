// What breaks in systems like this one, each line once, by name. Most of it is tried more deeply elsewhere in this suite.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { poll } from '../processes.mjs';
import { fakeSettings, stageFor } from '../stage.mjs';
import { bash, calls, edit, read, says, write } from '../steps.mjs';
import { byCommands, hunksShown } from './plain-editor.mjs';

const NOTES = 'one\ntwo\nthree\n';
const files = { 'notes.txt': NOTES };
const change = [calls(edit('notes.txt', ['two', '2'])), says('Done.')];
const events = { capabilities: { experimental: { pi: { events: true } } } };

/** An edit of one line that waits for a command. */
async function waiting(t, more = {}) {
  const stage = await stageFor(t, { files, script: change, settings: byCommands, ...more });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('go');
  await hunksShown(stage, uri, 1);
  return { stage, uri, asked };
}

for (const scenario of ['no-gate', 'foreign-edit', 'builtin-edit']) {
  test(`failure 1: the gate is silently absent (${scenario}): no prompt is sent`, async (t) => {
    const stage = await stageFor(t, { fake: scenario, settings: { env: { FAKE_PI_SCENARIO: scenario, FAKE_PI_LOG: 'fake.log' } } });
    await assert.rejects(stage.ask('the secret prompt'));
    assert.doesNotMatch(stage.disk('fake.log'), /the secret prompt/);
  });
}

test('failure 2: the gate is lost after a session switch: the next session proves it again, or gets no prompt', async (t) => {
  const stage = await stageFor(t, { fake: 'text' });
  await stage.ask('hello');
  await stage.lsp.setConfiguration({ pi: { ...stage.lsp.configuration.pi, ...fakeSettings('no-gate') } });
  await assert.rejects(
    stage.lsp.command('pi.newSession').then(() => stage.ask('and now?')),
    /gate|held back|approv/i,
  );
});

test('failure 3: an approval is asked where nobody listens: refused with a reason, and the run ends', async (t) => {
  const stage = await stageFor(t, {
    files,
    script: [calls(edit('notes.txt', ['two', '2']), bash('touch proof')), says('Done.')],
    client: { capabilities: { window: { showMessage: null } } },
  });
  assert.equal((await stage.ask('go')).text, 'Done.');
  for (const text of stage.told()) assert.match(text, /this editor has no way to ask/);
  assert.deepEqual([stage.disk('notes.txt'), existsSync(stage.path('proof'))], [NOTES, false]);
});

test('failure 4: a dialog that Pi resolved by itself is answered late: it hits nothing', async (t) => {
  const stage = await stageFor(t, { files: { 'notes.txt': 'old\n' }, fake: 'abandoned-edit' });
  const uri = await stage.open('notes.txt');
  const answers = [];
  stage.lsp.onRequest('window/showMessageRequest', () => new Promise((resolve) => answers.push(resolve)));
  await stage.ask('go');
  for (const answer of answers) answer({ title: 'Apply' });
  await assert.rejects(stage.lsp.command('pi.applyEdit'), /no open edit/);
  assert.deepEqual([stage.lsp.text(uri), stage.lsp.all('workspace/applyEdit')], ['old\n', []]);
});

test('failure 5: another diff than the one shown is approved: a decision for another version or an unknown hunk applies nothing', async (t) => {
  const { stage, uri } = await waiting(t);
  const [one] = (await stage.lsp.command('pi.listEdits')).edits;
  await stage.lsp.type(uri, { offset: 0, text: 'zero\n' });
  assert.equal((await stage.lsp.command('pi.applyEdit', { editId: one.id, version: one.version })).applied, false);
  await assert.rejects(stage.lsp.command('pi.applyEdit', { editId: one.id, hunkIds: ['another'] }), /no hunk/);
  assert.equal(stage.lsp.text(uri), `zero\n${NOTES}`);
});

test("failure 6: the user's unsaved text is lost: edits go into the dirty buffer, its disk is never written", async (t) => {
  const { stage, uri, asked } = await waiting(t);
  await stage.lsp.type(uri, { offset: NOTES.length, text: 'unsaved\n' });
  await stage.lsp.command('pi.applyEdit');
  await asked;
  assert.deepEqual([stage.lsp.text(uri), stage.disk('notes.txt')], ['one\n2\nthree\nunsaved\n', NOTES]);
});

test('failure 7: autosave and format-on-save are taken for consent or for a conflict: they are neither', async (t) => {
  const { stage, uri, asked } = await waiting(t);
  await stage.lsp.type(uri, { text: `${NOTES}\n` });
  await stage.lsp.save(uri);
  assert.equal((await stage.lsp.command('pi.listEdits')).edits[0].status, 'open');
  assert.deepEqual(stage.lsp.all('workspace/applyEdit'), []);
  assert.equal((await stage.lsp.command('pi.applyEdit')).status, 'applied');
  await asked;
  assert.equal(stage.lsp.text(uri), 'one\n2\nthree\n\n');
});

test('failure 8: a stale edit is dropped and reported as applied: the buffer is believed, not the answer', async (t) => {
  const { stage, uri, asked } = await waiting(t);
  stage.lsp.applyMode = 'lie';
  assert.equal((await stage.lsp.command('pi.applyEdit')).applied, false);
  assert.equal((await asked).edits[0].status, 'failed');
  assert.equal(stage.lsp.text(uri), NOTES);
  assert.match(stage.told()[0], /not applied/);
});

test('failure 9: the agent reads a stale buffer after bash changed the disk: a clean one is re-read, a dirty one is said to be dirty', async (t) => {
  const script = [calls(bash('echo by the shell | tee notes.txt mine.txt')), calls(read('notes.txt'), read('mine.txt')), says('Done.')];
  const stage = await stageFor(t, { files: { ...files, 'mine.txt': 'mine\n' }, script, settings: { permissionMode: 'full' } });
  await stage.open('notes.txt');
  await stage.open('mine.txt', 'mine, unsaved\n');
  await stage.ask('go');
  const [shell, clean, dirty] = stage.told();
  assert.match(shell, /Unsaved in the editor[^\]]*: mine\.txt\]/);
  assert.match(clean, /by the shell/);
  assert.match(dirty, /mine, unsaved/);
});

test('failure 10: parallel tool calls on one file, two dialogs at once: one question at a time, each edit on top of the other', async (t) => {
  const stage = await stageFor(t, {
    files,
    script: [calls(edit('notes.txt', ['one', '1']), edit('notes.txt', ['three', '3']), write('new.txt', 'text\n')), says('Done.')],
  });
  const uri = await stage.open('notes.txt');
  let open = 0;
  let most = 0;
  stage.lsp.onRequest('window/showMessageRequest', async ({ actions }) => {
    most = Math.max(most, ++open);
    await stage.lsp.command('pi.listEdits');
    open--;
    return actions[0];
  });
  const { edits } = await stage.ask('go');
  assert.equal(most, 1);
  assert.deepEqual(
    edits.map((one) => one.status),
    ['applied', 'applied', 'applied'],
  );
  assert.equal(stage.lsp.text(uri), '1\ntwo\n3\n');
});

test('failure 11: U+2028 taken for a line end, one bad line kills the peer, an endless line: each passes', async (t) => {
  const stage = await stageFor(t, {
    fake: {
      runs: [
        [{ text: 'a\u2028b' }],
        [{ raw: 'no JSON' }, { raw: '[]' }, { text: 'still here' }],
        [{ text: 'before ' }, { longLine: 96 * 1024 * 1024 }, { text: 'after' }],
      ],
    },
  });
  assert.equal((await stage.ask('one')).text, 'a\u2028b');
  assert.equal((await stage.ask('two')).text, 'still here');
  assert.equal((await stage.ask('three')).text, 'before after');
});

// Windows itself is the affair of PiLocatorTests; here: arguments are a list, and no shell reads them.
test('failure 12: shell: true injection: arguments reach Pi as they are, and no shell sees them', async (t) => {
  const extraArgs = ['--append-system-prompt', '$(touch proof); touch proof & "quoted" `touch proof` %PATH% ^'];
  const stage = await stageFor(t, { fake: 'text', settings: { extraArgs, env: { FAKE_PI_SCENARIO: 'text', FAKE_PI_LOG: 'fake.log' } } });
  await stage.ask('hello');
  const started = stage
    .disk('fake.log')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .findLast((one) => one.argv?.includes('--mode'));
  assert.deepEqual(started.argv.slice(-2), extraArgs);
  assert.equal(existsSync(stage.path('proof')), false);
});

test('failure 13: child processes outlive the editor: a killed server leaves neither Pi nor its command', async (t) => {
  const stage = await stageFor(t, { script: [calls(bash('echo $$ > pid; sleep 300'))], settings: { permissionMode: 'full' } });
  stage.ask('go');
  await poll('the command to run', () => existsSync(stage.path('pid')) && stage.disk('pid').trim());
  stage.lsp.child.stdin.end();
  await stage.gone();
});

for (const [what, fake, says] of [
  ['exits 0 without a word', 'silent-exit', /exit|code 0|ended/i],
  ['hangs', 'hang-at-start', /1\.?0?\d* ?(m?s|seconds)|in time|did not answer/i],
  ['crashes', 'crash-at-start', /left-pad/],
]) {
  test(`failure 14: the child ${what}: an error that says so, in time, and nothing left`, async (t) => {
    const stage = await stageFor(t, { fake, settings: { startTimeoutMs: 1000 } });
    await assert.rejects(stage.ask('hello'), says);
    await poll('no Pi', () => stage.piProcesses().length === 0);
  });
}

test('failure 15: something else writes to stdout: frames alone reach the client', async (t) => {
  const stage = await stageFor(t, { fake: { runs: [[{ raw: 'Content-Length: 5\r\n\r\nhello' }, { text: 'fine' }]] } });
  assert.equal((await stage.ask('hello')).text, 'fine');
  assert.deepEqual(stage.lsp.protocolErrors, []);
});

test('failure 16: empty steps shown as answers, turns told twice: one event per fact over a run of three stages', async (t) => {
  const stage = await stageFor(t, { files, client: events, script: [{ thinking: 'hm', ...calls(read('notes.txt')) }, calls(read('notes.txt')), says('Two.')] });
  assert.equal((await stage.ask('go')).text, 'Two.');
  await stage.lsp.waitFor('pi/event', (event) => event.type === 'runSettled');
  const told = stage.lsp.all('pi/event');
  const count = (type) => told.filter((event) => event.type === type).length;
  assert.deepEqual(['runStarted', 'turnStarted', 'turnEnded', 'toolStarted', 'toolEnded', 'runSettled'].map(count), [1, 3, 3, 2, 2, 1]);
  assert.deepEqual(
    told.filter((event) => event.type === 'messageCompleted').map((event) => event.text),
    ['', '', 'Two.'],
  );
  assert.deepEqual(
    told.map((event) => event.seq),
    told.map((_, i) => i + 1),
  );
});

test("failure 17: cost counted twice: the run costs the sum of its turns, the meter is the session's own", async (t) => {
  const stage = await stageFor(t, {
    files,
    script: [
      { ...calls(read('notes.txt')), usage: { input: 1000, output: 10 } },
      { ...says('Done.'), usage: { input: 2000, output: 20 } },
    ],
  });
  const { usage } = await stage.ask('go');
  assert.deepEqual([usage.input, usage.output], [3000, 30]);
  const status = await stage.lsp.command('pi.status');
  assert.ok(Math.abs(status.cost - usage.cost) < 1e-9, `${status.cost} ${usage.cost}`);
  assert.ok(status.context.tokens < usage.totalTokens, JSON.stringify(status.context));
});

test('failure 18: CRLF, BOM, tabs, surrogate pairs, a missing last newline are damaged by an edit: byte for byte they are not', async (t) => {
  const text = '\uFEFFone\r\n\ttwo 😀 é\r\nthree\r\nno end';
  const stage = await stageFor(t, {
    files: { 'notes.txt': text },
    script: [calls(edit('notes.txt', ['three', 'drei 🎈'])), says('Done.')],
    settings: { permissionMode: 'acceptEdits' },
  });
  const uri = await stage.open('notes.txt');
  assert.equal((await stage.ask('go')).edits[0].status, 'applied');
  await stage.lsp.save(uri);
  assert.deepEqual(readFileSync(stage.path('notes.txt')), Buffer.from(text.replace('three', 'drei 🎈')));
});

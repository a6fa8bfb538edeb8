// What an editor without any plugin can start from its menu of code actions, and where the answer is read.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { poll } from './processes.mjs';
import { stageFor } from './stage.mjs';
import { calls, edit, says } from './steps.mjs';

const TEXT = 'function add(a, b) {\n  return a - b;\n}\n\n// rename it to sum\nadd(1, 2);\n';
const files = { 'a.js': TEXT };
const at = (line, character = 0) => ({ start: { line, character }, end: { line, character } });
const lines = (first, last) => ({ start: { line: first, character: 0 }, end: { line: last, character: 0 } });
const problem = (line, message, more = {}) => ({
  range: { start: { line, character: 2 }, end: { line, character: 8 } },
  message,
  severity: 1,
  source: 'eslint',
  ...more,
});

const actionsAt = (stage, uri, range, context = {}) =>
  stage.lsp.request('textDocument/codeAction', { textDocument: { uri }, range, context: { diagnostics: [], ...context } });
const titles = (actions) => actions.map((one) => one.title);
const run = (stage, action) => stage.lsp.request('workspace/executeCommand', action.command);
const named = (actions, title) => actions.find((one) => one.title === title) ?? assert.fail(`${title} is not among ${titles(actions).join(', ')}`);
const transcript = (uri) => readFileSync(fileURLToPath(uri), 'utf8');
const settled = (uri) =>
  poll(
    'the end of the run in the transcript',
    () => /\n---\n\n\*[A-Z].*\*\n/.test(transcript(uri)),
    () => transcript(uri),
  );
const promptOf = (stage, index = 0) => stage.model.lastUserText(stage.model.requests[index]);

test('a line is asked about with the block that it begins', async (t) => {
  const stage = await stageFor(t, { files, script: [says('It subtracts.')] });
  const uri = await stage.open('a.js');
  const actions = await actionsAt(stage, uri, at(0));
  assert.deepEqual(titles(actions), ['Ask Pi about this']);
  const { sessionId, runId, transcript: shown } = await run(stage, actions[0]);
  assert.ok(sessionId && runId);
  await settled(shown);
  assert.match(promptOf(stage), /^Explain this/);
  assert.match(promptOf(stage), /a\.js open\. They point at this, lines 1-3:\n```\nfunction add\(a, b\) \{\n {2}return a - b;\n\}\n/);
  assert.match(transcript(shown), /## Pi\n\nIt subtracts\.\n/);
});

test('a selection is asked about as the buffer has it', async (t) => {
  const stage = await stageFor(t, { files, script: [says('Yes.')] });
  const uri = await stage.open('a.js', TEXT.replace('a - b', 'a * b'));
  const range = { start: { line: 1, character: 9 }, end: { line: 1, character: 14 } };
  await settled((await run(stage, named(await actionsAt(stage, uri, range), 'Ask Pi about this'))).transcript);
  assert.match(promptOf(stage), /They point at `a \* b` in this, line 2:\n```\n {2}return a \* b;\n```/);
});

test('a selection of several lines goes as it is', async (t) => {
  const stage = await stageFor(t, { files, script: [says('Yes.')] });
  const uri = await stage.open('a.js');
  const range = { start: { line: 0, character: 9 }, end: { line: 1, character: 8 } };
  await settled((await run(stage, named(await actionsAt(stage, uri, range), 'Ask Pi about this'))).transcript);
  assert.match(promptOf(stage), /lines 1-2 selected\. The selection:\n```\nadd\(a, b\) \{\n {2}return\n```\n/);
});

test('a selection of one character is a cursor, as it is in Helix', async (t) => {
  const stage = await stageFor(t, { files, script: [says('It subtracts.')] });
  const uri = await stage.open('a.js');
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
  await settled((await run(stage, named(await actionsAt(stage, uri, range), 'Ask Pi about this'))).transcript);
  assert.match(promptOf(stage), /point at this, lines 1-3/);
});

test('a diagnostic of another server is fixed, by the way every edit takes', async (t) => {
  const stage = await stageFor(t, { files, script: [calls(edit('a.js', ['a - b', 'a + b'])), says('Fixed.')] });
  const uri = await stage.open('a.js');
  const diagnostics = [problem(1, 'add does not add', { code: 'no-sub' }), { ...problem(1, 'Pi wants to change'), source: 'pi' }];
  const fix = named(await actionsAt(stage, uri, at(1, 4), { diagnostics, only: ['quickfix'] }), 'Fix this diagnostic with Pi');
  assert.equal(fix.kind, 'quickfix');
  assert.deepEqual(fix.diagnostics, [diagnostics[0]]);
  const { transcript: shown } = await run(stage, fix);
  (await stage.lsp.nextQuestion()).answer('Apply');
  await settled(shown);
  assert.equal(stage.lsp.text(uri), TEXT.replace('a - b', 'a + b'));
  assert.match(promptOf(stage), /^Fix this problem in a\.js: line 2, error no-sub \(eslint\): add does not add/);
  assert.match(transcript(shown), /### `edit: a\.js`\n\n```\nApplied to a\.js/);
});

test('several diagnostics are fixed one by one or all at once', async (t) => {
  const stage = await stageFor(t, { files, script: [says('Both done.')] });
  const uri = await stage.open('a.js');
  const diagnostics = [problem(1, 'first', { code: 17 }), problem(5, `second ${'x'.repeat(100)}`, { severity: 2 })];
  const actions = await actionsAt(stage, uri, lines(0, 6), { diagnostics });
  const fixes = actions.filter((one) => one.kind === 'quickfix');
  assert.equal(fixes.length, 3);
  assert.equal(fixes[0].title, 'Fix this diagnostic with Pi: first');
  assert.ok(fixes[1].title.length < 100);
  const all = named(actions, 'Fix all 2 diagnostics in this selection with Pi');
  assert.equal(all.diagnostics.length, 2);
  await settled((await run(stage, all)).transcript);
  assert.match(promptOf(stage), /Fix these 2 problems in a\.js:\n- line 2, error 17 \(eslint\): first\n- line 6, warning \(eslint\): second/);
});

test('a comment is done: the prompt says what it says, with its place', async (t) => {
  const stage = await stageFor(t, { files, script: [calls(edit('a.js', ['// rename it to sum\nadd(', 'sum('])), says('Renamed.')] });
  const uri = await stage.open('a.js');
  const action = named(await actionsAt(stage, uri, at(4, 5)), 'Do what this comment says');
  assert.equal(action.kind, 'refactor.rewrite');
  const { transcript: shown } = await run(stage, action);
  (await stage.lsp.nextQuestion()).answer('Apply');
  await settled(shown);
  assert.match(promptOf(stage), /^Do what this comment says: rename it to sum\n\n<editor>\nThe user has a\.js open\. The comment is at line 5; do it there\./);
  assert.match(promptOf(stage), /\/\/ rename it to sum\nadd\(1, 2\);\n/);
  assert.match(transcript(shown), /^> Do what this comment says: rename it to sum$/m);
  assert.equal(stage.lsp.text(uri), TEXT.replace('// rename it to sum\nadd(', 'sum('));
});

test('a comment that is gone when it is chosen is refused in words', async (t) => {
  const stage = await stageFor(t, { files });
  const uri = await stage.open('a.js');
  const action = named(await actionsAt(stage, uri, at(4, 5)), 'Do what this comment says');
  await stage.lsp.type(uri, { offset: TEXT.indexOf('//'), length: 19, text: '' });
  await assert.rejects(run(stage, action), /no comment at this place of a\.js/);
  assert.deepEqual(stage.piProcesses(), []);
});

test('only what is wanted is offered, and nothing that needs what is missing', async (t) => {
  const stage = await stageFor(t, { files });
  const uri = await stage.open('a.js');
  await stage.lsp.command('pi.setPermissionMode', { mode: 'readOnly' });
  const diagnostics = [problem(4, 'wrong')];
  assert.deepEqual(titles(await actionsAt(stage, uri, at(4, 5), { diagnostics })), ['Ask Pi about this'], 'nothing may be edited here');
  await stage.lsp.command('pi.setPermissionMode', { mode: 'ask' });
  const everything = ['Fix this diagnostic with Pi', 'Do what this comment says', 'Ask Pi about this'];
  assert.deepEqual(titles(await actionsAt(stage, uri, at(4, 5), { diagnostics })), everything);
  assert.deepEqual(titles(await actionsAt(stage, uri, at(4, 5), { diagnostics, only: [''] })), everything);
  assert.deepEqual(titles(await actionsAt(stage, uri, at(4, 5), { diagnostics, only: ['refactor'] })), everything.slice(1));
  assert.deepEqual(titles(await actionsAt(stage, uri, at(4, 5), { diagnostics, only: ['refactor.rewrite'] })), ['Do what this comment says']);
  assert.deepEqual(await actionsAt(stage, uri, at(4, 5), { diagnostics, only: ['source'] }), []);
  assert.deepEqual(titles(await actionsAt(stage, uri, at(0), { triggerKind: 2 })), [], 'no lamp on every line');
  assert.deepEqual(await actionsAt(stage, stage.uri('not-open.js'), at(0)), []);
});

test('a client that makes its own actions gets none of these', async (t) => {
  const stage = await stageFor(t, { files, client: { capabilities: { experimental: { pi: { proposals: true, askActions: false } } } } });
  assert.deepEqual(await actionsAt(stage, await stage.open('a.js'), at(4, 5), { diagnostics: [problem(4, 'wrong')] }), []);
});

test('a client that marks changes in its own way is told of them by pi/edits alone', async (t) => {
  const experimental = { pi: { proposals: true, askActions: false, reviewMarks: false } };
  const stage = await stageFor(t, { files, client: { capabilities: { experimental } }, script: [calls(edit('a.js', ['a - b', 'a + b'])), says('Done.')] });
  const { codeActionProvider, codeLensProvider, executeCommandProvider } = stage.lsp.serverCapabilities;
  assert.deepEqual([codeActionProvider, codeLensProvider, executeCommandProvider.commands.includes('pi.applyEdit')], [undefined, undefined, true]);
  const uri = await stage.open('a.js');
  const answer = stage.lsp.command('pi.ask', { prompt: 'change it' });
  const { edits } = await stage.lsp.waitFor('pi/edits', (told) => told.edits.some((one) => one.status === 'open'));
  assert.deepEqual(await actionsAt(stage, uri, edits[0].hunks[0].range), []);
  await stage.lsp.command('pi.applyEdit', { editId: edits[0].id });
  await answer;
  assert.deepEqual(stage.lsp.all('textDocument/publishDiagnostics'), []);
});

test('a Pi that is known to be missing is not offered', async (t) => {
  const stage = await stageFor(t, { files, settings: { command: '/no/such/pi' } });
  const uri = await stage.open('a.js');
  await run(stage, (await actionsAt(stage, uri, at(0)))[0]);
  const { message } = await stage.lsp.waitFor('window/showMessage', ({ type }) => type === 1);
  assert.match(message, /\/no\/such\/pi/);
  assert.deepEqual(await actionsAt(stage, uri, at(0)), []);
});

test('the transcript grows while the answer comes, in one document that the editor is shown without taking the focus', async (t) => {
  const stage = await stageFor(t, { files, script: [{ text: ['First words. ', 'More.'], hang: true }, says('Second.')] });
  const uri = await stage.open('a.js');
  const ask = async () => run(stage, named(await actionsAt(stage, uri, at(0)), 'Ask Pi about this'));
  const { transcript: first } = await ask();
  await poll(
    'the words so far',
    () => transcript(first).includes('First words.'),
    () => transcript(first),
  );
  assert.match(transcript(first), /\*Pi is working …\*\n$/);
  assert.equal(statSync(dirname(fileURLToPath(first))).mode & 0o777, 0o700);
  const [shown] = stage.lsp.all('window/showDocument');
  assert.deepEqual(shown, { uri: first, takeFocus: false });
  await stage.lsp.command('pi.abort');
  await settled(first);
  assert.match(transcript(first), /\*Stopped/);
  const { transcript: second } = await ask();
  assert.equal(second, first);
  await poll(
    'the second answer',
    () => transcript(first).includes('Second.'),
    () => transcript(first),
  );
  assert.equal(stage.lsp.all('window/showDocument').length, 1, 'it is there already');
  await stage.end();
  assert.equal(existsSync(dirname(fileURLToPath(first))), false, 'it goes with the server');
});

test('a run chosen while Pi works comes after it', async (t) => {
  const stage = await stageFor(t, { files, script: [{ text: 'First.', chunkDelayMs: 1, delayMs: 300 }, says('Second.')] });
  const uri = await stage.open('a.js');
  const [action] = await actionsAt(stage, uri, at(0));
  const { transcript: shown } = await run(stage, action);
  await run(stage, action);
  await poll(
    'both answers',
    () => /First\.[\s\S]*Second\./.test(transcript(shown)),
    () => transcript(shown),
  );
});

test('an editor that cannot be shown a document is told where it is, once', async (t) => {
  const stage = await stageFor(t, { files, script: [says('One.'), says('Two.')], client: { capabilities: { window: { showDocument: null } } } });
  const uri = await stage.open('a.js');
  const [action] = await actionsAt(stage, uri, at(0));
  const { transcript: shown } = await run(stage, action);
  const { message } = await stage.lsp.waitFor('window/showMessage');
  assert.ok(message.includes(fileURLToPath(shown)), message);
  await settled(shown);
  await run(stage, action);
  await poll('the second answer', () => transcript(shown).includes('Two.'));
  assert.equal(stage.lsp.all('window/showMessage').length, 1);
});

test('pi.showTranscript opens it, pi.ask can, and the setting keeps it shut', async (t) => {
  const stage = await stageFor(t, { files, script: [says('One.'), says('Two.')], settings: { transcript: 'off' } });
  const uri = await stage.open('a.js');
  const quiet = await run(stage, (await actionsAt(stage, uri, at(0)))[0]);
  assert.equal(quiet.transcript, undefined);
  const opened = await stage.lsp.command('pi.showTranscript', { sessionId: quiet.sessionId });
  assert.equal(opened.shown, true);
  await settled(opened.uri);
  await stage.ask('again', { transcript: true });
  await poll('the second answer', () => transcript(opened.uri).includes('Two.'));
});

test('in Helix, which reads a file once, the open document is edited', async (t) => {
  const stage = await stageFor(t, { files, script: [{ text: ['Some ', 'words.'] }, says('More.')], client: { initialize: false } });
  await stage.lsp.initialize({ clientInfo: { name: 'helix', version: '25.07' } });
  const uri = await stage.open('a.js');
  const opened = await stage.lsp.command('pi.showTranscript', {});
  await stage.lsp.open(opened.uri, transcript(opened.uri), 'markdown');
  await stage.ask('begin');
  await poll(
    'the words in the buffer',
    () => /Some words\.[\s\S]*\*Done/.test(stage.lsp.text(opened.uri)),
    () => stage.lsp.text(opened.uri),
  );
  await stage.lsp.type(opened.uri, { offset: 0, text: 'mine ' });
  await stage.ask('go on');
  await poll('the words in the file', () => transcript(opened.uri).includes('More.'));
  assert.match(stage.lsp.text(opened.uri), /^mine # Pi/);
  assert.doesNotMatch(stage.lsp.text(opened.uri), /More\./, 'what the user typed is left alone');
  assert.equal(stage.lsp.text(uri), TEXT);
});

test('a run is stopped from the menu, in the conversation’s own document too, and only while there is one', async (t) => {
  const stage = await stageFor(t, { files, script: [{ text: 'It sub', hang: true }] });
  const uri = await stage.open('a.js');
  const { transcript: shown } = await run(stage, named(await actionsAt(stage, uri, at(0)), 'Ask Pi about this'));
  await poll('the first words', () => /It sub/.test(transcript(shown)));
  await stage.lsp.open(shown, transcript(shown));
  assert.deepEqual(titles(await actionsAt(stage, uri, at(0))), ['Ask Pi about this', 'Stop Pi']);
  assert.deepEqual(titles(await actionsAt(stage, uri, at(0), { triggerKind: 2 })), []);
  const [stop, ...more] = await actionsAt(stage, shown, at(0));
  assert.deepEqual([stop.title, more], ['Stop Pi', []]);
  assert.equal((await run(stage, stop)).aborted, true);
  await settled(shown);
  assert.match(transcript(shown), /It sub/);
  assert.deepEqual(await actionsAt(stage, shown, at(0)), []);
  assert.deepEqual(titles(await actionsAt(stage, uri, at(0))), ['Ask Pi about this']);
});

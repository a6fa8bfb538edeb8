// pi.getTranscript: what a view shows that comes late, or to a conversation of an earlier day.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageFor } from './stage.mjs';
import { calls, edit, read, says } from './steps.mjs';

const files = { 'notes.txt': 'one\ntwo\n' };
const kinds = (transcript) => transcript.entries.map((one) => one.kind);

test('a run with tools is in the transcript, in the order in which it happened', async (t) => {
  const script = [{ thinking: 'hm', ...calls(read('notes.txt')) }, { text: 'Now I change it.', ...calls(edit('notes.txt', ['two', '2'])) }, says('Done.')];
  const stage = await stageFor(t, { files, script, settings: { permissionMode: 'acceptEdits', model: 'thinker-1' } });
  const uri = await stage.open('notes.txt');
  const { sessionId } = await stage.ask('change it', { textDocument: { uri } });
  const transcript = await stage.lsp.command('pi.getTranscript', {});
  assert.deepEqual([transcript.sessionId, transcript.running, transcript.more], [sessionId, false, false]);
  assert.deepEqual(kinds(transcript), ['user', 'thinking', 'tool', 'assistant', 'tool', 'assistant', 'run']);
  const [user, thinking, reading, words, editing, answer, run] = transcript.entries;
  assert.equal(user.text, 'change it');
  assert.match(user.context, /notes\.txt/);
  assert.deepEqual([thinking.text, words.text, answer.text], ['hm', 'Now I change it.', 'Done.']);
  assert.deepEqual([reading.title, reading.state, reading.output], ['read: notes.txt', 'done', 'one\ntwo\n']);
  assert.equal(editing.input.path, 'notes.txt');
  assert.match(editing.output, /^Applied to notes\.txt/);
  assert.equal(run.stopReason, 'stop');
  assert.ok(run.usage.totalTokens > 0);
});

test('the number of the last event tells a view which events are still to come', async (t) => {
  const stage = await stageFor(t, { script: [says('Hello.')], client: { capabilities: { experimental: { pi: { events: true } } } } });
  await stage.ask('greet');
  const { seq } = await stage.lsp.command('pi.getTranscript');
  assert.equal(seq, stage.lsp.all('pi/event').at(-1).seq);
  const said = stage.lsp.all('pi/event').find((one) => one.type === 'userMessage');
  assert.equal(said.text, 'greet');
});

test('before any session there is nothing, and nothing is started', async (t) => {
  const stage = await stageFor(t, {});
  assert.deepEqual(await stage.lsp.command('pi.getTranscript'), { seq: 0, running: false, more: false, entries: [] });
  assert.deepEqual(stage.piProcesses(), []);
});

test('a conversation that is taken up again has its beginning', async (t) => {
  const stage = await stageFor(t, { files, script: [calls(read('notes.txt')), says('First.'), says('Second.'), says('Third.')] });
  await stage.ask('read it');
  await stage.ask('and again');
  const before = await stage.lsp.command('pi.getTranscript');
  const { sessionFile: path } = await stage.lsp.command('pi.status');
  // Another server, as after a restart of the editor.
  const here = { cwd: stage.workspace, workspaceFolders: [stage.workspace] };
  const again = await stageFor(t, { client: here, settings: { env: { PI_CODING_AGENT_DIR: stage.pi.dir } } });
  const { sessionId } = await again.lsp.command('pi.resumeSession', { path });
  const after = await again.lsp.command('pi.getTranscript', { sessionId });
  const shape = ({ entries }) => entries.map(({ kind, text, title, output, stopReason }) => ({ kind, text, title, output, stopReason }));
  assert.deepEqual(shape(after), shape(before));
  assert.deepEqual(kinds(after), ['user', 'tool', 'assistant', 'run', 'user', 'assistant', 'run']);
  await again.ask('go on');
  const whole = await again.lsp.command('pi.getTranscript', { sessionId });
  assert.deepEqual(whole.entries.slice(0, after.entries.length), after.entries);
  assert.deepEqual(kinds(whole).slice(after.entries.length), ['user', 'assistant', 'run']);
});

test('pages go back to the beginning', async (t) => {
  const stage = await stageFor(t, { script: [says('One.'), says('Two.')] });
  await stage.ask('first');
  await stage.ask('second');
  const last = await stage.lsp.command('pi.getTranscript', { limit: 4 });
  assert.deepEqual([kinds(last), last.more], [['run', 'user', 'assistant', 'run'], true]);
  const first = await stage.lsp.command('pi.getTranscript', { limit: 4, before: last.entries[0].id });
  assert.deepEqual([kinds(first), first.more], [['user', 'assistant'], false]);
  await assert.rejects(stage.lsp.command('pi.getTranscript', { before: 'nothing' }), /no entry "nothing"/);
  await assert.rejects(stage.lsp.command('pi.getTranscript', { limit: 0 }), /"limit"/);
});

test('a run that was stopped leaves nothing running', async (t) => {
  const stage = await stageFor(t, { script: [{ text: 'Let me', hang: true }] });
  const asked = stage.ask('begin');
  await stage.model.until('the request', () => stage.model.requests.length > 0);
  await stage.lsp.command('pi.abort');
  await asked;
  const { entries, running } = await stage.lsp.command('pi.getTranscript');
  assert.equal(running, false);
  assert.deepEqual(
    entries.filter((one) => one.state === 'running'),
    [],
  );
  assert.equal(entries.at(-1).stopReason, 'aborted');
});

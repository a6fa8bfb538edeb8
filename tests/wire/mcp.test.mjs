// Tools of the user's MCP servers, and scripts that call other tools: what is asked, what is told, what stands under what.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sincePi } from '../scripted-model/pi-command.mjs';
import { headlessFor } from './headless-stage.mjs';
import { stageFor } from './stage.mjs';
import { calls, says } from './steps.mjs';

const only = sincePi('1.0.0');
const notes = { command: process.execPath, args: [fileURLToPath(new URL('mcp-server.mjs', import.meta.url))] };
const home = (exposure) => ({ extra: { files: { 'mcp.json': JSON.stringify({ mcpServers: { notes: { ...notes, exposure } } }) } } });
const withCodemode = { extra: { settings: { defaultTools: ['+codemode'] } } };
const client = (more = {}) => ({ capabilities: { experimental: { pi: { proposals: true, events: true, ...more } } } });
const call = (name, args) => calls({ name, arguments: args });
const script = (...lines) => call('codemode', { code: lines.join('\n') });

/** Answers every question, and keeps them. */
function answering(stage, answer = { allow: true }) {
  const asked = [];
  stage.lsp.onRequest('pi/confirm', (params) => {
    asked.push(params);
    return answer;
  });
  return asked;
}

test('a question about a tool of an MCP server names both, and shows what the server says of it as its claim', only, async (t) => {
  const stage = await stageFor(t, {
    home: home('direct'),
    client: client(),
    script: [call('mcp__notes__drop_note', { name: 'one' }), call('mcp__notes__plain', { name: 'two' }), says('Done.')],
  });
  const asked = answering(stage);
  await stage.ask('drop it');
  assert.equal(
    asked[0].what,
    'The tool drop_note of the MCP server notes. The server claims, and nobody has checked: it only looks (readOnlyHint); ' +
      'it may destroy something (destructiveHint).\n{"name":"one"}',
  );
  assert.equal(asked[1].what, 'The tool plain of the MCP server notes. The server does not say what it does to your data.\n{"name":"two"}');
  assert.deepEqual(stage.told(), ['drop_note of one: done', 'plain of two: done']);
});

test('a claim to look only loosens nothing', only, async (t) => {
  const stage = await stageFor(t, {
    home: home('direct'),
    settings: { permissionMode: 'readOnly', lookingTools: ['read_mcp_resource'] },
    client: client(),
    script: [call('mcp__notes__read_note', { name: 'one' }), says('Done.')],
  });
  const asked = answering(stage);
  await stage.ask('read it');
  assert.deepEqual(asked, []);
  assert.match(stage.told()[0], /the permission mode is readOnly/);
});

test('tools of Pi that only look run unasked where the user says so, and not in an untrusted workspace', only, async (t) => {
  const step = () => call('read_mcp_resource', { server: 'notes', uri: 'note://one' });
  const stage = await stageFor(t, {
    home: home('direct'),
    settings: { permissionMode: 'readOnly', lookingTools: ['read_mcp_resource'] },
    client: client(),
    script: [step(), says('One.'), step(), says('Two.'), step(), says('Three.')],
  });
  const asked = answering(stage, { allow: false });
  await stage.ask('read');
  assert.match(stage.told().at(-1), /the first note/);
  await stage.lsp.setConfiguration({ pi: { workspaceTrusted: false } });
  await stage.ask('read again');
  assert.match(stage.told().at(-1), /readOnly/);
  await stage.lsp.setConfiguration({ pi: { workspaceTrusted: true, lookingTools: null, permissionMode: 'ask' } });
  await stage.ask('read once more');
  assert.deepEqual([asked.length, asked[0].tool], [1, 'read_mcp_resource']);
  await stage.lsp.setConfiguration({ pi: { lookingTools: ['bash'] } });
  await stage.lsp.waitFor('window/showMessage', ({ message }) => /pi\.lookingTools knows .*read_mcp_resource.*, not "bash"/.test(message));
});

test('the question about a script shows it as code; what it calls stands under it, and its reviewed edits are no change behind the back', only, async (t) => {
  const stage = await stageFor(t, {
    home: withCodemode,
    files: { 'a.txt': 'old\n' },
    client: client({ save: true }),
    settings: { save: 'onApply' },
    script: [
      script(
        'const before = await tools.read({ path: "a.txt" });',
        'await tools.edit({ path: "a.txt", edits: [{ oldText: "old", newText: "new" }] });',
        'text(before);',
      ),
      says('Done.'),
    ],
  });
  await stage.open('a.txt');
  const asked = answering(stage);
  stage.lsp.onRequest('pi/save', ({ uris }) => {
    for (const _ of uris) stage.write('a.txt', 'new\n');
    return null;
  });
  const running = stage.ask('change it');
  const [{ id }] = await stage.edits('the edit', (edits) => edits.length === 1);
  await stage.lsp.command('pi.applyEdit', { editId: id });
  await running;
  assert.equal(asked[0].what.split('\n').length, 3);
  assert.match(asked[0].what, /^const before = await tools\.read/);
  const { entries } = await stage.lsp.command('pi.getTranscript');
  const tools = entries.filter((one) => one.kind === 'tool');
  assert.deepEqual(
    tools.map((one) => [one.tool, one.parentToolCallId]),
    [
      ['codemode', undefined],
      ['read', tools[0].toolCallId],
      ['edit', tools[0].toolCallId],
    ],
  );
  assert.ok(tools.every((one) => one.state === 'done' && one.durationMs >= 0));
  assert.ok(!entries.some((one) => one.kind === 'notice' && /outside your review/.test(one.text)));
  assert.doesNotMatch(stage.told()[0], /outside the user's review/);
  // Of a stored conversation, too.
  const { sessionFile } = await stage.lsp.command('pi.status');
  await stage.lsp.command('pi.newSession');
  const { sessionId } = await stage.lsp.command('pi.resumeSession', { path: sessionFile });
  const stored = (await stage.lsp.command('pi.getTranscript', { sessionId })).entries.filter((one) => one.kind === 'tool');
  assert.deepEqual(
    stored.map((one) => [one.tool, one.parentToolCallId !== undefined, one.state]),
    [
      ['codemode', false, 'done'],
      ['read', true, 'done'],
      ['edit', true, 'done'],
    ],
  );
});

test('what a script has changed behind its own edit is told', only, async (t) => {
  const stage = await headlessFor(t, {
    home: withCodemode,
    files: { 'a.txt': 'old\n', 'b.txt': 'old\n' },
    script: [
      script(
        'await tools.edit({ path: "a.txt", edits: [{ oldText: "old", newText: "new" }] });',
        'await tools.edit({ path: "b.txt", edits: [{ oldText: "old", newText: "new" }] });',
        'const { exit_code } = await tools.bash({ command: "echo more >> b.txt; exit 3" });',
        'text("exit " + exit_code);',
      ),
      says('Done.'),
    ],
  });
  const { code, stderr } = await stage.ask(['--permission-mode', 'full', 'go']);
  assert.equal(code, 0, stderr);
  assert.equal(stage.disk('a.txt') + stage.disk('b.txt'), 'new\nnew\nmore\n');
  assert.match(stage.told()[0], /exit 3/);
  assert.match(stage.told()[0], /\[Changed on disk by this command: b\.txt\]/);
  // The calls stand under the script.
  assert.match(stderr, /^start {3}codemode: await tools\.edit.*\nstart {5}edit: a\.txt\ndone {6}edit: a\.txt\nstart {5}edit: b\.txt\n/m);
});

test('a question about a call that its script did not wait for goes away with the script', only, async (t) => {
  const stage = await stageFor(t, {
    home: withCodemode,
    script: [script('tools.bash({ command: "touch made" });', 'text("over");'), says('Done.')],
  });
  const asked = stage.ask('do not wait');
  const first = await stage.lsp.nextQuestion();
  first.answer('Allow');
  const question = await stage.lsp.nextQuestion();
  assert.equal((await asked).text, 'Done.');
  assert.equal(question.withdrawn, true);
  assert.equal(existsSync(stage.path('made')), false);
});

test('a script still reads the exit code of a command whose result got a note', only, async (t) => {
  const stage = await stageFor(t, {
    home: withCodemode,
    settings: { permissionMode: 'full' },
    script: [script('const r = await tools.bash({ command: "echo x > made.txt" });', 'text(typeof r + " " + JSON.stringify(r));'), says('Done.')],
  });
  await stage.ask('run it');
  assert.match(stage.told()[0], /"exitCode":0|"exit_code":0/);
  assert.match(stage.told()[0], /made\.txt/);
});

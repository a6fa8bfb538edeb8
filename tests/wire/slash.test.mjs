// Prompts that begin with a slash: our own commands, Pi's, templates, skills; and the dialogs of Pi's extensions.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { stageFor } from './stage.mjs';
import { says } from './steps.mjs';

const withPi = (pi) => ({ capabilities: { experimental: { pi } } });
const extension = (body) => ({ 'x.mjs': `export default (pi) => { ${body} };` });
const loading = (stage) => ({ ...stage.lsp.configuration.pi, extraArgs: ['-e', stage.path('x.mjs')] });
/** An extension whose command `try` asks the user and shows what came back. */
const asking = (call) =>
  extension(`pi.registerCommand('try', { description: 'Tries', handler: async (args, ctx) => ctx.ui.notify('got ' + JSON.stringify(await ${call})) });`);

async function stageAsking(t, call, client = {}) {
  const stage = await stageFor(t, { files: asking(call), client });
  await stage.lsp.setConfiguration({ pi: loading(stage) });
  return stage;
}

test('all commands are listed with where they come from, the gate’s own are not', async (t) => {
  const stage = await stageFor(t, {
    files: asking('1'),
    home: { extra: { files: { 'prompts/review.md': '---\ndescription: Look at it\n---\nReview $1 well.\n' } } },
    script: [says('Reviewed.')],
  });
  await stage.lsp.setConfiguration({ pi: loading(stage) });
  const { commands } = await stage.lsp.command('pi.listCommands');
  const of = (name) => commands.find((one) => one.name === name);
  assert.deepEqual([of('try').source, of('try').description], ['extension', 'Tries']);
  assert.deepEqual([of('review').source, of('review').description], ['prompt', 'Look at it']);
  assert.equal(of('model').source, 'builtin');
  assert.deepEqual(
    commands.filter((one) => one.name.includes('pilsp')),
    [],
  );
  await stage.ask('/review pond');
  assert.match(JSON.stringify(stage.model.requests[0].messages.at(-1)), /Review pond well\./);
});

test('our own commands do what they say, and start no run', async (t) => {
  const stage = await stageFor(t, { script: [says('One.')] });
  const first = await stage.ask('hello');
  const slash = async (prompt) => {
    const result = await stage.ask(prompt);
    assert.equal(result.stopReason, 'handled', prompt);
    return result;
  };
  assert.equal((await slash('/model local/thinker-1')).text, 'Model: local/thinker-1');
  assert.equal((await slash('/thinking high')).text, 'Thinking: high');
  assert.equal((await slash('/name The Garden')).text, 'Name: The Garden');
  assert.equal((await slash('/permissions readOnly')).text, 'Permissions: readOnly');
  const status = await slash('/session');
  assert.equal(status.command, 'pi.status');
  assert.match(status.text, /thinker-1/);
  await slash(`/export ${stage.path('s.html')}`);
  assert.ok(existsSync(stage.path('s.html')));
  const fresh = await slash('/new');
  assert.notEqual(fresh.sessionId, first.sessionId);
  const { sessionFile } = status.result;
  assert.equal((await slash(`/resume ${sessionFile}`)).sessionId, first.sessionId);
  assert.equal(stage.model.requests.length, 1);
  await assert.rejects(stage.ask('/model local/none'), /no (usable )?model/);
  await assert.rejects(stage.ask('/name'), /Give a name/);
  await assert.rejects(stage.ask('/permissions everything'), /must be one of/);
});

test('what is left out is asked for', async (t) => {
  const stage = await stageFor(t, { script: [says('One.')], client: withPi({ pick: true }) });
  await stage.ask('hello');
  const seen = [];
  stage.lsp.onRequest('pi/pick', ({ title, items }) => {
    seen.push(title);
    return { id: items.at(-1).id };
  });
  assert.equal((await stage.ask('/permissions')).text, 'Permissions: full');
  assert.match((await stage.ask('/resume')).text, /^Resumed/);
  stage.lsp.onRequest('pi/pick', () => null);
  assert.equal((await stage.ask('/permissions')).text, 'Nothing changed.');
  assert.equal((await stage.lsp.command('pi.status')).permissionMode, 'full');
  assert.deepEqual(seen, ['Permissions', 'Session']);
});

test('a slash that is nobody’s goes to the model', async (t) => {
  const stage = await stageFor(t, { script: [says('A path.')] });
  assert.equal((await stage.ask('/usr/bin is what?')).text, 'A path.');
});

test('dialogs of an extension come to the client’s own picker and text field', async (t) => {
  const client = withPi({ pick: true, input: true, events: true });
  const got = (stage, text) => stage.lsp.waitFor('pi/event', (one) => one.type === 'notice' && one.text === `got ${JSON.stringify(text)}`);
  const select = await stageAsking(t, "ctx.ui.select('Which?', ['same', 'same', 'other'])", client);
  const sessions = [];
  select.lsp.onRequest('pi/pick', ({ title, items, sessionId }) => {
    assert.equal(title, 'Which?');
    sessions.push(sessionId);
    return { id: items[2].id };
  });
  const [{ sessionId }] = await Promise.all([select.ask('/try'), got(select, 'other')]);
  assert.deepEqual(sessions, [sessionId]);

  const confirm = await stageAsking(t, "ctx.ui.confirm('Sure?', 'Really.')", client);
  confirm.lsp.onRequest('pi/pick', ({ title, items }) => {
    assert.equal(title, 'Sure?\nReally.');
    return { id: items[0].id };
  });
  await Promise.all([confirm.ask('/try'), got(confirm, true)]);

  const editor = await stageAsking(t, "ctx.ui.editor('Edit', 'a\\nb')", client);
  editor.lsp.onRequest('pi/input', ({ title, value, multiline, sessionId }) => {
    assert.deepEqual([title, value, multiline, typeof sessionId], ['Edit', 'a\nb', true, 'string']);
    return { value: 'c\nd' };
  });
  await Promise.all([editor.ask('/try'), got(editor, 'c\nd')]);

  const dismissed = await stageAsking(t, "ctx.ui.input('Name?', 'like this')", client);
  dismissed.lsp.onRequest('pi/input', ({ placeholder }) => {
    assert.equal(placeholder, 'like this');
    return null;
  });
  await dismissed.ask('/try');
  await dismissed.lsp.waitFor('pi/event', (one) => one.type === 'notice' && one.text === 'got undefined');
});

test('a plain client gets a message for what it can answer; the rest is cancelled, and said', async (t) => {
  const select = await stageAsking(t, "ctx.ui.select('Which?', ['a', 'b'])");
  const asked = select.ask('/try');
  (await select.lsp.nextQuestion()).answer('b');
  await asked;
  assert.match((await select.lsp.waitFor('window/showMessage')).message, /got "b"/);

  const input = await stageAsking(t, "ctx.ui.input('Name?')");
  await input.ask('/try');
  assert.match((await input.lsp.waitFor('window/showMessage')).message, /asks for text[\s\S]*Name\?/);
  assert.match((await input.lsp.waitFor('window/showMessage')).message, /got undefined/);
});

test('a dialog whose time is over is taken back', async (t) => {
  const stage = await stageAsking(t, "ctx.ui.select('Which?', ['a'], { timeout: 300 })");
  await stage.ask('/try');
  const question = await stage.lsp.nextQuestion();
  await stage.lsp.until('the withdrawal', () => question.withdrawn);
  assert.match((await stage.lsp.waitFor('window/showMessage')).message, /got undefined/);
});

test('what an extension shows reaches the client without a terminal’s colours', async (t) => {
  const stage = await stageFor(t, {
    files: extension(`pi.registerCommand('try', { handler: async (args, ctx) => {
      ctx.ui.setStatus('k', '\\u001b[31mred\\u001b[0m'); ctx.ui.setWidget('w', ['one', 'two']); ctx.ui.setWidget('w', undefined);
      ctx.ui.setTitle('a title'); ctx.ui.setEditorText('write this'); } });`),
    client: withPi({ events: true }),
  });
  await stage.lsp.setConfiguration({ pi: loading(stage) });
  await stage.ask('/try');
  const shown = stage.lsp.all('pi/event').map(({ sessionId, seq, ...rest }) => rest);
  for (const one of [
    { type: 'statusLineChanged', key: 'k', text: 'red' },
    { type: 'widgetChanged', key: 'w', lines: ['one', 'two'], placement: 'aboveEditor' },
    { type: 'widgetChanged', key: 'w', placement: 'aboveEditor' },
    { type: 'titleChanged', title: 'a title' },
    { type: 'promptTextSet', text: 'write this' },
  ])
    assert.ok(
      shown.some((other) => isDeepStrictEqual(other, one)),
      JSON.stringify([one, shown]),
    );
});

test('signing in asks for the provider first', async (t) => {
  const stage = await stageFor(t, { client: withPi({ pick: true }) });
  let offered;
  stage.lsp.onRequest('pi/pick', ({ title, items }) => {
    offered ??= { title, ids: items.map((one) => one.id) };
    return null;
  });
  assert.equal((await stage.ask('/login')).text, 'Nothing changed.');
  assert.equal(offered.title, 'Sign in to');
  assert.ok(offered.ids.includes('anthropic'), offered.ids.join());
});

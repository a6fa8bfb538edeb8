/** The neutral client against a small server that does what it is told. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inOrder, offsetAt, positionAt } from './documents.mjs';
import { startServer } from './lsp-client.mjs';

const peer = fileURLToPath(new URL('peer.mjs', import.meta.url));
const URI = 'file:///work/a.txt';
const open = [];

async function start({ args = [], ...options } = {}) {
  const client = await startServer({ command: process.execPath, args: [peer, ...args], ...options });
  open.push(client);
  return client;
}

afterEach(async () => {
  for (const client of open.splice(0)) await client.kill();
});

const range = (startLine, start, endLine, end) => ({ start: { line: startLine, character: start }, end: { line: endLine, character: end } });
const change = (uri, version, ...edits) => ({
  documentChanges: [{ textDocument: { uri, version }, edits: edits.map(([where, newText]) => ({ range: where, newText })) }],
});
const apply = (client, edit) => client.command('ask', { method: 'workspace/applyEdit', params: { edit } });
const told = async (client) => (await client.command('log')).map((one) => one.method ?? `answer to ${one.answerTo}`);

test('the handshake tells what the client can, laid over by what the test wants', async () => {
  const client = await start({
    capabilities: { workspace: { configuration: null }, experimental: { pi: { events: true } } },
    initializationOptions: { pi: { model: 'm' } },
    workspaceFolders: ['/some/where'],
  });
  const [{ params }] = await client.command('log');
  assert.equal(params.capabilities.workspace.configuration, undefined);
  assert.equal(params.capabilities.workspace.applyEdit, true);
  assert.deepEqual(params.capabilities.experimental.pi, { events: true });
  assert.deepEqual(params.initializationOptions, { pi: { model: 'm' } });
  assert.deepEqual(params.workspaceFolders, [{ uri: pathToFileURL('/some/where').href, name: 'where' }]);
  assert.equal(await client.stop(), 0);
});

test('typing sends increments, and the version may jump', async () => {
  const client = await start();
  await client.open(URI, 'one\ntwo\n', 'text', 5);
  await client.type(
    URI,
    [
      { range: range(0, 0, 0, 3), text: 'eins' },
      { offset: 5, length: 3, text: 'zwei' },
    ],
    { version: 9 },
  );
  assert.equal(client.text(URI), 'eins\nzwei\n');
  assert.equal(client.version(URI), 9);
  const change = (await client.command('log')).find((one) => one.method === 'textDocument/didChange').params;
  assert.deepEqual(change.textDocument, { uri: URI, version: 9 });
  assert.deepEqual(change.contentChanges, [
    { range: range(0, 0, 0, 3), text: 'eins' },
    { range: range(1, 0, 1, 3), text: 'zwei' },
  ]);
});

test('an honest client tells the change before it answers', async () => {
  const client = await start();
  await client.open(URI, 'one two three');
  assert.deepEqual(await apply(client, change(URI, 1, [range(0, 0, 0, 3), '1'], [range(0, 8, 0, 13), '3'])), { applied: true });
  assert.equal(client.text(URI), '1 two 3');
  const order = await told(client);
  assert.ok(order.indexOf('textDocument/didChange') < order.indexOf('answer to workspace/applyEdit'), order.join());
});

test('an honest client refuses a stale version, overlapping edits and another form of an open URI', async () => {
  const client = await start();
  await client.open('file:///c%3A/x.txt', 'abc', 'text', 4);
  const refused = async (edit, reason) => {
    const answer = await apply(client, edit);
    assert.equal(answer.applied, false);
    assert.match(answer.failureReason, reason);
    assert.equal(answer.failedChange, 0);
  };
  await refused(change('file:///c%3A/x.txt', 3, [range(0, 0, 0, 1), 'x']), /at version 4/);
  await refused(change('file:///c%3A/x.txt', 4, [range(0, 0, 0, 2), 'x'], [range(0, 1, 0, 3), 'y']), /overlap/);
  await refused(change('file:///C:/x.txt', 4, [range(0, 0, 0, 1), 'x']), /open here as file:\/\/\/c%3A/);
  await refused(change('file:///no/such', null, [range(0, 0, 0, 0), 'x']), /does not exist/);
  assert.equal(client.text('file:///c%3A/x.txt'), 'abc');
});

test('a created file becomes an open document, and nothing on disk', async () => {
  const client = await start();
  const uri = 'file:///work/new.txt';
  const edit = {
    documentChanges: [{ kind: 'create', uri, options: { ignoreIfExists: true } }, ...change(uri, null, [range(0, 0, 0, 0), 'hello\n']).documentChanges],
  };
  assert.deepEqual(await apply(client, edit), { applied: true });
  assert.equal(client.text(uri), 'hello\n');
  assert.deepEqual((await told(client)).slice(-3), ['textDocument/didOpen', 'textDocument/didChange', 'answer to workspace/applyEdit']);
});

test('an edit to a closed file opens it unsaved', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pilsp-client-'));
  const path = join(folder, 'closed.txt');
  await writeFile(path, 'on disk');
  const uri = pathToFileURL(path).href;
  const client = await start();
  assert.deepEqual(await apply(client, { changes: { [uri]: [{ range: range(0, 0, 0, 2), newText: 'off' }] } }), { applied: true });
  assert.equal(client.text(uri), 'off disk');
  assert.equal(await readFile(path, 'utf8'), 'on disk');
  await client.save(uri);
  assert.equal(await readFile(path, 'utf8'), 'off disk');
  await rm(folder, { recursive: true });
});

test('the dishonest ways', async () => {
  const client = await start();
  await client.open(URI, 'abc');
  const edit = () => change(URI, client.version(URI), [range(0, 0, 0, 1), 'X']);

  client.applyMode = 'lie';
  assert.deepEqual(await apply(client, edit()), { applied: true });
  assert.equal(client.text(URI), 'abc');

  client.applyMode = 'refuse';
  assert.equal((await apply(client, edit())).applied, false);

  client.applyMode = 'lateChange';
  assert.deepEqual(await apply(client, edit()), { applied: true });
  await client.until('the late change', () => client.text(URI) === 'Xbc');
  const order = await told(client);
  assert.ok(order.lastIndexOf('answer to workspace/applyEdit') < order.indexOf('textDocument/didChange'), order.join());

  client.applyMode = async (params, honest) => {
    await honest();
    return { applied: null };
  };
  assert.deepEqual(await apply(client, edit()), { applied: null });

  client.applyMode = 'never';
  const waiting = client.request(
    'workspace/executeCommand',
    { command: 'ask', arguments: [{ method: 'workspace/applyEdit', params: { edit: edit() } }] },
    { deadlineMs: 50 },
  );
  await assert.rejects(waiting, /50 ms in vain for the answer to workspace\/executeCommand/);
});

test('an edit that needs confirmation waits for the user, who says no by default', async () => {
  const client = await start();
  await client.open(URI, 'abc');
  const edit = { ...change(URI, 1, [range(0, 0, 0, 1), 'X']), changeAnnotations: { a: { label: 'Pi', needsConfirmation: true } } };
  assert.deepEqual(await apply(client, edit), { applied: false });
  client.onPreview = () => true;
  assert.deepEqual(await apply(client, edit), { applied: true });
  assert.equal(client.text(URI), 'Xbc');
});

test('questions come one by one and are answered by title', async () => {
  const client = await start();
  const ask = (message) =>
    client.command('ask', { method: 'window/showMessageRequest', params: { type: 3, message, actions: [{ title: 'Yes' }, { title: 'No' }] } });
  const [first, second] = [ask('1?'), ask('2?')];
  const one = await client.nextQuestion();
  const two = await client.nextQuestion();
  assert.deepEqual([one.message, one.actions, two.message], ['1?', ['Yes', 'No'], '2?']);
  assert.throws(() => one.answer('Maybe'), /none of Yes, No/);
  two.answer(null);
  one.answer('Yes');
  assert.deepEqual(await first, { title: 'Yes' });
  assert.equal(await second, null);
});

test('a question that the server takes back is marked', async () => {
  const client = await start();
  await client.command('askAndWithdraw', { method: 'window/showMessageRequest', params: { type: 3, message: 'Still?', actions: [] } });
  assert.equal((await client.nextQuestion()).withdrawn, true);
});

test('configuration is answered by section', async () => {
  const client = await start({ configuration: { pi: { model: 'm', save: 'never' } } });
  const items = [{ section: 'pi' }, { section: 'pi.model' }, { section: 'other' }];
  assert.deepEqual(await client.command('ask', { method: 'workspace/configuration', params: { items } }), [{ model: 'm', save: 'never' }, 'm', null]);
  await client.setConfiguration({ pi: { model: 'n' } });
  assert.equal((await client.command('log')).at(-1).params.settings.pi.model, 'n');
});

test('waitFor finds what came before and passes each message once', async () => {
  const client = await start();
  for (const n of [1, 2, 3]) await client.command('tell', { method: 'pi/event', params: { n } });
  assert.deepEqual(await client.waitFor('pi/event', (params) => params.n > 1), { n: 2 });
  assert.deepEqual(await client.waitFor('pi/event'), { n: 3 });
  await assert.rejects(client.waitFor('pi/event', undefined, { deadlineMs: 20 }), /20 ms in vain for pi\/event\. The server's last messages: .*"n":3/);
  assert.deepEqual(
    client.all('pi/event').map((one) => one.n),
    [1, 2, 3],
  );
  await client.command('tell', { method: '$/progress', params: { token: 't', value: { kind: 'begin', title: 'x' } } });
  assert.equal((await client.waitFor('$/progress')).token, 't');
});

test('a request can be cancelled, and an error arrives as one', async () => {
  const client = await start();
  const request = client.command('echoCancel');
  request.cancel();
  assert.equal(await request, 'cancelled');
  await assert.rejects(client.command('fail'), /as you wished/);
  await assert.rejects(client.request('no/such', {}), (error) => error.code === -32601);
});

test('an unknown request of the server is answered with an error', async () => {
  const client = await start();
  await assert.rejects(client.command('ask', { method: 'pi/unknown', params: {} }), /knows no pi\/unknown/);
  client.onRequest('pi/pick', ({ items }) => items[1]);
  assert.equal(await client.command('ask', { method: 'pi/pick', params: { items: ['a', 'b'] } }), 'b');
});

test('a server that dies fails every wait with its exit code', async () => {
  const client = await start();
  const waiting = client.waitFor('never/comes');
  await assert.rejects(client.command('die', { code: 3 }), /The server ended \(code 3/);
  await assert.rejects(waiting, /The server ended \(code 3.*never\/comes/);
  assert.deepEqual(await client.exit, { code: 3, signal: null });
});

test('a server that does not start says why', async () => {
  await assert.rejects(startServer({ command: '/no/such/program' }), /ENOENT/);
});

test('a server that stays after exit fails the stop', async () => {
  const client = await start({ args: ['--stay'] });
  await assert.rejects(client.stop({ deadlineMs: 100 }), /still running/);
});

test('anything but frames on stdout fails the stop', async () => {
  const client = await start();
  client.command('print', { text: 'X-Debug: hello\r\n\r\n' });
  await client.until('the strange bytes', () => client.protocolErrors.length);
  await assert.rejects(client.stop(), /not clean|Content-Length/);
});

test('positions count in the negotiated encoding', async () => {
  const text = 'aé😀b\r\nnext\r\nlast';
  assert.equal(offsetAt(text, { line: 0, character: 4 }, 'utf-16'), 4);
  assert.equal(offsetAt(text, { line: 0, character: 7 }, 'utf-8'), 4);
  assert.deepEqual(positionAt(text, 4, 'utf-8'), { line: 0, character: 7 });
  assert.deepEqual(positionAt(text, 14, 'utf-16'), { line: 2, character: 1 });
  assert.equal(offsetAt(text, { line: 0, character: 99 }, 'utf-16'), 5);
  assert.equal(offsetAt(text, { line: 99, character: 0 }, 'utf-16'), text.length);
  assert.throws(() => offsetAt(text, { line: 0, character: 2 }, 'utf-8'), /inside a character/);

  const client = await start({ encoding: ['utf-8', 'utf-16'] });
  assert.equal(client.encoding, 'utf-8');
  await client.open(URI, text);
  await apply(client, change(URI, 1, [range(0, 7, 0, 8), 'B']));
  assert.equal(client.text(URI), 'aé😀B\r\nnext\r\nlast');
});

test('inserts at one place keep the order of the edits', () => {
  const at = range(0, 1, 0, 1);
  const { changes } = inOrder(
    'ab',
    [
      { range: at, newText: '1' },
      { range: at, newText: '2' },
    ],
    'utf-16',
  );
  // From the back: the second one first, then the first one in front of it.
  assert.deepEqual(
    changes.map((one) => one.text),
    ['2', '1'],
  );
});

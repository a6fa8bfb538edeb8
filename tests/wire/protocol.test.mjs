// JSON-RPC and the lifecycle of LSP 3.17, byte by byte.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RawPeer } from './raw-peer.mjs';
import { stageFor } from './stage.mjs';
import { calls, edit, read, says } from './steps.mjs';

const status = { command: 'pi.status' };
/** The peer answers a request: it is neither dead nor confused. */
async function works(peer) {
  const { result } = await peer.request('workspace/executeCommand', status);
  assert.equal(result.state, 'notStarted');
  assert.equal(peer.wrong, null);
}

test('initialize tells what the server can do', async (t) => {
  const peer = new RawPeer(t);
  const { capabilities, serverInfo } = await peer.initialize();
  assert.equal(serverInfo.name, 'pilsp');
  assert.equal(capabilities.positionEncoding, 'utf-16');
  assert.deepEqual([capabilities.textDocumentSync.openClose, capabilities.textDocumentSync.change], [true, 2]);
  for (const command of [
    'pi.ask',
    'pi.listEdits',
    'pi.applyEdit',
    'pi.rejectEdit',
    'pi.pickModel',
    'pi.listModels',
    'pi.setThinking',
    'pi.setPermissionMode',
    'pi.abort',
    'pi.status',
    'pi.newSession',
    'pi.listSessions',
    'pi.resumeSession',
  ]) {
    assert.ok(capabilities.executeCommandProvider.commands.includes(command), command);
  }
});

test('nothing is answered before initialize, and initialize comes once', async (t) => {
  const peer = new RawPeer(t);
  assert.equal((await peer.request('workspace/executeCommand', status)).error.code, -32002);
  peer.notify('textDocument/didOpen', { textDocument: { uri: 'file:///a', languageId: 'x', version: 1, text: '' } });
  await peer.initialize();
  assert.equal((await peer.request('initialize', { processId: null, rootUri: null, capabilities: {} })).error.code, -32600);
  await works(peer);
});

test('after shutdown nothing but exit is heard, and the code is 0', async (t) => {
  const peer = new RawPeer(t);
  await peer.initialize();
  const { result, error } = await peer.request('shutdown');
  assert.deepEqual([result, error], [null, undefined]);
  assert.equal((await peer.request('workspace/executeCommand', status)).error.code, -32600);
  assert.equal((await peer.request('shutdown')).error.code, -32600);
  peer.notify('exit');
  assert.equal(await peer.exit, 0);
  assert.equal(peer.wrong, null);
});

for (const [what, end] of Object.entries({
  'exit without shutdown': (peer) => peer.notify('exit'),
  'the end of stdin': (peer) => peer.child.stdin.end(),
})) {
  test(`${what} gives the code 1, before and after initialize`, async (t) => {
    for (const initialized of [false, true]) {
      const peer = new RawPeer(t);
      if (initialized) await peer.initialize();
      end(peer);
      assert.equal(await peer.exit, 1);
    }
  });
}

test('the end of stdin after shutdown gives the code 0', async (t) => {
  const peer = new RawPeer(t);
  await peer.initialize();
  await peer.request('shutdown');
  peer.child.stdin.end();
  assert.equal(await peer.exit, 0);
});

const broken = {
  'JSON that ends too early': ['{"jsonrpc":"2.0","id":"me","method":"workspace/executeCommand","params":{', 'me', -32700],
  'JSON with a number for an id that ends too early': ['{"jsonrpc":"2.0","id":77,"method":"x","params":[1,2', 77, -32700],
  'no JSON at all': ['hello', null, -32700],
  nothing: ['', null, -32700],
  'a list': ['[1,2,3]', null, -32600],
  'a number': ['7', null, -32600],
  'an id without anything': ['{"jsonrpc":"2.0","id":78}', 78, -32600],
  'a method that is no string': ['{"jsonrpc":"2.0","id":79,"method":7}', 79, -32600],
};
for (const [what, [text, id, code]] of Object.entries(broken)) {
  test(`a message that is ${what} is answered with an error, and the next one is heard`, async (t) => {
    const peer = new RawPeer(t);
    await peer.initialize();
    peer.frame(text);
    const { error } = await peer.reply(id);
    assert.equal(error.code, code);
    await works(peer);
  });
}

test('bytes that are no UTF-8 in a message do not end the conversation', async (t) => {
  const peer = new RawPeer(t);
  await peer.initialize();
  peer.frame(Buffer.concat([Buffer.from('{"jsonrpc":"2.0","id":80,"method":"x","params":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]));
  assert.ok((await peer.reply(80).catch(() => peer.reply(null))).error);
  await works(peer);
});

test('unknown requests are refused, unknown notifications and responses ignored', async (t) => {
  const peer = new RawPeer(t);
  await peer.initialize();
  assert.equal((await peer.request('textDocument/levitate', {})).error.code, -32601);
  assert.equal((await peer.request('$/unknown', {})).error.code, -32601);
  peer.notify('textDocument/didLevitate', {});
  peer.notify('$/whatever', {});
  peer.notify('$/cancelRequest', { id: 'nobody' });
  peer.notify('$/cancelRequest', 'nonsense');
  peer.send({ id: 999, result: null });
  peer.send({ id: 'x', error: { code: 1, message: 'no' } });
  await works(peer);
});

test('parameters of the wrong shape are refused by place', async (t) => {
  const peer = new RawPeer(t);
  await peer.initialize();
  for (const params of [{ command: 7 }, { command: 'pi.status', arguments: 'no' }, [], 'text', undefined, null]) {
    const { error } = await peer.request('workspace/executeCommand', params);
    assert.equal(error?.code, -32602, JSON.stringify(params));
    assert.match(error.message, /./);
  }
  const cases = [
    ['pi.nothing', {}, /no command "pi\.nothing"/],
    ['pi.ask', {}, /pi\.ask: "prompt" is missing/],
    ['pi.ask', { prompt: 7 }, /"prompt" must be a string/],
    ['pi.ask', { prompt: 'x', wait: 'no' }, /"wait" must be true or false/],
    ['pi.ask', { prompt: 'x', sessionId: 'nope' }, /no session "nope"/],
    ['pi.ask', { prompt: 'x', textDocument: {} }, /"textDocument\.uri" must be a string/],
    ['pi.ask', { prompt: 'x', textDocument: { uri: 'file:///a' }, range: { start: 1 } }, /start" must be an LSP position/],
    ['pi.applyEdit', { hunkIds: 'h1' }, /"hunkIds" must be a list of strings/],
    ['pi.setThinking', { level: 7 }, /"level" must be a string/],
    ['pi.resumeSession', {}, /"path" is missing/],
  ];
  for (const [command, argument, message] of cases) {
    const { error } = await peer.request('workspace/executeCommand', { command, arguments: [argument] });
    assert.match(error?.message ?? 'no error', message);
  }
  await works(peer);
});

test('an argument may be left out', async (t) => {
  const peer = new RawPeer(t);
  await peer.initialize();
  for (const more of [{}, { arguments: [] }, { arguments: null }, { arguments: [null] }, { arguments: [{}] }]) {
    assert.deepEqual((await peer.request('workspace/executeCommand', { command: 'pi.listEdits', ...more })).result, { edits: [] });
  }
});

test('a frame in pieces, frames in one piece, other headers and their case', async (t) => {
  const peer = new RawPeer(t);
  await peer.initialize();
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 'slow', method: 'workspace/executeCommand', params: { command: 'pi.listEdits' } }));
  for (const byte of Buffer.concat([Buffer.from(`content-length:${body.length}\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n`), body])) {
    peer.write(Buffer.from([byte]));
  }
  assert.deepEqual((await peer.reply('slow')).result, { edits: [] });
  const one = (id) => {
    const text = JSON.stringify({ jsonrpc: '2.0', id, method: 'workspace/executeCommand', params: { command: 'pi.listEdits' } });
    return `Content-Length: ${text.length}\r\n\r\n${text}`;
  };
  peer.write(one('a') + one('b') + one('c'));
  for (const id of ['a', 'b', 'c']) assert.deepEqual((await peer.reply(id)).result, { edits: [] });
});

test('ids are echoed as they came', async (t) => {
  const peer = new RawPeer(t);
  await peer.initialize();
  for (const id of [0, -1, 2147483647, '', '7', 'ä\u2028😀']) {
    const { id: echoed, result } = await peer.request('workspace/executeCommand', status, id);
    assert.strictEqual(echoed, id);
    assert.ok(result);
  }
});

test('an id that is in flight is not taken a second time, and the first request gets its own answer', async (t) => {
  const stage = await stageFor(t, { script: [{ hang: true }] });
  const asked = stage.ask('hang');
  await stage.model.until('the request', () => stage.model.requests.length === 1);
  const { id } = stage.lsp.sent.findLast((one) => one.method === 'workspace/executeCommand');
  const text = JSON.stringify({ jsonrpc: '2.0', id, method: 'workspace/executeCommand', params: status });
  stage.lsp.child.stdin.write(`Content-Length: ${text.length}\r\n\r\n${text}`);
  await assert.rejects(asked, (error) => error.code === -32600);
  assert.equal((await stage.lsp.command('pi.status')).state, 'running');
  await stage.lsp.command('pi.abort');
  await stage.lsp.until('the answer to the first one', () => stage.lsp.received.some((one) => one.id === id && one.result?.stopReason === 'aborted'));
  stage.lsp.protocolErrors.length = 0; // the client, too, wonders about two answers
});

test('a change of a document that is not open is ignored: Emacs reports those of files that it cannot decode', async (t) => {
  const peer = new RawPeer(t);
  await peer.initialize();
  peer.notify('textDocument/didChange', { textDocument: { uri: 'file:///nope', version: 2 }, contentChanges: [{ text: 'x' }] });
  await works(peer);
  assert.equal(peer.wrong, null);
});

test('a client with capabilities of odd shapes is served', async (t) => {
  const peer = new RawPeer(t);
  const result = await peer.initialize({
    general: { positionEncodings: 'utf-8' },
    workspace: null,
    window: { showMessage: true },
    experimental: { pi: 7 },
    textDocument: [],
  });
  assert.equal(result.positionEncoding ?? result.capabilities.positionEncoding, 'utf-16');
  await works(peer);
});

test('no request is left without an answer when the server ends', async (t) => {
  const stage = await stageFor(t, { script: [{ hang: true }] });
  const asked = stage.ask('hang');
  await stage.model.until('the request', () => stage.model.requests.length === 1);
  await stage.lsp.request('shutdown');
  await assert.rejects(asked, (error) => typeof error.code === 'number');
});

test('columns in UTF-8 with characters of all lengths before them', async (t) => {
  const text = 'aä€😀 one\n';
  const stage = await stageFor(t, {
    files: { 'notes.txt': text },
    script: [calls(edit('notes.txt', ['one', 'two'])), calls(read('notes.txt')), says('Done.')],
    client: { encoding: ['utf-8', 'utf-16'] },
  });
  assert.equal(stage.lsp.encoding, 'utf-8');
  const uri = await stage.open('notes.txt');
  await stage.lsp.type(uri, { offset: 5, text: '🎉é' });
  const asked = stage.ask('go');
  await stage.lsp.nextQuestion();
  const [
    {
      hunks: [hunk],
    },
  ] = (await stage.lsp.command('pi.listEdits')).edits;
  assert.deepEqual(hunk.range, { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } });
  await stage.lsp.command('pi.applyEdit');
  await asked;
  assert.equal(stage.lsp.text(uri), 'aä€😀🎉é two\n');
  assert.match(stage.told()[1], /aä€😀🎉é two/);
});

for (const encoding of [['utf-32', 'utf-16'], ['utf-32'], []]) {
  test(`a client that offers ${JSON.stringify(encoding)} gets UTF-16`, async (t) => {
    const peer = new RawPeer(t);
    const { capabilities } = await peer.initialize({ general: { positionEncodings: encoding } });
    assert.equal(capabilities.positionEncoding, 'utf-16');
  });
}

test('the prompt says what the user looks at, from the live buffer', async (t) => {
  const stage = await stageFor(t, { files: { 'src/a.txt': 'one\ntwo\nthree\n' }, script: [says('I see.')] });
  const uri = await stage.open('src/a.txt');
  await stage.lsp.type(uri, { offset: 4, length: 3, text: 'zwei' });
  const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 4 } };
  await stage.ask('what is this?', { textDocument: { uri }, range });
  assert.match(stage.model.lastUserText(), /^what is this\?/);
  assert.match(stage.model.lastUserText(), /src\/a\.txt/);
  assert.match(stage.model.lastUserText(), /```\nzwei\n```/);
});

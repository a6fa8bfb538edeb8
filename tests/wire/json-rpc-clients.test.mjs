// The JSON-RPC of VS Code's own client against the built server: many requests at once, a cancellation, a flood in order.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { CancellationTokenSource, StreamMessageReader, StreamMessageWriter, createMessageConnection } from 'vscode-jsonrpc/node';
import { standardCapabilities } from '../client/capabilities.mjs';
import { server } from './stage.mjs';

/** @param {import('node:test').TestContext} t */
async function connect(t) {
  const child = spawn(server, ['--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(child, 'close');
  t.after(() => child.kill('SIGKILL'));
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.onError(([error]) => assert.fail(error));
  connection.listen();
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: standardCapabilities() });
  await connection.sendNotification('initialized', {});
  return { connection, exit };
}

const actionsAt = (connection, uri, character) => {
  const place = { line: 0, character };
  return connection.sendRequest('textDocument/codeAction', { textDocument: { uri }, range: { start: place, end: place }, context: { diagnostics: [] } });
};

test('five hundred requests at once each get their own answer', async (t) => {
  const { connection } = await connect(t);
  const asked = Array.from({ length: 500 }, (_, i) => [
    connection.sendRequest('workspace/executeCommand', { command: 'pi.status' }),
    connection.sendRequest(`unknown/${i}`).then(assert.fail, (error) => error),
  ]).flat();
  const answers = await Promise.all(asked);
  answers.forEach((answer, i) => {
    if (i % 2 === 0) assert.equal(answer.state, 'notStarted');
    else assert.deepEqual([answer.code, answer.message], [-32601, `The request 'unknown/${(i - 1) / 2}' is unknown.`]);
  });
});

test('a flood of changes is applied in its order, and the request behind it sees all of it', async (t) => {
  const { connection, exit } = await connect(t);
  const uri = 'file:///flood.js';
  const text = `// ${'0123456789'.repeat(1000)} do this`;
  await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'javascript', version: 0, text: '' } });
  assert.ok(!(await actionsAt(connection, uri, 0)).some((one) => /comment/.test(one.title)));
  // Each letter goes to a place that the one before it made: out of order there would be no such place.
  const sent = [...text].map((letter, i) => {
    const end = { line: 0, character: i };
    return connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: i + 1 },
      contentChanges: [{ range: { start: end, end }, text: letter }],
    });
  });
  const actions = await actionsAt(connection, uri, text.length - 1);
  await Promise.all(sent);
  assert.ok(
    actions.some((one) => one.title === 'Do what this comment says'),
    JSON.stringify(actions),
  );
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  assert.deepEqual(await exit, [0, null]);
});

test('requests that are cancelled at once get one reply each, and the next one is answered', async (t) => {
  const { connection } = await connect(t);
  const outcomes = Array.from({ length: 200 }, () => {
    const cancellation = new CancellationTokenSource();
    // `pi.ask` would have a result of its own; all others are cancelled as the protocol says.
    const asked = connection.sendRequest('workspace/executeCommand', { command: 'pi.status' }, cancellation.token);
    cancellation.cancel();
    return asked.then(
      (result) => result.state,
      (error) => error.code,
    );
  });
  for (const outcome of await Promise.all(outcomes)) assert.ok(outcome === 'notStarted' || outcome === -32800, `${outcome}`);
  assert.equal((await connection.sendRequest('workspace/executeCommand', { command: 'pi.status' })).state, 'notStarted');
});

// Requests and notifications without what they need: the client hears what is missing, and the session goes on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageFor } from './stage.mjs';
import { says } from './steps.mjs';

const requests = [
  'workspace/executeCommand',
  'textDocument/codeAction',
  'textDocument/codeLens',
  'codeLens/resolve',
  'textDocument/completion',
  'completionItem/resolve',
];

test('a request without parameters is refused as such, whichever it is', async (t) => {
  const stage = await stageFor(t, { files: { 'a.txt': 'one\n' }, script: [says('Still here.')] });
  for (const method of requests) {
    for (const params of [undefined, null, {}, { textDocument: {} }]) {
      const outcome = await stage.lsp.request(method, params).then(
        () => ({ code: -32602, message: '' }),
        (error) => error,
      );
      // What is none of ours is unknown, as ever.
      assert.ok([-32602, -32601].includes(outcome.code), `${method} ${JSON.stringify(params)}: ${outcome.code} ${outcome.message}`);
      assert.doesNotMatch(outcome.message, /Object reference|Value cannot be null/);
    }
  }
  await assert.rejects(stage.lsp.request('workspace/executeCommand'), { code: -32602, message: /parameters of 'workspace\/executeCommand' are missing/ });
  await assert.rejects(stage.lsp.request('textDocument/codeAction', { textDocument: {} }), { code: -32602, message: /lack 'textDocument\.uri'/ });
  for (const method of ['workspace/didChangeConfiguration', 'workspace/didChangeWorkspaceFolders', 'textDocument/didSave', '$/setTrace'])
    await stage.lsp.notify(method);
  assert.equal((await stage.ask('go')).text, 'Still here.');
});

/** A server for the client's own tests: it does what it is told by command and remembers what it got. */
import { CancellationTokenSource, createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';

const connection = createMessageConnection(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout));
const log = [];

const commands = {
  /** Sends a request and answers with the answer. */
  async ask({ method, params }) {
    const answer = await connection.sendRequest(method, params);
    log.push({ answerTo: method, answer });
    return answer;
  },
  tell: ({ method, params }) => connection.sendNotification(method, params),
  log: () => log,
  /** Sends a request and takes it back at once. */
  async askAndWithdraw({ method, params }) {
    const source = new CancellationTokenSource();
    const answer = connection.sendRequest(method, params, source.token);
    source.cancel();
    return answer;
  },
  // A token that was cancelled before the handler ran never fires.
  echoCancel: (_, token) => (token.isCancellationRequested ? 'cancelled' : new Promise((resolve) => token.onCancellationRequested(() => resolve('cancelled')))),
  fail: () => Promise.reject(new Error('as you wished')),
  die: ({ code }) => process.exit(code),
  print: ({ text }) => void process.stdout.write(text),
};

connection.onRequest('initialize', (params) => {
  log.push({ method: 'initialize', params });
  const positionEncoding = params.capabilities.general.positionEncodings[0];
  return { capabilities: { positionEncoding, textDocumentSync: { openClose: true, change: 2, save: true } }, serverInfo: { name: 'peer' } };
});
connection.onRequest('workspace/executeCommand', ({ command, arguments: [argument] = [] }, token) => commands[command](argument, token));
connection.onRequest('shutdown', () => null);
connection.onNotification('exit', () => process.argv.includes('--stay') || process.exit(0));
connection.onNotification((method, params) => void log.push({ method, params }));
connection.listen();

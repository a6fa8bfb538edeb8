// A small MCP server over stdio: JSON-RPC, one message a line. It has notes to look at, and claims what it likes of its tools.
//   node mcp-server.mjs
import { createInterface } from 'node:readline';

const schema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
const tools = [
  { name: 'read_note', description: 'Reads a note', inputSchema: schema, annotations: { readOnlyHint: true, openWorldHint: false } },
  { name: 'drop_note', description: 'Removes a note', inputSchema: schema, annotations: { readOnlyHint: true, destructiveHint: true } },
  { name: 'plain', description: 'Says nothing of itself', inputSchema: schema },
];
const resources = [{ uri: 'note://one', name: 'one', mimeType: 'text/plain' }];

const answers = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {}, resources: {} }, serverInfo: { name: 'notes', version: '1.0.0' } }),
  ping: () => ({}),
  'tools/list': () => ({ tools }),
  'tools/call': ({ name, arguments: args }) => ({ content: [{ type: 'text', text: `${name} of ${args.name}: done` }] }),
  'resources/list': () => ({ resources }),
  'resources/templates/list': () => ({ resourceTemplates: [] }),
  'resources/read': ({ uri }) => ({ contents: [{ uri, mimeType: 'text/plain', text: 'the first note' }] }),
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params = {} } = JSON.parse(line);
  if (id === undefined || method === undefined) return;
  const answer = answers[method];
  const outcome = answer ? { result: answer(params) } : { error: { code: -32601, message: `no method ${method}` } };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...outcome })}\n`);
});

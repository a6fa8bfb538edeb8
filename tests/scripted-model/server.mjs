/**
 * An offline model: the part of OpenAI's chat completions that Pi uses, answering from a script.
 * Each request takes the first step of the script that is still unused and fits it.
 *
 *   node server.mjs --port 0 --script steps.json     prints {"url": …}, ends when stdin ends
 *
 * @typedef {object} Step
 * @property {string} [match] only for a request whose last user message contains this
 * @property {string | string[]} [text] one delta, or several
 * @property {string | string[]} [thinking]
 * @property {{name: string, arguments: object | string, id?: string}[]} [toolCalls] a string is sent as it is, broken or not
 * @property {{input?: number, output?: number, cacheRead?: number, cacheWrite?: number, reasoning?: number}} [usage]
 * @property {"stop" | "length" | "tool_calls"} [finish]
 * @property {number} [status] answer with this HTTP status instead of a stream
 * @property {object | string} [body] of that answer
 * @property {Record<string, string>} [headers] of that answer
 * @property {number} [delayMs] before the first byte
 * @property {number} [chunkDelayMs] between deltas
 * @property {boolean} [hang] send what there is, then neither go on nor close
 * @property {boolean} [disconnect] send what there is, then drop the connection
 *
 * `{{lastUser}}` and `{{lastToolResult}}` in texts and in tool arguments are filled in from the request.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Waiting, brief } from '../client/waiting.mjs';

const OVER = { text: 'the script is over' };

/** @param {{port?: number, script?: Step[]}} options */
export async function startScriptedModel({ port = 0, script = [] } = {}) {
  const steps = [...script];
  const requests = [];
  const dropped = [];
  const watch = new Waiting(() => `The model saw ${requests.length} requests, the last said: ${brief(lastUserText())}`);

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      // The client went away or the script is broken; say the latter where a test can read it.
      if (!response.headersSent) sendError(response, { status: 418, body: `scripted model: ${error.message}` });
      else response.destroy();
    });
  });

  async function answer(request, response) {
    if (request.method === 'GET' && request.url === '/v1/models') return sendJson(response, 200, { object: 'list', data: [] });
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
      return sendJson(response, 404, { error: { message: `no such route: ${request.method} ${request.url}` } });
    }
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const index = requests.push(body) - 1;
    const step = fill(takeStep(steps, lastUserText(body)), body);

    const gone = new AbortController();
    response.on('close', () => {
      gone.abort();
      if (response.writableFinished || step.disconnect) return;
      dropped.push(index);
      watch.changed();
    });
    watch.changed();

    if (step.delayMs) await delay(step.delayMs, undefined, { signal: gone.signal });
    if (step.status) return sendError(response, step);
    await stream(response, step, { id: `chatcmpl-${index + 1}`, model: body.model }, gone.signal);
  }

  const lastUserText = (body = requests.at(-1)) => lastUser(body);

  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    /** What goes into Pi's `baseUrl`. */
    url: `http://127.0.0.1:${server.address().port}/v1`,
    port: server.address().port,
    /** The parsed bodies, oldest first. */
    requests,
    /** Indexes into `requests` of those whose client left before the answer was complete. */
    dropped,
    /** Adds steps to the end of the script. @param {...Step} more */
    add: (...more) => void steps.push(...more),
    /** How many steps are still unused. */
    left: () => steps.length,
    /** All tool results that a request carries (the newest one's, if not said otherwise), oldest first. */
    toolResults: (body = requests.at(-1)) => toolResults(body),
    lastUserText,
    /** Resolves when the probe of this server yields something, looked at whenever a request comes or is dropped. */
    until: (what, probe, deadlineMs) => watch.until(what, probe, deadlineMs),
    async close() {
      watch.end('The scripted model was closed');
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function takeStep(steps, user) {
  const index = steps.findIndex((step) => step.match === undefined || user.includes(step.match));
  return index < 0 ? OVER : steps.splice(index, 1)[0];
}

async function stream(response, step, { id, model }, signal) {
  const usage = usageOf(step.usage);
  const send = (data) => response.write(`data: ${JSON.stringify(data)}\n\n`);
  const chunk = (delta, finish = null) =>
    send({ id, object: 'chat.completion.chunk', created: 0, model, choices: [{ index: 0, delta, finish_reason: finish }] });

  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  chunk({ role: 'assistant', content: '' });
  for (const delta of deltasOf(step)) {
    // A full socket waits for its reader, so that a slow client does not fill this process.
    if (!chunk(delta)) await once(response, 'drain', { signal });
    if (step.chunkDelayMs) await delay(step.chunkDelayMs, undefined, { signal });
  }
  if (step.hang) return;
  // What was written goes out first, else the client would see a refused connection instead of a broken answer.
  if (step.disconnect) return response.write(':\n\n', () => response.destroy());
  chunk({}, step.finish ?? (step.toolCalls?.length ? 'tool_calls' : 'stop'));
  send({ id, object: 'chat.completion.chunk', created: 0, model, choices: [], usage });
  response.end('data: [DONE]\n\n');
}

function* deltasOf(step) {
  for (const text of [step.thinking ?? []].flat()) yield { reasoning_content: text };
  for (const text of [step.text ?? []].flat()) yield { content: text };
  for (const [index, call] of (step.toolCalls ?? []).entries()) {
    const id = call.id ?? `call_${index + 1}_${Math.random().toString(36).slice(2, 10)}`;
    const json = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments ?? {});
    // In two halves, as real models send them: nobody may parse the first one.
    const half = Math.ceil(json.length / 2);
    yield { tool_calls: [{ index, id, type: 'function', function: { name: call.name, arguments: json.slice(0, half) } }] };
    yield { tool_calls: [{ index, function: { arguments: json.slice(half) } }] };
  }
}

function usageOf({ input = 10, output = 5, cacheRead = 0, cacheWrite = 0, reasoning = 0 } = {}) {
  const prompt = input + cacheRead + cacheWrite;
  return {
    prompt_tokens: prompt,
    completion_tokens: output,
    total_tokens: prompt + output,
    prompt_tokens_details: { cached_tokens: cacheRead, cache_write_tokens: cacheWrite },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}

function sendJson(response, status, body, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function sendError(response, { status, body, headers }) {
  // Pi tries again where it reads "server error", whatever the status.
  const type = status === 429 || status >= 500 ? 'server_error' : 'invalid_request_error';
  sendJson(response, status, body ?? { error: { message: `scripted failure ${status}`, type } }, headers);
}

/** A copy of the step with the templates in all its strings resolved. */
function fill(step, body) {
  const values = { lastUser: () => lastUser(body), lastToolResult: () => toolResults(body).at(-1)?.text ?? '' };
  const walk = (value) => {
    if (typeof value === 'string') return value.replace(/\{\{(\w+)\}\}/g, (all, name) => values[name]?.() ?? all);
    if (Array.isArray(value)) return value.map(walk);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(step);
}

const textOf = (content) => (typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join(''));

function lastUser(body) {
  return textOf(body?.messages.findLast((message) => message.role === 'user')?.content);
}

function toolResults(body) {
  return (body?.messages ?? []).filter((message) => message.role === 'tool').map((message) => ({ id: message.tool_call_id, text: textOf(message.content) }));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, script: { type: 'string' } } });
  const script = values.script ? JSON.parse(await readFile(values.script, 'utf8')) : [];
  const model = await startScriptedModel({ port: Number(values.port), script });
  process.stdout.write(`${JSON.stringify({ url: model.url })}\n`);
  process.stdin.resume().on('end', () => void model.close());
}

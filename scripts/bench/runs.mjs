// @ts-check
// What is measured, one function for each kind of run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makePiHome } from '../../tests/scripted-model/pi-home.mjs';
import { startPi } from '../../tests/scripted-model/pi-rpc.mjs';
import { startScriptedModel } from '../../tests/scripted-model/server.mjs';
import { isPi, startPiAcp, startPilsp } from './contestants.mjs';
import { canReadProcesses, inPlace, memory, milliseconds, processorTime } from './machine.mjs';

export const EVENTS = 100_000;
export const DELTAS = 20_000;
const FLOOD = { runs: [[{ text: 'warm' }], [{ flood: EVENTS }]] };

/** From the spawn to the answer to `initialize`, and what that takes. */
export const startUp = (start, options) =>
  inPlace(async (place) => {
    const one = await start({ ...options, place, scenario: FLOOD });
    const result = { initializeMs: milliseconds(one.peer.spawned, one.initialized), memoryMiB: resident(one) };
    await one.end();
    return { ...result, version: one.version };
  });

/** A hundred thousand text deltas, after one small run. */
export const flood = (start, options) =>
  inPlace(async (place) => {
    const one = await start({ ...options, place, scenario: FLOOD });
    await one.prepare();
    await one.prompt('warm up');
    const memoryRunMiB = resident(one);
    const [bytes, time, began] = [one.peer.bytesOut, used(one), process.hrtime.bigint()];
    const ended = await one.prompt('go');
    const seconds = milliseconds(began, ended) / 1000;
    const result = {
      eventsPerSecond: EVENTS / seconds,
      bytesOut: one.peer.bytesOut - bytes,
      cpuSeconds: canReadProcesses ? used(one) - time : null,
      memoryRunMiB,
      memoryFloodMiB: resident(one),
    };
    await one.end();
    return result;
  });

/** The processor time of the same run when the deltas come one by one, from the stand-in at the real Pi's pace. */
export const paced = (start, options) =>
  inPlace(async (place) => afterWarmUp(await start({ ...options, place, scenario: { runs: [[{ text: 'warm' }], [{ paced: DELTAS }]] } })));

/** The same with the real Pi, behind a model that is never waited for. */
export const real = (start, options) =>
  inPlace(async (place) => {
    const model = await startScriptedModel({ script: [{ text: 'warm' }, { text: Array.from({ length: DELTAS }, (_, index) => `${index} `) }] });
    const home = await makePiHome({ url: model.url });
    try {
      return await afterWarmUp(await start({ ...options, place, home }));
    } finally {
      await model.close();
      await home.remove();
    }
  });

/** @returns {Promise<{cpuSeconds: number | null}>} of the second prompt */
async function afterWarmUp(one) {
  await one.prepare();
  await one.prompt('warm up');
  const time = used(one);
  await one.prompt('go');
  const cpuSeconds = canReadProcesses ? used(one) - time : null;
  await one.end();
  return { cpuSeconds };
}

const resident = ({ peer }) => (canReadProcesses ? memory(peer.child.pid, isPi) : null);
const used = ({ peer }) => (canReadProcesses ? processorTime(peer.child.pid, isPi) : 0);

/** The records that the flood consists of, as the stand-in writes them. */
export const floodBytes = ({ node }) =>
  inPlace(async (place) => {
    const pi = startPi({
      command: node,
      args: [join(import.meta.dirname ?? '.', '..', '..', 'tests', 'fake-pi', 'fake-pi.mjs'), '--mode', 'rpc'],
      env: { PATH: process.env.PATH, HOME: place, FAKE_PI_SCENARIO: JSON.stringify({ runs: FLOOD.runs.slice(1) }) },
      cwd: place,
    });
    const chunks = [];
    pi.child.stdout.on('data', (chunk) => chunks.push(chunk));
    await pi.command('prompt', { message: 'go' });
    await pi.event('agent_settled');
    await pi.stop();
    return Buffer.concat(chunks);
  });

/** The limit: the same bytes through a program that only copies them. */
export async function throughCat(bytes) {
  const cat = spawn('cat', { stdio: ['pipe', 'pipe', 'ignore'] });
  let lines = 0;
  cat.stdout.on('data', (chunk) => {
    for (let at = -1; (at = chunk.indexOf(0x0a, at + 1)) >= 0; ) lines++;
  });
  await once(cat, 'spawn');
  const began = process.hrtime.bigint();
  cat.stdin.end(bytes);
  await once(cat, 'close');
  return { eventsPerSecond: lines / (milliseconds(began, process.hrtime.bigint()) / 1000) };
}

/**
 * From Pi's request to write to the client's `workspace/applyEdit`, for a file of this size that is open.
 * @returns {Promise<{editMs: number[], wholeMs: number[]}>} the latter from Pi's request to read on
 */
export const edits = (options, { bytes, count }) =>
  inPlace(async (place) => {
    const { times, uri, one } = await stageOfEdits({ ...options, place, bytes, count });
    const arrived = [];
    one.peer.on(({ id, method, params }, at) => {
      if (method !== 'workspace/applyEdit') return;
      arrived.push(at);
      applyHonestly(one.peer, uri, id, params);
    });
    await one.prompt('go');
    await one.end();
    return latencies(times, arrived);
  });

/** From Pi's request to write to the diagnostics on what it proposes; null as long as the server shows none. */
export const proposals = (options, { bytes, count }) =>
  inPlace(async (place) => {
    const { times, uri, one } = await stageOfEdits({
      ...options,
      place,
      bytes,
      count,
      settings: { permissionMode: 'ask', approval: 'commands' },
      experimental: { proposals: true },
    });
    const arrived = [];
    let open = 0;
    one.peer.on(({ id, method, params }, at) => {
      if (method === 'workspace/applyEdit') return applyHonestly(one.peer, uri, id, params);
      if (method === 'textDocument/publishDiagnostics' && params.diagnostics.length > 0 && arrived.length < open + 1) arrived.push(at);
      if (method !== 'pi/edits' || !params.edits.some((edit) => edit.status === 'open')) return;
      // What is shown comes with the proposal; the answer need not wait for it.
      setTimeout(() => {
        open = arrived.length;
        void one.peer.request('workspace/executeCommand', { command: 'pi.applyEdit', arguments: [{}] }).catch(() => {});
      }, 30);
    });
    await one.prompt('go');
    await one.end();
    return arrived.length === count ? latencies(times, arrived).editMs : null;
  });

/**
 * A write that changes a thousand lines all over a large file, shown and rejected, time and again.
 * @returns {Promise<{shownMs: number[], stallMs: number[]}>} the latter: the slowest answer to other requests meanwhile
 */
export const reviews = (options, { bytes, hunks, count }) =>
  inPlace(async (place) => {
    const line = 'The quick brown fox jumps over the lazy dog, again and again and again.';
    const total = Math.round(bytes / (line.length + 1));
    const every = Math.floor(total / hunks);
    const lines = (change) => Array.from({ length: total }, (_, index) => `${line}${change && index % every === 0 ? '!' : ''} ${index}\n`).join('');
    const path = join(place, 'file.txt');
    const text = lines(false);
    writeFileSync(path, text);
    const times = join(place, 'times.jsonl');
    const wanted = join(place, 'wanted.txt');
    writeFileSync(wanted, lines(true));
    const step = { tools: { tool: 'write', path, textFrom: wanted } };
    const scenario = { runs: [Array.from({ length: count }, () => step)] };
    const one = await startPilsp({ ...options, place, scenario, times, settings: { permissionMode: 'ask', approval: 'commands' }, experimental: {} });
    const uri = pathToFileURL(path).href;
    one.peer.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'plaintext', version: 1, text } });
    const arrived = [];
    const stallMs = [];
    let slowest = 0;
    let over = false;
    one.peer.on(({ method, params }, at) => {
      if (method !== 'textDocument/publishDiagnostics' || params.diagnostics.length < hunks) return;
      arrived.push(at);
      stallMs.push(slowest);
      slowest = 0;
      void one.peer.request('workspace/executeCommand', { command: 'pi.rejectEdit', arguments: [{}] }).catch(() => {});
    });
    const knocking = (async () => {
      while (!over) {
        const began = process.hrtime.bigint();
        await one.peer.request('textDocument/codeLens', { textDocument: { uri: `${uri}.other` } });
        slowest = Math.max(slowest, milliseconds(began, process.hrtime.bigint()));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    await one.prompt('go');
    over = true;
    await knocking;
    await one.end();
    return { shownMs: latencies(times, arrived).editMs, stallMs };
  });

/**
 * Listing a thousand models and switching to one of them by its id, the former beside what the stand-in itself takes to
 * list them, the latter beside pi-acp.
 * @returns {Promise<{listMs: number[], pickMs: number[], standInMs: number[], peerPickMs: number[]}>}
 */
export const models = (options, { count, times }) =>
  inPlace(async (place) => {
    const scenario = { models: count };
    const one = await startPilsp({ ...options, place, scenario });
    const run = (command, argument = {}) => one.peer.request('workspace/executeCommand', { command, arguments: [argument] });
    await one.prepare();
    const listMs = await timed(times, async () => {
      const { result } = await run('pi.listModels');
      const listed = result.groups.reduce((sum, group) => sum + group.models.length, 0);
      if (listed !== count) throw new Error(`${listed} of ${count} models were listed`);
    });
    const other = (index) => `model-${index % 2 === 0 ? count - 1 : 1}`;
    const pickMs = await timed(times, (index) => one.pick(other(index)));
    await one.end();

    const peer = await startPiAcp({ ...options, place, scenario });
    await peer.prepare();
    const peerPickMs = await timed(times, (index) => peer.pick(other(index)));
    await peer.end();

    const pi = startPi({
      command: options.node,
      args: [join(import.meta.dirname ?? '.', '..', '..', 'tests', 'fake-pi', 'fake-pi.mjs'), '--mode', 'rpc'],
      env: { PATH: process.env.PATH, HOME: place, FAKE_PI_SCENARIO: JSON.stringify(scenario) },
      cwd: place,
    });
    const standInMs = await timed(times, () => pi.command('get_available_models'));
    await pi.stop();
    return { listMs, pickMs, standInMs, peerPickMs };
  });

async function timed(times, work) {
  const took = [];
  for (let index = 0; index <= times; index++) {
    const began = process.hrtime.bigint();
    await work(index);
    // The first one warms up.
    if (index > 0) took.push(milliseconds(began, process.hrtime.bigint()));
  }
  return took;
}

/** @param {any} options */
async function stageOfEdits({ place, bytes, count, ...options }) {
  const filler = 'The quick brown fox jumps over the lazy dog, again and again and again.\n';
  const half = filler.repeat(Math.max(1, Math.round(bytes / filler.length / 2)));
  const path = join(place, 'file.txt');
  const text = `${half}value 0 here\n${half}`;
  writeFileSync(path, text);
  const step = (index) => ({ tools: { tool: 'edit', path, oldText: `value ${index} here`, newText: `value ${index + 1} here` } });
  const times = join(place, 'times.jsonl');
  const scenario = { runs: [Array.from({ length: count }, (_, index) => step(index))] };
  const one = await startPilsp({ ...options, place, scenario, times });
  const uri = pathToFileURL(path).href;
  one.peer.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'plaintext', version: 1, text } });
  return { times, uri, one };
}

/** One edit at a time comes here, so the version counts them. */
function applyHonestly(peer, uri, id, { edit }) {
  const { textDocument, edits: changes } = edit.documentChanges[0];
  const contentChanges = changes.map(({ range, newText }) => ({ range, text: newText })).reverse();
  peer.notify('textDocument/didChange', { textDocument: { uri, version: textDocument.version + 1 }, contentChanges });
  peer.answer(id, { applied: true });
}

function latencies(times, arrived) {
  const asked = readFileSync(times, 'utf8')
    .trim()
    .split('\n')
    .map((one) => JSON.parse(one));
  const of = (op) => asked.filter((one) => one.op === op).map((one) => BigInt(one.at));
  const since = (starts) => (starts.length < arrived.length ? [] : arrived.map((at, index) => milliseconds(starts[index], at)));
  return { editMs: since(of('write')), wholeMs: since(of('read')) };
}

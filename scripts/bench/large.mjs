// @ts-check
// What large files and long conversations cost: typing where much waits, a stored conversation, runs without end.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { piCli } from '../../tests/scripted-model/pi-command.mjs';
import { makePiHome } from '../../tests/scripted-model/pi-home.mjs';
import { isPi, startPilsp } from './contestants.mjs';
import { canReadProcesses, inPlace, memory, milliseconds, peak } from './machine.mjs';

/**
 * From a `didChange` to the diagnostics on all proposals that wait in the file, each of which has been carried over to the new text.
 * @returns {Promise<number[]>}
 */
export const typing = (options, { bytes, waiting, count }) =>
  inPlace(async (place) => {
    const filler = 'The quick brown fox jumps over the lazy dog, again and again and again.';
    const lines = Math.round(bytes / (filler.length + 8));
    const every = Math.floor(lines / waiting);
    const value = (index, of) => `value ${String(index).padStart(3, '0')} is ${of}`;
    const text = Array.from({ length: lines }, (_, at) =>
      at % every === 1 && at / every < waiting ? `${value(Math.floor(at / every), 'old')}\n` : `${filler} ${at}\n`,
    ).join('');
    const path = join(place, 'file.txt');
    writeFileSync(path, text);
    const step = (index) => ({ tools: { tool: 'edit', path, oldText: value(index, 'old'), newText: value(index, 'new') } });
    const one = await startPilsp({
      ...options,
      place,
      scenario: { runs: [Array.from({ length: waiting }, (_, index) => step(index))] },
      settings: { permissionMode: 'ask', approval: 'commands', review: 'end' },
      experimental: {},
    });
    const uri = pathToFileURL(path).href;
    one.peer.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'plaintext', version: 1, text } });
    let version = 1;
    let shown = (_) => {};
    one.peer.on(({ method, params }, at) => {
      if (method === 'textDocument/publishDiagnostics' && params.version === version && params.diagnostics.length === waiting) shown(at);
    });
    await one.prompt('go');
    const took = [];
    for (let index = 0; index <= count; index++) {
      const arrived = new Promise((resolve) => (shown = resolve));
      version++;
      const began = process.hrtime.bigint();
      const start = { line: 3, character: 0 };
      one.peer.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ range: { start, end: start }, text: 'x' }] });
      const at = await arrived;
      if (index > 0) took.push(milliseconds(began, at));
    }
    await one.end();
    return took;
  });

/**
 * A stored conversation of this size, taken up with the real Pi and read back page by page.
 * @returns {Promise<{peakMiB: number | null, pageMs: number[], entries: number}>}
 */
export const conversation = (options, { bytes, pages }) =>
  inPlace(async (place) => {
    const home = await makePiHome({ url: 'http://127.0.0.1:9/v1' });
    try {
      const path = join(place, 'stored.jsonl');
      writeFileSync(path, stored(place, bytes));
      const one = await startPilsp({ ...options, place, settings: { command: piCli(), env: home.env } });
      const { sessionId } = await one.run('pi.resumeSession', { path });
      const pageMs = [];
      let [before, entries] = [undefined, 0];
      for (let page = 0; page < pages; page++) {
        const began = process.hrtime.bigint();
        const got = await one.run('pi.getTranscript', { sessionId, before });
        pageMs.push(milliseconds(began, process.hrtime.bigint()));
        entries += got.entries.length;
        before = got.entries[0]?.id;
        if (!got.more) break;
      }
      const peakMiB = canReadProcesses ? peak(one.peer.child.pid) : null;
      await one.end();
      return { peakMiB, pageMs, entries };
    } finally {
      await home.remove();
    }
  });

/** Runs that read a large file, say a page about it and go on. */
function stored(cwd, bytes) {
  const timestamp = '2026-11-30T00:00:00.000Z';
  const lines = [JSON.stringify({ type: 'session', version: 3, id: '0196d3c8-0000-7000-8000-000000000001', timestamp, cwd })];
  const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, totalTokens: 2, cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 } };
  const from = { api: 'openai-completions', provider: 'local', model: 'scripted-1', usage, timestamp: 1 };
  let [size, number, parentId] = [lines[0].length, 0, null];
  const add = (message) => {
    const id = (++number).toString(16).padStart(8, '0');
    const line = JSON.stringify({ type: 'message', id, parentId, timestamp, message });
    lines.push(line);
    size += line.length + 1;
    parentId = id;
  };
  const words = (count) => 'Lorem ipsum dolor sit amet, consetetur sadipscing elitr. '.repeat(Math.ceil(count / 57)).slice(0, count);
  while (size < bytes) {
    add({ role: 'user', content: [{ type: 'text', text: `Question ${number}: ${words(200)}` }], timestamp: 1 });
    for (let call = 0; call < 4; call++) {
      const id = `call-${number}`;
      add({
        role: 'assistant',
        content: [
          { type: 'text', text: words(500) },
          { type: 'toolCall', id, name: 'read', arguments: { path: `file-${number}.txt` } },
        ],
        ...from,
        stopReason: 'toolUse',
      });
      add({ role: 'toolResult', toolCallId: id, toolName: 'read', content: [{ type: 'text', text: words(20_000) }], isError: false, timestamp: 1 });
    }
    add({ role: 'assistant', content: [{ type: 'text', text: words(4_000) }], ...from, stopReason: 'stop' });
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Runs one after another in one server, each of which changes a file.
 * @returns {Promise<{atMiB: (number | null)[]}>} resident after each of so many
 */
export const endless = (options, { runs, every }) =>
  inPlace(async (place) => {
    const path = join(place, 'file.txt');
    const text = `${'The quick brown fox jumps over the lazy dog.\n'.repeat(90)}value 0 here\n`;
    writeFileSync(path, text);
    const change = (from, to) => [{ tools: { tool: 'edit', path, oldText: `value ${from} here`, newText: `value ${to} here` } }, { text: 'Done.' }];
    const scenario = { runs: [change(0, 1), change(1, 0)], again: true };
    const one = await startPilsp({ ...options, place, scenario, experimental: { events: true, proposals: true } });
    const uri = pathToFileURL(path).href;
    one.peer.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'plaintext', version: 1, text } });
    one.peer.on(({ id, method, params }) => {
      if (method !== 'workspace/applyEdit') return;
      const { textDocument, edits } = params.edit.documentChanges[0];
      const contentChanges = edits.map(({ range, newText }) => ({ range, text: newText })).reverse();
      one.peer.notify('textDocument/didChange', { textDocument: { uri, version: textDocument.version + 1 }, contentChanges });
      one.peer.answer(id, { applied: true });
    });
    const atMiB = [];
    for (let run = 1; run <= runs; run++) {
      await one.prompt(`run ${run}`);
      if (run % every === 0) atMiB.push(canReadProcesses ? memory(one.peer.child.pid, isPi) : null);
    }
    await one.end();
    return { atMiB };
  });

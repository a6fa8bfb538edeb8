/** What the fake Pi asks on its wire: dialogs of extensions, and the questions of the gate, whose part it plays. */
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { wire } from './wire.mjs';

/** Open dialogs by id; an answer takes its dialog away, so that a second one finds nothing. */
const dialogs = new Map();

/** Sends an `extension_ui_request` and resolves with the answer, or with undefined when the signal fires first. */
export async function ask(request, signal, op) {
  const id = randomUUID();
  const answer = new Promise((done) => {
    dialogs.set(id, done);
    signal?.addEventListener('abort', () => dialogs.delete(id) && done(undefined), { once: true });
  });
  const record = `${JSON.stringify({ type: 'extension_ui_request', id, ...request })}\n`;
  const at = process.hrtime.bigint();
  const written = wire.write(record);
  if (process.env.FAKE_PI_TIMES && op) appendFileSync(process.env.FAKE_PI_TIMES, `${JSON.stringify({ op, at: String(at) })}\n`);
  await written;
  return answer;
}

/** An answer has come; one that nobody waits for any more hits nothing. */
export function answered(record) {
  const done = dialogs.get(record.id);
  dialogs.delete(record.id);
  done?.(record);
}

/**
 * @param {import('./scenarios.mjs').Scenario} scenario
 * @param {{path: string, version: string, currentState: () => object}} pi
 */
export function gateOf(scenario, { path, version, currentState }) {
  const faults = scenario.gate === 'none' ? {} : (scenario.gate ?? {});
  return {
    path,
    name: `pilsp-gate-${process.env.PILSP_GATE_NONCE ?? 'none'}`,
    present: scenario.gate !== 'none',

    /** One question of the gate to the server; undefined when nobody will answer any more. */
    async ask(op, fields, signal) {
      const envelope = { v: 3, nonce: process.env.PILSP_GATE_NONCE, op, ...fields };
      const response = await ask({ method: 'input', title: 'pilsp-gate', placeholder: JSON.stringify(envelope) }, signal, op);
      return response?.value === undefined ? undefined : JSON.parse(response.value);
    },

    async hello(challenge) {
      const { silent, raw, tools = [], ...wrong } = faults;
      if (silent) return;
      const standard = [
        ...['read', 'edit', 'write'].map((name) => ({ name, source: path, active: true })),
        { name: 'bash', source: '<builtin:bash>', active: true },
        ...['grep', 'find', 'ls'].map((name) => ({ name, source: `<builtin:${name}>`, active: false })),
      ];
      const inventory = [...standard.filter((one) => !tools.some((other) => other.name === one.name)), ...tools];
      const envelope = { v: 3, nonce: process.env.PILSP_GATE_NONCE, op: 'hello', challenge, agent: version, tools: inventory, state: currentState(), ...wrong };
      await ask({ method: 'input', title: 'pilsp-gate', placeholder: raw ?? JSON.stringify(envelope) });
    },
  };
}

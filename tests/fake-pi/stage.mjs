// What the tests of the fake Pi have in common: one is started, asked, and its records are looked at.
import assert from 'node:assert/strict';
import { afterEach } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startPi } from '../scripted-model/pi-rpc.mjs';

const program = fileURLToPath(new URL('fake-pi.mjs', import.meta.url));
export const NONCE = 'a1b2c3';
export const GATE = '/somewhere/gate.ts';
/** What a test has started and does not have to end. */
export const open = [];

export function start(scenario, { args = ['--mode', 'rpc', '--no-session', '-e', GATE], env = {} } = {}) {
  const name = typeof scenario === 'string' ? scenario : JSON.stringify(scenario);
  const pi = startPi({
    command: process.execPath,
    args: [program, ...args],
    env: { ...process.env, PILSP_GATE_NONCE: NONCE, PILSP_GATE_PATH: GATE, FAKE_PI_SCENARIO: name, ...env },
  });
  open.push(pi);
  return pi;
}

afterEach(async () => {
  for (const pi of open.splice(0)) {
    if (pi.child.exitCode === null && pi.child.signalCode === null) pi.child.kill('SIGKILL');
    await pi.exit;
  }
});

export const deltas = (records) => records.filter((one) => one.assistantMessageEvent?.type === 'text_delta').map((one) => one.assistantMessageEvent.delta);
export const answer = (pi, request, value) => pi.send({ type: 'extension_ui_response', id: request.id, value: JSON.stringify(value) });
export const question = (request) => JSON.parse(request.placeholder);

/** The next question of the gate about this operation. */
export const asked = (pi, op, from = 0) => pi.event('extension_ui_request', { from, where: (one) => one.title === 'pilsp-gate' && question(one).op === op });

export async function run(pi, message = 'go') {
  const from = pi.records.length;
  assert.equal((await pi.command('prompt', { message })).success, true);
  await pi.event('agent_settled', { from });
  return pi.records.slice(from);
}

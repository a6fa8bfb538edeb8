#!/usr/bin/env node
/**
 * A child that speaks the protocol of `pi --mode rpc` on stdin and stdout and plays the gate's part as well,
 * for faults, floods and orders of events that the real Pi cannot be made to show. See scenarios.mjs.
 *
 * FAKE_PI_SCENARIO    a scenario's name or JSON
 * FAKE_PI_LOG         a file that gets a line for the start ({argv, pid}) and one for each record received
 * FAKE_PI_TIMES       a file that gets a line for each question of the gate, {op, at}: nanoseconds of the monotonic clock
 * FAKE_PI_GRANDCHILD  a file that gets the pid of the grandchild
 * PILSP_GATE_NONCE, PILSP_GATE_PATH   as the server gives them to Pi
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { answered, ask, gateOf } from './gate.mjs';
import { modelsOf } from './models.mjs';
import { Run } from './run.mjs';
import { scenarioOf } from './scenarios.mjs';
import { plainUsage } from './usage.mjs';
import { exit, wire } from './wire.mjs';

const argv = process.argv.slice(2);
const env = process.env;
const scenario = load();
const VERSION = '0.87.1';
const models = modelsOf(scenario);

const option = (name) => (argv.includes(name) ? argv[argv.indexOf(name) + 1] : undefined);
const log = (entry) => env.FAKE_PI_LOG && appendFileSync(env.FAKE_PI_LOG, `${JSON.stringify(entry)}\n`);

const state = {
  model: models.find((one) => one.id === option('--model')) ?? models[0],
  thinking: option('--thinking') ?? 'off',
  id: randomUUID(),
  file: option('--session') ?? newSessionFile(),
  name: option('--name'),
  messages: 0,
  tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
  cost: 0,
  steering: [],
  followUp: [],
  /** @type {Run | null} */
  run: null,
  prompts: 0,
};

const currentState = () => ({
  model: state.model,
  thinkingLevel: state.thinking,
  isStreaming: state.run !== null,
  isCompacting: false,
  steeringMode: 'one-at-a-time',
  followUpMode: 'one-at-a-time',
  sessionFile: state.file,
  sessionId: state.id,
  sessionName: state.name,
  autoCompactionEnabled: true,
  messageCount: state.messages,
  pendingMessageCount: state.steering.length + state.followUp.length,
});

const gate = gateOf(scenario, { path: env.PILSP_GATE_PATH ?? option('-e') ?? '/gate.ts', version: VERSION, currentState });

const respond = (command, data) =>
  wire.say({ id: command.id, type: 'response', command: command.type, success: true, ...(data === undefined ? {} : { data }) });
const refuse = (command, error) => wire.say({ id: command.id, type: 'response', command: command.type, success: false, error });
const queueChanged = () => wire.say({ type: 'queue_update', steering: [...state.steering], followUp: [...state.followUp] });

async function enqueue(queue, message) {
  queue.push(message);
  await queueChanged();
}

async function startSession(file) {
  if (state.run) await state.run.abort();
  Object.assign(state, { id: randomUUID(), file, name: undefined, messages: 0, steering: [], followUp: [] });
}

/** A name only: the fake Pi stores nothing. */
function newSessionFile() {
  if (argv.includes('--no-session')) return undefined;
  return resolve(option('--session-dir') ?? '.fake-pi-sessions', `${randomUUID()}.jsonl`);
}

async function prompt(command) {
  const { message, streamingBehavior } = command;
  const [word, ...rest] = message.startsWith('/') ? message.slice(1).split(' ') : [];
  const accepted = (disposition) => respond(command, scenario.newer ? { disposition } : undefined);

  if (word !== undefined && gate.present && word === gate.name) {
    await gate.hello(rest.join(' '));
    return accepted('handled');
  }
  if (word !== undefined && scenario.commands?.[word]) {
    const run = new Run({ wire, ask, gate, exit, state, scenario });
    for (const action of scenario.commands[word]) await run.perform(action);
    return accepted('handled');
  }
  if (scenario.refuse?.prompt) return refuse(command, scenario.refuse.prompt);
  if (state.run && !streamingBehavior) {
    return refuse(command, "Agent is already processing. Specify streamingBehavior ('steer' or 'followUp') to queue the message.");
  }
  if (state.run) {
    await enqueue(streamingBehavior === 'steer' ? state.steering : state.followUp, message);
    return accepted('queued');
  }

  const runs = scenario.runs ?? [[]];
  const actions = runs[scenario.again ? state.prompts++ % runs.length : Math.min(state.prompts++, runs.length - 1)] ?? [];
  state.run = new Run({ wire, ask, gate, exit, state, scenario });
  await accepted('started');
  void state.run.play(message, actions);
}

const commands = {
  prompt,
  get_state: (command) => respond(command, currentState()),
  get_available_models: (command) => respond(command, { models }),
  get_available_thinking_levels: (command) => respond(command, { levels: levels() }),
  async set_model(command) {
    const found = models.find((one) => one.provider === command.provider && one.id === command.modelId);
    if (!found) return refuse(command, `Model not found: ${command.provider}/${command.modelId}`);
    state.model = found;
    await setThinking(state.thinking);
    return respond(command, found);
  },
  async set_thinking_level(command) {
    await setThinking(command.level);
    return respond(command);
  },
  get_session_stats: (command) =>
    respond(command, {
      sessionFile: state.file,
      sessionId: state.id,
      userMessages: state.prompts,
      assistantMessages: state.messages,
      toolCalls: 0,
      toolResults: 0,
      totalMessages: state.messages,
      tokens: state.tokens,
      cost: state.cost,
      contextUsage: { tokens: plainUsage.totalTokens, contextWindow: 128_000, percent: (plainUsage.totalTokens / 128_000) * 100 },
    }),
  async new_session(command) {
    await startSession(newSessionFile());
    return respond(command, { cancelled: false });
  },
  async switch_session(command) {
    await startSession(command.sessionPath);
    return respond(command, { cancelled: false });
  },
  get_commands(command) {
    const of = (name, path) => ({ name, description: name, source: 'extension', sourceInfo: { path, source: 'cli', scope: 'temporary', origin: 'top-level' } });
    return respond(command, {
      commands: [
        ...(gate.present ? [of(gate.name, gate.path)] : []),
        ...Object.keys(scenario.commands ?? {}).map((name) => of(name, '/home/user/.pi/agent/extensions/other.ts')),
      ],
    });
  },
  async steer(command) {
    await enqueue(state.steering, command.message);
    return respond(command);
  },
  async follow_up(command) {
    await enqueue(state.followUp, command.message);
    return respond(command);
  },
  async abort(command) {
    await state.run?.abort();
    return respond(command);
  },
  async clear_queue(command) {
    const cleared = { steering: state.steering.splice(0), followUp: state.followUp.splice(0) };
    await queueChanged();
    return respond(command, cleared);
  },
  async set_session_name(command) {
    state.name = command.name;
    await wire.say({ type: 'session_info_changed', name: command.name });
    return respond(command);
  },
};

const levels = () => (state.model?.reasoning ? ['off', 'minimal', 'low', 'medium', 'high'] : ['off']);

async function setThinking(level) {
  const before = state.thinking;
  state.thinking = levels().includes(level) ? level : 'off'; // Pi clamps, it does not refuse
  if (state.thinking !== before) await wire.say({ type: 'thinking_level_changed', level: state.thinking });
}

async function receive(line) {
  let record;
  try {
    record = JSON.parse(line);
  } catch (error) {
    log({ unparsable: line });
    return wire.say({ type: 'response', command: 'parse', success: false, error: `Failed to parse command: ${error.message}` });
  }
  log(record);
  if (record.type === 'extension_ui_response') return answered(record);
  if (!scenario.mute?.includes(record.type)) {
    if (record.type !== 'prompt' && scenario.refuse?.[record.type]) await refuse(record, scenario.refuse[record.type]);
    else await (commands[record.type] ?? (() => refuse(record, `Unknown command: ${record.type}`)))(record);
  }
  state.run?.came(record.type);
}

function serve() {
  let rest = [];
  process.stdin.on('data', (chunk) => {
    let start = 0;
    for (let end; (end = chunk.indexOf(0x0a, start)) >= 0; start = end + 1) {
      const line = Buffer.concat([...rest, chunk.subarray(start, end)]).toString('utf8');
      rest = [];
      void receive(line); // like Pi: not one after another
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  });
  process.stdin.on('end', () => scenario.ignoreSigterm || void exit({ code: 0 }));
}

function load() {
  try {
    return scenarioOf(env.FAKE_PI_SCENARIO || undefined);
  } catch (error) {
    process.stderr.write(`fake-pi: ${error.message}\n`);
    process.exit(64);
  }
}

const stayForEver = () => void setInterval(() => {}, 2 ** 30);

function startGrandchild({ detached = false }) {
  // It leaves by itself in the end, so that a failed test leaves no orphan behind.
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 120000)'], { detached, stdio: 'ignore' });
  if (env.FAKE_PI_GRANDCHILD) writeFileSync(env.FAKE_PI_GRANDCHILD, String(child.pid));
}

log({ argv, pid: process.pid });
if (argv.includes('--version')) {
  const { stdout = `${VERSION}\n`, stderr = '', code = 0, hang } = scenario.version ?? {};
  if (hang) stayForEver();
  else {
    if (!scenario.version || scenario.version.stdout !== undefined) await wire.write(stdout);
    await exit({ code, stderr });
  }
} else {
  if (scenario.ignoreSigterm) {
    process.on('SIGTERM', () => {});
    stayForEver();
  }
  if (scenario.grandchild) startGrandchild(scenario.grandchild);
  if (scenario.start?.hang) stayForEver();
  else if (scenario.start) await exit(scenario.start);
  else serve();
}

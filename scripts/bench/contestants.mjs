// @ts-check
// The two that are compared, each behind the same few verbs: start, prepare a session, prompt, end.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { piCli } from '../../tests/scripted-model/pi-command.mjs';
import { root } from '../run.mjs';
import { AcpPeer, LspPeer } from './wire.mjs';

const fakePi = join(root, 'tests', 'fake-pi', 'fake-pi.mjs');
/** Whether a command line is Pi's, the stand-in's or the real one's, which soon calls itself `pi`; it has no share in what is measured. */
export const isPi = (commandLine) => /fake-pi\.mjs|pi-coding-agent|^pi\0/.test(commandLine);

/**
 * Nothing of the person's own Pi, keys or npm is looked at.
 * @param {string} place @param {{scenario?: object, times?: string, home?: {env: object}}} options `home`: the real Pi's instead of the stand-in
 */
function cleanEnv(place, { scenario, times, home }) {
  return {
    PATH: process.env.PATH,
    HOME: place,
    TMPDIR: process.env.TMPDIR ?? '/tmp',
    PI_OFFLINE: '1',
    ...(scenario ? { FAKE_PI_SCENARIO: JSON.stringify(scenario) } : {}),
    ...(times ? { FAKE_PI_TIMES: times } : {}),
    ...home?.env,
  };
}

const piOf = (home) => (home ? piCli() : fakePi);

/**
 * @param {{server: string, node: string, place: string, scenario?: object, times?: string, home?: {env: object}, settings?: object,
 *   experimental?: object}} options
 */
export async function startPilsp({ server, node, place, settings = {}, experimental = { events: true }, ...agent }) {
  const peer = new LspPeer({ command: server, args: ['--stdio'], env: cleanEnv(place, agent), cwd: place });
  const pi = { command: piOf(agent.home), nodePath: node, permissionMode: 'acceptEdits', ...settings };
  peer.on(({ id, method, params }) => {
    if (id === undefined || method === 'workspace/applyEdit') return;
    peer.answer(id, method === 'workspace/configuration' ? params.items.map(() => pi) : null);
  });
  const { result, at } = await peer.request('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(place).href,
    workspaceFolders: [{ uri: pathToFileURL(place).href, name: 'bench' }],
    initializationOptions: { pi },
    capabilities: {
      workspace: { applyEdit: true, workspaceEdit: { documentChanges: true, resourceOperations: ['create'] } },
      window: { workDoneProgress: true },
      experimental: { pi: experimental },
    },
  });
  peer.notify('initialized', {});
  return {
    name: 'pilsp',
    version: result.serverInfo.version,
    peer,
    initialized: at,
    /** Starts Pi, as the first prompt does. */
    prepare: () => peer.request('workspace/executeCommand', { command: 'pi.newSession' }).catch(() => {}),
    prompt: async (text) => {
      const { result, at } = await peer.request('workspace/executeCommand', { command: 'pi.ask', arguments: [{ prompt: text }] });
      if (result.stopReason !== 'stop') throw new Error(`pilsp: ${result.stopReason} ${result.error ?? ''}`);
      return at;
    },
    /** One of the server's commands. */
    run: async (command, argument = {}) => (await peer.request('workspace/executeCommand', { command, arguments: [argument] })).result,
    /** By its id alone. */
    pick: (model) => peer.request('workspace/executeCommand', { command: 'pi.pickModel', arguments: [{ model }] }),
    async end() {
      await peer.request('shutdown').catch(() => {});
      peer.notify('exit');
      await peer.end();
    },
  };
}

export async function startPiAcp({ node, place, ...agent }) {
  const shim = join(place, 'bin', 'pi');
  mkdirSync(join(place, 'bin'), { recursive: true });
  writeFileSync(shim, `#!/bin/sh\nexec '${node}' '${piOf(agent.home)}' "$@"\n`, { mode: 0o755 });
  const peer = new AcpPeer({
    command: node,
    args: [join(root, 'node_modules', 'pi-acp', 'dist', 'index.js')],
    env: { ...cleanEnv(place, agent), PI_ACP_PI_COMMAND: shim },
    cwd: place,
  });
  peer.on(({ id }) => id !== undefined && peer.answer(id, null));
  const { result, at } = await peer.request('initialize', { protocolVersion: 1, clientCapabilities: { fs: { readTextFile: true, writeTextFile: true } } });
  let sessionId;
  return {
    name: 'pi-acp',
    version: result.agentInfo.version,
    peer,
    initialized: at,
    async prepare() {
      ({
        result: { sessionId },
      } = await peer.request('session/new', { cwd: place, mcpServers: [] }));
    },
    prompt: async (text) => {
      const { result, at } = await peer.request('session/prompt', { sessionId, prompt: [{ type: 'text', text }] });
      if (result.stopReason !== 'end_turn') throw new Error(`pi-acp: ${result.stopReason}`);
      return at;
    },
    pick: (modelId) => peer.request('session/set_config_option', { sessionId, configId: 'model', value: modelId }),
    end: () => peer.end(),
  };
}

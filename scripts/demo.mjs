// @ts-check
// `npm run demo`: the built server, the real Pi and a scripted model, on a folder of its own, with you as the user.
//   npm run demo -- --yes                     decides by itself, as it does without a terminal
//   npm run demo -- --model provider/model    your own `pi` and your own account instead of the scripted model
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import * as terminal from './demo/terminal.mjs';
import { FILE, ON_DISK, UNSAVED, story } from './demo/story.mjs';
import { setup } from './setup.mjs';

/** As long as a person may think. */
const PATIENCE = 60 * 60_000;
const options = readOptions();
const asks = terminal.hasReader && !options.yes;

/** What has to be undone at the end, newest last. @type {(() => unknown)[]} */
const undo = [];

function readOptions() {
  try {
    return parseArgs({ options: { yes: { type: 'boolean', short: 'y' }, model: { type: 'string' } } }).values;
  } catch (error) {
    console.error(`${error.message.split('. ')[0]}; there are --yes and --model provider/model`);
    process.exit(2);
  }
}

async function tidy() {
  terminal.close();
  for (const one of undo.splice(0).reverse()) await one();
}

async function start() {
  const server = setup();
  // Only now is it certain that the packages are there.
  const { startServer } = await import('../tests/client/lsp-client.mjs');
  const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'pilsp-demo-')));
  undo.push(() => rmSync(workspace, { recursive: true, force: true, maxRetries: 3 }));
  const path = join(workspace, FILE);
  writeFileSync(path, ON_DISK);

  const pi = options.model ? ownPi(options.model, workspace) : await scriptedPi();
  const lsp = await startServer({
    command: server,
    args: ['--stdio'],
    env: pi.env,
    cwd: workspace,
    workspaceFolders: [workspace],
    configuration: { pi: { approval: 'commands', ...pi.settings } },
    capabilities: { experimental: { pi: { proposals: true, events: true } } },
  });
  undo.push(() => lsp.kill());
  const uri = pathToFileURL(path).href;
  await lsp.open(uri, ON_DISK, 'javascript');
  await lsp.type(uri, { text: UNSAVED });
  return { lsp, uri, model: pi.model, disk: () => readFileSync(path, 'utf8') };
}

/** @returns {Promise<{model: any, env: NodeJS.ProcessEnv, settings: object}>} */
async function scriptedPi() {
  const { piCli, piNode } = await import('../tests/scripted-model/pi-command.mjs');
  const { makePiHome } = await import('../tests/scripted-model/pi-home.mjs');
  const { startScriptedModel } = await import('../tests/scripted-model/server.mjs');
  const model = await startScriptedModel();
  undo.push(() => model.close());
  const home = await makePiHome({ url: model.url });
  undo.push(() => home.remove());
  return { model, env: home.fullEnv(), settings: { command: piCli(), nodePath: piNode() } };
}

function ownPi(name, workspace) {
  const slash = name.indexOf('/');
  if (slash < 1) throw new Error(`--model wants provider/model, not "${name}"`);
  const settings = { provider: name.slice(0, slash), model: name.slice(slash + 1), sessionDir: join(workspace, '.sessions') };
  return { model: null, env: process.env, settings };
}

/** One question to Pi, with everything that comes of it. */
async function play(step, { lsp, uri, model, disk }) {
  terminal.title(step.title);
  terminal.say('you', step.prompt, terminal.bold);
  const before = lsp.text(uri);
  model?.add(...step.model.map((one) => ({ match: step.prompt, ...one })));

  const run = lsp.command('pi.ask', { prompt: step.prompt, textDocument: { uri } }, { deadlineMs: PATIENCE });
  let ended = false;
  const end = run.finally(() => (ended = true)).catch(() => {});
  let speech = new terminal.Speech('pi');
  const decided = new Set();
  let seen = lsp.received.length;
  for (;;) {
    // Read before the wait: what has come by the end of the run is still shown.
    const over = ended;
    for (; seen < lsp.received.length; seen++) {
      const { method, params } = lsp.received[seen];
      if (method === 'pi/event') speech = show(params, speech, lsp, uri);
      if (method !== 'pi/edits') continue;
      const open = params.edits.find((one) => one.status === 'open' && !decided.has(one.id));
      if (!open) continue;
      decided.add(open.id);
      speech.end();
      await decide(open, step, lsp, model);
    }
    if (over) break;
    await Promise.race([end, lsp.until('news of Pi', () => ended || lsp.received.length > seen, { deadlineMs: PATIENCE })]);
  }
  speech.end();
  const result = await run;
  if (result.error || !['stop', 'length'].includes(result.stopReason)) throw new Error(`Pi did not finish: ${result.error ?? result.stopReason}`);
  if (disk() !== ON_DISK) throw new Error(`${FILE} was changed on disk, which only a save may do.`);
  if (model && model.left() > 0) throw new Error('The model was not asked everything that the demo has for it.');

  terminal.line();
  const after = lsp.text(uri);
  terminal.line(terminal.dim(`      ${FILE} in the editor${after === before ? ' and on disk: untouched' : '; on disk it is untouched'}`));
  if (after !== before) terminal.buffer(after, before);
  return result;
}

function show(event, speech, lsp, uri) {
  switch (event.type) {
    case 'textDelta':
      speech.add(event.text);
      return speech;
    case 'toolStarted': {
      speech.end();
      const note = { read: 'sees your unsaved text', edit: 'held until you decide', write: 'held until you decide' }[event.tool];
      terminal.tool(event.title, note);
      return new terminal.Speech('pi');
    }
    case 'toolEnded':
      if (event.tool === 'read' && !event.isError && !event.text.includes(lsp.text(uri).split('\n')[0]))
        throw new Error('Pi read something else than the buffer.');
      if (event.tool !== 'read') terminal.say('told', event.text.trim(), terminal.dim);
      return new terminal.Speech('pi');
    case 'messageCompleted':
      speech.end();
      return new terminal.Speech('pi');
    default:
      return speech;
  }
}

async function decide(edit, step, lsp, model) {
  terminal.hunks(edit, lsp.text(edit.uri));
  const decision = asks ? await askFor(edit, step) : byItself(edit, step);
  const hunkIds = Array.isArray(decision.apply) ? decision.apply.map((number) => edit.hunks[number - 1].id) : undefined;
  const all = !hunkIds || hunkIds.length === edit.hunks.length;
  // The model's answer to it is asked for as soon as Pi's tool has its result.
  model?.add({ match: step.prompt, ...step.closing(decision.reject !== undefined ? 'rejected' : all ? 'applied' : 'partial') });
  if (decision.reject !== undefined) await lsp.command('pi.rejectEdit', { editId: edit.id, reason: decision.reject || undefined });
  else {
    const { applied, reason } = await lsp.command('pi.applyEdit', { editId: edit.id, ...(all ? {} : { hunkIds }) });
    if (!applied) throw new Error(`The edit was not applied: ${reason}`);
  }
}

const choices = (edit) => `Apply? [y]es / [n]o, with a reason${edit.hunks.length > 1 ? ' / [h]unks' : ''}`;

function byItself(edit, { byItself: { apply, reject } }) {
  const some = Array.isArray(apply) && edit.hunks.length > 1;
  terminal.answered(choices(edit), reject !== undefined ? `n: ${reject}` : some ? `h: ${apply.join(' ')}` : 'y');
  return reject !== undefined ? { reject } : { apply: some ? apply : 'all' };
}

async function askFor(edit, { hint }) {
  if (hint) terminal.line(terminal.dim(`      (${hint})`));
  for (;;) {
    const answer = (await terminal.question(choices(edit))).toLowerCase();
    if (answer.startsWith('y')) return { apply: 'all' };
    if (answer.startsWith('n')) return { reject: await terminal.question('Why not?') };
    if (!answer.startsWith('h') || edit.hunks.length < 2) continue;
    const numbers = (await terminal.question(`Which? 1 to ${edit.hunks.length}, as in "1 2"`)).match(/\d+/g)?.map(Number) ?? [];
    if (numbers.length > 0 && numbers.every((one) => one >= 1 && one <= edit.hunks.length)) return { apply: [...new Set(numbers)] };
  }
}

/** Other tools than edits ask too; only a real model calls them here. */
async function consent({ tool, what }) {
  terminal.line();
  terminal.say('pi', `wants to run ${tool}: ${what}`, terminal.yellow);
  const allow = asks && (await terminal.question('Allow? [y]es / [n]o')).toLowerCase().startsWith('y');
  return { allow, ...(allow ? {} : { reason: 'Not in this demo; read and edit the file instead.' }) };
}

function total(results) {
  const sum = (key) => results.reduce((all, { usage }) => all + usage[key], 0);
  const number = (value) => value.toLocaleString('en-US').replaceAll(',', ' ');
  const edits = results.flatMap((one) => one.edits.map((edit) => edit.status));
  terminal.title('Sum');
  terminal.say(
    '',
    `edits ${edits.join(', ')}; ${number(sum('input'))} tokens in, ${number(sum('output'))} out, ${number(sum('cacheRead'))} from the cache; ` +
      `$${sum('cost').toFixed(6)}${options.model ? '' : ' at the prices of the scripted model'}`,
  );
  terminal.line();
}

process.once('SIGINT', async () => {
  terminal.line();
  await tidy();
  process.exit(130);
});

try {
  const stage = await start();
  stage.lsp.onRequest('pi/confirm', consent);
  const who = options.model ? `your own Pi with ${options.model}` : 'the real Pi, with a scripted model in place of an account';
  terminal.line();
  terminal.line(`${terminal.bold('PiLsp')}: the Pi coding agent as a language server.`);
  terminal.say('', `This is ${who}, in a temporary folder. Pi's edits go to the editor, and wait there for you.`, terminal.dim);
  terminal.line();
  terminal.line(terminal.dim(`      ${FILE} in the editor, with what you have typed and not saved (+)`));
  terminal.buffer(UNSAVED, ON_DISK);
  const results = [];
  for (const step of story) results.push(await play(step, stage));
  total(results);
  const code = await stage.lsp.stop();
  if (code !== 0) throw new Error(`The server ended with exit code ${code}.`);
  await tidy();
} catch (error) {
  terminal.line();
  console.error(`The demo failed: ${error.message}`);
  await tidy();
  process.exit(1);
}

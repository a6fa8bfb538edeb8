// @ts-check
// `npm run bench`: the server beside pi-acp, the adapter that Pi's users run today, with one stand-in for Pi behind both.
//   npm run bench -- --json     the figures alone; --runs 9 for more of them; --endless 1000 for fewer runs in one server
import { parseArgs } from 'node:util';
import { setup } from './setup.mjs';

const { values: given } = parseArgs({
  options: { json: { type: 'boolean' }, runs: { type: 'string', default: '5' }, endless: { type: 'string', default: '10000' } },
});
const say = (text) => given.json || process.stderr.write(`${text}\n`);
const server = setup();
const { startPiAcp, startPilsp } = await import('./bench/contestants.mjs');
const { machine, median } = await import('./bench/machine.mjs');
const { DELTAS, EVENTS, edits, flood, floodBytes, models, paced, proposals, real, reviews, startUp, throughCat } = await import('./bench/runs.mjs');
const { conversation, endless, typing } = await import('./bench/large.mjs');
const { pluginStart } = await import('./bench/nvim.mjs');
const { activation } = await import('./bench/activation.mjs');
const { piNode } = await import('../tests/scripted-model/pi-command.mjs');

const runs = Math.max(1, Number(given.runs));
const options = { server, node: piNode() };
const contestants = { pilsp: startPilsp, piAcp: startPiAcp };

/** In turns, so that whatever else the machine does hits both. */
async function inTurns(times, measure) {
  /** @type {Record<string, any[]>} */
  const results = { pilsp: [], piAcp: [] };
  for (let run = 0; run < times; run++) for (const [name, start] of Object.entries(contestants)) results[name].push(await measure(start, options));
  return results;
}

const medians = (list, key) => median(list.map((one) => one[key]));
const both = (results, key) => ({ pilsp: medians(results.pilsp, key), piAcp: medians(results.piAcp, key) });

say(`starting (${2 * runs} runs each) …`);
await startUp(startPilsp, options); // the files are in the cache from here on
await startUp(startPiAcp, options);
const started = await inTurns(2 * runs, startUp);
say(`${EVENTS} text deltas (${runs} runs each) …`);
const flooded = await inTurns(runs, flood);
const bytes = await floodBytes(options);
const copied = [];
for (let run = 0; run < runs; run++) copied.push(await throughCat(bytes));
say(`${DELTAS} text deltas one by one, from the stand-in and from the real Pi (${runs} runs each) …`);
const onePaced = await inTurns(runs, paced);
const oneReal = await inTurns(runs, real);
say('edits …');
const small = await edits(options, { bytes: 4_000, count: 100 });
const large = await edits(options, { bytes: 5_000_000, count: 50 });
const shown = await proposals(options, { bytes: 4_000, count: 50 });
const reviewed = await reviews(options, { bytes: 5_000_000, hunks: 1_000, count: 9 });
const typed = await typing(options, { bytes: 1_000_000, waiting: 20, count: 50 });
const plugin = pluginStart(9);
say('a long conversation, and one run after another …');
const taken = await conversation(options, { bytes: 57_000_000, pages: 10 });
const goesOn = Math.max(10, Number(given.endless));
const { atMiB } = await endless(options, { runs: goesOn, every: goesOn / 10 });
say('models …');
const thousand = await models(options, { count: 1_000, times: 30 });
say('activation in VS Code …');
const activated = await activation(Math.min(3, runs));

/**
 * @typedef {object} Figure
 * @property {number | null} pilsp
 * @property {number | null} piAcp
 * @property {string} unit
 * @property {string} what
 * @property {{ratio?: number, limit?: number, below: boolean}} [goal]
 * @property {number} [limit] what no server can do better
 * @property {number | null} [ratio]
 * @property {boolean | null} [met]
 */

/** @type {Record<string, Figure>} */
const figures = {
  initializeMs: { ...both(started, 'initializeMs'), unit: 'ms', what: 'spawn → answer to initialize', goal: { ratio: 0.1, below: true } },
  memoryStartMiB: { ...both(started, 'memoryMiB'), unit: 'MiB', what: 'resident after initialize', goal: { ratio: 0.22, below: true } },
  memoryRunMiB: { ...both(flooded, 'memoryRunMiB'), unit: 'MiB', what: 'resident after a small run', goal: { ratio: 0.3, below: true } },
  memoryFloodMiB: { ...both(flooded, 'memoryFloodMiB'), unit: 'MiB', what: `resident after ${EVENTS / 1000}k events`, goal: { ratio: 0.38, below: true } },
  eventsPerSecond: {
    ...both(flooded, 'eventsPerSecond'),
    unit: '/s',
    what: 'events',
    limit: medians(copied, 'eventsPerSecond'),
    goal: { ratio: 7, below: false },
  },
  bytesOut: { ...both(flooded, 'bytesOut'), unit: 'bytes', what: `bytes to the editor for ${EVENTS / 1000}k events` },
  cpuSeconds: { ...both(flooded, 'cpuSeconds'), unit: 's', what: `processor time for ${EVENTS / 1000}k events` },
  cpuPacedSeconds: {
    ...both(onePaced, 'cpuSeconds'),
    unit: 's',
    what: `processor time for ${DELTAS / 1000}k deltas one by one`,
    goal: { ratio: 0.25, below: true },
  },
  cpuRealSeconds: {
    ...both(oneReal, 'cpuSeconds'),
    unit: 's',
    what: `processor time for ${DELTAS / 1000}k deltas of the real Pi`,
    goal: { ratio: 0.25, below: true },
  },
  editSmallMs: { pilsp: median(small.editMs), piAcp: null, unit: 'ms', what: "Pi's write → applyEdit, 4 KB file", goal: { limit: 0.5, below: true } },
  editLargeMs: { pilsp: median(large.editMs), piAcp: null, unit: 'ms', what: "Pi's write → applyEdit, 5 MB file", goal: { limit: 50, below: true } },
  wholeSmallMs: { pilsp: median(small.wholeMs), piAcp: null, unit: 'ms', what: "Pi's read and write → applyEdit, 4 KB file" },
  wholeLargeMs: { pilsp: median(large.wholeMs), piAcp: null, unit: 'ms', what: "Pi's read and write → applyEdit, 5 MB file" },
  shownMs: { pilsp: shown && median(shown), piAcp: null, unit: 'ms', what: "Pi's write → diagnostics of the proposal" },
  reviewMs: { pilsp: median(reviewed.shownMs), piAcp: null, unit: 'ms', what: 'the same, 1,000 changes in a 5 MB file', goal: { limit: 1000, below: true } },
  stallMs: { pilsp: median(reviewed.stallMs), piAcp: null, unit: 'ms', what: '  slowest other request meanwhile' },
  typedMs: { pilsp: median(typed), piAcp: null, unit: 'ms', what: 'didChange with 20 proposals in a 1 MB file', goal: { limit: 5, below: true } },
  peakMiB: { pilsp: taken.peakMiB, piAcp: null, unit: 'MiB', what: 'peak with a 57 MB conversation', goal: { limit: 150, below: true } },
  pageMs: { pilsp: median(taken.pageMs), piAcp: null, unit: 'ms', what: '  a page of its transcript' },
  endlessStartMiB: { pilsp: atMiB[0], piAcp: null, unit: 'MiB', what: `resident after ${goesOn / 10} runs with an edit` },
  endlessMiB: { pilsp: atMiB.at(-1), piAcp: null, unit: 'MiB', what: `resident after ${goesOn}` },
  pluginMs: { pilsp: plugin && median(plugin), piAcp: null, unit: 'ms', what: "the Neovim plugin's share of a start", goal: { limit: 1, below: true } },
  listModelsMs: {
    pilsp: median(thousand.listMs),
    piAcp: null,
    unit: 'ms',
    what: '1,000 models listed',
    limit: median(thousand.standInMs),
    goal: { limit: 100, below: true },
  },
  pickModelMs: {
    pilsp: median(thousand.pickMs),
    piAcp: median(thousand.peerPickMs),
    unit: 'ms',
    what: 'one of 1,000 models set',
    goal: { limit: 100, below: true },
  },
  activationMs: {
    pilsp: activated && median(activated),
    piAcp: null,
    unit: 'ms',
    what: 'activation of the VS Code extension, by VS Code',
    goal: { limit: 200, below: true },
  },
};
for (const one of Object.values(figures)) {
  one.ratio = one.piAcp ? one.pilsp / one.piAcp : null;
  const reached = one.goal?.limit !== undefined ? one.pilsp : one.ratio;
  const wanted = one.goal?.limit ?? one.goal?.ratio;
  one.met = one.goal && reached !== null ? (one.goal.below ? reached <= wanted : reached >= wanted) : null;
}
const versions = { pilsp: started.pilsp[0].version, piAcp: started.piAcp[0].version };

if (given.json) console.log(JSON.stringify({ machine: machine(), versions, runs, figures }, null, 2));
else print();

function print() {
  console.log(
    `\n${machine()}; medians; pilsp ${versions.pilsp}, pi-acp ${versions.piAcp} on the Node that runs Pi; Pi itself is a stand-in where nothing else is said\n`,
  );
  const row = (what, a, b, ratio, goal) => console.log(`${what.padEnd(44)}${a.padStart(13)}${b.padStart(13)}${ratio.padStart(9)}  ${goal}`.trimEnd());
  row('', 'pilsp', 'pi-acp', 'ratio', 'goal');
  for (const { what, pilsp, piAcp, ratio, unit, goal, met, limit } of Object.values(figures)) {
    row(
      what,
      show(pilsp, unit),
      show(piAcp, unit),
      ratio === null ? '' : `${ratio.toPrecision(2)}×`,
      goal ? `${wording(goal, unit)} ${met === null ? '' : met ? 'met' : 'MISSED'}` : '',
    );
    if (limit)
      row(
        unit === '/s' ? '  the same bytes through cat' : '  the stand-in alone, asked directly',
        show(limit, unit),
        '',
        `${(pilsp / limit).toPrecision(2)}×`,
        'pilsp to the limit',
      );
  }
  console.log('\npi-acp has no edits to compare: Pi writes the files itself there.');
}

/** @param {NonNullable<Figure['goal']>} goal @param {string} unit */
function wording({ ratio, limit, below }, unit) {
  return `${below ? '≤' : '≥'} ${limit === undefined ? `${ratio}×` : `${limit} ${unit}`}`;
}

function show(value, unit) {
  if (value === null) return '–';
  if (unit === 'bytes') return value >= 1e6 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e3).toFixed(0)} kB`;
  if (unit === '/s') return `${Math.round(value).toLocaleString('en-US').replaceAll(',', ' ')} /s`;
  return `${value.toFixed(value < 10 ? 2 : 1)} ${unit}`;
}

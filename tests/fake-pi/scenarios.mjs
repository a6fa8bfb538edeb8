/**
 * What the fake Pi can be told to do. `FAKE_PI_SCENARIO` is a name from this table, or JSON with the same fields,
 * which may start from a named one: `{"base": "text", "ignoreSigterm": true}`.
 *
 * @typedef {object} Scenario
 * @property {{stdout?: string, stderr?: string, code?: number, hang?: boolean}} [version] what `--version` does
 * @property {{stderr?: string, code?: number, signal?: string, hang?: boolean}} [start] instead of serving
 * @property {"none" | {nonce?: string, challenge?: string, v?: number, tools?: {name: string, source: string, active: boolean}[],
 *   silent?: boolean, raw?: string}} [gate] how the gate's part is played wrongly; `tools` replace those of the same name
 * @property {Action[][]} [runs] one list for each prompt; the last one serves all further prompts
 * @property {Record<string, Action[]>} [commands] extension commands besides the gate's: they start no run
 * @property {object[] | number} [models] instead of the two standard ones; a number makes up that many; empty for a Pi without credentials
 * @property {boolean} [ignoreSigterm] and the end of stdin too
 * @property {{detached?: boolean}} [grandchild] a child of its own; its pid goes to the file FAKE_PI_GRANDCHILD
 * @property {Record<string, string>} [refuse] commands that are answered with this error
 * @property {string[]} [mute] commands that are never answered
 * @property {boolean} [newer] with the fields that Pi 1.5 has and 0.87 has not
 *
 * @typedef {object} Action exactly one of:
 * @property {string | string[]} [text] deltas of the answer
 * @property {string | string[]} [thinking]
 * @property {number} [flood] so many text deltas, "0 ", "1 ", "2 ", …
 * @property {number} [paced] the same, each in a write of its own and at the real Pi's pace
 * @property {number} [bigText] one delta of so many characters
 * @property {Tool | Tool[]} [tools] one assistant message with these calls; several run at once
 * @property {object} [dialog] an `extension_ui_request` of a foreign extension, and the wait for its answer
 * @property {object} [notify] the same without a wait
 * @property {string} [retry] the message so far fails with this error and is tried again
 * @property {object} [event] a record as it is
 * @property {string} [raw] a line as it is
 * @property {string} [half] the beginning of a line, and no end
 * @property {string} [bytes] base64, as they are
 * @property {number} [longLine] a valid record of so many bytes
 * @property {string} [waitFor] goes on when a command of this type has come
 * @property {{code?: number, signal?: string, stderr?: string}} [crash]
 * @property {"abortable" | "deaf"} [hang] until `abort`, or for ever
 * @property {object} [afterSettled] a dialog that opens when the run is over
 *
 * @typedef {object} Tool
 * @property {string} tool `edit` {path, oldText, newText}, `write` {path, text}, `read` {path},
 *   any other {input, output, isError, source}, which needs consent
 * @property {boolean} [abandon] the gate stops waiting for its write by itself, as on a timeout
 * @property {object} [crash] ends the process while its write waits
 */

const hello = 'Hello from the fake Pi.';
const edit = { tool: 'edit', path: 'notes.txt', oldText: 'old', newText: 'new' };

/** @type {Record<string, Scenario>} */
export const scenarios = {
  // Well-behaved
  text: { runs: [[{ text: ['Hello ', 'from ', 'the fake Pi.'] }]] },
  edit: { runs: [[{ text: 'I will change it.' }, { tools: edit }, { text: 'Done.' }]] },
  write: { runs: [[{ tools: { tool: 'write', path: 'new.txt', text: 'line 1\n' } }, { text: 'Written.' }]] },
  'two-edits-one-file': {
    runs: [[{ tools: [edit, { ...edit, oldText: 'second', newText: '2nd' }] }, { text: 'Done.' }]],
  },
  'two-files': { runs: [[{ tools: [edit, { ...edit, path: 'other.txt' }] }, { text: 'Done.' }]] },
  bash: { runs: [[{ tools: { tool: 'bash', input: { command: 'echo hi' }, output: 'hi\n' } }, { text: 'Ran.' }]] },
  stages: { runs: [[{ thinking: ['Let me ', 'think.'] }, { tools: { tool: 'read', path: 'notes.txt' } }, { tools: edit }, { text: hello }]] },
  retry: { runs: [[{ text: 'half' }, { retry: '529 overloaded' }, { text: hello }]] },
  compaction: {
    runs: [
      [
        { text: hello },
        { event: { type: 'compaction_start', reason: 'threshold' } },
        {
          event: {
            type: 'compaction_end',
            reason: 'threshold',
            aborted: false,
            willRetry: false,
            result: { summary: 's', firstKeptEntryId: 'e', tokensBefore: 150_000, estimatedTokensAfter: 32_000, details: {} },
          },
        },
      ],
    ],
  },
  steered: { runs: [[{ text: 'Waiting.' }, { waitFor: 'steer' }]] },
  command: { commands: { hey: [{ notify: { message: 'hey yourself', notifyType: 'info' } }] }, runs: [[{ text: hello }]] },
  'no-models': { models: [], refuse: { prompt: 'No API key found for the selected model.' } },
  newer: { newer: true, version: { stdout: '1.5.2\n' }, runs: [[{ text: hello }]] },

  // --version
  'other-program': { version: { stdout: 'pi 2.4 - computes digits of pi\n' } },
  'version-garbage': { version: { stdout: '\u0000\u0001\u0002' } },
  'version-hangs': { version: { hang: true } },
  'version-fails': { version: { stderr: 'SyntaxError: Unexpected token\n', code: 1 } },

  // Starting
  'crash-at-start': { start: { stderr: 'Error: Cannot find module "left-pad"\n    at somewhere\n', code: 1 } },
  'silent-exit': { start: { code: 0 } },
  'hang-at-start': { start: { hang: true } },
  'deaf-at-start': { mute: ['get_state', 'get_commands'] },

  // During a run
  'crash-in-run': { runs: [[{ text: 'I was about to' }, { crash: { stderr: 'FATAL ERROR: heap out of memory\n', code: 134 } }]] },
  'killed-in-run': { runs: [[{ text: 'I was about to' }, { crash: { signal: 'SIGKILL' } }]] },
  'crash-in-edit': { runs: [[{ tools: { ...edit, crash: { code: 7 } } }]] },
  'hang-in-run': { mute: ['abort'], runs: [[{ text: 'Thinking' }, { hang: 'deaf' }]] },
  'long-run': { runs: [[{ text: 'Working' }, { hang: 'abortable' }]] },
  'silent-end': { runs: [[{ text: 'bye' }, { crash: { code: 0 } }]] },

  // Strange records
  'half-line': { mute: ['abort'], runs: [[{ text: 'one' }, { half: '{"type":"message_upd' }, { hang: 'deaf' }]] },
  garbage: {
    runs: [
      [
        { raw: 'Warning: something printed to stdout' },
        { text: 'a' },
        { raw: '{"type":"message_update","assistantMessageEvent":' },
        { raw: '' },
        { raw: 'null' },
        { raw: '[]' },
        { raw: '{"type":5}' },
        { raw: '{}' },
        { bytes: 'eyJ0eXBlIjoi//4ifQo=' }, // a record with bytes that are no UTF-8
        { event: { type: 'quantum_entangled', with: { deep: [1, 2, 3] } } },
        { event: { type: 'message_update', usage: {}, assistantMessageEvent: { type: 'smell_delta', contentIndex: 9, delta: '!' } } },
        { event: { type: 'extension_ui_request', id: 'ui-unknown', method: 'hologram', title: '?' } },
        { raw: '{"type":"response","id":"nobody-asked","command":"get_state","success":true,"data":{}}' },
        { raw: '{"type":"queue_update","steering":[],"followUp":[],"priority":"high"}\r' },
        { text: 'b' },
      ],
    ],
  },
  separators: { runs: [[{ text: ['line\u2028separator', '\u2029paragraph', ' \u0085next \r\n end'] }]] },
  'big-text': { runs: [[{ bigText: 3 * 1024 * 1024 }]] },
  'long-line': { runs: [[{ text: 'before ' }, { longLine: 96 * 1024 * 1024 }, { text: 'after' }]] },
  flood: { runs: [[{ flood: 100_000 }]] },

  // The gate
  'no-gate': { gate: 'none', runs: [[{ text: 'I am a model that was sent a strange word.' }]] },
  'wrong-nonce': { gate: { nonce: 'ffffffffffffffffffffffffffffffff' }, runs: [[{ text: hello }]] },
  'wrong-challenge': { gate: { challenge: 'replayed' }, runs: [[{ text: hello }]] },
  'silent-gate': { gate: { silent: true }, runs: [[{ text: hello }]] },
  'garbled-gate': { gate: { raw: '{"v":3,"nonce":' }, runs: [[{ text: hello }]] },
  'foreign-edit': {
    gate: { tools: [{ name: 'edit', source: '/home/user/.pi/agent/extensions/my-edit.ts', active: true }] },
    runs: [[{ text: hello }]],
  },
  'builtin-edit': { gate: { tools: [{ name: 'edit', source: '<builtin:edit>', active: true }] }, runs: [[{ text: hello }]] },

  // Processes
  'ignores-sigterm': { ignoreSigterm: true, mute: ['abort'], runs: [[{ text: 'still here' }, { hang: 'deaf' }]] },
  grandchild: { grandchild: {}, runs: [[{ text: 'with child' }, { hang: 'abortable' }]] },
  'detached-grandchild': { grandchild: { detached: true }, runs: [[{ text: 'with child' }, { hang: 'abortable' }]] },

  // Dialogs
  dialog: { runs: [[{ dialog: { method: 'select', title: 'Which?', options: ['one', 'two'] } }, { text: hello }]] },
  confirm: { runs: [[{ dialog: { method: 'confirm', title: 'Sure?', message: 'Really?' } }, { text: hello }]] },
  'late-dialog': { runs: [[{ text: hello }, { afterSettled: { method: 'confirm', title: 'Still there?', message: 'The run is over.' } }]] },
  'abandoned-edit': { runs: [[{ tools: { ...edit, abandon: true } }, { text: 'Nobody answered.' }]] },
};

/** @returns {Scenario} */
export function scenarioOf(given = 'text') {
  if (!given.trimStart().startsWith('{')) return named(given);
  const { base = 'text', ...fields } = JSON.parse(given);
  return { ...named(base), ...fields };
}

function named(name) {
  const scenario = scenarios[name];
  if (!scenario) throw new Error(`no scenario "${name}"; there are: ${Object.keys(scenarios).join(', ')}`);
  return scenario;
}

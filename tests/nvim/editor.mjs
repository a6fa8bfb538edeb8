// A real Neovim with the plugin, driven through its API: keys go in as a user types them, the screen's state comes out.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { piCli, piNode } from '../scripted-model/pi-command.mjs';
import { makePiHome } from '../scripted-model/pi-home.mjs';
import { startScriptedModel } from '../scripted-model/server.mjs';
import { MARK, commandLine, markedWith, poll } from '../wire/processes.mjs';
import { server } from '../wire/stage.mjs';
import { Decoder, encode } from './msgpack.mjs';
import { neovims } from './nvim.mjs';

/**
 * One suite for each Neovim that the plugin is for.
 * @param {string} what
 * @param {(start: (t: import('node:test').TestContext, options?: object) => ReturnType<typeof startEditor>) => void} tests
 */
export function inEachNeovim(what, tests) {
  const fitting = neovims().filter(({ version }) => !/^0\.\d\./.test(version));
  for (const { command, version } of fitting) describe(`${what}, in Neovim ${version}`, () => tests((t, options) => startEditor(t, command, options)));
  if (fitting.length > 0) return;
  const reason = 'no Neovim 0.10 or newer; tests/nvim/fetch-newer.sh gets some, PILSP_TEST_NVIM names them';
  test(what, { skip: process.env.CI ? false : reason }, () => assert.fail(reason));
}

const plugin = fileURLToPath(new URL('../../extension/nvim', import.meta.url));

const CALL_DEADLINE = 60_000;

/** Records what is asked and said, and answers pickers as the test says: by label, or never. */
const WITNESS = `
  _G.seen = { asked = {}, said = {}, inputs = {} }
  _G.answers, _G.texts = {}, {}
  vim.notify = function(text, level) table.insert(_G.seen.said, text) end
  vim.ui.select = function(items, options, done)
    local labels = vim.tbl_map(options.format_item or tostring, items)
    table.insert(_G.seen.asked, { prompt = options.prompt, labels = labels, mode = vim.api.nvim_get_mode().mode })
    local wanted = table.remove(_G.answers, 1)
    if wanted == 'never' then _G.hanging = done return end
    for index, label in ipairs(labels) do
      if wanted and label:find(wanted, 1, true) then return done(items[index], index) end
    end
    done(nil, nil)
  end
  vim.ui.input = function(options, done)
    table.insert(_G.seen.inputs, options.prompt)
    done(table.remove(_G.texts, 1))
  end
`;

/**
 * @param {import('node:test').TestContext} t the test that ends it
 * @param {string} command the Neovim
 * @param {object} options
 * @param {object[]} [options.script] the model's steps
 * @param {Record<string, string>} [options.files] the workspace
 * @param {string} [options.open] the file to begin with
 * @param {object} [options.settings] the server's
 * @param {object} [options.options] the plugin's
 * @param {string} [options.init] further lines of the init.lua
 * @param {boolean} [options.ownPickers] leave vim.ui and vim.notify as they are
 * @param {object} [options.home] options for Pi's home
 */
async function startEditor(t, command, { script = [], files = {}, open, settings = {}, options = {}, init = '', ownPickers = false, home = {} } = {}) {
  // Taken down in the reverse order, all of it, also when the start fails half-way.
  const takeDown = [];
  t.after(async () => {
    const outcomes = [];
    for (const one of takeDown.reverse()) outcomes.push(...(await Promise.allSettled([one()])));
    const failed = outcomes.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  });
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'pilsp-nvim-')));
  takeDown.push(() => rmSync(place, { recursive: true, force: true, maxRetries: 3 }));
  const model = await startScriptedModel({ script });
  takeDown.push(() => model.close());
  const pi = await makePiHome({ url: model.url, ...home });
  takeDown.push(() => pi.remove());
  const workspace = join(place, 'ws');
  const path = (name) => join(workspace, name);
  const write = (name, text) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  };
  mkdirSync(workspace);
  for (const [name, text] of Object.entries(files)) write(name, text);
  const config = { server, quiet_ms: 0, ...options, settings: { command: piCli(), nodePath: piNode(), ...settings } };
  const rc = join(place, 'init.lua');
  writeFileSync(rc, `vim.opt.rtp:prepend(${JSON.stringify(plugin)})\nvim.g.pi = vim.json.decode(${JSON.stringify(JSON.stringify(config))})\n${init}\n`);
  const homes = Object.fromEntries(['CONFIG', 'DATA', 'STATE', 'CACHE'].map((kind) => [`XDG_${kind}_HOME`, join(place, kind.toLowerCase())]));
  const mark = randomUUID();
  const child = spawn(command, ['--embed', '--headless', '-n', '-i', 'NONE', '-u', rc, ...(open ? [open] : [])], {
    cwd: workspace,
    env: { ...pi.fullEnv(), ...homes, [MARK]: mark },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  child.stdin.on('error', () => {});

  const waiting = new Map();
  let last = 0;
  const decoder = new Decoder();
  child.stdout.on('data', (chunk) => {
    for (const [type, id, error, result] of decoder.push(chunk)) {
      if (type !== 1) continue;
      if (!waiting.has(id)) continue;
      const { resolve, reject } = waiting.get(id);
      waiting.delete(id);
      if (error) reject(new Error(`Neovim: ${error[1] ?? JSON.stringify(error)}`));
      else resolve(result);
    }
  });
  void closed.then(() => {
    for (const { reject } of waiting.values()) reject(new Error(`Neovim has ended: ${stderr}`));
  });
  const call = (method, ...args) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      const late = setTimeout(() => waiting.get(id)?.reject(new Error(`Neovim has not answered ${method}: it waits for a key? ${stderr}`)), CALL_DEADLINE);
      const settled = (settle) => (value) => {
        clearTimeout(late);
        settle(value);
      };
      waiting.set(id, { resolve: settled(resolve), reject: settled(reject) });
      child.stdin.write(encode([0, id, method, args]));
    });
  const lua = (code, ...args) => call('nvim_exec_lua', code, args);
  const state = async () =>
    JSON.stringify({ seen: ownPickers ? null : await lua('return _G.seen'), lines: await lua('return vim.api.nvim_buf_get_lines(0, 0, -1, false)') });

  takeDown.push(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.stdin.write(encode([0, 0, 'nvim_command', ['qall!']]));
      const late = setTimeout(() => child.kill('SIGKILL'), 5000);
      await closed;
      clearTimeout(late);
    }
    try {
      await poll(
        'the end of every process of this Neovim',
        () => markedWith(mark).length === 0,
        () => markedWith(mark).map(commandLine),
      );
    } finally {
      for (const pid of markedWith(mark)) process.kill(pid, 'SIGKILL');
    }
  });
  if (!ownPickers) await lua(WITNESS);

  const editor = {
    command,
    model,
    pi,
    child,
    workspace,
    path,
    write,
    call,
    lua,
    uri: (name) => pathToFileURL(path(name)).href,
    disk: (name) => readFileSync(path(name), 'utf8'),
    processes: () => markedWith(mark),
    closed,
    /** Keys as a user types them. @param {string} text with `<Esc>`, `<CR>` and the like */
    keys: (text) => call('nvim_input', text),
    /** A line of the command line, typed. @param {string} line */
    ex: (line) => call('nvim_input', `<Esc>:${line.replaceAll('<', '<lt>')}<CR>`),
    /** Waits until Neovim itself asks for words. */
    prompted: () => poll('a prompt of Neovim', async () => (await call('nvim_get_mode')).mode === 'c'),
    /** Waits until this Lua expression is true. @param {string} what @param {string} expression */
    until: (what, expression, ...args) =>
      poll(
        what,
        () => lua(`return ${expression}`, ...args),
        async () => `${expression} in ${await state()}; ${stderr}`,
      ),
    /** The lines of a file's buffer. @param {string} name */
    lines: (name) => lua('return vim.api.nvim_buf_get_lines(vim.fn.bufnr(...), 0, -1, false)', path(name)),
    /** What the user has been told. */
    said: () => lua('return _G.seen.said'),
    saidLike: (pattern) => poll(`a note like ${pattern}`, async () => (await lua('return _G.seen.said')).find((one) => pattern.test(one)), state),
    /** The questions that were put to the user. */
    asked: () => lua('return _G.seen.asked'),
    /** What the next pickers are answered with. @param {...string} labels parts of them; 'never' leaves one open */
    answer: (...labels) => lua('vim.list_extend(_G.answers, {...})', ...labels),
    /** What is typed into the next text fields. @param {...string} words */
    text: (...words) => lua('vim.list_extend(_G.texts, {...})', ...words),
    edits: () => lua(`return vim.tbl_map(function(e) return { id = e.id, uri = e.uri, hunks = #require('pi.state').waiting(e) } end, require('pi').edits())`),
    /** Waits for so many open hunks. @param {number} count */
    hunks: (count) => editor.until(`${count} open hunks`, `require('pi').status().changes == ...`, count),
    idle: () => editor.until('the end of the run', `not require('pi').status().running and #require('pi').edits() == 0`),
    /** The chat's text. */
    chat: () =>
      lua(`for _, b in ipairs(vim.api.nvim_list_bufs()) do
        if vim.api.nvim_buf_get_name(b):match('^pi://chat') then return table.concat(vim.api.nvim_buf_get_lines(b, 0, -1, false), '\\n') end
      end`),
    /**
     * What stands on the screen, as lines; kept as a file of this name, to be looked at.
     * @param {string} name
     */
    screen: async (name) => {
      const lines = await lua(`vim.cmd('redraw!')
        local lines = {}
        for row = 1, vim.o.lines do
          local cells = {}
          for column = 1, vim.o.columns do
            cells[column] = vim.fn.screenstring(row, column)
          end
          lines[row] = (table.concat(cells):gsub('%s+$', ''))
        end
        return lines`);
      const out = fileURLToPath(new URL('out/', import.meta.url));
      mkdirSync(out, { recursive: true });
      writeFileSync(join(out, `${name}.txt`), `${lines.join('\n')}\n`);
      return lines.join('\n');
    },
    told: () => model.toolResults().map((one) => one.text),
  };
  return editor;
}

/** The bare server as docs/editors/neovim.md sets it up: its own lines are run, each in the Neovims that it names. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { neovims, play } from './nvim.mjs';

const page = readFileSync(new URL('../../docs/editors/neovim.md', import.meta.url), 'utf8');
const blocks = [...page.slice(page.indexOf('## The bare server')).matchAll(/^ *```lua\n([\s\S]*?)^ *```/gm)].map((one) => one[1]);
/** The one with this in it. */
const block = (what) => blocks.find((one) => one.includes(what)) ?? assert.fail(`no configuration with ${what} on the page`);

const configurations = {
  'vim.lsp.enable': (version) => version[1] >= 11,
  'vim.lsp.start(': (version) => version[1] >= 8 && version[1] < 11,
  'vim.lsp.start_client': (version) => version[1] === 7,
};

for (const { command, version } of neovims()) {
  describe(`the page for Neovim ${version}`, () => {
    test('asks and stops by code action; the conversation opens and grows, beside the file, and one server serves both', async () => {
      const numbers = version.split('.').map(Number);
      const [name] = Object.entries(configurations).find(([, fits]) => fits(numbers));
      const seen = await play(command, {
        driver: 'page.lua',
        files: { '.git/HEAD': 'ref: refs/heads/main\n', 'a.js': 'function add(a, b) {\n  return a - b;\n}\n' },
        open: 'a.js',
        script: [
          { text: ['It is ', 'the first answer.'], chunkDelayMs: 700 },
          { text: 'And the second answer.' },
          { text: 'The third', hang: true },
          { text: 'A last one.' },
        ],
        answer: '',
        configuration: [block(name), block('checktime'), ...(numbers[1] >= 11 ? [block('"PiAsk"')] : [])],
        opensByItself: numbers[1] >= 8,
        askInWords: numbers[1] >= 11,
      });
      assert.doesNotMatch(seen.first, /first answer/);
      assert.match(seen.conversation, /## You[\s\S]*Explain this[\s\S]*It is the first answer\.[\s\S]*And the second answer\.[\s\S]*The third[\s\S]*Stopped/);
      assert.equal(seen.modified, false);
      assert.equal(seen.stayed, true, 'the user stays in the file');
      assert.equal(seen.windows, 2);
      assert.equal(seen.servers, 1);
    });
  });
}

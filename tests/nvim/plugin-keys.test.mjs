/** API keys that the user's own commands give: they reach Pi's environment and nothing else. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { commandLine, poll } from '../wire/processes.mjs';
import { says } from '../wire/steps.mjs';
import { inEachNeovim } from './editor.mjs';

const KEY = 'sk-private-0123456789abcdef';

inEachNeovim('keys of the user’s own', (startEditor) => {
  const start = (t, keys, options = {}) =>
    startEditor(t, {
      files: { 'a.txt': 'one\n', 'vault/groq': `${KEY}\nuser: somebody\n` },
      open: 'a.txt',
      script: [says('hi'), says('hi again')],
      options: { keys, log_level: 'Debug' },
      // Neovim's own log of the protocol would have every request.
      init: `vim.lsp.set_log_level('trace')`,
      ...options,
    });
  const environments = (vim) =>
    vim.processes().flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/environ`, 'utf8')];
      } catch {
        return [];
      }
    });

  test('the first line of a command is the key, which is in Pi’s environment and nowhere else', async (t) => {
    const vim = await start(t, { groq: ['cat', 'vault/groq'] });
    for (const round of [1, 2]) {
      await vim.ex('Pi ask hello');
      await vim.until('the end of the run', `#vim.tbl_filter(function(s) return s == 'Pi: done.' end, _G.seen.said) == ...`, round);
      assert.ok(environments(vim).some((one) => one.includes(`GROQ_API_KEY=${KEY}\0`)));
      assert.equal(
        await vim.lua(`local r require('pi').execute('pi.listProviders', {}, function(_, result) r = result end)
        vim.wait(10000, function() return r end)
        return vim.iter(r.providers):find(function(p) return p.id == 'groq' end).source`),
        'client',
      );
      if (round === 1) {
        await vim.ex('Pi restart');
        await vim.saidLike(/resumed/);
      }
    }
    await vim.ex('checkhealth pi');
    await vim.until('the report', `vim.bo.filetype == 'checkhealth' and vim.fn.search('a prompt can be sent', 'n') > 0`);
    const shown =
      await vim.lua(`local all = { vim.fn.execute('messages'), vim.fn.execute('history all'), vim.inspect(_G.seen), vim.inspect(vim.fn.getreg('"')) }
      for _, b in ipairs(vim.api.nvim_list_bufs()) do vim.list_extend(all, vim.api.nvim_buf_get_lines(b, 0, -1, false)) end
      return table.concat(all, '\\n')`);
    assert.match(shown, /keys of your own for: groq/);
    assert.ok(!shown.includes(KEY));
    const place = dirname(vim.workspace);
    const files = readdirSync(place, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const holding = files.map((one) => join(one.parentPath ?? one.path, one.name)).filter((file) => readFileSync(file, 'utf8').includes(KEY));
    assert.deepEqual(holding, [vim.path('vault/groq')]);
    const logs = files.filter((one) => /^(pilsp|lsp)\.log$/.test(one.name)).map((one) => readFileSync(join(one.parentPath ?? one.path, one.name), 'utf8'));
    assert.equal(logs.length, 2);
    assert.ok(logs.some((one) => one.includes('pi.ask')));
    for (const pid of vim.processes()) assert.ok(!commandLine(pid).includes(KEY));
  });

  test('a command that fails is said by provider and exit code, and what it wrote is not', async (t) => {
    const vim = await start(t, { groq: ['sh', '-c', `echo ${KEY}; echo ${KEY} >&2; exit 3`], mistral: ['/nowhere/pass'], openai: 'sk-slip-of-the-pen' });
    await vim.ex('Pi ask hello');
    await vim.saidLike(/Pi: done/);
    await vim.saidLike(/the key of groq, sh, failed with exit code 3/);
    await vim.saidLike(/the key of mistral, \/nowhere\/pass, does not start/);
    await vim.saidLike(/"keys\.openai" must be a command/);
    const said = JSON.stringify(await vim.said());
    assert.doesNotMatch(said, /sk-/);
    assert.ok(environments(vim).every((one) => !one.includes('GROQ_API_KEY=')));
  });

  test('a command that hangs is ended, and Pi is asked all the same', async (t) => {
    const vim = await start(t, { groq: ['sleep', '1000'] });
    await vim.lua(`require('pi.server.keys').deadline_ms = 200`);
    await vim.ex('Pi ask hello');
    await vim.saidLike(/the key of groq, sleep, took longer than 1 s and was ended/);
    await vim.saidLike(/Pi: done/);
    await poll('the end of sleep', () => !vim.processes().some((pid) => commandLine(pid).startsWith('sleep')));
  });

  test('a function gives a key, too', async (t) => {
    const vim = await start(
      t,
      {},
      { init: `require('pi').setup({ keys = { groq = function() return '${KEY}' end, mistral = function() error('${KEY}') end } })` },
    );
    await vim.ex('Pi ask hello');
    await vim.saidLike(/Pi: done/);
    await vim.saidLike(/the function for the key of mistral failed/);
    assert.ok(environments(vim).some((one) => one.includes(`GROQ_API_KEY=${KEY}\0`)));
    assert.doesNotMatch(JSON.stringify(await vim.said()), /sk-/);
  });
});

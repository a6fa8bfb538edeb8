// A conversation of another folder does not bring that folder's commands into this window.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { stageFor } from '../stage.mjs';
import { bash, calls, says } from '../steps.mjs';

/** A stored conversation that belongs to another folder. */
async function withForeign(t, more = {}) {
  const stage = await stageFor(t, { script: [says('Hello.'), ...(more.script ?? [])], ...more.options });
  await stage.ask('hello');
  const { sessionFile } = await stage.lsp.command('pi.status');
  const other = realpathSync(mkdtempSync(join(tmpdir(), 'pilsp-other-')));
  t.after(() => rmSync(other, { recursive: true, force: true }));
  const [header, ...rest] = readFileSync(sessionFile, 'utf8').split('\n');
  const foreign = join(other, basename(sessionFile));
  writeFileSync(foreign, [JSON.stringify({ ...JSON.parse(header), id: 'f0e1d2c3-0000-7000-8000-000000000000', cwd: other }), ...rest].join('\n'));
  return { stage, other, foreign };
}

for (const command of ['pi.resumeSession', 'pi.switchSession', 'pi.cloneSession', 'pi.forkSession'])
  test(`failure 24: ${command} of another folder's conversation never works there`, async (t) => {
    const { stage, other, foreign } = await withForeign(t, { script: [calls(bash('pwd > where')), says('Done.')] });
    const before = (await stage.lsp.command('pi.status')).sessionId;
    const argument = command === 'pi.forkSession' ? { path: foreign, entryId: '00000000' } : { path: foreign };
    if (command !== 'pi.cloneSession') {
      await assert.rejects(
        stage.lsp.command(command, argument),
        (error) => error.message.includes(`belongs to ${other}`) && error.message.includes('clone the session into this folder'),
      );
      assert.equal((await stage.lsp.command('pi.status')).sessionId, before);
      return;
    }
    const { sessionId, path: sessionFile } = await stage.lsp.command(command, argument);
    const asked = stage.ask('go', { sessionId });
    (await stage.lsp.nextQuestion()).answer('Allow');
    assert.equal((await asked).text, 'Done.');
    assert.equal(stage.disk('where').trim(), stage.workspace);
    assert.equal(existsSync(join(other, 'where')), false);
    assert.match(stage.told().at(-1), /Changed on disk, outside the user's review: where/);
    const header = JSON.parse(readFileSync(sessionFile, 'utf8').split('\n')[0]);
    assert.deepEqual([header.cwd, header.parentSession], [stage.workspace, foreign]);
    assert.match(JSON.stringify(stage.model.requests.at(-1)), /hello.*Hello\./);
  });

test('a conversation whose folder is gone goes on here as a copy', async (t) => {
  const { stage, other, foreign } = await withForeign(t, { script: [says('Here again.')] });
  const kept = stage.path('kept.jsonl');
  writeFileSync(kept, readFileSync(foreign));
  rmSync(other, { recursive: true });
  await assert.rejects(stage.lsp.command('pi.resumeSession', { path: kept }), /does not exist any more\. To go on here, clone the session into this folder/);
  const { sessionId } = await stage.lsp.command('pi.cloneSession', { path: kept });
  assert.equal((await stage.ask('and now?', { sessionId })).text, 'Here again.');
});

test('in a folder that holds the sessions of several workspaces, those of others are left alone', async (t) => {
  const { stage, foreign } = await withForeign(t);
  const { folder } = await stage.lsp.command('pi.listSessions');
  const path = join(folder, `2020-01-01T00-00-00-000Z_f0e1d2c3-0000-7000-8000-000000000000.jsonl`);
  writeFileSync(path, readFileSync(foreign));
  await assert.rejects(stage.lsp.command('pi.renameSession', { path, name: 'mine' }), /session of another folder/);
});

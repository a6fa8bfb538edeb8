// A formatter that works on the lines of an edit at once, or when they are saved.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageFor } from '../stage.mjs';
import { calls, edit, says } from '../steps.mjs';

const CODE = 'const a = 1;\nconst b = 2;\n';
const settings = { permissionMode: 'acceptEdits' };

/** The user's formatter has its way with the buffer. */
const format = (stage, uri, from, to) => stage.lsp.type(uri, { offset: stage.lsp.text(uri).indexOf(from), length: from.length, text: to });

async function stageWith(t, newText) {
  const stage = await stageFor(t, { files: { 'a.ts': CODE }, settings, script: [calls(edit('a.ts', ['const b = 2;', newText])), says('Done.')] });
  return { stage, uri: await stage.open('a.ts') };
}

test('failure 27: a formatter lays the lines out anew before the editor reports: applied, with what it reads now, and it can be undone', async (t) => {
  const { stage, uri } = await stageWith(t, 'const b=f(x,y);');
  stage.lsp.applyMode = async (_, honestly) => {
    const answer = await honestly();
    await format(stage, uri, 'const b=f(x,y);', 'const b = f(\n  x,\n  y,\n);');
    return answer;
  };
  const { edits, runId } = await stage.ask('go');
  assert.deepEqual(edits, [{ uri, status: 'applied' }]);
  assert.match(stage.told()[0], /^Applied to a\.ts\..*What stands there now:\n```\nconst b = f\(\n {2}x,\n {2}y,\n\);\n```/s);
  stage.lsp.applyMode = 'honest';
  const undone = await stage.lsp.command('pi.undoRun', { runId });
  assert.deepEqual([undone.files[0].status, stage.lsp.text(uri)], ['restored', CODE]);
  assert.match(undone.files[0].reason, /laid out anew/);
});

test('failure 27: a formatter puts other quotes and semicolons: applied, then changed', async (t) => {
  const { stage, uri } = await stageWith(t, "const b = 'two words'");
  stage.lsp.applyMode = async (_, honestly) => {
    const answer = await honestly();
    await format(stage, uri, "const b = 'two words'", 'const b = "two words";');
    return answer;
  };
  assert.deepEqual((await stage.ask('go')).edits, [{ uri, status: 'applied' }]);
  assert.match(stage.told()[0], /applied, then changed.*const b = "two words";/s);
});

test('failure 27: after format-on-save the run is still undone, and what the user has typed elsewhere stays', async (t) => {
  const { stage, uri } = await stageWith(t, 'const b=f(x,y);');
  const { runId } = await stage.ask('go');
  await format(stage, uri, 'const b=f(x,y);', 'const b = f(x, y);');
  await stage.lsp.type(uri, { offset: 0, text: '// mine\n' });
  const undone = await stage.lsp.command('pi.undoRun', { runId });
  assert.deepEqual([undone.files[0].status, stage.lsp.text(uri)], ['restored', `// mine\n${CODE}`]);
  assert.match(undone.files[0].reason, /laid out anew/);
});

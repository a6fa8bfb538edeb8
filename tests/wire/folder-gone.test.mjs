// The workspace's folder is renamed while Pi runs in it: the user hears of it before anything is asked there.
import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { test } from 'node:test';
import { stageFor } from './stage.mjs';
import { says } from './steps.mjs';

test('a folder that was renamed while Pi runs gets no prompt, and the next one when it is back', async (t) => {
  const stage = await stageFor(t, { files: { 'a.txt': 'one\n' }, script: [says('Here.'), says('Here again.')] });
  assert.equal((await stage.ask('where are you?')).text, 'Here.');
  renameSync(stage.workspace, `${stage.workspace}-renamed`);
  t.after(() => renameBack(stage));
  await assert.rejects(
    stage.ask('and now?'),
    (error) => error.message.includes(stage.workspace) && /renamed, moved or deleted.*No prompt was sent/.test(error.message),
  );
  assert.equal(stage.model.requests.length, 1);
  renameBack(stage);
  assert.equal((await stage.ask('and now?')).text, 'Here again.');
});

function renameBack(stage) {
  try {
    renameSync(`${stage.workspace}-renamed`, stage.workspace);
  } catch {
    // It is back already.
  }
}

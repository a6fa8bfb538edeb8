// Permission modes, by setting and by command.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { stageFor } from './stage.mjs';
import { bash, calls, edit, read, says, write } from './steps.mjs';

const files = { 'notes.txt': 'one\ntwo\n' };
const both = () => [calls(edit('notes.txt', ['two', '2']), bash('touch proof')), says('Done.')];
const seen = (stage) => ({ text: stage.lsp.text(stage.uri('notes.txt')), disk: stage.disk('notes.txt'), ran: existsSync(stage.path('proof')) });

const ways = {
  'the setting': async (t, mode, script) => stageFor(t, { files, script, settings: { permissionMode: mode } }),
  'pi.setPermissionMode': async (t, mode, script) => {
    const stage = await stageFor(t, { files, script });
    assert.deepEqual(await stage.lsp.command('pi.setPermissionMode', { mode }), { mode });
    return stage;
  },
};

for (const mode of ['readOnly', 'ask', 'acceptEdits', 'full']) {
  test(`${mode}: Pi's own grep, find and ls look around unasked`, async (t) => {
    const look = ['grep', 'find', 'ls'].map((name) => ({ name, arguments: { path: '.', pattern: name === 'find' ? '*.txt' : 'two' } }));
    const settings = { permissionMode: mode, extraArgs: ['--tools', 'read,grep,find,ls'] };
    const stage = await stageFor(t, { files, script: [calls(...look), says('Done.')], settings });
    await stage.ask('go');
    assert.equal(stage.lsp.questions.length, 0);
    // Where the machine has no rg and no fd, the first two say so; the gate has let them go all the same.
    const [grep, find, ls] = stage.told();
    assert.match(grep, /notes\.txt:2|ripgrep|rg/);
    assert.match(find, /notes\.txt|fd/);
    assert.equal(ls, 'notes.txt');
    for (const one of [grep, find]) assert.doesNotMatch(one, /readOnly|allow|consent|asked/);
  });
}

for (const [how, staged] of Object.entries(ways)) {
  test(`readOnly by ${how}: nothing is asked and nothing is changed, but reading works`, async (t) => {
    const stage = await staged(t, 'readOnly', [calls(read('notes.txt')), ...both()]);
    await stage.open('notes.txt');
    await stage.ask('go');
    assert.deepEqual(seen(stage), { text: 'one\ntwo\n', disk: 'one\ntwo\n', ran: false });
    assert.equal(stage.lsp.questions.length, 0);
    assert.match(stage.told()[0], /two/);
    assert.match(stage.told()[1], /readOnly/);
    assert.match(stage.told()[2], /readOnly/);
    assert.equal((await stage.lsp.command('pi.status')).permissionMode, 'readOnly');
  });

  test(`acceptEdits by ${how}: edits land unasked in the buffer, commands are asked for`, async (t) => {
    const stage = await staged(t, 'acceptEdits', both());
    await stage.open('notes.txt');
    const asked = stage.ask('go');
    const question = await stage.lsp.nextQuestion();
    assert.match(question.message, /touch proof/);
    question.answer('Reject');
    const { edits } = await asked;
    assert.deepEqual(
      edits.map((one) => one.status),
      ['applied'],
    );
    assert.equal(stage.lsp.questions.length, 1);
    assert.deepEqual(seen(stage), { text: 'one\n2\n', disk: 'one\ntwo\n', ran: false });
  });

  test(`full by ${how}: edits land in the buffer and commands run, unasked`, async (t) => {
    const stage = await staged(t, 'full', both());
    await stage.open('notes.txt');
    await stage.ask('go');
    assert.equal(stage.lsp.questions.length, 0);
    assert.equal(seen(stage).text, 'one\n2\n');
    assert.equal(seen(stage).ran, true);
  });

  test(`full by ${how}: a file outside the workspace is asked for all the same`, async (t) => {
    const stage = await staged(t, 'full', []);
    const outside = `${stage.pi.dir}/outside.txt`;
    stage.model.add(calls(write(outside, 'text\n')), says('Done.'));
    const asked = stage.ask('go');
    (await stage.lsp.nextQuestion()).answer('Reject');
    await asked;
    assert.equal(existsSync(outside), false);
  });
}

test('a mode that does not exist is refused and changes nothing', async (t) => {
  const stage = await stageFor(t, { files, script: both() });
  await assert.rejects(stage.lsp.command('pi.setPermissionMode', { mode: 'yolo' }), /"mode" must be one of readOnly, ask, acceptEdits, full/);
  await assert.rejects(stage.lsp.command('pi.setPermissionMode'), /"mode" is missing/);
  assert.equal((await stage.lsp.command('pi.status')).permissionMode, 'ask');
});

test('a mode changed during a run counts from the next tool on', async (t) => {
  const stage = await stageFor(t, { files, script: [calls(edit('notes.txt', ['one', '1'])), calls(edit('notes.txt', ['two', '2'])), says('Done.')] });
  const uri = await stage.open('notes.txt');
  const asked = stage.ask('go');
  const question = await stage.lsp.nextQuestion();
  await stage.lsp.command('pi.setPermissionMode', { mode: 'readOnly' });
  question.answer('Apply');
  await asked;
  assert.equal(stage.lsp.text(uri), '1\ntwo\n');
  assert.match(stage.told()[1], /readOnly/);
});

test('a refused mode in the settings keeps the old one', async (t) => {
  const stage = await stageFor(t, { files, script: both(), settings: { permissionMode: 'readOnly' } });
  await stage.open('notes.txt');
  await stage.lsp.waitFor('workspace/configuration');
  await stage.edits('an answer, after which the settings are known', () => true);
  await stage.lsp.setConfiguration({ pi: { ...stage.lsp.configuration.pi, permissionMode: 'everything' } });
  await stage.lsp.waitFor('window/showMessage', ({ message }) => message.includes('pi.permissionMode'));
  await stage.ask('go');
  assert.deepEqual(seen(stage), { text: 'one\ntwo\n', disk: 'one\ntwo\n', ran: false });
});

// A \r that is no line end: LSP counts a line there, the editors that keep it do not. And what saving does to a file.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageFor as staged } from '../stage.mjs';
import { calls, edit, read, says } from '../steps.mjs';

const PROGRESS = 'progress 10%\rprogress 50%\rdone\nkeep one\nkeep two\nfoo\nkeep three\nkeep four\n';
const bar = PROGRESS.replace('foo', 'bar');
const stageFor = (t, { settings, ...more }) => staged(t, { settings: { approval: 'commands', permissionMode: 'acceptEdits', ...settings }, ...more });

test('failure 19: below a lone CR an edit lands on its line, and so does what is typed afterwards', async (t) => {
  const stage = await stageFor(t, {
    files: { 'log.txt': PROGRESS },
    script: [calls(edit('log.txt', ['foo', 'bar'])), calls(edit('log.txt', ['keep four', 'kept'])), says('Done.')],
  });
  const uri = await stage.open('log.txt');
  await stage.ask('please');
  assert.equal(stage.lsp.text(uri), bar.replace('keep four', 'kept'));
  assert.match(stage.told()[0], /^Applied to log\.txt/);
  stage.model.add(calls(read('log.txt')), says('Read.'));
  await stage.lsp.type(uri, { range: { start: { line: 4, character: 0 }, end: { line: 4, character: 4 } }, text: 'still' });
  await stage.ask('read it');
  assert.equal(stage.told().at(-1), stage.lsp.text(uri));
  assert.match(stage.lsp.text(uri), /^bar\nstill three\nkept$/m);
});

test('failure 19: marks stand where the client counts', async (t) => {
  const stage = await stageFor(t, {
    files: { 'log.txt': PROGRESS },
    settings: { permissionMode: 'ask' },
    script: [calls(edit('log.txt', ['foo', 'bar'])), says('Done.')],
  });
  const uri = await stage.open('log.txt');
  const asked = stage.ask('please');
  const { diagnostics } = await stage.lsp.waitFor('textDocument/publishDiagnostics', (p) => p.uri === uri && p.diagnostics.length === 1);
  assert.deepEqual(diagnostics[0].range, { start: { line: 3, character: 0 }, end: { line: 4, character: 0 } });
  await stage.lsp.command('pi.applyEdit', {});
  await asked;
  assert.equal(stage.lsp.text(uri), bar);
});

test('failure 19: a text whose lines end with CR alone is not edited, and the model knows why', async (t) => {
  const mac = 'one\rtwo\rthree\r';
  const stage = await stageFor(t, { files: { 'mac.txt': mac }, script: [calls(edit('mac.txt', ['two', '2'])), says('I see.')] });
  const uri = await stage.open('mac.txt');
  await stage.ask('please');
  assert.equal(stage.lsp.text(uri), mac);
  assert.match(stage.told()[0], /cannot be edited here: its lines end with a carriage return alone.*not changed/);
});

test('failure 19: what is saved puts a damaged mirror right', async (t) => {
  const stage = await stageFor(t, { files: { 'a.txt': 'one\ntwo\n' }, script: [calls(read('a.txt')), calls(edit('a.txt', ['two', '2'])), says('Done.')] });
  const uri = await stage.open('a.txt');
  // Neovim's :set ff=dos tells nothing.
  stage.lsp.documents.get(uri).text = 'one\r\ntwo\r\n';
  await stage.lsp.save(uri);
  await stage.ask('please');
  assert.equal(stage.lsp.text(uri), 'one\r\n2\r\n');
});

test('failure 19: what saving will do to a file is told before the edit, to the user and to the model', async (t) => {
  const latin1 = Buffer.from('caf\xe9\nprice\n', 'latin1');
  const stage = await stageFor(t, {
    files: { 'lost.txt': latin1, 'kept.txt': latin1, 'mixed.txt': 'a\r\nb\nc\r\n' },
    settings: { approval: 'message' },
    script: [
      calls(edit('lost.txt', ['price', 'prices'])),
      calls(edit('kept.txt', ['price', 'prices'])),
      calls(edit('kept.txt', ['prices', 'prices → 3'])),
      calls(edit('mixed.txt', ['b', 'B'])),
      says('Done.'),
    ],
  });
  // As VS Code, as Neovim, as VS Code opens them.
  await stage.open('lost.txt', 'caf\uFFFD\nprice\n');
  await stage.open('kept.txt', 'café\nprice\n');
  await stage.open('mixed.txt', 'a\nb\nc\n');
  const asked = stage.ask('please');
  const questions = [];
  for (let i = 0; i < 2; i++) {
    const question = await stage.lsp.nextQuestion();
    questions.push(question.message);
    // Clients with a review of their own show it there.
    const { edits } = await stage.lsp.command('pi.listEdits');
    assert.match(edits.find((one) => one.status === 'open').careful, /the file is not UTF-8/);
    question.answer('Apply');
  }
  await asked;
  const told = stage.told();
  assert.match(told[0], /^Applied to lost\.txt.*saving it destroys those bytes/);
  assert.equal(told[1], 'Applied to kept.txt.');
  assert.match(told[2], /^Applied to kept\.txt.*saving may damage characters.*"→"/);
  assert.match(told[3], /^Applied to mixed\.txt.*line ends of several kinds/);
  assert.equal(stage.lsp.questions.length, 2, 'what loses something is asked for in every mode, the rest is not');
  assert.match(questions[0], /lost\.txt.*Careful: .*destroys those bytes/);
  assert.match(questions[1], /kept\.txt.*Careful: .*"→"/);
});

test('failure 19: a saved buffer is not taken for older than its disk for its line ends, its encoding or a last line end', async (t) => {
  const files = {
    'crlf.txt': 'one\r\ntwo\r\n',
    'last.txt': 'one\ntwo\n',
    'latin1.txt': Buffer.from('caf\xe9\n', 'latin1'),
    'utf16.txt': Buffer.from('\uFEFFcaf\xe9\n', 'utf16le'),
    'bom.txt': '\uFEFFone\r\n',
  };
  const stage = await stageFor(t, { files, script: [...Object.keys(files).map((name) => calls(read(name))), says('Done.')] });
  const texts = { 'crlf.txt': 'one\ntwo\n', 'last.txt': 'one\ntwo', 'latin1.txt': 'café\n', 'utf16.txt': 'café\n', 'bom.txt': 'one\n' };
  for (const [name, text] of Object.entries(texts)) {
    const uri = await stage.open(name, text);
    await stage.lsp.notify('textDocument/didSave', { textDocument: { uri }, text });
  }
  await stage.ask('please');
  assert.deepEqual(stage.told(), Object.values(texts));
});

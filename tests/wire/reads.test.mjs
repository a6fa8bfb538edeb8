// What is read only after the user was asked: the setting askToRead, in every mode, by every tool that shows a file's lines.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { headlessFor } from './headless-stage.mjs';
import { stageFor } from './stage.mjs';
import { calls, read, says } from './steps.mjs';

const SECRET = 'TOKEN=hush\n';
const grep = (pattern, path) => ({ name: 'grep', arguments: { pattern, ...(path ? { path } : {}) } });

/** As much of ripgrep as Pi uses: there is none where the tests run, and it cannot be fetched. */
const RG = `#!${process.execPath}
const { readdirSync, readFileSync, statSync } = require('node:fs');
const [pattern, place] = process.argv.slice(process.argv.indexOf('--') + 1);
const within = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
const files = statSync(place).isDirectory() ? within(place).map((one) => one.parentPath + '/' + one.name) : [place];
for (const text of files.sort())
  readFileSync(text, 'utf8').split('\\n').forEach((line, i) => {
    if (line.includes(pattern)) console.log(JSON.stringify({ type: 'match', data: { path: { text }, lines: { text: line + '\\n' }, line_number: i + 1 } }));
  });
`;

/** A stage whose Pi has a grep. */
async function searching(t, options) {
  const settings = { extraArgs: ['--tools', 'read,edit,write,bash,grep,ls'], ...options.settings };
  const stage = await stageFor(t, { ...options, settings, home: { extra: { files: { 'bin/rg': RG } } } });
  chmodSync(join(stage.pi.dir, 'bin/rg'), 0o755);
  return stage;
}

/** A file outside the workspace. */
function outside(stage, name, text) {
  const path = join(stage.pi.dir, 'elsewhere', name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

for (const permissionMode of ['readOnly', 'ask', 'full']) {
  test(`secrets (the default) in the mode ${permissionMode}: a key is read only when the user says so, wherever it lies`, async (t) => {
    const stage = await stageFor(t, { files: { '.env': SECRET, 'notes.txt': 'plain\n', '.env.example': 'TOKEN=\n' }, settings: { permissionMode } });
    const key = outside(stage, '.ssh/id_rsa', 'a private key\n');
    stage.model.add(calls(read('.env')), calls(read(key)), calls(read('notes.txt'), read('.env.example'), read('/etc/hostname')), says('Done.'));
    const asked = stage.ask('go');
    const first = await stage.lsp.nextQuestion();
    assert.match(first.message, /^Pi wants to read \.env\. Careful: it may hold keys or credentials\.$/);
    first.answer('Reject');
    const second = await stage.lsp.nextQuestion();
    assert.ok(second.message.includes(key), second.message);
    second.answer('Allow');
    await asked;
    const told = stage.told();
    assert.match(told[0], /did not allow/);
    assert.doesNotMatch(told.join(), /hush/);
    assert.match(told[1], /a private key/);
    assert.match(told[2], /plain/);
    assert.equal(stage.lsp.questions.length, 2);
  });
}

test('Always allow is for that file, is listed, and can be taken back', async (t) => {
  const stage = await stageFor(t, { files: { '.env': SECRET, 'deep/.env': 'OTHER=1\n' } });
  stage.model.add(calls(read('.env')), calls(read('.env')), calls(read('deep/.env')), says('Done.'));
  const asked = stage.ask('go');
  (await stage.lsp.nextQuestion()).answer('Always allow');
  const other = await stage.lsp.nextQuestion();
  assert.match(other.message, /deep\/\.env/);
  other.answer('Reject');
  await asked;
  assert.deepEqual(
    stage.told().map((text) => text.includes('hush')),
    [true, true, false],
  );
  const { allowances } = await stage.lsp.command('pi.listAllowances');
  assert.deepEqual(
    allowances.map((one) => one.readPath),
    [stage.path('.env')],
  );
  await stage.lsp.command('pi.revokeAllowance', { all: true });
  stage.model.add(calls(read('.env')), says('Done.'));
  const again = stage.ask('go');
  (await stage.lsp.nextQuestion()).answer('Reject');
  await again;
});

test('a link to a key is asked for as what it is; turned while the question stands, it gives nothing', async (t) => {
  const stage = await stageFor(t, { files: { 'notes.md': 'plain\n' } });
  const key = outside(stage, '.ssh/id_rsa', 'a private key\n');
  const other = outside(stage, '.ssh/id_ed25519', 'another private key\n');
  symlinkSync(key, stage.path('link.md'));
  stage.model.add(calls(read('link.md')), says('Done.'));
  const asked = stage.ask('go');
  const question = await stage.lsp.nextQuestion();
  assert.ok(question.message.includes(`link.md -> ${key}`), question.message);
  rmSync(stage.path('link.md'));
  symlinkSync(other, stage.path('link.md'));
  question.answer('Allow');
  await asked;
  assert.match(stage.told()[0], /link\.md leads elsewhere than a moment ago/);
});

test('outside: what lies outside the workspace is asked for, Pi’s own docs and skills are not; never: nothing is', async (t) => {
  const stage = await stageFor(t, {
    files: { '.env': SECRET, '.vscode/settings.json': '{}\n' },
    settings: { askToRead: 'outside' },
    home: { extra: { files: { 'skills/help/SKILL.md': '---\nname: help\ndescription: Helps.\n---\nThe skill.\n' } } },
  });
  const plain = outside(stage, 'plain.txt', 'plain\n');
  const skill = join(stage.pi.dir, 'skills/help/SKILL.md');
  stage.model.add(calls(read(plain)), calls(read(skill), read('.vscode/settings.json')), says('Done.'));
  const asked = stage.ask('go');
  const question = await stage.lsp.nextQuestion();
  assert.match(question.message, /plain\.txt\. Careful: it is outside the workspace/);
  question.answer('Reject');
  await asked;
  assert.match(stage.told()[1], /The skill/);
  await stage.lsp.setConfiguration({ pi: { ...stage.lsp.configuration.pi, askToRead: 'never' } });
  stage.model.add(calls(read(plain), read('.env')), says('Done.'));
  await stage.ask('go');
  assert.deepEqual([/plain/.test(stage.told().at(-2)), /hush/.test(stage.told().at(-1)), stage.lsp.questions.length], [true, true, 1]);
});

test('grep asks for a key by its path, and shows no line of one that a search has met', async (t) => {
  const stage = await searching(t, { files: { '.env': SECRET, 'a.txt': 'TOKEN is in .env:1: they say\n', 'sub/b.txt': 'no TOKEN\n' } });
  execFileSync('mkfifo', [stage.path('pipe')]);
  stage.model.add(calls(grep('TOKEN', '.env')), calls(grep('TOKEN')), calls(grep('x', 'pipe'), grep('KEY', '/proc/self/environ')), says('Done.'));
  const asked = stage.ask('go');
  const question = await stage.lsp.nextQuestion();
  assert.match(question.message, /^Pi wants to grep \.env\. Careful: it may hold keys or credentials\.$/);
  question.answer('Reject');
  await asked;
  const told = stage.told();
  assert.match(told[0], /did not allow/);
  assert.match(told[1], /a\.txt:1: TOKEN is in \.env:1: they say/);
  assert.match(told[1], /b\.txt/);
  assert.match(told[1], /\[What was found in \.env is left out: reading it needs the user's consent/);
  assert.doesNotMatch(told.join(), /hush/);
  assert.match(told[2], /is no file but a named pipe/);
  assert.match(told[3], /is no file but a part of the system/);
  assert.equal(stage.lsp.questions.length, 1);
});

test('grep and ls run unasked in every mode where they look at nothing private', async (t) => {
  const stage = await searching(t, { files: { 'a.txt': 'TOKEN\n' }, settings: { permissionMode: 'readOnly' } });
  stage.model.add(calls(grep('TOKEN'), { name: 'ls', arguments: {} }), says('Done.'));
  await stage.ask('go');
  assert.deepEqual(
    stage.told().map((text) => /a\.txt/.test(text)),
    [true, true],
    stage.told().join('\n'),
  );
  assert.equal(stage.lsp.questions.length, 0);
});

test('a mention of a key is the user’s consent, one of a link to it is not', async (t) => {
  const stage = await stageFor(t, { files: { '.env': SECRET }, script: [says('Done.')] });
  symlinkSync(stage.path('.env'), stage.path('notes.md'));
  const { items } = await stage.lsp.command('pi.resolveContext', { prompt: 'see @.env and @notes.md' });
  assert.match(items[0].text, /hush/);
  assert.match(items[1].problem, /it is a link to \.env, which may hold keys or credentials/);
});

test('the editor’s knowledge quotes no line of a key', async (t) => {
  const knowing = { capabilities: { experimental: { pi: { editor: true } } } };
  const stage = await stageFor(t, { files: { '.env': SECRET }, client: knowing });
  stage.model.add(calls({ name: 'definition', arguments: { path: '.env', line: 1, symbol: 'nothing' } }), says('Done.'));
  await stage.ask('go');
  assert.doesNotMatch(stage.told()[0], /hush/);
});

test('pilsp ask refuses what would be asked, with the reason', async (t) => {
  const stage = await headlessFor(t, { files: { '.env': SECRET }, script: [calls(read('.env')), says('Done.')] });
  const done = await stage.ask(['--permission-mode', 'full', 'go']);
  assert.equal(done.code, 0, done.stderr);
  assert.match(stage.told()[0], /\.env may hold keys or credentials: reading it needs the user's consent, and nobody can be asked here/);
});

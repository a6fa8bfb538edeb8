// What is asked for in every mode, what may be allowed in advance, and what an untrusted workspace cannot loosen.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { stageFor } from '../stage.mjs';
import { bash, calls, edit, says, write } from '../steps.mjs';

const full = { permissionMode: 'full' };
const touching = (command = 'touch proof') => [calls(bash(command)), says('Done.')];

/** What Pi writes is asked for; the message is returned, and the answer is no. */
async function refused(stage, prompt = 'go') {
  const asked = stage.ask(prompt);
  const question = await stage.lsp.nextQuestion();
  question.answer('Reject');
  await asked;
  return question.message;
}

const PROTECTED = [
  '.git/config',
  '.git/hooks/pre-commit',
  '.git',
  'sub/.git',
  '.env',
  '.ENV',
  '.env.local',
  '.envrc',
  'deep/.env.production',
  'server.pem',
  'tls/private.key',
  'id_ed25519',
  '.ssh/authorized_keys',
  '.npmrc',
  'aws-credentials.json',
  '.vscode/tasks.json',
  '.pi/settings.json',
];

test('repositories, keys, credentials and what decides about trust are asked for even in the mode full', async (t) => {
  const stage = await stageFor(t, { settings: full });
  for (const path of PROTECTED) {
    stage.model.add(calls(write(path, 'text\n')), says('Done.'));
    const message = await refused(stage);
    assert.ok(message.includes(path) && /Careful: it is protected by/.test(message), message);
    assert.equal(existsSync(stage.path(path)), false);
  }
});

test('an ordinary file beside them is not asked for in the mode full', async (t) => {
  const names = ['src/git.js', 'environment.ts', 'keyboard.txt'];
  const stage = await stageFor(t, { settings: full, script: [calls(...names.map((name) => write(name, 'text\n'))), says('Done.')] });
  assert.deepEqual(
    (await stage.ask('go')).edits.map((one) => one.status),
    ['applied', 'applied', 'applied'],
  );
  assert.equal(stage.lsp.questions.length, 0);
});

test('a link that leads out of the workspace is asked for, a link inside is not', async (t) => {
  const stage = await stageFor(t, { settings: full, files: { 'src/a.txt': 'old\n' } });
  const outside = `${stage.pi.dir}/outside`;
  mkdirSync(outside);
  writeFileSync(`${outside}/a.txt`, 'old\n');
  symlinkSync(outside, stage.path('out'));
  symlinkSync(stage.path('src'), stage.path('in'));
  symlinkSync(`${outside}/a.txt`, stage.path('file.txt'));
  for (const path of ['out/a.txt', 'out/new.txt', 'file.txt']) {
    stage.model.add(calls(write(path, 'new\n')), says('Done.'));
    assert.match(await refused(stage), /link leads it out of the workspace/);
  }
  const asked = stage.lsp.questions.length;
  stage.model.add(calls(edit('in/a.txt', ['old', 'new'])), says('Done.'));
  assert.equal((await stage.ask('go')).edits.at(-1).status, 'applied');
  assert.equal(stage.lsp.questions.length, asked);
});

test('a link to a protected file is protected like the file', async (t) => {
  const stage = await stageFor(t, { settings: full, files: { '.env': 'KEY=1\n' }, script: [calls(write('harmless.txt', 'KEY=2\n')), says('Done.')] });
  symlinkSync(stage.path('.env'), stage.path('harmless.txt'));
  assert.match(await refused(stage), /protected by/);
  assert.equal(stage.disk('.env'), 'KEY=1\n');
});

test('a path that climbs out is outside however it is written', async (t) => {
  const stage = await stageFor(t, { settings: full, script: [calls(write('src/../../outside.txt', 'text\n')), says('Done.')] });
  assert.match(await refused(stage), /outside the workspace/);
});

test('where no folder is open, no path is inside', async (t) => {
  const stage = await stageFor(t, { settings: full, client: { workspaceFolders: [] }, script: [calls(write('notes.txt', 'text\n')), says('Done.')] });
  assert.match(await refused(stage), /outside the workspace/);
});

test("protectedPaths are the user's own list, and null gives the default back", async (t) => {
  const stage = await stageFor(t, { settings: { ...full, protectedPaths: ['**/locked/**'] } });
  stage.model.add(calls(write('locked/a.txt', 'text\n')), says('Done.'));
  assert.match(await refused(stage), /protected by \*\*\/locked\/\*\*/);
  stage.model.add(calls(write('.env', 'text\n')), says('Done.'));
  assert.equal((await stage.ask('go')).edits[0].status, 'applied');
  await stage.lsp.setConfiguration({ pi: { ...stage.lsp.configuration.pi, protectedPaths: null } });
  stage.model.add(calls(write('.env', 'more\n')), says('Done.'));
  assert.match(await refused(stage), /\*\*\/\.env/);
});

test('neither acceptEdits nor an allowance covers a protected file', async (t) => {
  const stage = await stageFor(t, { settings: { permissionMode: 'acceptEdits' } });
  await stage.lsp.command('pi.allow', { tool: 'write' });
  await stage.lsp.command('pi.allow', { pathPattern: '**/*' });
  stage.model.add(calls(write('.env', 'text\n')), says('Done.'));
  assert.match(await refused(stage), /protected/);
});

test('an untrusted workspace asks in every mode, and nothing can be loosened there', async (t) => {
  const stage = await stageFor(t, {
    settings: { ...full, workspaceTrusted: false },
    files: { 'a.txt': 'old\n' },
    script: [calls(edit('a.txt', ['old', 'new']), bash('touch proof')), says('Done.')],
  });
  const asked = stage.ask('go');
  const messages = [];
  for (let i = 0; i < 2; i++) {
    const question = await stage.lsp.nextQuestion();
    messages.push(question.message);
    assert.ok(!question.actions.includes('Always allow'));
    question.answer('Reject');
  }
  await asked;
  assert.match(messages.join(), /a\.txt/);
  assert.match(messages.join(), /touch proof/);
  for (const mode of ['acceptEdits', 'full']) await assert.rejects(stage.lsp.command('pi.setPermissionMode', { mode }), /not trusted/);
  assert.deepEqual(await stage.lsp.command('pi.setPermissionMode', { mode: 'readOnly' }), { mode: 'readOnly' });
  await assert.rejects(stage.lsp.command('pi.allow', { tool: 'bash' }), /not trusted/);
  assert.deepEqual(await stage.lsp.command('pi.listAllowances'), { allowances: [] });
});

test('what was allowed counts no more when the workspace loses its trust', async (t) => {
  const stage = await stageFor(t, {});
  await stage.lsp.command('pi.allow', { shellCommand: 'touch proof' });
  await stage.lsp.setConfiguration({ pi: { ...stage.lsp.configuration.pi, workspaceTrusted: false } });
  stage.model.add(...touching());
  await refused(stage);
  assert.equal(existsSync(stage.path('proof')), false);
});

test('Always allow remembers a command by its exact words, and can be revoked', async (t) => {
  const stage = await stageFor(t, { script: [...touching(), ...touching(), ...touching('touch proof2')] });
  const first = stage.ask('go');
  const question = await stage.lsp.nextQuestion();
  assert.deepEqual(question.actions, ['Allow', 'Reject', 'Always allow']);
  question.answer('Always allow');
  await first;
  await stage.ask('again');
  assert.equal(stage.lsp.questions.length, 1);
  assert.match(await refused(stage, 'another'), /touch proof2/);
  const { allowances } = await stage.lsp.command('pi.listAllowances');
  assert.deepEqual(
    allowances.map(({ id, ...rest }) => rest),
    [{ shellCommand: 'touch proof' }],
  );
  assert.deepEqual(await stage.lsp.command('pi.revokeAllowance', { id: allowances[0].id }), { allowances: [] });
  stage.model.add(...touching());
  await refused(stage, 'once more');
});

for (const near of ['touch proof ', ' touch proof', 'touch proof; touch proof2', 'touch proof\ntouch proof2', 'TOUCH proof']) {
  test(`a command that is only nearly the allowed one is asked for: ${JSON.stringify(near)}`, async (t) => {
    const stage = await stageFor(t, { script: touching(near) });
    await stage.lsp.command('pi.allow', { shellCommand: 'touch proof' });
    await refused(stage);
    assert.equal(existsSync(stage.path('proof')), false);
  });
}

test('a tool and a path pattern can be allowed for the session', async (t) => {
  const stage = await stageFor(t, { files: { 'src/a.txt': 'old\n', 'b.txt': 'old\n' } });
  await stage.lsp.command('pi.allow', { pathPattern: 'src/**' });
  stage.model.add(calls(edit('src/a.txt', ['old', 'new']), edit('b.txt', ['old', 'new'])), says('Done.'));
  assert.match(await refused(stage), /b\.txt/);
  assert.equal(stage.lsp.text(stage.uri('src/a.txt')), 'new\n');
  await stage.lsp.command('pi.allow', { tool: 'bash' });
  stage.model.add(...touching());
  await stage.ask('run it');
  assert.equal(existsSync(stage.path('proof')), true);
  assert.equal((await stage.lsp.command('pi.revokeAllowance', { all: true })).allowances.length, 0);
  stage.model.add(...touching('touch proof2'));
  await refused(stage);
});

test('an allowance belongs to its session', async (t) => {
  const stage = await stageFor(t, {});
  await stage.lsp.command('pi.allow', { tool: 'bash' });
  stage.model.add(says('Hello.'), ...touching());
  await stage.ask('hello');
  const { sessionId } = await stage.lsp.command('pi.newSession');
  assert.deepEqual(await stage.lsp.command('pi.listAllowances', { sessionId }), { allowances: [] });
  await refused(stage);
  assert.equal(existsSync(stage.path('proof')), false);
});

test('an allowance that says nothing, or two things, is refused', async (t) => {
  const stage = await stageFor(t, {});
  for (const wrong of [{}, { tool: '' }, { tool: 'bash', pathPattern: '**' }, { tool: 7 }])
    await assert.rejects(stage.lsp.command('pi.allow', wrong), /pi\.allow: /);
  await assert.rejects(stage.lsp.command('pi.revokeAllowance', { id: 'w99' }), /no allowance "w99"/);
  assert.deepEqual(await stage.lsp.command('pi.listAllowances'), { allowances: [] });
});

test('a mode set for a session leaves the others alone', async (t) => {
  const stage = await stageFor(t, { script: [says('Hello.'), ...touching()] });
  await stage.lsp.command('pi.setPermissionMode', { mode: 'full' });
  await stage.ask('hello');
  await stage.lsp.command('pi.newSession');
  await refused(stage);
  assert.equal(existsSync(stage.path('proof')), false);
});

test('a foreign tool is asked for with its name, its whole input, and can be allowed by name', async (t) => {
  const deploy = { tool: 'mcp_deploy', input: { target: 'production', force: true }, output: 'deployed', source: '/x/mcp.ts' };
  const stage = await stageFor(t, { fake: { runs: [[{ tools: deploy }, { text: 'Done.' }]] } });
  const asked = stage.ask('deploy');
  const question = await stage.lsp.nextQuestion();
  assert.match(question.message, /mcp_deploy/);
  assert.match(question.message, /production[\s\S]*force/);
  question.answer('Always allow');
  await asked;
  await stage.ask('deploy again');
  assert.equal(stage.lsp.questions.length, 1);
  assert.deepEqual(
    (await stage.lsp.command('pi.listAllowances')).allowances.map((one) => one.tool),
    ['mcp_deploy'],
  );
});

test('a script that calls other tools is shown whole', async (t) => {
  const script = `${'await tools.write({ path: "x" });\n'.repeat(5)}await tools.bash({ command: "rm -rf precious" });`;
  const stage = await stageFor(t, {
    fake: { runs: [[{ tools: { tool: 'codemode', input: { description: 'harmless', code: script }, output: 'ok' } }, { text: 'Done.' }]] },
  });
  const asked = stage.ask('go');
  const question = await stage.lsp.nextQuestion();
  assert.match(question.message, /codemode[\s\S]*rm -rf precious/);
  question.answer('Reject');
  await asked;
});

test('a shell call with more than its command cannot be allowed by its words', async (t) => {
  const shell = (more) => ({ tool: 'bash', input: { command: 'touch proof', ...more }, output: '' });
  const stage = await stageFor(t, { fake: { runs: [[{ tools: shell({ env: { PATH: '/evil' } }) }, { text: 'Done.' }]] } });
  await stage.lsp.command('pi.allow', { shellCommand: 'touch proof' });
  const asked = stage.ask('go');
  const question = await stage.lsp.nextQuestion();
  assert.deepEqual(question.actions, ['Allow', 'Reject']);
  assert.match(question.message, /evil/);
  question.answer('Reject');
  await asked;
});

test('a client with a review of its own is asked by pi/confirm, and can allow for good', async (t) => {
  const stage = await stageFor(t, {
    client: { capabilities: { experimental: { pi: { proposals: true } } } },
    script: [...touching(), ...touching(), ...touching('touch proof2')],
  });
  const confirmed = [];
  stage.lsp.onRequest('pi/confirm', (params) => {
    confirmed.push(params);
    return confirmed.length === 1 ? { allow: true, always: true } : { allow: false, reason: 'not that one' };
  });
  await stage.ask('go');
  await stage.ask('again');
  await stage.ask('another');
  assert.deepEqual(
    confirmed.map((one) => [one.tool, one.what]),
    [
      ['bash', 'touch proof'],
      ['bash', 'touch proof2'],
    ],
  );
  assert.equal(existsSync(stage.path('proof2')), false);
  assert.match(stage.told().at(-1), /not that one/);
  assert.equal(stage.lsp.questions.length, 0);
});

for (const answer of [null, {}, { allow: 'yes' }, { allow: 1 }, 'ok']) {
  test(`an answer to pi/confirm that is no consent lets nothing run: ${JSON.stringify(answer)}`, async (t) => {
    const stage = await stageFor(t, { client: { capabilities: { experimental: { pi: { proposals: true } } } }, script: touching() });
    stage.lsp.onRequest('pi/confirm', () => answer);
    await stage.ask('go');
    assert.equal(existsSync(stage.path('proof')), false);
    assert.match(stage.told()[0], /did not (allow|run)|not run/);
  });
}

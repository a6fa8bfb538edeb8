// The repository's own files steer nothing past the trust: neither where the conversation is stored nor what the model reads.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { stageFor } from '../stage.mjs';
import { says } from '../steps.mjs';

const script = [says('Hello.')];
const untrusted = { workspaceTrusted: false };
/** Everything that the model was given with the first prompt. */
const given = (stage) => JSON.stringify(stage.model.requests[0]);
const warning = (stage) => stage.lsp.waitFor('window/showMessage');
const ownFolder = (stage) => join(stage.pi.dir, 'sessions', `--${realpathSync(stage.workspace).slice(1).replaceAll('/', '-')}--`);

/** A link in the workspace, before the server looks at it. */
function link(stage, name, target) {
  mkdirSync(dirname(stage.path(name)), { recursive: true });
  symlinkSync(target, stage.path(name));
}

function elsewhere(t) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pilsp-elsewhere-')));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

for (const [what, settings] of [
  ['an untrusted workspace', untrusted],
  ['a project that is not trusted', {}],
])
  test(`failure 24: ${what} does not name the folder in which the conversation is written`, async (t) => {
    const autostart = elsewhere(t);
    const stage = await stageFor(t, { files: { '.pi/settings.json': JSON.stringify({ sessionDir: join(autostart, 'autostart') }) }, settings, script });
    await stage.ask('hello');
    assert.deepEqual(readdirSync(autostart), []);
    const { sessionFile } = await stage.lsp.command('pi.status');
    assert.equal(dirname(sessionFile), ownFolder(stage));
    assert.equal((await stage.lsp.command('pi.listSessions')).sessions[0].path, sessionFile);
  });

for (const text of ['{"sessionDir": 5}', '{"sessionDir": "/proc/nowhere"}', '{ broken'])
  test(`failure 24: a project's settings do not keep Pi from starting: ${text}`, async (t) => {
    const stage = await stageFor(t, { files: { '.pi/settings.json': text }, script });
    assert.equal((await stage.ask('hello')).text, 'Hello.');
  });

test('failure 24: settings that Pi would wait for or read for ever are refused in words', async (t) => {
  const stage = await stageFor(t, { script });
  link(stage, '.pi/settings.json', '/dev/zero');
  await assert.rejects(stage.ask('hello'), /Pi was not started: it would read .*\.pi\/settings\.json.*Remove it/);
  assert.equal(stage.piProcesses().length, 0);
});

test("the user's own word for the folder counts, relative to the workspace, and a trusted project's", async (t) => {
  const own = await stageFor(t, { settings: { sessionDir: 'mine' }, script });
  await own.ask('hello');
  assert.equal(readdirSync(own.path('mine')).length, 1);
  assert.equal((await own.lsp.command('pi.listSessions')).sessions.length, 1);
  const trusted = await stageFor(t, { files: { '.pi/settings.json': '{"sessionDir": "theirs"}' }, settings: { trustProject: true }, script });
  await trusted.ask('hello');
  assert.equal(readdirSync(trusted.path('theirs')).length, 1);
});

test("a relative folder of Pi's own settings begins where Pi works, behind the link that the workspace was opened through", async (t) => {
  const folder = elsewhere(t);
  mkdirSync(join(folder, 'real/ws'), { recursive: true });
  symlinkSync(join(folder, 'real/ws'), join(folder, 'ws'));
  const stage = await stageFor(t, {
    home: { extra: { settings: { sessionDir: '../talks' } } },
    script,
    client: { cwd: join(folder, 'ws'), workspaceFolders: [join(folder, 'ws')] },
  });
  await stage.ask('hello');
  assert.equal(readdirSync(join(folder, 'real/talks')).length, 1);
  assert.equal((await stage.lsp.command('pi.listSessions')).sessions.length, 1);
});

test('failure 24: what is no file of the workspace does not go out as AGENTS.md, and the user is told', async (t) => {
  const folder = elsewhere(t);
  writeFileSync(join(folder, 'key'), 'PRIVATE-KEY');
  for (const [name, target] of [
    ['AGENTS.md', '/proc/self/environ'],
    ['CLAUDE.md', join(folder, 'key')],
    ['AGENTS.override.md', '.env'],
  ]) {
    const stage = await stageFor(t, { files: { '.env': 'PRIVATE-KEY' }, env: { PRIVATE: 'PRIVATE-KEY' }, script: [says('Hello.')] });
    link(stage, name, target);
    await stage.ask('hello');
    assert.doesNotMatch(given(stage), /PRIVATE-KEY/, name);
    assert.ok((await warning(stage)).message.includes(`${stage.path(name)} is a link to `), name);
  }
});

test('a link to another file of the workspace is followed, and so is what the folders above say', async (t) => {
  const folder = elsewhere(t);
  mkdirSync(join(folder, 'ws/docs'), { recursive: true });
  writeFileSync(join(folder, 'AGENTS.md'), 'FROM-ABOVE');
  writeFileSync(join(folder, 'ws/docs/agents.md'), 'FROM-DOCS');
  symlinkSync('docs/agents.md', join(folder, 'ws/AGENTS.md'));
  const stage = await stageFor(t, { script, client: { cwd: join(folder, 'ws'), workspaceFolders: [join(folder, 'ws')] } });
  await stage.ask('hello');
  assert.match(given(stage), /FROM-ABOVE.*FROM-DOCS/);
});

test('failure 24: a trusted project sends no key as its system prompt', async (t) => {
  const folder = elsewhere(t);
  writeFileSync(join(folder, 'key'), 'PRIVATE-KEY');
  const stage = await stageFor(t, { settings: { trustProject: true }, script });
  link(stage, '.pi/APPEND_SYSTEM.md', join(folder, 'key'));
  await stage.ask('hello');
  assert.doesNotMatch(given(stage), /PRIVATE-KEY/);
  assert.match((await warning(stage)).message, /APPEND_SYSTEM\.md is a link to/);
});

test('failure 24: nothing of an untrusted workspace reaches the model or runs', async (t) => {
  const extension = "import { writeFileSync } from 'node:fs';\nwriteFileSync('ran', 'yes');\nexport default () => {};\n";
  const skill = '---\nname: marked\ndescription: MARK-SKILL\n---\nMARK-SKILL\n';
  const server = { mcpServers: { evil: { command: 'touch', args: ['ran'] } } };
  const stage = await stageFor(t, {
    files: {
      'AGENTS.md': 'MARK-AGENTS',
      '.pi/AGENTS.md': 'MARK-PI-AGENTS',
      '.pi/SYSTEM.md': 'MARK-SYSTEM',
      '.pi/APPEND_SYSTEM.md': 'MARK-APPEND',
      '.pi/settings.json': JSON.stringify({ extensions: ['./evil.ts'], systemPrompt: 'MARK-SETTING', shellPath: './evil.sh', defaultModel: 'thinker-1' }),
      '.pi/evil.ts': extension,
      '.pi/extensions/evil.ts': extension,
      '.pi/prompts/marked.md': 'MARK-PROMPT',
      '.pi/skills/marked/SKILL.md': skill,
      '.agents/skills/marked/SKILL.md': skill,
      '.claude/skills/marked/SKILL.md': skill,
      '.pi/mcp.json': JSON.stringify(server),
      '.mcp.json': JSON.stringify(server),
    },
    settings: untrusted,
    script,
  });
  await stage.ask('hello');
  assert.doesNotMatch(given(stage), /MARK-/);
  assert.equal(stage.model.requests[0].model, 'scripted-1');
  assert.equal(existsSync(stage.path('ran')), false);
  const { commands } = await stage.lsp.command('pi.listCommands');
  assert.doesNotMatch(JSON.stringify(commands), /marked/);
});

test('what a trusted workspace says to the agent is read', async (t) => {
  const stage = await stageFor(t, { files: { 'AGENTS.md': 'MARK-AGENTS' }, script });
  await stage.ask('hello');
  assert.match(given(stage), /MARK-AGENTS/);
});

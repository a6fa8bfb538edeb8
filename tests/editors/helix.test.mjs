// Helix with nothing but a language server's entry in its configuration, driven by keys.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { stageEditor } from './editor-stage.mjs';
import { noTerminal } from './terminal.mjs';

const helix = process.env.PILSP_TEST_HELIX ?? 'hx';
const missing =
  noTerminal() ??
  (spawnSync(helix, ['--version']).status === 0
    ? null
    : 'Helix not found; install it or name it in PILSP_TEST_HELIX (tests/editors/fetch-helix.sh unpacks one)');
if (missing && process.env.CI) throw new Error(missing);

const TEXT = 'function add(a, b) {\n  return a - b;\n}\n\n// make it add\nadd(1, 2);\n';
const fix = { toolCalls: [{ name: 'edit', arguments: { path: 'a.js', edits: [{ oldText: 'a - b', newText: 'a + b' }] } }] };

// As docs/editors/helix.md gives it.
const languages = ({ server, args, settings }) => `
[language-server.pilsp]
command = ${JSON.stringify(server)}
args = ${JSON.stringify(args)}

[language-server.pilsp.config.pi]
${Object.entries(settings)
  .map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
  .join('\n')}

[[language]]
name = "javascript"
language-servers = ["pilsp"]

[[language]]
name = "markdown"
language-servers = ["pilsp"]
`;

async function open(t, { script, settings, text = TEXT }) {
  const stage = await stageEditor(t, {
    files: { 'a.js': text },
    script,
    settings,
    editor: (place) => ({ command: [helix, 'a.js'], files: { '.config/helix/languages.toml': languages(place) } }),
  });
  await stage.shows(/function add/);
  await stage.serverReady();
  return {
    ...stage,
    /** Chooses from the menu of code actions. */
    async choose(title) {
      stage.keys('Space', 'a');
      const menu = await stage.shows(/Ask Pi about this|Stop Pi|Pi: (apply|reject)/);
      // The first one is marked from the beginning.
      const entries = menu
        .match(/Ask Pi about this|Do what this comment says|Fix \S+ diagnostic|Stop Pi|Pi: (apply|reject|show) [\w ]+/g)
        .map((one) => one.trim());
      for (let i = 0; i < entries.indexOf(title); i++) stage.keys('Down');
      stage.keys('Enter');
    },
  };
}

describe('Helix', { skip: missing ?? false }, () => {
  test('asks by code action, and the conversation is a document that grows', async (t) => {
    const stage = await open(t, { script: [{ text: ['It takes ', 'the second away.'], hang: true }] });
    await stage.choose('Ask Pi about this');
    const seen = await stage.shows(/It takes the second away\.[\s\S]*Pi is working/);
    assert.match(seen, /pi-s1\.md/);
    assert.match(stage.model.lastUserText(), /return a - b;/);
    await stage.choose('Stop Pi');
    await stage.shows(/It takes the second away\.[\s\S]*Stopped/);
    // Back to the file, and out: what was never saved is the conversation alone.
    stage.type('ga');
    await stage.shows(/NOR.*a\.js /);
  });

  test('does what a comment says; the edit is approved in a question and is in the buffer only', async (t) => {
    const stage = await open(t, { script: [fix, { text: 'Done now.' }] });
    stage.type('5gg');
    await stage.choose('Do what this comment says');
    const question = await stage.shows(/Apply[\s\S]*Reject[\s\S]*Review/);
    assert.match(question, /a\.js/);
    stage.keys('Enter');
    await stage.shows(/Done now\./);
    assert.match(stage.told()[0], /^Applied to a\.js/);
    assert.equal(stage.disk('a.js'), TEXT);
    stage.type('ga');
    await stage.shows(/return a \+ b;/);
    stage.type('u');
    await stage.shows(/return a - b;/);
    stage.type('U:w');
    stage.keys('Enter');
    await stage.disk_has('a.js', /return a \+ b;/);
  });

  for (const [what, text] of [
    ['a lone CR', 'function add() { "1%\r2%"; }\n// make it add\n  return a - b;\nlast();\n'],
    ['CRLF and LF mixed', 'function add() {\r\n// make it add\n  return a - b;\r\nlast();\n'],
  ])
    test(`above the lines ${what}: the comment is found, and the edit lands on its line, before and after typing`, async (t) => {
      const again = { toolCalls: [{ name: 'edit', arguments: { path: 'a.js', edits: [{ oldText: 'last', newText: 'final' }] } }] };
      const stage = await open(t, { text, settings: { permissionMode: 'acceptEdits' }, script: [fix, { text: 'Done now.' }, again, { text: 'Once more.' }] });
      stage.type('2gg');
      await stage.choose('Do what this comment says');
      await stage.shows(/Done now\./);
      assert.match(stage.told()[0], /^Applied to a\.js/);
      stage.type('ga');
      await stage.shows(/return a \+ b;/);
      // A line of the user's above the odd one.
      stage.type('ggOtyped');
      stage.keys('Escape');
      await stage.shows(/typed/);
      stage.type('3gg');
      await stage.choose('Do what this comment says');
      await stage.shows(/final/);
      await stage.model.until('the result of the second edit', () => stage.told().length === 2);
      assert.match(stage.told().at(-1), /^Applied to a\.js/);
      stage.type(':w');
      stage.keys('Enter');
      await stage.disk_has('a.js', /final/);
      // What the user types ends as Helix takes the whole file to end: by its first line.
      const end = /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';
      assert.equal(stage.disk('a.js'), `typed${end}${text.replace('a - b', 'a + b').replace('last', 'final')}`);
    });

  test('decides by code action on the marked line when it is asked no question', async (t) => {
    const stage = await open(t, { script: [fix, { text: 'As you wish.' }], settings: { approval: 'commands' } });
    stage.type('5gg');
    await stage.choose('Do what this comment says');
    await stage.shows(/pi-s1\.md/);
    stage.type('ga');
    await stage.shows(/Pi wants to change/);
    stage.type('2gg');
    await stage.choose('Pi: reject this change');
    stage.type('ga');
    await stage.shows(/As you wish\./);
    assert.match(stage.told()[0], /[Rr]ejected/);
    assert.equal(stage.disk('a.js'), TEXT);
  });
});

// Emacs with Eglot and no plugin of ours, driven by keys.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { stageEditor } from './editor-stage.mjs';
import { noTerminal } from './terminal.mjs';

const emacs = process.env.PILSP_TEST_EMACS ?? 'emacs';
const hasEglot = () => spawnSync(emacs, ['--batch', '--eval', "(require 'eglot)"]).status === 0;
const missing = noTerminal() ?? (hasEglot() ? null : 'Emacs with Eglot not found; install emacs-nox and elpa-eglot, or name an Emacs in PILSP_TEST_EMACS');
if (missing && process.env.CI) throw new Error(missing);

const TEXT = 'function add(a, b) {\n  return a - b;\n}\n\n// make it add\nadd(1, 2);\n';
const fix = { toolCalls: [{ name: 'edit', arguments: { path: 'a.js', edits: [{ oldText: 'a - b', newText: 'a + b' }] } }] };
const plist = (object) =>
  Object.entries(object)
    .map(([key, value]) => `:${key} ${JSON.stringify(value)}`)
    .join(' ');

// As docs/editors/emacs.md gives it; the last two lines keep the test's screen free of chatter.
const init = ({ server, args, settings }) => `
(require 'eglot)
(add-to-list 'eglot-server-programs
             '((js-mode) . (${[server, ...args].map((one) => JSON.stringify(one)).join(' ')} :initializationOptions (:pi (${plist(settings)})))))
(add-hook 'js-mode-hook #'eglot-ensure)
(setq eglot-confirm-server-initiated-edits nil)
(advice-add 'eglot--apply-workspace-edit :after
            (lambda (&rest _)
              (dolist (buffer (buffer-list))
                (with-current-buffer buffer
                  (when (bound-and-true-p eglot--managed-mode)
                    (eglot--signal-textDocument/didChange))))))
(global-auto-revert-mode 1)
(setq auto-revert-interval 1)
(setq inhibit-startup-screen t eglot-connect-timeout 120 eglot-sync-connect nil)
(setq make-backup-files nil auto-save-default nil native-comp-async-report-warnings-errors nil)
`;

async function open(t, { script, settings, text = TEXT }) {
  const stage = await stageEditor(t, {
    files: { 'a.js': text },
    script,
    settings: { approval: 'message', ...settings },
    editor: (place) => ({ command: [emacs, '-nw', 'a.js'], files: { '.emacs.d/init.el': init(place) } }),
  });
  await stage.shows(/function add/);
  await stage.serverReady();
  await stage.shows(/\[eglot:|\[eglot\] Connected|eglot:/);
  const command = (name) => {
    stage.keys('M-x');
    stage.type(name);
    stage.keys('Enter');
  };
  return {
    ...stage,
    command,
    async choose(title) {
      command('eglot-code-actions');
      await stage.shows(/Pick an action/);
      // A blank completes what was typed, so one word it is.
      stage.type(title.split(' ')[0]);
      await stage.shows(new RegExp(`: ${title.split(' ')[0]}`));
      stage.keys('Tab');
      await stage.shows(new RegExp(`: ${title}`));
      stage.keys('Enter');
    },
  };
}

describe('Emacs with Eglot', { skip: missing ?? false }, () => {
  test('asks by code action; the conversation is a file that grows in its buffer', async (t) => {
    const stage = await open(t, { script: [{ text: ['It takes ', 'the second away.'], chunkDelayMs: 1500 }] });
    await stage.choose('Ask Pi about this');
    await stage.transcribed(/It takes/);
    const folder = readdirSync(stage.temporary).find((name) => name.startsWith('pilsp-'));
    stage.keys('C-x', 'C-f');
    stage.keys('C-a', 'C-k');
    stage.type(join(stage.temporary, folder, 'pi-s1.md'));
    stage.keys('Enter');
    await stage.shows(/# Pi/);
    await stage.shows(/It takes the second away\.[\s\S]*Done/);
    assert.match(stage.model.lastUserText(), /return a - b;/);
  });

  test('a run is stopped by code action', async (t) => {
    const stage = await open(t, { script: [{ text: 'It takes ', hang: true }] });
    await stage.choose('Ask Pi about this');
    await stage.transcribed(/It takes/);
    await stage.choose('Stop Pi');
    await stage.transcribed(/It takes[\s\S]*Stopped/);
  });

  for (const [what, text] of [
    ['a lone CR', 'function add() { "1%\r2%"; }\n// make it add\n  return a - b;\nlast();\n'],
    ['CRLF and LF mixed', 'function add() {\r\n// make it add\n  return a - b;\r\nlast();\n'],
    ['CRLF', 'function add() {\r\n// make it add\r\n  return a - b;\r\nlast();\r\n'],
  ])
    test(`in a file with ${what} the comment is found, and an edit lands on its line and leaves the line ends alone`, async (t) => {
      const add = {
        toolCalls: [
          {
            name: 'edit',
            arguments: {
              path: 'a.js',
              edits: [
                { oldText: 'a - b', newText: 'a + b' },
                { oldText: 'last();', newText: 'last();\nfinal();' },
              ],
            },
          },
        ],
      };
      const stage = await open(t, { text, settings: { permissionMode: 'acceptEdits' }, script: [add, { text: 'Done now.' }] });
      // Typing above first: what the server has is what Emacs has.
      stage.type('x');
      stage.keys('M-g', 'g');
      stage.type('2');
      stage.keys('Enter', 'C-e');
      await stage.choose('Do what this comment says');
      await stage.shows(/return a \+ b;/);
      await stage.transcribed(/Done now\./);
      assert.match(stage.told()[0], /^Applied to a\.js/);
      stage.keys('C-x', 'C-s');
      await stage.disk_has('a.js', /final/);
      const end = text.endsWith('\r\n') ? '\r\n' : '\n';
      assert.equal(stage.disk('a.js'), `x${text.replace('a - b', 'a + b').replace('last();', `last();${end}final();`)}`);
    });

  test('does what a comment says; the edit is approved in the minibuffer and is in the buffer only', async (t) => {
    const stage = await open(t, { script: [fix, { text: 'Done now.' }] });
    stage.keys('M-g', 'g');
    stage.type('5');
    stage.keys('Enter', 'C-e');
    await stage.choose('Do what this comment says');
    // The first answer stands there already.
    const question = await stage.shows(/Choose an option: Apply/);
    assert.match(question, /Pi wants to change a\.js/);
    stage.keys('Enter');
    await stage.shows(/return a \+ b;/);
    await stage.transcribed(/Done now\./);
    assert.match(stage.told()[0], /^Applied to a\.js/);
    assert.equal(stage.disk('a.js'), TEXT);
    stage.keys('C-x', 'C-s');
    await stage.disk_has('a.js', /return a \+ b;/);
  });
});

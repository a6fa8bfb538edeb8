// Files that make an editor or a tool run code when they merely stand there are asked for, in every mode.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { stageFor } from '../stage.mjs';
import { calls, says, write } from '../steps.mjs';

const ACTING = [
  'my.code-workspace',
  '.vscode/launch.json',
  '.nvim.lua',
  '.nvimrc',
  '.exrc',
  '.vimrc',
  '.dir-locals.el',
  '.helix/languages.toml',
  '.zed/tasks.json',
  'my.sublime-project',
  '.kateproject',
  '.idea/runConfigurations/x.xml',
  '.devcontainer/devcontainer.json',
  '.envrc',
  '.mcp.json',
  '.claude/settings.json',
  '.cursor/mcp.json',
  '.agents/skills/a/SKILL.md',
  '.pi/extensions/a.ts',
  '.husky/pre-commit',
  '.gitmodules',
  '.gitattributes',
  'sub/.GitHub/Workflows/ci.yml',
  '.gitlab-ci.yml',
  '.yarnrc.yml',
  '.pnp.cjs',
  '.cargo/config.toml',
  'mise.toml',
  '.tool-versions',
  '.gdbinit',
  'lefthook.yml',
  '.pre-commit-config.yaml',
  'AGENTS.md',
  'sub/CLAUDE.md',
];
const ORDINARY = ['package.json', 'Makefile', '.gitignore', '.editorconfig', 'eslint.config.js', 'docs/claude.md.txt', 'src/vscode/a.ts', 'src/envrc.ts'];

test('failure 25: what acts by itself is asked for in the mode full, at every depth and in every case', async (t) => {
  const stage = await stageFor(t, { settings: { permissionMode: 'full' } });
  for (const path of ACTING) {
    stage.model.add(calls(write(path, 'text\n')), says('Done.'));
    const asked = stage.ask('go');
    const question = await stage.lsp.nextQuestion();
    question.answer('Reject');
    await asked;
    assert.match(question.message, /Careful: it is protected by/, path);
    assert.equal(existsSync(stage.path(path)), false);
  }
});

test('failure 25: ordinary source beside it is not', async (t) => {
  const stage = await stageFor(t, { settings: { permissionMode: 'full' }, script: [calls(...ORDINARY.map((path) => write(path, 'text\n'))), says('Done.')] });
  await stage.ask('go');
  assert.deepEqual([stage.lsp.questions.map((one) => one.message), stage.lsp.questions.length], [[], 0]);
});

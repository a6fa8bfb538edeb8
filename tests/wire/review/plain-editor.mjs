// What a plain editor shows of Pi's edits, and what its user clicks on.

/** A stage on which edits wait for commands, actions and lenses, without a question. */
export const byCommands = { approval: 'commands' };

/** What the editor shows in a file right now. */
export function shown(stage, uri) {
  return stage.lsp.all('textDocument/publishDiagnostics').findLast((one) => one.uri === uri)?.diagnostics ?? [];
}

/** Resolves with the diagnostics of a file as soon as there are so many. */
export const hunksShown = (stage, uri, count) => stage.lsp.until(`${count} hunks in ${uri}`, () => shown(stage, uri).length === count && shown(stage, uri));

/** Zero-based lines of a file's diagnostics, first and last. */
export const linesOf = (diagnostics) => diagnostics.map(({ range }) => [range.start.line, range.end.line]);

/** The actions of the review that the user is offered with the cursor on this line; those that begin or stop a run are another matter. */
export async function actionsOn(stage, uri, line, context = {}) {
  const at = { line, character: 0 };
  const params = { textDocument: { uri }, range: { start: at, end: at }, context: { diagnostics: [], ...context } };
  const actions = await stage.lsp.request('textDocument/codeAction', params);
  return actions.filter(({ command }) => !ofRuns.includes(command.command));
}

const ofRuns = ['pi.askAbout', 'pi.fixDiagnostics', 'pi.doComment', 'pi.abort'];

export const lensesIn = (stage, uri) => stage.lsp.request('textDocument/codeLens', { textDocument: { uri } });

/** The user clicks on an action or a lens. */
export function click(stage, { command }) {
  return stage.lsp.command(command.command, command.arguments[0]);
}

/** Clicks on the action of this title, which must be there once. */
export async function choose(stage, uri, line, title) {
  const actions = await actionsOn(stage, uri, line);
  const [one, ...more] = actions.filter((action) => action.title === title);
  if (!one || more.length > 0) throw new Error(`"${title}" is ${one ? 'there more than once' : 'missing'}: ${actions.map((a) => a.title).join(', ')}`);
  return click(stage, one);
}

export const numbered = (count) => Array.from({ length: count }, (_, i) => `line ${i + 1}\n`).join('');

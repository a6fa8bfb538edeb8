// The editors of the workbench's page, read as a user sees them.
import { poll } from '../wire/processes.mjs';
import { within } from './within.mjs';

/** @param {import('playwright-core').Page} page */
export function editors(page) {
  const group = page.locator('.editor-group-container.active');

  /** The lines on screen, top to bottom: the page holds them in any order, blanks as no-break spaces. */
  const textOf = (editor) =>
    editor.locator('.view-lines').evaluate((lines) =>
      [...lines.querySelectorAll('.view-line')]
        .sort((a, b) => Number.parseFloat(a.style.top) - Number.parseFloat(b.style.top))
        .map((line) => line.textContent.replaceAll('\u00a0', ' '))
        .join('\n'),
    );
  const only = () => group.locator('.monaco-editor[role="code"]').first();
  const showsText = async (what, editor, fits) => {
    let seen;
    const wanted = typeof fits === 'string' ? (text) => text === fits : fits;
    await poll(
      what,
      async () => {
        seen = await textOf(editor()).catch(() => undefined);
        return seen !== undefined && wanted(seen);
      },
      () => seen,
    );
  };

  return {
    /** The active editor's visible text; of a diff the original side. */
    editorText: () => textOf(only()),
    /** Waits until the active editor shows this text. @param {string | ((text: string) => boolean)} fits */
    editorShows: (fits) => showsText(`the editor to show ${fits}`, only, fits),
    /** Both sides of the diff that is active. */
    diff: async () => ({
      original: await textOf(group.locator('.editor.original').first()),
      modified: await textOf(group.locator('.editor.modified').first()),
    }),
    /** @param {"original" | "modified"} side @param {string | ((text: string) => boolean)} fits */
    diffShows: (side, fits) => showsText(`the ${side} side of the diff to show ${fits}`, () => group.locator(`.editor.${side}`).first(), fits),
    /** The open tabs of the active group, the active one marked with `*`, changed ones with `●`. */
    tabs: () =>
      // Read at once: a tab may be closed while one looks at the others.
      group.locator('.tab').evaluateAll((tabs) =>
        tabs.map((tab) => {
          const marks = `${tab.classList.contains('active') ? '*' : ''}${tab.classList.contains('dirty') ? '●' : ''}`;
          return `${marks}${tab.getAttribute('data-resource-name')}`;
        }),
      ),
    /** Puts the cursor. @param {number} line from 1 @param {number} [column] from 1 */
    async goTo(line, column = 1) {
      await page.keyboard.press('Control+g');
      const input = page.locator('.quick-input-widget:visible .quick-input-box input');
      await within('the line to go to', () => input.waitFor());
      await input.fill(`:${line}:${column}`);
      await page.keyboard.press('Enter');
      await input.waitFor({ state: 'hidden' });
    },
    /** Types into what has the focus. @param {string} text */
    type: (text) => page.keyboard.insertText(text),
    press: (keys) => page.keyboard.press(keys),
  };
}

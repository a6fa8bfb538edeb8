// The workbench's quick input: palette, file search, pickers, input boxes. All of them are one widget.
import { poll } from '../wire/processes.mjs';
import { within } from './within.mjs';

/** @param {import('playwright-core').Page} page */
export function quickInput(page) {
  const widget = page.locator('.quick-input-widget:visible');
  const input = widget.locator('.quick-input-box input');
  const rows = widget.locator('.quick-input-list .monaco-list-row');
  // Read at once: a list that fills up exchanges its rows while one looks at them.
  const labels = () =>
    rows.evaluateAll((all) => all.map((row) => (row.querySelector('.quick-input-list-row .label-name')?.textContent ?? '').replaceAll('\u00a0', ' ')));
  const rowWith = (label) => rows.filter({ has: page.locator('.label-name', { hasText: label }) }).first();

  /**
   * Opens a quick input by its key, types and takes a row. A window that has just come up may not have read the extensions' manifests,
   * nor the workspace's files, and what it lists then does not grow by itself; and whatever takes the focus closes it.
   */
  async function take(what, key, words, label) {
    const soon = { timeout: 2_000 };
    const open = async () => {
      await page.keyboard.press(key);
      await widget.waitFor(soon);
    };
    const attempt = async () => {
      if (!(await widget.isVisible())) await open();
      await input.fill(words.startsWith('>') ? '>' : '', soon);
      await input.fill(words, soon);
      await rowWith(label).click(soon);
      return true;
    };
    await open().catch(() => {});
    await poll(what, () => attempt().catch(() => false), labels);
  }

  return {
    widget,
    /** Runs a command by its title, as F1 lists it. @param {string} title with its category, e.g. "Pi: Ask" */
    async palette(title) {
      const exact = new RegExp(`^${title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
      await take(`the palette to take "${title}"`, 'F1', `>${title}`, exact);
      // What the command asks next is the same widget.
      await within(`the palette to go once "${title}" is chosen`, () => page.waitForFunction(notThePalette));
    },
    /** What the palette lists for these words. @param {string} words */
    async listed(words) {
      await page.keyboard.press('F1');
      await within('the palette', () => widget.waitFor());
      await input.fill(`>${words}`);
      await within(`the palette to answer to "${words}"`, () => rows.first().waitFor());
      const found = await labels();
      await page.keyboard.press('Escape');
      return found;
    },
    /** @param {string} name of a file of the workspace */
    async openFile(name) {
      const tab = page.locator(`.tab.active[data-resource-name="${name.split('/').at(-1)}"]`);
      // A click on a row that another has just taken the place of opens that one, or nothing.
      await poll(`an editor of ${name}`, async () => {
        await take(`the file search to take ${name}`, 'Control+p', name, name.split('/').at(-1));
        return tab.waitFor({ timeout: 10_000 }).then(
          () => true,
          () => false,
        );
      });
      await within(`the text of ${name}`, () => page.locator('.editor-group-container.active .monaco-editor .view-lines').first().waitFor());
    },
    /** The picker that is open: its rows' labels, as soon as there are any. */
    async items() {
      await within('a picker with rows', () => rows.first().waitFor());
      return labels();
    },
    /** Takes this row of the picker that is open. @param {string | RegExp} label */
    async pick(label) {
      await within(`the picker to offer ${label}`, () => rowWith(label).waitFor(), labels);
      await rowWith(label).click();
    },
    /** Fills in the box that is open and confirms. @param {string} text */
    async fill(text) {
      await within('an input box', () => input.waitFor());
      await input.fill(text);
      await input.press('Enter');
    },
    /** Names a file in the dialog that is open. It sets its own text when it has read a folder, over whatever stands there. @param {string} path */
    async saveAs(path) {
      await poll('the dialog to begin with a folder', async () => (await input.inputValue()).startsWith('/'), shown);
      await poll(
        `the dialog to take ${path}`,
        async () => {
          if (!(await widget.isVisible())) return true;
          // It may go away between two looks, and an input that is not there is waited for.
          const now = await input.inputValue({ timeout: 1_000 }).catch(() => null);
          if (now === path) await input.press('Enter', { timeout: 1_000 }).catch(() => {});
          else if (now !== null) await input.fill(path, { timeout: 1_000 }).catch(() => {});
          return false;
        },
        shown,
      );
    },
    /** Waits until a quick input says this in its title, placeholder or message. @param {string | RegExp} text */
    async asked(text) {
      const fits = async () => {
        const said = Object.values(await shown()).join('\n');
        return typeof text === 'string' ? said.includes(text) : text.test(said);
      };
      await poll(`a quick input that says ${text}`, async () => (await widget.isVisible()) && (await fits()), shown);
      return shown();
    },
    /** Goes away without an answer. An open list of notifications takes the first Escape for itself. */
    dismiss: () =>
      poll('the quick input to go away', async () => {
        if (await widget.isVisible()) await page.keyboard.press('Escape');
        return !(await widget.isVisible());
      }),
  };

  /** Title, placeholder and message of what is open. */
  async function shown() {
    return {
      title: ((await widget.locator('.quick-input-title').textContent()) ?? '').trim(),
      placeholder: (await input.getAttribute('placeholder')) ?? '',
      message: (await widget.locator('.quick-input-message').textContent()) ?? '',
    };
  }
}

function notThePalette() {
  const widget = document.querySelector('.quick-input-widget');
  return !widget?.checkVisibility() || !widget.querySelector('input').value.startsWith('>');
}

// Notifications where an extension is loaded as it is: the workbench shows none by itself then, and closes the list of them when it is empty.
import { eventually } from './workbench.mjs';

/** @param {Awaited<ReturnType<typeof import('./workbench.mjs').openWorkbench>>} workbench */
export function notes({ page, notifications }) {
  const center = page.locator('.notifications-center.visible');
  const item = (text) => center.locator('.notification-list-item', { hasText: text }).first();
  const open = async () => {
    if (!(await center.isVisible())) await page.locator('.statusbar-item[id="status.notifications"] a').click();
  };
  const notified = async (text) => {
    await eventually(
      `a notification with ${text}`,
      async () => {
        await open();
        return item(text).isVisible();
      },
      notifications,
    );
    return (await item(text).locator('.notification-list-item-message').textContent()) ?? '';
  };
  return {
    /** Waits for a notification with this text. @param {string | RegExp} text @returns its whole message */
    notified,
    /** Presses a button of that notification. @param {string | RegExp} text @param {string} button */
    async answer(text, button) {
      await notified(text);
      // Buttons are there once the notification is unfolded, which those with a question are.
      await item(text).locator('.monaco-button', { hasText: button }).first().click();
    },
    /** Waits until no notification has this text. @param {string | RegExp} text */
    gone: (text) => eventually(`no notification with ${text}`, async () => !(await item(text).isVisible()), notifications),
    /** Takes all of them away. */
    clear: () =>
      eventually(
        'the notifications to be gone',
        async () => {
          if (!(await center.isVisible())) await open();
          if ((await center.locator('.notification-list-item').count()) === 0) return true;
          // Notes go by themselves, too: the button may be off by the time of the click.
          await center
            .locator('[aria-label^="Clear All Notifications"]')
            .click({ timeout: 10_000 })
            .catch(() => {});
          return false;
        },
        notifications,
      ),
  };
}

// Notifications where an extension is loaded as it is: the workbench shows none by itself then, and closes the list of them when it is empty.
import { eventually } from './workbench.mjs';

/** @param {Awaited<ReturnType<typeof import('./workbench.mjs').openWorkbench>>} workbench */
export function notes({ page, palette, notifications }) {
  const center = page.locator('.notifications-center.visible');
  const items = center.locator('.notification-list-item');
  const item = (text) => items.filter({ hasText: text }).first();
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
      // What is told of a thing under the mouse would lie over the button, as long as the mouse is there.
      await page.mouse.move(1, 1);
      // Buttons are there once the notification is unfolded, which those with a question are.
      await item(text).locator('.monaco-button', { hasText: button }).first().click();
    },
    /** Follows a link in the words of that notification. @param {string | RegExp} text @param {string} link */
    async follow(text, link) {
      await notified(text);
      await item(text).locator('.notification-list-item-message a', { hasText: link }).click();
    },
    /** Waits until no notification has this text. @param {string | RegExp} text */
    gone: (text) => eventually(`no notification with ${text}`, async () => !(await item(text).isVisible()), notifications),
    /** Takes all of them away that are over. By its command: what is pressed in the list may move, or go, while one aims at it. */
    clear: () =>
      eventually(
        'the notifications to be gone',
        async () => {
          await palette('Notifications: Clear All Notifications');
          return (await items.count()) === 0;
        },
        notifications,
      ),
  };
}

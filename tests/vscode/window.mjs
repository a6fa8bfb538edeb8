// The parts of the workbench's window around its editors: notifications, status bar, views, web views, themes.
import { within } from './within.mjs';

/** @param {import('playwright-core').Page} page */
export function windowParts(page) {
  // Under a test of the extension host the workbench shows no toasts; then it is the list of notifications that is open.
  const toasts = page.locator('.notifications-toasts .notification-list-item, .notifications-center .notification-list-item');
  const withText = (text) => toasts.filter({ hasText: text }).first();
  const notifications = () => toasts.locator('.notification-list-item-message').allTextContents();

  return {
    /** The messages of the notifications on screen. */
    notifications,
    /** Waits for a notification with this text. @param {string | RegExp} text @returns its whole message */
    async notified(text) {
      await within(`a notification with ${text}`, () => withText(text).waitFor(), notifications);
      return (await withText(text).locator('.notification-list-item-message').textContent()) ?? '';
    },
    /** Presses a button of that notification. @param {string | RegExp} text @param {string} button */
    async answer(text, button) {
      await within(`a notification with ${text}`, () => withText(text).waitFor(), notifications);
      await withText(text).locator('.monaco-button', { hasText: button }).click();
    },
    /** The texts of the status bar's items, left to right. */
    async statusBar() {
      const texts = await page.locator('.part.statusbar .statusbar-item').allTextContents();
      return texts.map((text) => text.trim()).filter(Boolean);
    },
    /** An item of the status bar. @param {string | RegExp} text */
    statusItem: (text) => page.locator('.part.statusbar .statusbar-item', { hasText: text }).first(),
    /** The content of the web view of this title. @param {string} [title] */
    webview: (title) =>
      page
        .frameLocator(title ? `iframe.webview[title="${title}"], iframe.webview.ready` : 'iframe.webview.ready')
        .first()
        .frameLocator('#active-frame'),
    /** The visible rows of the tree of this view. @param {string} view its title */
    treeRows: (view) => page.locator(`.pane:has(.pane-header[aria-label^="${view}"]) .monaco-list-row`),
    /** A dialog of the workbench: its message and its buttons. */
    async dialog() {
      const box = page.locator('.monaco-dialog-box');
      await within('a dialog', () => box.waitFor());
      return { message: (await box.locator('.dialog-message-text').textContent()) ?? '', buttons: await box.locator('.monaco-button').allTextContents() };
    },
    pressButton: (text) => page.locator('.monaco-dialog-box .monaco-button', { hasText: text }).click(),
  };
}

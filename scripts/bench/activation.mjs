// @ts-check
// How long the VS Code extension takes to activate: loading its code and `activate`, by VS Code's own figure.
import { missingWorkbench } from '../../tests/vscode/code-server.mjs';
import { packaged, unpackaged } from '../../tests/vscode/packaged.mjs';
import { closeBrowser, openWorkbench } from '../../tests/vscode/workbench.mjs';

/** @param {number} runs @returns {Promise<number[] | null>} milliseconds; null where the workbench is not installed */
export async function activation(runs) {
  if (missingWorkbench() !== null) return null;
  const { extensions } = packaged();
  try {
    const found = [];
    for (let run = 0; run < runs; run++) found.push(await once(extensions));
    return found;
  } finally {
    await closeBrowser();
    unpackaged();
  }
}

async function once(extensions) {
  const workbench = await openWorkbench({ name: 'activation', extensions, files: { 'notes.txt': 'one\n' } });
  try {
    await workbench.load();
    // Its answer takes no focus, so that nothing closes the palette that is opened next.
    await workbench.palette('Pi: Status');
    await workbench.notified('Model');
    await workbench.palette('Developer: Show Running Extensions');
    const row = workbench.page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'PiLsp' });
    await row.waitFor();
    const said = (await row.textContent()) ?? '';
    const ms = /Activation: (\d+)ms/.exec(said)?.[1];
    if (!ms) throw new Error(`VS Code does not say how long the activation took, but: ${said}`);
    return Number(ms);
  } finally {
    await workbench.end();
  }
}

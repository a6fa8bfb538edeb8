/** What a script calls, and who has answered, in the chat of the plugin. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sincePi } from '../scripted-model/pi-command.mjs';
import { calls, says } from '../wire/steps.mjs';
import { inEachNeovim } from './editor.mjs';

const router = `export default function (pi) {
  pi.registerVirtualModel({ provider: "router", id: "auto", name: "Auto",
    route: (_, ctx) => ({ model: ctx.modelRegistry.find("local", "thinker-1"), thinkingLevel: "off" }) });
}`;

inEachNeovim('scripts and routed models with the plugin', (startEditor) => {
  test('the calls of a script stand under it, and the model that has answered is named', sincePi('1.0.0'), async (t) => {
    const vim = await startEditor(t, {
      files: { 'a.txt': 'one\n' },
      open: 'a.txt',
      settings: { permissionMode: 'full' },
      home: {
        extra: {
          settings: { defaultTools: ['+codemode'], defaultProvider: 'router', defaultModel: 'auto' },
          files: { 'extensions/router.ts': router },
        },
      },
      script: [calls({ name: 'codemode', arguments: { code: 'text(await tools.read({ path: "a.txt" }));' } }), says('So it is.')],
    });
    await vim.ex('Pi ask what is in it?');
    await vim.saidLike(/done/);
    const chat = await vim.chat();
    assert.match(chat, /^- \*\*codemode\*\* `text\(await.*✓.*\n {2}- \*\*read\*\* `a\.txt` ✓/m);
    assert.equal(chat.match(/\*local\/thinker-1 answered for router\/auto\.\*/g).length, 1);
    assert.match(await vim.lua(`return require('pi').statusline()`), /router\/auto → local\/thinker-1/);
  });
});

import { mkdirSync, writeFileSync, rmSync } from 'node:fs';
import { openWorkbench, closeBrowser } from './workbench.mjs';
const dev = '/tmp/harness-dev-ext';
mkdirSync(dev, { recursive: true });
writeFileSync(
  dev + '/package.json',
  JSON.stringify({
    name: 'x',
    publisher: 'y',
    version: '0.0.1',
    engines: { vscode: '^1.91.0' },
    main: './main.cjs',
    activationEvents: [],
    contributes: { commands: [{ command: 'x.hello', title: 'Hello', category: 'X' }] },
  }),
);
writeFileSync(
  dev + '/main.cjs',
  `const v=require('vscode');exports.activate=(c)=>{c.subscriptions.push(v.commands.registerCommand('x.hello',async()=>{const a=await v.window.showInputBox({title:'Who'}); const p=await v.window.showQuickPick(['one','two']); v.window.showInformationMessage('hello '+a+p+v.workspace.getConfiguration('pi').get('command'))}))}`,
);
const t = performance.now();
const w = await openWorkbench({ development: dev, files: { 'a.txt': 'one\ntwo\n', 'b/c.md': 'x' } });
try {
  console.log('server', performance.now() - t);
  await w.load();
  console.log('loaded', performance.now() - t);
  await w.openFile('a.txt');
  console.log(await w.editorText(), await w.tabs());
  await w.goTo(2);
  await w.type('zwei\n');
  await w.editorShows('one\nzwei\ntwo\n');
  console.log(await w.tabs());
  await w.palette('X: Hello');
  console.log(await w.asked('Who'));
  await w.fill('you');
  console.log(await w.items());
  await w.pick('two');
  await w.page.waitForTimeout(2000); await w.screenshot('toast'); console.log(await w.page.evaluate(()=>[...document.querySelectorAll('[class*=notification]')].map(e=>e.className).join('\n')));
  console.log(await w.notified('hello'));
  console.log(await w.statusBar());
  console.log(await w.screenshot('try'));
} catch (e) {
  console.log(e);
  await w.screenshot('try-failed');
} finally {
  await w.end();
  await closeBrowser();
  rmSync(dev, { recursive: true });
}
console.log('ended', performance.now() - t);

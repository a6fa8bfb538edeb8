// @ts-check
// What is shipped of others: the licence texts of the npm packages that ended up in the bundles of the VS Code extension.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../run.mjs';

/** The packages in these bundles, by their source maps. @param {string} bundles the folder @returns {string[]} */
function bundledPackages(bundles) {
  const found = new Set();
  for (const map of readdirSync(bundles).filter((name) => name.endsWith('.map'))) {
    for (const source of JSON.parse(readFileSync(join(bundles, map), 'utf8')).sources) {
      const name = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1];
      if (name) found.add(name);
    }
  }
  return [...found].sort();
}

/** @param {string} bundles the folder @returns {string} Markdown; fails on a package without a licence */
export function noticesFor(bundles) {
  const parts = bundledPackages(bundles).map((name) => {
    const folder = join(root, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    if (!file || !existsSync(join(folder, file))) throw new Error(`${name} is bundled and has no licence file`);
    return `## ${name} ${version} (${license})\n\n\`\`\`\n${readFileSync(join(folder, file), 'utf8').trim()}\n\`\`\`\n`;
  });
  return `# Third-party software in the extension\n\nBundled into dist/vscode; what is in the server is named beside it.\n\n${parts.join('\n')}`;
}

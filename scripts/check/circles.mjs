// @ts-check
// No module of the VS Code extension needs itself by a round about way: such files can be neither read nor tested one by one.
import { join } from 'node:path/posix';
import { ownFiles, textOf } from './files.mjs';

/** What is imported for its types alone is erased, but is read together all the same. */
const imported = /^\s*(?:import|export)\b[^'"]*?from\s+'(\.[^']+)'|^\s*import\s+'(\.[^']+)'/gm;

/** @param {Record<string, string>} texts by path @returns {Map<string, string[]>} who imports whom */
export function importsOf(texts) {
  return new Map(
    Object.entries(texts).map(([path, text]) => {
      const named = [...text.matchAll(imported)].map(([, from, bare]) => join(path, '..', from ?? bare));
      return [path, named.filter((one) => one in texts)];
    }),
  );
}

/** @param {Map<string, string[]>} graph @returns {string[][]} one circle for each group of modules that reach each other */
export function circlesIn(graph) {
  const circles = [];
  const done = new Set();
  /** @param {string} node @param {string[]} way */
  const visit = (node, way) => {
    const before = way.indexOf(node);
    if (before >= 0) circles.push([...way.slice(before), node]);
    if (before >= 0 || done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...way, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return circles;
}

export function problems() {
  const paths = ownFiles('extension').filter((path) => path.endsWith('.ts'));
  const circles = circlesIn(importsOf(Object.fromEntries(paths.map((path) => [path, textOf(path)]))));
  return circles.map((circle) => `a circle of imports: ${circle.join(' → ')}`);
}

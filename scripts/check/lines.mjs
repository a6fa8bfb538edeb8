// @ts-check
// No line of a source is wider than a screen: what stands at its end is not read in a review.
import { ownFiles, textOf } from './files.mjs';

const WIDEST = 160;
const sources = /\.(cs|csproj|props|ts|mjs|cjs|css|lua|sh)$|^\.ci\/run$/;

/** @param {string} path @param {string} text @returns {string[]} */
export function tooWide(path, text) {
  return text.split('\n').flatMap((line, at) => {
    const columns = [...line.replace(/\r$/, '')].length;
    return columns > WIDEST ? [`${path}:${at + 1} has ${columns} columns; at most ${WIDEST}`] : [];
  });
}

export const problems = () =>
  ownFiles()
    .filter((path) => sources.test(path))
    .flatMap((path) => tooWide(path, textOf(path)));

// @ts-check
// No line of a source is wider than a screen: what stands at its end is not read in a review. No source is longer than what one
// reads at a sitting: a longer one is about several things, each of which can have a name.
import { ownFiles, textOf } from './files.mjs';

const WIDEST = 160;
const LONGEST = 300;
const sources = /\.(cs|csproj|props|ts|mjs|cjs|css|lua|sh)$|^\.ci\/run$/;

/** What a test has of the wire or of a session's file is one line there, too. @param {string} path @param {string} line */
const isRecord = (path, line) => path.startsWith('tests/') && /\{"\w+":/.test(line);

/** @param {string} path @param {string} text @returns {string[]} */
export function tooWide(path, text) {
  return text.split('\n').flatMap((line, at) => {
    const columns = [...line.replace(/\r$/, '')].length;
    return columns > WIDEST && !isRecord(path, line) ? [`${path}:${at + 1} has ${columns} columns; at most ${WIDEST}`] : [];
  });
}

/** @param {string} path @param {string} text @returns {string[]} */
export function tooLong(path, text) {
  const lines = text.replace(/\n$/, '').split('\n').length;
  return lines > LONGEST ? [`${path} has ${lines} lines; at most ${LONGEST}`] : [];
}

/** What a script makes is made to be read by programs. @param {string} text */
export const isMade = (text) => /^.*\n?.*Made by scripts\//.test(text);

export const problems = () =>
  ownFiles()
    .filter((path) => sources.test(path))
    .map((path) => /** @type {[string, string]} */ ([path, textOf(path)]))
    .flatMap(([path, text]) => (isMade(text) ? [] : [...tooWide(path, text), ...tooLong(path, text)]));

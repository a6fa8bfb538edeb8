// @ts-check
// `npm test`: everything; `npm test -- wire nvim`: only these suites; `npm test -- wire/approval --name "an allowed"`: of a suite only
// these files, of these only the tests with such a name. The last line is the sum; the exit code says the same.
import { fileURLToPath } from 'node:url';
import { setup } from './setup.mjs';
import { chosen, suites } from './suites.mjs';

/** @param {string[]} wanted suites, or parts of them; none means all. @param {string} [named] what a test's name has. @returns {boolean} */
export function test(wanted = [], named) {
  /** @type {Map<import('./suites.mjs').Suite, string[]>} */
  const choices = new Map(wanted.length === 0 ? suites.map((suite) => [suite, []]) : []);
  for (const one of wanted) {
    const choice = chosen(one);
    if (typeof choice === 'string') {
      console.error(choice);
      process.exit(2);
    }
    choices.set(choice.suite, [...(choices.get(choice.suite) ?? []), ...(choice.part === undefined ? [] : [choice.part])]);
  }
  const runs = suites.flatMap((suite) => {
    const parts = choices.get(suite);
    return parts === undefined ? [] : parts.length === 0 ? [{ suite, part: undefined }] : parts.map((part) => ({ suite, part }));
  });
  setup({ built: runs.some(({ suite }) => suite.built) });
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { suite, part } of runs) {
    const missing = suite.missing();
    if (missing !== null) {
      // Where everything is meant to be there, a suite that did not run has not passed.
      const counts = process.env.CI ? 'failed' : 'skipped';
      sum[counts]++;
      console.log(`${counts}: tests/${suite.name} – ${missing}`);
      continue;
    }
    const began = performance.now();
    const { passed, failed, skipped, output } = suite.run({ part, named });
    if (failed > 0) console.log(output);
    const name = part === undefined ? suite.name : `${suite.name}/${part}`;
    for (const [key, value] of Object.entries({ passed, failed, skipped })) sum[key] += value;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`${failed > 0 ? 'FAILED' : 'ok    '} ${name.padEnd(16)} ${counts({ passed, failed, skipped }).padEnd(36)} ${seconds.padStart(6)} s`);
  }
  if (named !== undefined && sum.passed + sum.failed === 0) {
    console.error(`no test of these has "${named}" in its name`);
    sum.failed++;
  }
  console.log(counts(sum));
  return sum.failed === 0;
}

const counts = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // `npm test -- -- wire` and `npm test -- wire` mean the same.
  const words = process.argv.slice(2).filter((one) => one !== '--');
  const at = words.indexOf('--name');
  const named = at < 0 ? undefined : words.splice(at, 2)[1];
  if (at >= 0 && !named) {
    console.error('--name needs words that a test has in its name');
    process.exit(2);
  }
  process.exitCode = test(words, named) ? 0 : 1;
}

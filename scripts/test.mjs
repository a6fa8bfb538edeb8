// @ts-check
// `npm test`: everything; `npm test -- wire nvim`: only these suites. The last line is the sum; the exit code says the same.
import { fileURLToPath } from 'node:url';
import { setup } from './setup.mjs';
import { suites } from './suites.mjs';

/** @param {string[]} wanted names of suites; none means all. @returns {boolean} */
export function test(wanted = []) {
  const unknown = wanted.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    console.error(`no suite ${unknown.join(', ')}; there are: ${suites.map((suite) => suite.name).join(', ')}`);
    process.exit(2);
  }
  setup();
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const suite of suites.filter((one) => wanted.length === 0 || wanted.includes(one.name))) {
    const missing = suite.missing();
    if (missing !== null) {
      // Where everything is meant to be there, a suite that did not run has not passed.
      const counts = process.env.CI ? 'failed' : 'skipped';
      sum[counts]++;
      console.log(`${counts}: tests/${suite.name} – ${missing}`);
      continue;
    }
    const began = performance.now();
    const { passed, failed, skipped, output } = suite.run();
    if (failed > 0) console.log(output);
    for (const [key, value] of Object.entries({ passed, failed, skipped })) sum[key] += value;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`${failed > 0 ? 'FAILED' : 'ok    '} ${suite.name.padEnd(16)} ${counts({ passed, failed, skipped }).padEnd(36)} ${seconds.padStart(6)} s`);
  }
  console.log(counts(sum));
  return sum.failed === 0;
}

const counts = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // `npm test -- -- wire` and `npm test -- wire` mean the same.
  process.exitCode = test(process.argv.slice(2).filter((one) => one !== '--')) ? 0 : 1;
}

// @ts-check
// The recorded stories of a session's core (tests/PiLsp.Tests/Golden), by the Pi that they were recorded from.
//   node scripts/record-golden.mjs                  plays all stories with the real Pi and records them anew, as that Pi's;
//                                                   PILSP_TEST_PI names another than the installed one
//   node scripts/record-golden.mjs --accept         leaves the recordings, and takes what the core makes of them now
//   node scripts/record-golden.mjs [--accept] undo  this story alone
// Then look at the difference in git: each line is an effect (.effects.txt), or a part of the state that changed with a
// message (.state.txt). A change that is to do the same as before leaves the first ones as they are.
import { requireDotnet } from './setup.mjs';
import { run } from './run.mjs';

const words = process.argv.slice(2);
const accept = words.includes('--accept');
const stories = words.filter((word) => word !== '--accept');
const unknown = stories.find((word) => !/^[a-z-]+$/.test(word) || word.startsWith('-'));
if (unknown !== undefined) {
  console.error(`record-golden: ${unknown} is neither a story nor --accept`);
  process.exit(2);
}
requireDotnet();
process.env.PILSP_GOLDEN = [accept ? 'accept' : 'record', ...stories].join(' ');
const ok = run('dotnet', ['test', 'tests/PiLsp.Tests', '--nologo', '-v', 'q', '--filter', 'DisplayName~A_story_goes_as_it_went'], { allowFailure: true });
process.exitCode = ok ? 0 : 1;

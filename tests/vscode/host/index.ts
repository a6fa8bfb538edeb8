// The tests that run inside the extension host, in this order: the first ones want an extension that has not been used.
import './lazy.ts';
import './asking.ts';
import './review.ts';
import './marks.ts';
import './inChat.ts';
import './session.ts';
import './stored.ts';
import './providers.ts';
import { run as command, tidy } from './stage.ts';
import { runAll } from './testing.ts';

export async function run(): Promise<void> {
  // Tests that were chosen come without those that use the extension for the first time.
  if (process.env.PILSP_TEST_ONLY) await command('pilsp.newSession');
  await runAll(tidy);
}

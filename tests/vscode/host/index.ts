// The tests that run inside the extension host, in this order: the first ones want an extension that has not been used.
import './lazy.ts';
import './asking.ts';
import './review.ts';
import './session.ts';
import './stored.ts';
import './providers.ts';
import { tidy } from './stage.ts';
import { runAll } from './testing.ts';

export const run = () => runAll(tidy);

// The extension as its users get it: packaged once for a test file, installed by the workbench itself.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { own } from '../../scripts/build.mjs';
import { pack } from '../../scripts/package.mjs';
import { installExtension } from './code-server.mjs';

let place;

/** @returns {{vsix: string, extensions: string}} the package, and a folder of extensions that has nothing but it */
export function packaged() {
  place = mkdtempSync(join(tmpdir(), 'pilsp-vsix-'));
  const [vsix] = pack([`vsix-${own}`], place);
  const extensions = join(place, 'extensions');
  installExtension(join(place, 'installing'), extensions, vsix);
  return { vsix, extensions };
}

export function unpackaged() {
  if (place) rmSync(place, { recursive: true, force: true, maxRetries: 3 });
}

// Builds dist/server: the language server, compiled ahead of time for this machine where that can be had, with the gate beside it.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { capture, root, run } from './run.mjs';

const runtimes = { linux: 'linux', darwin: 'osx', win32: 'win' };
const architectures = { x64: 'x64', arm64: 'arm64' };

/** @returns {string} the folder with the built server */
export function build({ quiet = false } = {}) {
  const out = join(root, 'dist', 'server');
  rmSync(out, { recursive: true, force: true });
  const rid = `${runtimes[process.platform]}-${architectures[process.arch]}`;
  run('dotnet', ['publish', 'server', '-c', 'Release', '-r', rid, '--self-contained', 'false', '-p:PublishReadyToRun=true', '-o', out, '-v', 'q', '--nologo'], { quiet });
  cpSync(join(root, 'THIRD-PARTY-NOTICES.md'), join(out, 'THIRD-PARTY-NOTICES.md'));
  return out;
}

export function serverPath() {
  return join(root, 'dist', 'server', process.platform === 'win32' ? 'pilsp.exe' : 'pilsp');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  build();
  console.log(`built ${serverPath()} (${capture(serverPath(), ['--version']).trim()})`);
}

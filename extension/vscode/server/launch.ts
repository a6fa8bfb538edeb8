import { join } from 'node:path';

/** What to start, or why nothing can be started and what to do about it. */
export type Launch = { command: string; args: string[] } | { problem: string; remedy: 'settings' | 'dotnet' };

export interface Place {
  /** The setting `pi.server.path`; empty when it is not set. */
  configured: string;
  /** The setting `pi.server.dotnetPath`; empty for the one on the PATH. */
  dotnet: string;
  extensionPath: string;
  platform: NodeJS.Platform;
  exists(path: string): boolean;
}

/**
 * The server to start: the one that the user names, else the program in the extension, else its portable form, which
 * an installed .NET runs. Pure.
 */
export function launchOf({ configured, dotnet, extensionPath, platform, exists }: Place): Launch {
  const by = (path: string): Launch => (path.endsWith('.dll') ? { command: dotnet || 'dotnet', args: [path] } : { command: path, args: [] });
  if (configured) {
    if (exists(configured)) return by(configured);
    return { problem: `The setting pi.server.path names ${configured}, which is not there.`, remedy: 'settings' };
  }
  const folder = join(extensionPath, 'dist', 'server');
  const found = [platform === 'win32' ? 'pilsp.exe' : 'pilsp', 'pilsp.dll'].map((name) => join(folder, name)).find(exists);
  if (found) return by(found);
  return { problem: `The language server is missing from ${folder}. Install the extension again, or name a server in pi.server.path.`, remedy: 'settings' };
}

/** What a failed start means to the user. Pure. */
export function startProblem(launch: { command: string; args: string[] }, error: NodeJS.ErrnoException): { problem: string; remedy: 'settings' | 'dotnet' } {
  const throughDotnet = launch.args.length > 0;
  if (throughDotnet && error.code === 'ENOENT') {
    return {
      problem: `This build of the extension needs the .NET 10 runtime, and "${launch.command}" is not there. Install it, or name it in pi.server.dotnetPath.`,
      remedy: 'dotnet',
    };
  }
  if (error.code === 'EACCES') {
    return {
      problem: `${launch.command} may not be executed here. Make it executable (chmod +x), or name another server in pi.server.path.`,
      remedy: 'settings',
    };
  }
  return { problem: `${launch.command} cannot be started: ${error.message}`, remedy: 'settings' };
}

/** The server's process: what is started and how, and how one waits for its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { launchOf, startProblem } from './launch.ts';

export class StartError extends Error {
  readonly remedy: 'settings' | 'dotnet';

  constructor({ problem, remedy }: { problem: string; remedy: 'settings' | 'dotnet' }) {
    super(problem);
    this.remedy = remedy;
  }
}

/** Starts the server that the settings and the extension name. Rejects with a {@link StartError}. */
export async function startProcess(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Promise<{ process: ChildProcess; describe: () => string }> {
  const user = (key: string) => {
    const value = vscode.workspace.getConfiguration('pi.server').inspect<string>(key)?.globalValue;
    return typeof value === 'string' ? value.trim() : '';
  };
  const launch = launchOf({
    configured: user('path'),
    dotnet: user('dotnetPath'),
    extensionPath: context.extensionPath,
    platform: process.platform,
    exists: existsSync,
  });
  if ('problem' in launch) throw new StartError(launch);
  makeExecutable(launch.command, context.extensionPath);
  const args = [...launch.args, '--stdio', '--log-level', user('logLevel') || 'Info'];
  log.info(`starting ${launch.command} ${args.join(' ')}`);
  // Not in the workspace: some systems look for programs in the folder they are started from.
  const child = spawn(launch.command, args, { cwd: homedir(), stdio: 'pipe' });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new StartError(startProblem(launch, error))));
  });
  child.on('error', (error) => log.error(error.message));
  // Without a listener a broken pipe would end the extension host.
  child.stdin?.on('error', (error) => log.warn(`the server does not read any more: ${error.message}`));
  const describe = () => {
    if (child.exitCode !== null) return `exit code ${child.exitCode}`;
    return child.signalCode ? `ended by ${child.signalCode}` : 'it does not answer any more';
  };
  return { process: child, describe };
}

/** Some ways of unpacking lose the mode. A file that is not ours is left as it is. */
function makeExecutable(path: string, extensionPath: string): void {
  if (process.platform === 'win32' || !path.startsWith(extensionPath)) return;
  try {
    accessSync(path, constants.X_OK);
  } catch {
    try {
      chmodSync(path, 0o755);
    } catch {
      // Starting it says what is wrong.
    }
  }
}

export const isGone = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

/** @returns whether the process has ended by then */
export async function exited(child: ChildProcess, ms: number): Promise<boolean> {
  if (!isGone(child)) await withDeadline(new Promise((resolve) => child.once('exit', resolve)), ms, '').catch(() => {});
  return isGone(child);
}

/** Rejects with this problem when it takes longer. */
export function withDeadline<T>(work: Promise<T>, ms: number, problem: string): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(problem)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** From VS Code's settings to the section `pi` that the server gets. Pure: VS Code is behind `inspect`. */

/** The part of VS Code's `inspect` that is used here. */
export interface Inspected {
  globalValue?: unknown;
  workspaceValue?: unknown;
}

/**
 * Settings that name programs, or that loosen what is asked for. They come from the user alone: a folder that
 * somebody has cloned must not be able to set them. package.json says the same by their scope.
 */
export const USER_ONLY = [
  'command',
  'nodePath',
  'extraArgs',
  'env',
  'sessionDir',
  'permissionMode',
  'protectedPaths',
  'askToRead',
  'lookingTools',
  'lookingCommands',
  'trustProject',
  'approval',
  'modelPolicy',
] as const;

const EVERYWHERE = ['provider', 'model', 'thinking', 'sessionTitle', 'review', 'save', 'questionTimeoutMs', 'startTimeoutMs', 'idleMinutes'] as const;

export interface SectionOptions {
  /** What VS Code says about the workspace; in one that is not trusted nothing is changed and nothing is run. */
  trusted: boolean;
  inspect(key: string): Inspected | undefined;
}

/** Every key is there: null takes back what was set before. */
export function sectionFor({ trusted, inspect }: SectionOptions): Record<string, unknown> {
  const section: Record<string, unknown> = {};
  for (const key of USER_ONLY) section[key] = inspect(key)?.globalValue ?? null;
  for (const key of EVERYWHERE) {
    const found = inspect(key);
    section[key] = (trusted ? found?.workspaceValue : undefined) ?? found?.globalValue ?? null;
  }
  section.workspaceTrusted = trusted;
  if (!trusted) {
    section.permissionMode = 'readOnly';
    section.trustProject = false;
  }
  return section;
}

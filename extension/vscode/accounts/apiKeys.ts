import type * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { execute } from '../server/execute.ts';

const STORED = 'pilsp.apiKeys';

export interface KeptKey {
  provider: string;
  /** The environment variable by which Pi gets it. */
  variable: string;
  key: string;
}

/**
 * API keys that VS Code keeps in the system's key store. They are handed to each server when it starts, in memory only:
 * no settings file and no log has them. Every window reads them anew when another one has changed them.
 */
export class ApiKeys implements vscode.Disposable {
  private readonly secrets: vscode.SecretStorage;
  private readonly log: vscode.LogOutputChannel;
  private readonly heard: vscode.Disposable;
  private keys: KeptKey[] = [];

  constructor(secrets: vscode.SecretStorage, log: vscode.LogOutputChannel) {
    this.secrets = secrets;
    this.log = log;
    this.heard = secrets.onDidChange(({ key }) => {
      if (key === STORED) void this.load();
    });
  }

  /** What no log may show. */
  get values(): string[] {
    return this.keys.map((one) => one.key);
  }

  get kept(): readonly KeptKey[] {
    return this.keys;
  }

  async load(): Promise<void> {
    try {
      const read: unknown = JSON.parse((await this.secrets.get(STORED)) ?? '[]');
      this.keys = Array.isArray(read) ? read.filter(isKept) : [];
    } catch (error) {
      // A key store that is locked or broken must not keep Pi from starting.
      this.log.warn(`The key store cannot be read: ${error instanceof Error ? error.message : error}`);
      this.keys = [];
    }
  }

  /** Before anything else runs: Pi is not started by this, and has the keys when it is. */
  async handOver(client: LanguageClient): Promise<void> {
    for (const { provider, variable, key } of this.keys) {
      try {
        await execute(client, 'pi.setApiKey', { provider, variable, key, private: true });
      } catch (error) {
        this.log.warn(`The key of ${provider} was not taken: ${error instanceof Error ? error.message : error}`);
      }
    }
  }

  async keep(key: KeptKey): Promise<void> {
    await this.store([...this.keys.filter((one) => one.provider !== key.provider), key]);
  }

  async forget(provider: string): Promise<void> {
    await this.store(this.keys.filter((one) => one.provider !== provider));
  }

  dispose(): void {
    this.heard.dispose();
  }

  private async store(keys: KeptKey[]): Promise<void> {
    await this.secrets.store(STORED, JSON.stringify(keys));
    this.keys = keys;
  }
}

function isKept(value: unknown): value is KeptKey {
  const { provider, variable, key } = (value ?? {}) as Record<string, unknown>;
  return typeof provider === 'string' && typeof variable === 'string' && typeof key === 'string';
}

import * as vscode from 'vscode';

const STORED = 'pilsp.apiKeys';
const OTHER = 'Another provider…';

/** Where Pi looks for the key of a provider (its docs/providers.md). */
const VARIABLES: [string, string][] = [
  ['Anthropic', 'ANTHROPIC_API_KEY'],
  ['OpenAI', 'OPENAI_API_KEY'],
  ['Google Gemini', 'GEMINI_API_KEY'],
  ['OpenRouter', 'OPENROUTER_API_KEY'],
  ['Mistral', 'MISTRAL_API_KEY'],
  ['DeepSeek', 'DEEPSEEK_API_KEY'],
  ['Groq', 'GROQ_API_KEY'],
  ['Cerebras', 'CEREBRAS_API_KEY'],
  ['xAI', 'XAI_API_KEY'],
  ['Vercel AI Gateway', 'AI_GATEWAY_API_KEY'],
  ['Azure OpenAI', 'AZURE_OPENAI_API_KEY'],
  ['Together AI', 'TOGETHER_API_KEY'],
  ['Fireworks', 'FIREWORKS_API_KEY'],
  ['Moonshot AI', 'MOONSHOT_API_KEY'],
  ['ZAI', 'ZAI_API_KEY'],
  ['MiniMax', 'MINIMAX_API_KEY'],
];

/**
 * API keys that VS Code keeps in the system's key store. They reach Pi as its environment, in memory only: no settings
 * file and no log has them. Each window reads them anew when one of them changes them.
 */
export class ApiKeys implements vscode.Disposable {
  private readonly secrets: vscode.SecretStorage;
  private readonly changes = new vscode.EventEmitter<void>();
  private readonly registered: vscode.Disposable;
  private keys: Record<string, string> = {};
  readonly onChanged = this.changes.event;

  constructor(secrets: vscode.SecretStorage) {
    this.secrets = secrets;
    this.registered = vscode.Disposable.from(
      this.changes,
      secrets.onDidChange(async ({ key }) => {
        if (key !== STORED) return;
        await this.load();
        this.changes.fire();
      }),
    );
  }

  /** By the name of the environment variable. */
  get environment(): Readonly<Record<string, string>> {
    return this.keys;
  }

  async load(): Promise<void> {
    try {
      this.keys = asStrings(JSON.parse((await this.secrets.get(STORED)) ?? '{}'));
    } catch {
      // A key store that is locked or broken must not keep Pi from starting.
      this.keys = {};
    }
  }

  async set(): Promise<void> {
    const rows = [
      ...VARIABLES.map(([label, description]) => ({ label, description, detail: this.keys[description] ? 'a key is stored' : undefined })),
      { label: OTHER, description: '', detail: undefined },
    ];
    const provider = await vscode.window.showQuickPick(rows, { title: 'Pi: whose API key?', matchOnDescription: true, ignoreFocusOut: true });
    if (!provider) return;
    const variable =
      provider.label !== OTHER
        ? provider.description
        : await vscode.window.showInputBox({
            title: 'Pi: the environment variable that Pi reads the key from',
            placeHolder: 'EXAMPLE_API_KEY',
            ignoreFocusOut: true,
            validateInput: (text) =>
              /^[A-Z][A-Z0-9_]*_(KEY|TOKEN)$/.test(text) ? undefined : 'A name like EXAMPLE_API_KEY: capitals, digits and _, ending in _KEY or _TOKEN',
          });
    if (!variable) return;
    const key = await vscode.window.showInputBox({
      title: `Pi: ${variable}`,
      prompt: 'Kept in the key store of your system, not in a settings file',
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) => (/\s/.test(text.trim()) ? 'A key has no spaces' : undefined),
    });
    if (!key?.trim()) return;
    await this.store({ ...this.keys, [variable]: key.trim() });
    void vscode.window.showInformationMessage(`The key is stored. Pi uses it from its next start on.`);
  }

  async forget(): Promise<void> {
    const known = Object.keys(this.keys);
    if (known.length === 0) return void vscode.window.showInformationMessage('VS Code keeps no API key for Pi. Keys that Pi itself keeps are left alone.');
    const variable = await vscode.window.showQuickPick(known, { title: 'Pi: which API key shall be forgotten?' });
    if (!variable) return;
    const { [variable]: _, ...rest } = this.keys;
    await this.store(rest);
  }

  dispose(): void {
    this.registered.dispose();
  }

  private async store(keys: Record<string, string>): Promise<void> {
    this.keys = keys;
    await this.secrets.store(STORED, JSON.stringify(keys));
  }
}

function asStrings(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

import * as vscode from 'vscode';
import { counted } from '../words/counted.ts';
import { inform } from '../words/notices.ts';
import type { ApiKeys } from './apiKeys.ts';
import type { Hub } from '../server/hub.ts';
import type { Provider } from '../protocol.ts';
import type { SignInNotes } from './signInNotes.ts';

type Row = vscode.QuickPickItem & { provider: Provider };
type Deed = vscode.QuickPickItem & { run: () => unknown };

/** Setting up the providers of models: keys and sign-ins, all of them through Pi. */
export class Providers {
  private readonly hub: Hub;
  private readonly keys: ApiKeys;
  private readonly notes: SignInNotes;

  constructor(hub: Hub, keys: ApiKeys, notes: SignInNotes) {
    this.hub = hub;
    this.keys = keys;
    this.notes = notes;
  }

  /** The list, and for the chosen one what can be done about it. */
  async manage(): Promise<void> {
    const provider = await this.choose('Pi: providers', () => true);
    if (!provider) return;
    const { id, name, kinds, configured, source, docs, removable } = provider;
    const deeds: (Deed | false | undefined)[] = [
      kinds.includes('oauth') && { label: '$(sign-in) Sign in…', run: () => this.login(provider) },
      kinds.includes('apiKey') && { label: '$(key) Set API key…', run: () => this.askForKey(provider) },
      configured && removable && { label: source === 'oauth' ? '$(sign-out) Sign out' : '$(trash) Forget the key', run: () => this.remove(provider) },
      configured && { label: '$(symbol-misc) Pick one of its models…', run: () => this.hub.run('pi.pickModel', { provider: id }) },
      docs !== undefined && { label: '$(book) How to set it up', run: () => vscode.env.openExternal(vscode.Uri.parse(docs)) },
    ];
    const chosen = await vscode.window.showQuickPick(
      deeds.filter((one): one is Deed => !!one),
      { title: `Pi: ${name}`, placeHolder: stateOf(provider) },
    );
    await chosen?.run();
  }

  /** @param id of the provider, where it is known which one is meant */
  async setKey(id?: string): Promise<void> {
    const provider = (await this.named(id)) ?? (await this.choose('Pi: whose API key?', ({ kinds }) => kinds.includes('apiKey')));
    if (provider) await this.askForKey(provider);
  }

  async signIn(id?: string): Promise<void> {
    const known = await this.named(id);
    const able = known?.kinds.includes('oauth') ? known : undefined;
    const provider = able ?? (await this.choose('Pi: sign in to which provider?', ({ kinds }) => kinds.includes('oauth')));
    if (provider) await this.login(provider);
  }

  /** Of what has been set up by these commands; a key in the user's environment is not ours to take. */
  async signOut(): Promise<void> {
    const provider = await this.choose('Pi: sign out of, or forget the key of', ({ removable }) => removable);
    if (provider) await this.remove(provider);
  }

  private async named(id: string | undefined): Promise<Provider | undefined> {
    if (id === undefined) return undefined;
    const { providers } = await this.hub.run('pi.listProviders');
    return providers.find((one) => one.id === id);
  }

  private async choose(title: string, fits: (provider: Provider) => boolean): Promise<Provider | undefined> {
    // Somebody may have signed in with `pi` in a terminal meanwhile.
    const listing = this.hub.run('pi.listProviders', { refresh: true });
    const rows = listing.then(({ providers }) => {
      const fitting = providers.filter(fits);
      const row = (provider: Provider): Row => ({
        provider,
        label: `${provider.configured ? '$(check) ' : ''}${provider.name}`,
        description: stateOf(provider),
        detail: undefined,
      });
      const group = (label: string, some: Provider[]) =>
        some.length > 0 ? [{ label, kind: vscode.QuickPickItemKind.Separator } as Row, ...some.map(row)] : [];
      return [
        ...group(
          'Set up',
          fitting.filter((one) => one.configured),
        ),
        ...group(
          'Not set up',
          fitting.filter((one) => !one.configured),
        ),
      ];
    });
    const [chosen] = await Promise.all([vscode.window.showQuickPick(rows, { title, matchOnDescription: true, placeHolder: 'Type to search' }), listing]);
    if (!chosen && (await rows).length === 0) void inform('There is no such provider.');
    return chosen?.provider;
  }

  private async askForKey({ id, name, variable }: Provider): Promise<void> {
    const isPrivate = await this.askWhere(name, variable);
    if (isPrivate === undefined) return;
    const key = (
      await vscode.window.showInputBox({
        title: `Pi: API key of ${name}`,
        password: true,
        ignoreFocusOut: true,
        validateInput: (text) => (/\s/.test(text.trim()) ? 'A key has no spaces' : undefined),
      })
    )?.trim();
    if (!key) return;
    const result = await this.hub.run('pi.setApiKey', { provider: id, key, ...(isPrivate ? { private: true } : {}) });
    if (isPrivate && result.variable) await this.keys.keep({ provider: id, variable: result.variable, key });
    this.done(`${name} is set up${result.models ? ` with ${counted(result.models, 'model')}` : ''}.`);
  }

  /** @returns true for VS Code's own keeping, false for Pi's, undefined when the user goes away */
  private async askWhere(name: string, variable: string | undefined): Promise<boolean | undefined> {
    if (!variable) return false;
    const chosen = await vscode.window.showQuickPick(
      [
        {
          label: '$(lock) In the key store of this system',
          detail: 'For VS Code alone. It is in no file of Pi, of the workspace or of the settings.',
          own: true,
        },
        { label: '$(terminal) With Pi', detail: "In Pi's auth.json, where Pi in a terminal finds it too.", own: false },
      ],
      { title: `Pi: where shall the key of ${name} be kept?`, ignoreFocusOut: true },
    );
    return chosen?.own;
  }

  private async login({ id, name }: Provider): Promise<void> {
    const signedIn = await this.notes.during(id, name, async (token) => {
      try {
        await this.hub.run('pi.login', { provider: id }, token);
        return true;
      } catch (error) {
        // Whoever cancels knows of it; that is no failure.
        if (token.isCancellationRequested) return false;
        throw error;
      }
    });
    if (!signedIn) return void inform(`The sign-in to ${name} is cancelled; nothing has changed.`);
    this.done(`You are signed in to ${name}.`);
  }

  private async remove({ id, name, source }: Provider): Promise<void> {
    await this.hub.run(source === 'oauth' ? 'pi.logout' : 'pi.removeApiKey', { provider: id });
    await this.keys.forget(id);
    void inform(source === 'oauth' ? `You are signed out of ${name}.` : `The key of ${name} is forgotten.`);
  }

  private done(text: string): void {
    // What stopped a message until now does so no more.
    void this.hub.run('pi.checkAvailability', { refresh: true }).catch(() => {});
    const pick = 'Pick a Model…';
    void inform(text, pick).then((chosen) => chosen && vscode.commands.executeCommand('pilsp.pickModel'));
  }
}

const SOURCES: Record<string, string> = {
  client: 'key in the key store of this system',
  'auth.json': 'key kept by Pi',
  oauth: 'signed in',
  environment: 'key in the environment',
  'models.json': "Pi's models.json",
};

function stateOf({ configured, source, label, models, kinds }: Provider): string {
  if (configured) return [(source && SOURCES[source]) ?? label ?? source, models ? counted(models, 'model') : ''].filter(Boolean).join(' · ');
  const ways = [kinds.includes('oauth') ? 'sign in' : '', kinds.includes('apiKey') ? 'API key' : ''].filter(Boolean);
  return ways.join(' or ') || 'by environment variables';
}

import type { CancellationToken } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { CommandName, Commands } from '../protocol.ts';

/** Sends a command of the server, by its name and with its own argument and result. */
export function execute<C extends CommandName>(
  client: LanguageClient,
  command: C,
  argument?: Commands[C]['argument'],
  token?: CancellationToken,
): Promise<Commands[C]['result']> {
  const params = { command, arguments: argument === undefined ? [] : [argument] };
  // A token that is not there would be sent as a second parameter.
  return token ? client.sendRequest('workspace/executeCommand', params, token) : client.sendRequest('workspace/executeCommand', params);
}

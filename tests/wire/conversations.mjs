// What the tests of stored sessions ask for: the list, and what the model was last sent of a conversation.

const said = (request) =>
  request.messages
    .filter((m) => m.role !== 'system')
    .map((m) => JSON.stringify(m.content))
    .join('\n');

export const history = (stage) => said(stage.model.requests.at(-1));
export const list = async (stage) => (await stage.lsp.command('pi.listSessions')).sessions;

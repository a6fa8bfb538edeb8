// Steps for the scripted model, in the words of the tests.

/** One assistant message with these tool calls. @param {...object} toolCalls */
export const calls = (...toolCalls) => ({ toolCalls });
export const says = (text) => ({ text });

export const edit = (path, ...pairs) => ({ name: 'edit', arguments: { path, edits: pairs.map(([oldText, newText]) => ({ oldText, newText })) } });
export const write = (path, content) => ({ name: 'write', arguments: { path, content } });
export const read = (path) => ({ name: 'read', arguments: { path } });
export const bash = (command) => ({ name: 'bash', arguments: { command } });

// Conversations for the tests of the page.
import { edit as editShape, piEvent } from '../../extension/vscode/chat/messages/pi.ts';
import { type Conversation, emptyConversation, noUsage } from '../../extension/vscode/chat/model/conversation.ts';
import { type Input, reduce } from '../../extension/vscode/chat/model/reducer.ts';

/** Bare events, numbered on. */
export function events(from: Conversation, ...bodies: object[]): Input[] {
  return bodies.map((body, i) => ({ type: 'event', event: piEvent({ sessionId: 's', seq: from.seq + i + 1, ...body }, 'pi/event') }));
}

export const usage = (totalTokens: number, cost: number) => ({ ...noUsage, input: totalTokens - 50, output: 50, totalTokens, cost });

export const openEdit = (id: string, toolCallId: string, more: object = {}) =>
  editShape(
    {
      id,
      uri: 'file:///work/src/greet.ts',
      tool: 'edit',
      toolCallId,
      status: 'open',
      hunks: [{ id: 'h1' }],
      diff: [
        '--- src/greet.ts',
        '+++ src/greet.ts',
        '@@ -1,5 +1,6 @@',
        ' import { names } from "./names";',
        '-export function hello(name) {',
        '-  return "Hello " + name;',
        '+export function greet(name: string): string {',
        '+  const known = names.has(name);',
        '+  return (known ? "Welcome back, " : "Hello ") + name;',
        ' }',
      ].join('\n'),
      ...more,
    },
    '',
  );

export const confirm = (id: string, toolCallId: string, what = 'npm test -- --run greet') => ({
  id,
  toolCallId,
  tool: 'bash',
  source: 'pi',
  what,
  input: what,
  stagedEdits: 0,
  always: 'this command, in this session',
});

const answer = `I renamed \`hello\` to **greet** and gave it types. The callers in \`src/main.ts:12\` follow.

1. \`names\` is looked up first,
2. then the greeting is chosen:
   - a known name is welcomed back,
   - any other gets the plain *Hello*.

\`\`\`ts
export function greet(name: string): string {
  const known = names.has(name);
  return known ? \`Welcome back, \${name}\` : \`Hello \${name}\`;
}
\`\`\`

| case | before | after |
|---|---|--:|
| known | Hello Ada | Welcome back, Ada |
| new | Hello Bob | Hello Bob |

> The tests cover both. See [the handbook](https://example.org/handbook).`;

/** Everything that the view can show, in one conversation. */
export function busy(): Conversation {
  let state: Conversation = { ...emptyConversation('s'), name: 'Rename hello to greet' };
  const add = (...inputs: Input[]) => {
    state = inputs.reduce(reduce, state);
  };
  const say = (...bodies: object[]) => add(...events(state, ...bodies));
  add({
    type: 'asked',
    id: 'u1',
    text: 'Rename hello to greet, and give it types.',
    attachments: [{ kind: 'selection', label: 'greet.ts:1-5' }],
    deliver: 'start',
  });
  say(
    { type: 'runStarted' },
    { type: 'userMessage', text: 'Rename hello to greet, and give it types.' },
    { type: 'thinkingDelta', text: 'The function is used in two places. I look at both before I edit.' },
    { type: 'messageCompleted', text: '', stopReason: 'toolUse', usage: usage(1200, 0.004), model: 'scripted-1' },
    { type: 'toolStarted', toolCallId: 't0', tool: 'read', title: 'read: src/greet.ts', input: { path: 'src/greet.ts' } },
    { type: 'toolEnded', toolCallId: 't0', tool: 'read', text: 'export function hello(name) {\n', isError: false },
    { type: 'toolStarted', toolCallId: 't9', tool: 'bash', title: 'bash: npm test', input: { command: 'npm test' } },
    { type: 'toolEnded', toolCallId: 't9', tool: 'bash', text: '2 tests failed', isError: true },
    { type: 'textDelta', text: answer },
    { type: 'messageCompleted', text: answer, stopReason: 'stop', usage: usage(2400, 0.011), model: 'scripted-1' },
    { type: 'runSettled' },
    { type: 'compactionStarted', reason: 'threshold' },
    { type: 'compactionEnded', reason: 'threshold', tokensBefore: 150_000, tokensAfter: 32_000, aborted: false },
  );
  add({ type: 'asked', id: 'u2', text: 'Now do it and run the tests', attachments: [], deliver: 'start' });
  say(
    { type: 'runStarted' },
    { type: 'userMessage', text: 'Now do it and run the tests' },
    { type: 'toolStarted', toolCallId: 't1', tool: 'edit', title: 'edit: src/greet.ts', input: { path: 'src/greet.ts' } },
    { type: 'toolStarted', toolCallId: 't2', tool: 'bash', title: 'bash: npm test -- --run greet', input: { command: 'npm test -- --run greet' } },
    { type: 'queueChanged', steering: [], followUp: ['Then write the changelog'] },
  );
  add({ type: 'edits', edits: [openEdit('e1', 't1')] }, { type: 'confirmOpened', confirm: confirm('c1', 't2') });
  return state;
}

/** So many short messages. */
export function long(messages: number): Conversation {
  let seq = 0;
  const items = Array.from({ length: messages }, (_, i) =>
    i % 2 === 0
      ? { kind: 'user' as const, id: `u${i}`, text: `Question ${i}`, state: 'sent' as const, attachments: [] }
      : {
          kind: 'assistant' as const,
          id: `a${i}`,
          text: `Answer ${i} with \`code\`\n\n- one\n- two\n\n\`\`\`js\nconst n = ${i};\n\`\`\``,
          thinking: '',
          streaming: false,
        },
  );
  seq = messages;
  return { ...emptyConversation('s'), items, seq, next: 1 };
}

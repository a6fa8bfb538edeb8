// A conversation without a page, for the tests of the reducer: events as the server numbers them, and what they are folded to.
import { piEvent } from '../../extension/vscode/chat/messages/pi.ts';
import { type Conversation, emptyConversation, type Item, noUsage } from '../../extension/vscode/chat/model/conversation.ts';
import { type Input, reduce } from '../../extension/vscode/chat/model/reducer.ts';
import { transcriptPage } from '../../extension/vscode/chat/model/transcript.ts';

/** Numbers bare events as the server does. */
export function story(...bodies: object[]): Input[] {
  return bodies.map((body, i) => ({ type: 'event', event: piEvent({ sessionId: 's', seq: i + 1, ...body }, 'pi/event') }));
}
export const play = (inputs: Input[], from: Conversation = emptyConversation('s')) => inputs.reduce(reduce, from);
export const shape = (state: Conversation) => state.items.map((item) => item.kind);
export const last = <K extends Item['kind']>(state: Conversation, kind: K) => state.items.findLast((item) => item.kind === kind) as Extract<Item, { kind: K }>;
export const usage = (totalTokens: number, cost: number) => ({ ...noUsage, totalTokens, cost });
export const asked = (id: string, text: string, deliver: 'start' | 'steer' | 'followUp' = 'start'): Input => ({
  type: 'asked',
  id,
  text,
  attachments: [],
  deliver,
});
export const queue = (steering: string[], followUp: string[] = []) => ({ type: 'queueChanged', steering, followUp });
export const confirm = (id: string, toolCallId = 't1') => ({
  id,
  toolCallId,
  tool: 'bash',
  source: 'pi',
  what: 'rm -rf dist',
  input: 'rm -rf dist',
  stagedEdits: 0,
});
export const page = (entries: object[], more: object = {}) =>
  transcriptPage({ sessionId: 's', seq: 7, running: false, more: false, entries, ...more }, 'pi.getTranscript');
export const backfill = (entries: object[], more: object = {}): Input => {
  const { first: _, sessionId, ...rest } = page(entries, more);
  return { type: 'transcript', sessionId: sessionId ?? '', ...rest };
};

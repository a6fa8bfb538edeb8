import { check } from '../shape.ts';
import { edit, type PiEventBody, piEvent } from '../messages/pi.ts';
import { type Conversation, type Edit, emptyConversation } from '../model/conversation.ts';
import { type Input, reduce } from '../model/reducer.ts';
import { type TranscriptPage, transcriptPage } from '../model/transcript.ts';

/** How many decided edits are kept for their cards; those that wait are always kept. */
const DECIDED_EDITS = 200;
const PAGE = 200;
/** Events that may come while a transcript is on its way; more of them mean another one is needed anyway. */
const HELD = 20_000;

export interface Source {
  /** `pi.getTranscript`; the answer is checked here. */
  transcript(argument: { sessionId: string; before?: string; limit: number }): Promise<unknown>;
  warn(problem: string): void;
}

/**
 * The conversation that the view shows, kept whether or not there is a page: the one place where it changes. Every change is an input of
 * the reducer; whoever has the state at `rev` and folds what `onInputs` tells has the same state.
 */
export class ChatModel {
  conversation: Conversation = emptyConversation();
  rev = 0;
  onInputs: (rev: number, inputs: Input[]) => void = () => {};
  /** The state has been replaced: a snapshot is due. */
  onReset: () => void = () => {};
  /** An event of the shown session has come that changes nothing in the conversation but something around it. */
  onAside: (body: PiEventBody) => void = () => {};
  private readonly source: Source;
  private held: Input[] | null = null;
  private reading = 0;
  private first: string | null = null;
  private batch: Input[] = [];
  private batchRev = 0;

  constructor(source: Source) {
    this.source = source;
  }

  /** The whole state; what is told afterwards goes on from `rev`. */
  snapshot(): { rev: number; conversation: Conversation } {
    this.flush();
    return { rev: this.rev, conversation: this.conversation };
  }

  feed(...inputs: Input[]): void {
    for (const input of inputs) {
      const next = reduce(this.conversation, input);
      if (next === this.conversation) continue;
      this.conversation = next;
      if (this.batch.length === 0) {
        this.batchRev = this.rev;
        // Everything that one turn of the loop brings is one message.
        queueMicrotask(() => this.flush());
      }
      this.batch.push(input);
      this.rev++;
    }
  }

  /** `pi/event` as it came. */
  event(params: unknown): void {
    const event = check(piEvent, params, 'pi/event');
    if ('problem' in event) {
      this.source.warn(event.problem);
      return;
    }
    const { sessionId, body } = event.value;
    const shown = this.conversation.sessionId;
    if ((body.type === 'promptTextSet' || body.type === 'titleChanged') && (shown === null || shown === sessionId)) this.onAside(body);
    const input: Input = { type: 'event', event: event.value };
    if (this.held !== null) {
      if (this.held.length < HELD) this.held.push(input);
      return;
    }
    this.feed(input);
    if (this.conversation.gap) void this.refresh();
  }

  /** The edits of one session as they came. */
  edits(params: readonly unknown[]): void {
    const edits: Edit[] = [];
    for (const one of params) {
      const shaped = check(edit, one, 'pi/edits');
      if ('value' in shaped) edits.push(shaped.value);
      else this.source.warn(shaped.problem);
    }
    const waits = ({ status }: Edit) => status === 'open' || status === 'stopped';
    const decided = edits.filter((one) => !waits(one)).length;
    let spare = Math.max(0, decided - DECIDED_EDITS);
    this.feed({ type: 'edits', edits: edits.filter((one) => waits(one) || spare-- <= 0) });
  }

  /** Shows another session, from what the server has of it. */
  async open(sessionId: string, name: string | null): Promise<void> {
    if (sessionId !== this.conversation.sessionId) {
      const unsent = this.conversation.sessionId === null ? this.conversation.items : [];
      this.conversation = { ...emptyConversation(sessionId), name, items: unsent };
      this.reset();
    }
    await this.refresh();
  }

  /** Reads the shown session again. */
  async refresh(): Promise<void> {
    const { sessionId } = this.conversation;
    if (sessionId === null) return;
    const mine = ++this.reading;
    this.held ??= [];
    const page = await this.read({ sessionId, limit: PAGE });
    if (mine !== this.reading) return;
    const held = this.held ?? [];
    this.held = null;
    if (page?.sessionId === sessionId) {
      const { seq, running, more, items } = page;
      this.first = page.first;
      this.conversation = reduce(this.conversation, { type: 'transcript', sessionId, seq, running, more, items });
      this.reset();
    } else {
      // Nothing is stored of it yet; the hole stays, and is not asked for again and again.
      this.conversation = { ...this.conversation, gap: false };
    }
    this.feed(...held);
  }

  /** Reads what is before the oldest that is shown. */
  async earlier(): Promise<void> {
    const { sessionId, more } = this.conversation;
    const before = this.first;
    if (sessionId === null || !more || before === null || this.held !== null) return;
    this.first = null;
    const page = await this.read({ sessionId, before, limit: PAGE });
    if (page === null || sessionId !== this.conversation.sessionId) return;
    this.first = page.first;
    this.feed({ type: 'earlier', sessionId, more: page.more, items: page.items });
  }

  private async read(argument: { sessionId: string; before?: string; limit: number }): Promise<TranscriptPage | null> {
    try {
      const page = check(transcriptPage, await this.source.transcript(argument), 'pi.getTranscript');
      if ('value' in page) return page.value;
      this.source.warn(page.problem);
    } catch (error) {
      this.source.warn(error instanceof Error ? error.message : String(error));
    }
    return null;
  }

  private reset(): void {
    this.batch = [];
    this.rev++;
    this.onReset();
  }

  private flush(): void {
    const inputs = this.batch;
    this.batch = [];
    if (inputs.length > 0) this.onInputs(this.batchRev, inputs);
  }
}

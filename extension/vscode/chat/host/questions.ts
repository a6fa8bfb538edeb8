import type { CancellationToken } from 'vscode';
import type { Confirmer } from '../../hub.ts';
import type { ConfirmParams, ConfirmResult } from '../../protocol.ts';
import { piConfirm } from '../messages/pi.ts';
import { check } from '../messages/shape.ts';
import type { ChatModel } from './chatModel.ts';

export type Answer = 'allow' | 'always' | 'reject' | 'landFirst';

/** The questions about tools that stand in the view. Each is answered once, or ends with its token. */
export class Questions implements Confirmer {
  private readonly model: ChatModel;
  private readonly visible: () => boolean;
  private readonly open = new Map<string, (result: ConfirmResult) => void>();
  private asked = 0;
  onChange: () => void = () => {};

  constructor(model: ChatModel, visible: () => boolean) {
    this.model = model;
    this.visible = visible;
  }

  get count(): number {
    return this.open.size;
  }

  /** A question of a session that is not shown would not be seen here. */
  canAsk({ sessionId }: ConfirmParams): boolean {
    const shown = this.model.conversation.sessionId;
    return this.visible() && (shown === null || shown === sessionId);
  }

  async ask(question: ConfirmParams, token: CancellationToken): Promise<ConfirmResult> {
    const shaped = check(piConfirm, question, 'pi/confirm');
    if ('problem' in shaped) return { allow: false, reason: `The question could not be shown: ${shaped.problem}.` };
    const { sessionId: _, ...confirm } = shaped.value;
    const id = `c${++this.asked}`;
    return new Promise((resolve) => {
      const end = (result: ConfirmResult) => {
        if (!this.open.delete(id)) return;
        cancelled.dispose();
        this.model.feed({ type: 'confirmClosed', id });
        this.onChange();
        resolve(result);
      };
      this.open.set(id, end);
      const cancelled = token.onCancellationRequested(() => end({ allow: false }));
      this.model.feed({ type: 'confirmOpened', confirm: { id, ...confirm } });
      this.onChange();
      if (token.isCancellationRequested) end({ allow: false });
    });
  }

  /** @returns false when the question is not open any more */
  answer(id: string, answer: Answer, reason: string): boolean {
    const end = this.open.get(id);
    if (!end) return false;
    if (answer === 'reject') end({ allow: false, ...(reason.trim() ? { reason: reason.trim() } : {}) });
    else end({ allow: true, ...(answer === 'always' ? { always: true } : {}), ...(answer === 'landFirst' ? { landFirst: true } : {}) });
    return true;
  }

  /** The server is gone: nobody waits for an answer. */
  endAll(): void {
    for (const end of [...this.open.values()]) end({ allow: false });
  }
}

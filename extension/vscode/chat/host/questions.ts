import type { CancellationToken } from 'vscode';
import type { Confirmer } from '../../server/hub.ts';
import type { ConfirmParams, ConfirmResult } from '../../protocol.ts';
import { piConfirm } from '../messages/pi.ts';
import { check } from '../shape.ts';
import type { Confirm } from '../model/conversation.ts';
import type { ChatModel } from './chatModel.ts';

export type Answer = 'allow' | 'always' | 'reject' | 'landFirst';

interface Open {
  sessionId: string;
  confirm: Confirm;
  end(result: ConfirmResult, byUser?: boolean): void;
}

/**
 * The questions about tools, in the conversations that they belong to: whether the view is looked at or not, and also while another
 * conversation is shown. Each is answered once, or ends with its token.
 */
export class Questions implements Confirmer {
  private readonly model: ChatModel;
  private readonly open = new Map<string, Open>();
  private asked = 0;
  onChange: () => void = () => {};

  constructor(model: ChatModel) {
    this.model = model;
  }

  get count(): number {
    return this.open.size;
  }

  canAsk(): boolean {
    return true;
  }

  async ask(question: ConfirmParams, token: CancellationToken): Promise<ConfirmResult> {
    const shaped = check(piConfirm, question, 'pi/confirm');
    if ('problem' in shaped) return { allow: false, reason: `The question could not be shown: ${shaped.problem}.` };
    const { sessionId, ...what } = shaped.value;
    const id = `c${++this.asked}`;
    const confirm = { id, ...what };
    return new Promise((resolve) => {
      const end = (result: ConfirmResult, byUser = false) => {
        if (!this.open.delete(id)) return;
        cancelled.dispose();
        this.model.feed({ type: 'confirmClosed', id, ...(byUser && result.allow !== true ? { refused: true } : {}) });
        this.onChange();
        resolve(result);
      };
      this.open.set(id, { sessionId, confirm, end });
      const cancelled = token.onCancellationRequested(() => end({ allow: false }));
      const shown = this.model.conversation.sessionId;
      if (shown === null || shown === sessionId) this.model.feed({ type: 'confirmOpened', confirm });
      this.onChange();
      if (token.isCancellationRequested) end({ allow: false });
    });
  }

  /** Another conversation is shown: what is asked in it stands in it again. */
  showAgain(): void {
    const { sessionId, confirms } = this.model.conversation;
    for (const one of this.open.values()) {
      if (one.sessionId === sessionId && !confirms.some(({ id }) => id === one.confirm.id)) this.model.feed({ type: 'confirmOpened', confirm: one.confirm });
    }
  }

  /** @returns false when the question is not open any more */
  answer(id: string, answer: Answer, reason: string): boolean {
    const end = this.open.get(id)?.end;
    if (!end) return false;
    if (answer === 'reject') end({ allow: false, ...(reason.trim() ? { reason: reason.trim() } : {}) }, true);
    else end({ allow: true, ...(answer === 'always' ? { always: true } : {}), ...(answer === 'landFirst' ? { landFirst: true } : {}) });
    return true;
  }

  /** The server is gone: nobody waits for an answer. */
  endAll(): void {
    for (const { end } of [...this.open.values()]) end({ allow: false });
  }
}

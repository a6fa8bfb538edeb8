import type { NextStep } from '../../protocol.ts';
import type { ToView } from '../messages/toView.ts';
import type { ChatModel } from './chatModel.ts';
import type { Context } from './context.ts';
import type { LastSession } from './lastSession.ts';
import type { Questions } from './questions.ts';
import type { Run } from './serverCommands.ts';

/** What the page's actions work with. */
export interface Parts {
  run: Run;
  model: ChatModel;
  questions: Questions;
  context: Context;
  last: LastSession;
  tell(message: ToView): void;
  warn(problem: string): void;
  /** What the server says can be done about what stops a message. */
  steps(): readonly NextStep[];
  /** The shown session, where the server has it open; else its current one is meant. */
  session(): { sessionId?: string };
}

// The end of a run: how it ended, what it has changed, what that has cost, and the ways on from there.
import { pathOf, baseName, dollars, many, tokens } from './words.ts';
import type { NextStep, RunItem } from '../model/conversation.ts';
import { button, h, set } from './dom.ts';
import { problemView, stepButtons } from './failure.ts';
import type { ItemView } from './messageList.ts';

export interface RunActions {
  /** The latest run, or the one that is named. */
  undoRun(runId?: string): void;
  reviewRun(runId: string): void;
  openFile(uri: string): void;
  takeStep(step: NextStep): void;
}

const endings: Record<string, string> = { aborted: 'Stopped', error: 'Ended by an error', length: 'Cut at the longest output' };

/** Several files as one line: `3 files, +12 −4`. */
export function changesLine({ files = [], changedByCommands = [] }: Pick<RunItem, 'files' | 'changedByCommands'>): string {
  const sum = (of: 'added' | 'removed') => files.reduce((all, file) => all + file[of], 0);
  const own = files.length > 0 ? `${many(files.length, 'file')} changed, +${sum('added')} −${sum('removed')}` : '';
  const others = changedByCommands.length > 0 ? `${many(changedByCommands.length, 'file')} changed by commands` : '';
  return [own, others].filter(Boolean).join(' · ');
}

export function runView(actions: RunActions): ItemView {
  const element = h('article', 'item run', { tabindex: -1 });
  return {
    element,
    update(item) {
      const run = item as RunItem;
      const { stopReason, usage, error, next = [], runId, files = [], changedByCommands = [], undoable, undone } = run;
      const changes = changesLine(run);
      const parts = [
        endings[stopReason],
        undone && 'Undone',
        changes,
        usage.totalTokens > 0 && many(usage.totalTokens, 'token'),
        usage.cost > 0 && dollars(usage.cost),
      ].filter(Boolean);
      const words = parts.join(' · ') || 'Done';
      const cache = `read from cache ${tokens(usage.cacheRead)}, written to it ${tokens(usage.cacheWrite)}`;
      const detail = `In ${tokens(usage.input)}, out ${tokens(usage.output)}, ${cache}`;
      set(element, { 'data-stop': stopReason, 'data-undone': undone === true, 'aria-label': `End of the run. ${words}` });
      const undo =
        runId === undefined
          ? button('ghost', 'Undo what Pi changed last', () => actions.undoRun(), 'undo')
          : undoable === true && button('secondary', 'Undo this run', () => actions.undoRun(runId));
      const row = (uri: string, counts: string) =>
        h(
          'li',
          '',
          {},
          button('link file', baseName(pathOf(uri)), () => actions.openFile(uri), undefined, true),
          counts && h('span', 'counts', {}, counts),
        );
      const rows = [
        ...files.map(({ uri, created, added, removed }) => row(uri, `${created ? 'new, ' : ''}+${added} −${removed}`)),
        ...changedByCommands.map((uri) => row(uri, 'by a command')),
      ];
      const review = runId !== undefined && files.length > 0 && button('secondary', 'Review', () => actions.reviewRun(runId));
      const card = runId !== undefined && rows.length > 0;
      element.replaceChildren(
        ...[
          ...(error === undefined ? [] : problemView(error)),
          stepButtons(next, actions.takeStep),
          h('span', 'sum', { title: detail }, words),
          card && h('ul', 'landed', { 'aria-label': 'Changed files' }, ...rows),
          card ? h('div', 'buttons', {}, review, undo) : undo,
        ].filter((one): one is HTMLElement => one instanceof Node),
      );
      set(element, { 'data-card': card });
    },
  };
}

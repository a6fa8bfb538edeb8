// A tool call as a card: what it does, how far it is, and, where it waits, the decision in place.
import type { Confirm, Edit, Item, ToolItem } from '../model/conversation.ts';
import { shown as shownText, visible } from '../../words/shown.ts';
import { isShell } from '../model/shell.ts';
import { button, h, say, set, svg } from './dom.ts';
import { fold, unfolded } from './itemViews.ts';
import type { ItemView } from './messageList.ts';
import { baseName, many, pathOf, seconds } from './words.ts';

export interface DecisionActions {
  applyEdit(editId: string): void;
  rejectEdit(editId: string, reason: string): void;
  openDiff(editId: string): void;
  /** What really landed, as a diff. */
  showLanded(editId: string): void;
  stopShell(): void;
  answer(confirmId: string, answer: 'allow' | 'always' | 'reject' | 'landFirst', reason: string): void;
}

/** What waits at a tool call, looked up when the card is drawn. */
export interface Decisions {
  editsOf(toolCallId: string): Edit[];
  /** Its run's changes have been taken out again. */
  isUndone(toolCallId: string): boolean;
  confirmOf(toolCallId: string): Confirm | undefined;
}

const states: Record<ToolItem['state'], string> = {
  running: 'running',
  waiting: 'waits for you',
  done: 'done',
  failed: 'failed',
  rejected: 'rejected',
  stopped: 'stopped',
};
const DIFF_LINES = 400;

export function toolView(item: Item, decisions: Decisions, actions: DecisionActions): ItemView {
  let current = item as ToolItem;
  const stop = isShell(current) ? h('div', 'buttons', {}, button('secondary', 'Stop', actions.stopShell)) : null;
  const title = h('span', 'title');
  const state = h('span', 'state');
  const details = fold(`${item.id}.io`, 'io', h('span', 'tool-line', {}, h('span', 'dot', { 'aria-hidden': 'true' }), title, state), (body) => {
    const cut = current.outputCut > 0 ? ` (without the first ${many(current.outputCut, 'character')})` : '';
    const part = (name: string, text: string) => (text === '' ? [] : [h('div', 'caption', {}, name), h('pre', '', { tabindex: 0, 'aria-label': name }, text)]);
    // The title is all of a command of one line.
    const input = stop && !current.input.includes('\n') ? '' : shownText(current.input);
    const wanted = [...part('Input', input), ...part(`Output${cut}`, current.output)];
    const shown = body.querySelectorAll('pre');
    const fresh = wanted.filter((one) => one.tagName === 'PRE');
    if (shown.length === fresh.length && shown.length > 0) for (const [i, pre] of fresh.entries()) say(shown[i], pre.textContent ?? '');
    else body.replaceChildren(...(wanted.length > 0 ? wanted : [h('div', 'caption', {}, 'Nothing yet')]));
  });
  const decision = h('div', 'decisions');
  if (stop) {
    decision.append(stop);
    // Whoever ran it wants to see what comes of it.
    details.element.open = true;
  }
  const element = h('article', 'item tool', { tabindex: -1 }, details.element, decision);
  const cards = new Map<string, { element: HTMLElement; update: (edit: Edit, undone: boolean) => void }>();
  let asked: Confirm | undefined;

  return {
    element,
    update(next) {
      current = next as ToolItem;
      const edits = decisions.editsOf(current.toolCallId);
      const confirm = decisions.confirmOf(current.toolCallId);
      const waits = confirm !== undefined || edits.some((edit) => edit.status === 'open');
      const shown = waits ? 'waiting' : current.state === 'waiting' ? 'running' : ended(current.state, edits);
      say(title, current.title);
      say(state, `${states[shown]}${current.durationMs !== undefined && current.durationMs >= 1000 ? `, ${seconds(current.durationMs)}` : ''}`);
      element.style.setProperty('--depth', String(current.depth ?? 0));
      if (stop) stop.hidden = shown !== 'running';
      set(element, {
        'data-state': shown,
        'data-nested': (current.depth ?? 0) > 0,
        'aria-label': `${stop ? 'Your command' : current.parent === undefined ? 'Tool' : 'Tool called by a script'} ${current.title}: ${states[shown]}`,
      });
      details.refill();
      for (const edit of edits) {
        const card = cards.get(edit.id) ?? editCard(edit, actions);
        if (!cards.has(edit.id)) decision.append(card.element);
        cards.set(edit.id, card);
        card.update(edit, decisions.isUndone(edit.toolCallId));
      }
      if (asked?.id === confirm?.id) return;
      decision.querySelector('.confirm')?.remove();
      asked = confirm;
      if (confirm) decision.append(confirmCard(confirm, actions));
    },
  };
}

/** What the user has rejected has not failed. */
function ended(state: ToolItem['state'], edits: readonly Edit[]): ToolItem['state'] {
  if (state !== 'failed') return state;
  if (edits.some((edit) => edit.status === 'rejected')) return 'rejected';
  return edits.some((edit) => edit.status === 'withdrawn' || edit.status === 'stopped') ? 'stopped' : state;
}

function reasonBox(onEnter: () => void): HTMLInputElement {
  const box = h('input', 'reason', { type: 'text', placeholder: 'Why not? Pi reads it.', 'aria-label': 'Reason for rejecting, told to Pi', maxlength: 4000 });
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    onEnter();
  });
  return box;
}

/** The exact words that are allowed; characters that would not be seen are named. */
export function exactly(text: string): HTMLElement {
  const pre = h('pre', 'exact', { tabindex: 0, 'aria-label': 'What is about to run' });
  for (const piece of visible(text)) pre.append(piece.odd ? h('span', 'odd', { title: 'A character that is not visible' }, piece.text) : piece.text);
  return pre;
}

/** Tells whether all of a text has been in sight: at once where it fits, else when it was scrolled to its end. */
function onceSeen(pre: HTMLElement, tell: (seen: boolean) => void): void {
  const look = () => {
    // Without a height it is not on the screen at all.
    const seen = pre.clientHeight > 0 && pre.scrollTop + pre.clientHeight >= pre.scrollHeight - 4;
    if (!seen) return;
    watch.disconnect();
    pre.removeEventListener('scroll', look);
    tell(true);
  };
  const watch = new ResizeObserver(look);
  tell(false);
  watch.observe(pre);
  pre.addEventListener('scroll', look, { passive: true });
}

function confirmCard(confirm: Confirm, actions: DecisionActions): HTMLElement {
  const answer = (word: Parameters<DecisionActions['answer']>[1]) => {
    for (const control of card.querySelectorAll<HTMLButtonElement>('button, input')) control.disabled = true;
    actions.answer(confirm.id, word, word === 'reject' ? reason.value : '');
  };
  const reason = reasonBox(() => answer('reject'));
  const staged = confirm.stagedEdits > 0;
  const what = exactly(confirm.what);
  const scroll = h('div', 'caption', { hidden: true }, 'Scroll to its end to be able to allow it.');
  const allowing = [
    staged && button('primary', 'Apply edits, then allow', () => answer('landFirst')),
    button(staged ? 'secondary' : 'primary', 'Allow', () => answer('allow')),
  ].filter((one) => one !== false);
  // Only where it can be said what it would cover.
  const always = confirm.always !== undefined && button('link', 'Always allow', () => answer('always'));
  if (always) allowing.push(always);
  onceSeen(what, (seen) => {
    scroll.hidden = seen;
    for (const one of allowing) one.disabled = !seen;
  });
  const card = h(
    'div',
    'card confirm',
    { role: 'group', 'aria-label': `Pi wants to use ${confirm.tool}` },
    h(
      'div',
      'ask',
      {},
      'Pi wants to use ',
      h('strong', '', {}, confirm.tool),
      // Pi's own ones name themselves so.
      /^(pi|builtin:.*|<builtin:.*>)?$/.test(confirm.source) ? null : h('span', 'from', {}, ` from ${confirm.source}`),
    ),
    what,
    scroll,
    staged && h('div', 'caption', {}, `${many(confirm.stagedEdits, 'edit')} waiting; it would not see ${confirm.stagedEdits === 1 ? 'it' : 'them'}.`),
    h(
      'div',
      'buttons',
      {},
      ...allowing.filter((one) => one !== always),
      button('secondary', 'Reject', () => answer('reject')),
      always,
    ),
    always && h('div', 'caption covers', {}, `Always allow: ${confirm.always}`),
    reason,
  );
  return card;
}

const fates: Record<Edit['status'], string> = {
  open: '',
  stopped: 'The run was stopped',
  applied: 'Applied',
  partial: 'Applied in part',
  rejected: 'Rejected',
  withdrawn: 'Withdrawn',
  failed: 'Not applied',
};

/** What became of an edit, in words: `Applied with your changes, +4 −0; 2 rejected`. */
export function fateOf({ status, outcome, hunks }: Pick<Edit, 'status' | 'outcome' | 'hunks'>, undone: boolean): string {
  const word = fates[status];
  if (!outcome || (status !== 'applied' && status !== 'partial')) return undone && word ? `${word}, then undone` : word;
  const applied =
    status === 'partial' && outcome.applied > 0 ? `${outcome.applied} of ${Math.max(hunks.length, outcome.applied + outcome.rejected)} applied` : 'Applied';
  const how = `${applied}${outcome.changedByUser ? ' with your changes' : ''}, +${outcome.added} −${outcome.removed}`;
  const rest = outcome.rejected > 0 ? `; ${outcome.rejected} rejected` : '';
  return `${how}${rest}${undone ? '; then undone' : ''}`;
}

function editCard(of: Edit, actions: DecisionActions): { element: HTMLElement; update: (edit: Edit, undone: boolean) => void } {
  let edit = of;
  const decide = (what: (id: string) => void) => () => what(edit.id);
  const reject = () => actions.rejectEdit(edit.id, reason.value);
  const reason = reasonBox(reject);
  const name = button('link file', 'Open the diff', decide(actions.openDiff), undefined, false);
  const counts = h('span', 'counts');
  const fate = h('span', 'fate');
  const guarded = h('span', 'guarded', { title: 'Asked for in every mode', hidden: true }, 'protected');
  const landed = button('link landed-diff', 'Show what landed', decide(actions.showLanded), undefined, true);
  const careful = h('div', 'caption warn careful', { hidden: true });
  const clash = h('div', 'caption warn', { hidden: true });
  const buttons = h(
    'div',
    'buttons',
    {},
    button('primary', 'Apply', decide(actions.applyEdit)),
    button('secondary', 'Reject', reject),
    button('link', 'Open diff', decide(actions.openDiff)),
  );
  const diff = fold(`${of.id}.diff`, 'diff-fold', 'Changes', (body) => body.replaceChildren(diffView(edit.diff)));
  const element = h(
    'div',
    'card edit',
    { role: 'group' },
    h('div', 'edit-head', {}, svg('file'), name, guarded, counts, fate),
    careful,
    clash,
    diff.element,
    landed,
    buttons,
    reason,
  );
  let [shownDiff, wasOpen] = ['', undefined as boolean | undefined];
  return {
    element,
    update(next, undone) {
      edit = next;
      const path = pathOf(edit.uri);
      const open = edit.status === 'open' || edit.status === 'stopped';
      const said = fateOf(edit, undone);
      say(name, baseName(path));
      set(name, { title: path, 'aria-label': `${baseName(path)}, go to the change` });
      set(element, {
        'aria-label': `Edit of ${baseName(path)}, ${edit.added} lines added, ${edit.removed} removed. ${edit.status === 'open' ? 'Waits for you' : said}`,
      });
      counts.replaceChildren(h('span', 'plus', {}, `+${edit.added}`), ' ', h('span', 'minus', {}, `−${edit.removed}`));
      say(fate, said);
      // What landed is counted where it is told; the proposal's own numbers would be others.
      counts.hidden = edit.outcome !== undefined && !open;
      guarded.hidden = edit.protected !== true;
      landed.hidden = open || (edit.outcome?.applied ?? 0) === 0;
      set(element, { 'data-status': edit.status, 'data-undone': undone });
      careful.hidden = !open || edit.careful === undefined;
      if (!careful.hidden) say(careful, `Careful: ${edit.careful}`);
      const clashes = edit.hunks.filter((hunk) => hunk.clashed).length;
      clash.hidden = !open || clashes === 0;
      if (!clash.hidden) say(clash, `You have changed lines of ${many(clashes, 'change')} meanwhile; ${clashes === 1 ? 'it' : 'they'} cannot be applied.`);
      if (edit.status === 'stopped') {
        clash.hidden = false;
        say(clash, 'It can still be applied, until you send the next message.');
      } else if (!open && edit.reason) {
        clash.hidden = false;
        say(clash, edit.status === 'rejected' ? `Why: ${edit.reason}` : edit.reason);
      }
      buttons.hidden = !open;
      reason.hidden = !open;
      // What waits is shown; what is decided is folded.
      if (open !== wasOpen) diff.element.open = open || unfolded.has(`${edit.id}.diff`);
      wasOpen = open;
      if (edit.diff !== shownDiff) diff.refill();
      shownDiff = edit.diff;
    },
  };
}

/** A unified diff, a line each; the sign stays, so that colour is not all there is. */
function diffView(diff: string): HTMLElement {
  const lines = diff
    .replace(/\n$/, '')
    .split('\n')
    .filter((line) => !/^(---|\+\+\+) /.test(line));
  const view = h('pre', 'diff', { tabindex: 0, 'aria-label': 'Changes' });
  for (const line of lines.slice(0, DIFF_LINES)) {
    const kind = line.startsWith('+') ? 'add' : line.startsWith('-') ? 'del' : line.startsWith('@@') ? 'hunk' : 'same';
    view.append(h('span', kind, {}, `${line}\n`));
  }
  if (lines.length > DIFF_LINES) view.append(h('span', 'hunk', {}, `… ${many(lines.length - DIFF_LINES, 'more line')}; open the diff`));
  return view;
}

// The chat's page: a fold of what the extension tells, shown; what the user does, told.
import './chat.css';
import type { Chrome } from '../messages/chrome.ts';
import type { ToView } from '../messages/toView.ts';
import { type Conversation, emptyConversation, type Item, type NextStep } from '../model/conversation.ts';
import { reduce } from '../model/reducer.ts';
import { Announcer } from './announcer.ts';
import { keep, onMessage, post, recall } from './channel.ts';
import { Composer } from './composer.ts';
import { button, h } from './dom.ts';
import { acceptDrops, type DropActions, takeFiles } from './drop.ts';
import { Find } from './find.ts';
import { Header } from './header.ts';
import { pageKeys } from './keys.ts';
import { assistantView, compactionView, type MessageActions, noticeView, userView } from './itemViews.ts';
import { type ItemView, MessageList } from './messageList.ts';
import { paint } from './paint.ts';
import { PathAsker } from './paths.ts';
import { PendingBar } from './pendingBar.ts';
import { type RunActions, runView } from './runCard.ts';
import { type DecisionActions, type Decisions, toolView } from './toolView.ts';
import { setup } from './setup.ts';
import { Telling } from './telling.ts';
import { welcome } from './welcome.ts';

let state: Conversation = emptyConversation();
let rev = -1;
let chrome: Chrome = {
  ...{ server: 'starting', problem: null, model: null, thinking: null, mode: 'ask', restricted: false, folder: null },
  ...{ context: null, usage: null, last: null, chips: [], setup: null, colors: {}, putAside: 0 },
};
let sent = 0;
const kept = recall();
const history: string[] = kept.history ?? [];

const announcer = new Announcer();
const telling = new Telling(announcer, () => state);
const paths = new PathAsker((id, asked) => post({ type: 'findPaths', id, paths: asked }));

const actions: MessageActions & DecisionActions & RunActions = {
  copy: (text) => {
    post({ type: 'copy', text });
    announcer.say('Copied.');
  },
  insert: (text) => post({ type: 'insert', text }),
  applyCode: (text, language) => post({ type: 'applyCode', text, language }),
  runInTerminal: (text) => post({ type: 'runInTerminal', text }),
  openText: (text) => post({ type: 'openText', text }),
  openLink: (href) => post({ type: 'openLink', href }),
  openPath: (path, line) => post({ type: 'openPath', path, ...(line === undefined ? {} : { line }) }),
  whenFile: (path, found) => paths.whenFile(path, found),
  edit: (text) => {
    composer.add(text);
    composer.box.focus();
  },
  undoRun: (runId) => post({ type: 'undoRun', ...(runId === undefined ? {} : { runId }) }),
  reviewRun: (runId) => post({ type: 'reviewRun', runId }),
  openFile: (uri) => post({ type: 'openFile', uri }),
  takeStep: ({ kind, provider }: NextStep, id?: string) =>
    post({ type: 'takeStep', kind, ...(provider === undefined ? {} : { provider }), ...(id === undefined ? {} : { id }) }),
  showLanded: (editId) => post({ type: 'showLanded', editId }),
  applyEdit: (editId) => {
    decidedHere.add(editId);
    post({ type: 'applyEdit', editId });
  },
  rejectEdit: (editId, reason) => {
    decidedHere.add(editId);
    post({ type: 'rejectEdit', editId, reason });
  },
  openDiff: (editId) => post({ type: 'openDiff', editId }),
  stopShell: () => post({ type: 'stopShell' }),
  answer: (confirmId, answer, reason) => post({ type: 'answer', confirmId, answer, reason }),
};

/** Edits that the user has decided in this page: behind them the next one comes into view. */
const decidedHere = new Set<string>();

function goOn(): void {
  const decided = state.edits.filter((edit) => decidedHere.has(edit.id) && edit.status !== 'open');
  if (decided.length === 0) return;
  for (const { id } of decided) decidedHere.delete(id);
  // Who has gone somewhere else meanwhile stays there: the buttons that were pressed are gone, and the focus with them.
  if (document.activeElement === document.body || document.activeElement?.closest('.card')) pending.goToNext(decided[decided.length - 1].toolCallId);
}

const decisions: Decisions = {
  editsOf: (toolCallId) => state.edits.filter((edit) => edit.toolCallId === toolCallId),
  isUndone: (toolCallId) => state.undone.includes(toolCallId),
  confirmOf: (toolCallId) => state.confirms.find((confirm) => confirm.toolCallId === toolCallId),
};

function viewOf(item: Item): ItemView {
  switch (item.kind) {
    case 'user':
      return userView(actions);
    case 'assistant':
      return assistantView(item, actions);
    case 'tool':
      return toolView(item, decisions, actions);
    case 'notice':
      return noticeView();
    case 'compaction':
      return compactionView();
    case 'run':
      return runView(actions);
  }
}

const header = new Header({
  newSession: () => post({ type: 'newSession' }),
  pickSession: () => post({ type: 'pickSession' }),
  renameSession: () => post({ type: 'renameSession' }),
  showLog: () => post({ type: 'showLog' }),
  compact: () => post({ type: 'compact' }),
  takeStep: (step) => actions.takeStep(step),
  manageTrust: () => post({ type: 'manageTrust' }),
  restart: () => post({ type: 'restart' }),
});
const list = new MessageList(viewOf);
const pending = new PendingBar({
  applyAll: () => post({ type: 'applyEdit' }),
  rejectAll: () => post({ type: 'rejectEdit', reason: '' }),
  goTo: (toolCallId) => {
    const item = state.items.findLast((one) => one.kind === 'tool' && one.toolCallId === toolCallId);
    const element = item && list.reveal(item.id, true);
    element?.querySelector<HTMLElement>('.decisions button:not([disabled])')?.focus();
  },
  stopRetry: () => post({ type: 'stopRetry' }),
  askAgain: () => post({ type: 'askAgain' }),
  unqueue: (text) => {
    post({ type: 'unqueue', text });
    composer.add(text);
  },
});
const composer = new Composer({
  send: (text, deliver) => {
    history.push(text);
    history.splice(0, history.length - 50);
    remember();
    post({ type: 'send', id: `u${Date.now().toString(36)}-${++sent}`, text, deliver });
    list.toEnd();
  },
  stop: () => post({ type: 'stop' }),
  attach: () => post({ type: 'attach' }),
  attachKnown: (what) => post({ type: 'attachKnown', what }),
  detach: (id) => post({ type: 'detach', id }),
  pickModel: () => post({ type: 'pickModel' }),
  pickThinking: () => post({ type: 'pickThinking' }),
  pickMode: () => post({ type: 'pickMode' }),
  pickFolder: () => post({ type: 'pickFolder' }),
  complete: (id, kind, query) => post({ type: 'complete', id, kind, query }),
  takeFiles: (files) => takeFiles(files, dropping),
  mentioned: (text) => post({ type: 'draft', text }),
  changed: () => remember(),
  manageTrust: () => post({ type: 'manageTrust' }),
  tellInstead: (text) => {
    history.push(text);
    post({ type: 'tellInstead', text });
  },
});
const dropping: DropActions = {
  attachUris: (uris) => post({ type: 'attachUris', uris }),
  attachPicture: (name, mimeType, data) => post({ type: 'attachPicture', name, mimeType, data }),
  attachText: (name, text) => post({ type: 'attachText', name, text }),
  write: (text) => {
    composer.write(text);
    composer.box.focus();
  },
  refused: (why) => post({ type: 'refused', why }),
};
acceptDrops(document.documentElement, dropping, (over) => composer.markDrop(over));
const toEnd = button('to-end', 'To the latest message', () => list.toEnd(), 'down');
toEnd.hidden = true;
list.onTop = () => post({ type: 'earlier' });
list.onFollow = (follows) => {
  toEnd.hidden = follows;
};
const find = new Find({
  items: () => state.items,
  reveal: (id) => list.reveal(id, false),
  hasMore: () => state.more,
  loadMore: () => post({ type: 'earlier' }),
  closed: () => composer.box.focus(),
  told: (count) => announcer.say(count),
});
const empty = welcome(
  (text) => {
    composer.setText(text);
    composer.box.focus();
  },
  () => post({ type: 'resumeLast' }),
);

const firstSteps = setup((step) => actions.takeStep(step));

let remembering: number | undefined;
/** The draft outlives the page: VS Code throws it away when the view is moved or the window reloads. */
function remember(): void {
  window.clearTimeout(remembering);
  remembering = window.setTimeout(() => keep({ draft: composer.text, history }), 200);
}

const drawn = { edits: state.edits, confirms: state.confirms, undone: state.undone };
let due = false;
/** Everything that comes within one frame is drawn once. */
function draw(): void {
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    const touched = new Set<string>();
    if (drawn.edits !== state.edits) for (const edit of [...drawn.edits, ...state.edits]) touched.add(edit.toolCallId);
    if (drawn.undone !== state.undone) for (const toolCallId of state.undone) touched.add(toolCallId);
    if (drawn.confirms !== state.confirms) for (const confirm of [...drawn.confirms, ...state.confirms]) touched.add(confirm.toolCallId);
    Object.assign(drawn, { edits: state.edits, confirms: state.confirms, undone: state.undone });
    list.update(state.items, state.running, state.more);
    find.update();
    if (touched.size > 0) list.refresh((item) => item.kind === 'tool' && touched.has(item.toolCallId));
    const isNew = state.items.length === 0;
    // Notices of a Pi that has no model yet say nothing more.
    firstSteps.element.hidden = chrome.setup === null || state.items.some(({ kind }) => kind !== 'notice');
    list.element.hidden = !firstSteps.element.hidden;
    firstSteps.update(chrome.setup);
    empty.element.hidden = !isNew || chrome.setup !== null;
    empty.update(chrome);
    pending.update(state, chrome.putAside);
    goOn();
    header.update(state, chrome);
    composer.setChrome(chrome);
    paint(chrome.colors);
    composer.setRunning(state.running, state.stopping, state.edits.filter((edit) => edit.status === 'open').length + state.confirms.length);
  });
}

function onExtension(message: ToView): void {
  switch (message.type) {
    case 'snapshot': {
      state = message.conversation;
      const last = state.items.findLast((item) => item.kind === 'assistant');
      if (last) announcer.skip(last.id, last.text);
      rev = message.rev;
      chrome = message.chrome;
      break;
    }
    case 'inputs': {
      // Something got lost on the way: all of it anew.
      if (message.rev !== rev) {
        if (message.rev > rev) post({ type: 'ready' });
        return;
      }
      const before = state;
      state = message.inputs.reduce(reduce, state);
      rev += message.inputs.length;
      telling.changedFrom(before);
      break;
    }
    case 'chrome':
      chrome = message.chrome;
      break;
    case 'paths':
      paths.answer(message.id, message.found);
      return;
    case 'completions':
      composer.showCompletions(message.id, message.items);
      return;
    case 'prefill':
      composer.add(message.text);
      composer.box.focus();
      return;
    case 'suggest':
      // What the user has begun to write is theirs.
      if (composer.box.value === '') composer.add(message.text);
      return;
    case 'focus':
      composer.box.focus();
      return;
    case 'find':
      find.show();
      return;
    case 'said':
      announcer.say(message.text);
      return;
  }
  draw();
}

pageKeys({ find: () => find.show(), box: () => composer.box.focus() });

document.body.append(
  header.element,
  find.element,
  h('main', '', {}, list.element, empty.element, firstSteps.element, toEnd),
  h('footer', '', {}, pending.element, composer.element),
  announcer.element,
);
composer.setHistory(history);
if (kept.draft) composer.setText(kept.draft);
onMessage(onExtension);
post({ type: 'ready' });
draw();

import * as vscode from 'vscode';
import type { Hub } from '../server/hub.ts';
import { counted } from '../words/counted.ts';
import { openOnes } from '../review/places.ts';
import { MODES } from '../session/modes.ts';
import { isUnavailable } from './problems.ts';

type Row = vscode.QuickPickItem & { command?: string };

/** What makes sense just now, from the status bar. */
export async function showMenu(hub: Hub): Promise<void> {
  const rows: Row[] = [];
  const group = (label: string, ...own: (Row | false | undefined)[]) => {
    const kept = own.filter((row): row is Row => !!row);
    if (kept.length > 0) rows.push({ label, kind: vscode.QuickPickItemKind.Separator }, ...kept);
  };
  const row = (icon: string, label: string, command: string, description?: string): Row => ({
    label: `$(${icon}) ${label}`,
    command: `pilsp.${command}`,
    description,
  });
  const { status, serverState } = hub;
  const up = serverState === 'running';
  const open = openOnes(hub.edits).length;
  const { questions } = hub;
  group(
    'Waiting for you',
    questions > 0 &&
      row('question', questions === 1 ? 'Answer a question' : 'Answer questions', 'chat.focus', questions === 1 ? 'a tool waits' : `${questions} tools wait`),
    !!status?.putAside && row('question', 'Answer what was put aside', 'askAgain', counted(status.putAside, 'question')),
    open > 0 && row('diff-multiple', 'Review changes', 'review', `${open} open`),
    open > 0 && row('check-all', 'Apply all', 'applyAll'),
    open > 0 && row('close-all', 'Reject all', 'rejectAll'),
  );
  group(
    'Problems',
    isUnavailable(status) && row('error', status?.availability?.message ?? 'Pi cannot be asked', 'checkAvailability', 'look again'),
    status?.problem !== undefined && !isUnavailable(status) && row('error', status.problem, 'showLog'),
  );
  group(
    'Pi',
    status?.state === 'running' && row('debug-stop', 'Stop', 'stop'),
    row('comment-discussion', 'Ask…', 'ask'),
    up && row('add', 'New session', 'newSession'),
    up && row('list-unordered', 'Sessions…', 'sessions'),
    up && row('history', 'Undo a run…', 'undoRun'),
  );
  group(
    'Session',
    up && row('symbol-misc', 'Model…', 'pickModel', status?.model),
    up && row('key', 'Providers…', 'providers'),
    up && row('lightbulb', 'Thinking level…', 'pickThinking', status?.thinking),
    up && row('pass', 'Always allowed…', 'allowances'),
    up && row('shield', 'Permission mode…', 'permissionMode', status && MODES[status.permissionMode]?.label),
  );
  group('Server', up && row('info', 'Status', 'status'), row('output', 'Show log', 'showLog'), row('debug-restart', up ? 'Restart' : 'Start', 'restart'), {
    label: '$(gear) Settings',
    command: 'pilsp.openSettings',
  });
  const chosen = await vscode.window.showQuickPick(rows, { title: 'Pi', matchOnDescription: true });
  if (chosen?.command) await vscode.commands.executeCommand(chosen.command);
}

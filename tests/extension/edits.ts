// Edits as the server tells them, made from what stands and what is proposed.
import type { Edit, Hunk } from '../../extension/vscode/protocol.ts';

const newlines = (text: string) => text.split('\n').length - 1;

/** A hunk that begins at this line (from 0) of the buffer. */
export function hunk(id: string, line: number, oldText: string, newText: string, fate?: Hunk['fate']): Hunk {
  return { id, range: { start: { line, character: 0 }, end: { line: line + newlines(oldText), character: 0 } }, oldText, newText, ...(fate ? { fate } : {}) };
}

export function edit(id: string, hunks: Hunk[], more: Partial<Edit> = {}): Edit {
  return {
    id,
    sessionId: 's1',
    uri: `file:///w/${id}.js`,
    tool: 'edit',
    toolCallId: `c-${id}`,
    status: 'open',
    version: 1,
    hunks,
    newText: '',
    diff: '',
    ...more,
  };
}

/** What the server would say as `newText`: the buffer with the waiting hunks in it. */
export function proposed(buffer: string, hunks: Hunk[]): string {
  const lines = buffer.split(/(?<=\n)/);
  for (const one of [...hunks].filter((each) => each.fate === undefined).sort((a, b) => b.range.start.line - a.range.start.line)) {
    lines.splice(one.range.start.line, newlines(one.oldText), one.newText);
  }
  return lines.join('');
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secretsLast } from '../../extension/vscode/chat/host/order.ts';
import { problemLines } from '../../extension/vscode/chat/host/problemLines.ts';

test('keys and what begins with a dot are offered last, unless they are typed', () => {
  const files = ['.env', 'a.ts', '.gitignore', 'certs/site.pem', 'src/b.ts', '.env.local'];
  const order = (query: string) => secretsLast(files, (path) => path, query);
  assert.deepEqual(order(''), ['a.ts', 'src/b.ts', '.gitignore', '.env', 'certs/site.pem', '.env.local']);
  assert.deepEqual(order('.e'), files);
});

test('problems are lines that a model can follow: errors first, no marks of ours, no hints', () => {
  const at = (line: number, severity: number, message: string, source?: string) => ({
    range: { start: { line, character: 4 } },
    severity,
    message,
    ...(source ? { source } : {}),
  });
  assert.deepEqual(problemLines('src/a.ts', [at(9, 1, 'unused'), at(3, 0, "no 'x'\n  in 'y'", 'ts'), at(0, 2, 'Pi', 'pi'), at(1, 3, 'hint')]), [
    "src/a.ts:4:5: error: no 'x' in 'y' (ts)",
    'src/a.ts:10:5: warning: unused',
  ]);
});

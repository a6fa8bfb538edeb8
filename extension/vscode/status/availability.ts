import * as vscode from 'vscode';
import { inform, warn } from '../words/notices.ts';
import { ReportedError, showFailure } from '../words/failures.ts';
import type { Hub } from '../server/hub.ts';
import type { Availability } from '../protocol.ts';
import { offered, setupSteps } from './nextSteps.ts';
import { isUnavailable, problemOf } from './problems.ts';
import { takeStep } from './takeStep.ts';

/** Looks whether a prompt can be sent, and says what stops it and what to do about it. */
export async function checkAvailability(hub: Hub): Promise<void> {
  const found = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Looking for Pi' }, () =>
    hub.run('pi.checkAvailability', { refresh: true }),
  );
  await vscode.commands.executeCommand('setContext', 'pilsp.available', found.state === 'ready');
  await showAvailability(found);
}

async function showAvailability(found: Availability): Promise<void> {
  const ways = found.state === 'ready' ? [] : offered(setupSteps(found), 'setup');
  const text = problemOf(found) || (found.state === 'ready' ? 'Pi is there and a prompt can be sent.' : `Pi: ${found.state}`);
  const show = found.state === 'ready' ? inform : warn;
  const chosen = await show(text, ...ways.map(({ label }) => label));
  const way = ways.find(({ label }) => label === chosen);
  if (way) await takeStep(way.step);
}

/** A prompt could not be sent, or its run could not be started: with what can be done about it, where that is known. */
export async function showAskFailure(hub: Hub, error: unknown): Promise<void> {
  if (error instanceof ReportedError) return;
  const status = await hub.run('pi.status').catch(() => undefined);
  if (status?.availability && isUnavailable(status)) await showAvailability(status.availability);
  else showFailure(error);
}

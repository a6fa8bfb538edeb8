// @ts-check
// What the bench has of the machine: a folder, memory and time of process trees; and its own arithmetic.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';

export const canReadProcesses = process.platform === 'linux';

/** In a folder of its own, which is gone afterwards. */
export async function inPlace(work) {
  const place = mkdtempSync(join(tmpdir(), 'pilsp-bench-'));
  try {
    return await work(place);
  } finally {
    rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Clock ticks of /proc in a second. */
const TICKS = canReadProcesses ? Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })) : 100;

/** The process and its descendants, without those whose command line is one of `without`, and theirs. */
function tree(root, without) {
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = statOf(name)?.parent;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [];
  const visit = (pid) => {
    if (pid !== root && without(read(`/proc/${pid}/cmdline`))) return;
    found.push(pid);
    for (const child of children.get(pid) ?? []) visit(child);
  };
  visit(root);
  return found;
}

/** Resident memory in MiB. */
export function memory(pid, without) {
  const kilobytes = tree(pid, without).reduce((sum, one) => sum + Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${one}/status`))?.[1] ?? 0), 0);
  return kilobytes / 1024;
}

/** The most that this process alone has had resident so far, in MiB. */
export const peak = (pid) => Number(/^VmHWM:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;

/** Seconds of processor time so far. */
export function processorTime(pid, without) {
  return tree(pid, without).reduce((sum, one) => sum + (statOf(one)?.ticks ?? 0), 0) / TICKS;
}

function statOf(pid) {
  // The name in brackets may hold anything, brackets too.
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1).split(' ');
  return fields.length < 13 ? null : { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

export function median(values) {
  const sorted = values.filter((one) => one !== null).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const milliseconds = (from, to) => Number(to - from) / 1e6;

export const machine = () => `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}`;

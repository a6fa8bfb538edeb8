/** Which lines of a text have become which. Pure. */

/** Lines `from` up to `to` of the old text became `lines`. */
export interface Span {
  from: number;
  to: number;
  lines: string[];
}

/** More differences than these in one text are told as one. */
const MOST = 400;

/** What an editor changes by merely showing a text: one line end for all, no byte order mark. */
export const asShown = (text: string) => text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');

/** From top to bottom, and none touches another: outside of them both texts are alike. */
export function changedSpans(old: string, fresh: string): Span[] {
  const a = asShown(old).split('\n');
  const b = asShown(fresh).split('\n');
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  if (head === a.length && head === b.length) return [];
  const kept = commonLines(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const spans: Span[] = [];
  let [inA, inB] = [head, head];
  for (const [x, y] of [...kept.map(([x, y]) => [x + head, y + head]), [a.length - tail, b.length - tail]]) {
    if (x > inA || y > inB) spans.push({ from: inA, to: x, lines: b.slice(inB, y) });
    [inA, inB] = [x + 1, y + 1];
  }
  return spans;
}

/** The places of the lines that stay, in both, by the shortest way from one to the other (Myers); none when that is too long. */
function commonLines(a: readonly string[], b: readonly string[]): [number, number][] {
  const most = Math.min(MOST, a.length + b.length);
  const reached: Int32Array[] = [];
  const furthest = new Int32Array(2 * most + 3);
  const at = (k: number) => k + most + 1;
  for (let d = 0; d <= most; d++) {
    reached.push(furthest.slice());
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && furthest[at(k - 1)] < furthest[at(k + 1)]);
      let x = down ? furthest[at(k + 1)] : furthest[at(k - 1)] + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      furthest[at(k)] = x;
      if (x >= a.length && x - k >= b.length) return wayBack(reached, a.length, b.length, at);
    }
  }
  return [];
}

function wayBack(reached: readonly Int32Array[], width: number, height: number, at: (k: number) => number): [number, number][] {
  const kept: [number, number][] = [];
  let [x, y] = [width, height];
  for (let d = reached.length - 1; d >= 0 && (x > 0 || y > 0); d--) {
    const k = x - y;
    const before = reached[d];
    const down = k === -d || (k !== d && before[at(k - 1)] < before[at(k + 1)]);
    const from = d === 0 ? 0 : before[at(down ? k + 1 : k - 1)];
    const fromY = d === 0 ? 0 : from - (down ? k + 1 : k - 1);
    while (x > from && y > fromY && x > 0 && y > 0) kept.push([--x, --y]);
    [x, y] = [from, fromY];
  }
  return kept.reverse();
}

/**
 * What is shown of a text that is not ours. The server has done the same to what it sends (its ShownText); this is for what comes
 * from elsewhere: names of files, arguments of tools, words of an error. Pure.
 */

/** Controls, changes of direction, widths of nothing, blanks that are no space, halves of characters. */
const ODD = /(?![\n\t ])(?:\p{Cc}|\p{Cf}|\p{Zs}|\p{Default_Ignorable_Code_Point}|[\u2028\u2029\u2800\ufff0-\ufffb]|[\u{e0000}-\u{e0fff}]|\p{Cs})/gu;

const named = (odd: string): string => `\\u{${odd.codePointAt(0)?.toString(16)}}`;

/** Several lines, each as it is but for what would not be seen, which stands as `\u{…}`. */
export const shown = (text: string): string => text.replace(/\r\n/g, '\n').replace(ODD, named);

/** One line; where another one began stands `⏎`. */
export const onOneLine = (text: string): string =>
  shown(text)
    .trim()
    .replace(/\s*\n\s*/g, ' ⏎ ')
    .replace(/\t/g, ' ');

/** For a notification, which would make a link of `[words](address)` and show the words alone. */
export const forNotification = (text: string): string => shown(text).replace(/\]\(/g, ']\\u{28}');

/** What the server, or `shown`, has named or counted in a text: to be marked where it is looked at. */
const MARKS = /\\u\{[0-9a-f]+\}|⟨[\d,]+ (?:blanks|empty lines)⟩/g;

/** The text in pieces; the odd ones stand for what would not be seen. */
export function visible(text: string): { text: string; odd: boolean }[] {
  const whole = shown(text);
  const pieces: { text: string; odd: boolean }[] = [];
  let at = 0;
  for (const match of whole.matchAll(MARKS)) {
    if (match.index > at) pieces.push({ text: whole.slice(at, match.index), odd: false });
    pieces.push({ text: match[0], odd: true });
    at = match.index + match[0].length;
  }
  if (at < whole.length) pieces.push({ text: whole.slice(at), odd: false });
  return pieces;
}

/** As much of a question as a notification shows; `isWhole` false: both its ends, which is not enough to allow it by. */
export function inNotification({ what, brief, isWhole }: { what: string; brief?: string; isWhole?: boolean }): { line: string; isWhole: boolean } {
  const MOST = 200;
  const line = onOneLine(brief ?? what);
  if (line.length <= MOST) return { line, isWhole: isWhole !== false };
  const characters = [...onOneLine(what)];
  return { line: `${characters.slice(0, 120).join('')} … ${characters.slice(-60).join('')} (${what.length} characters)`, isWhole: false };
}

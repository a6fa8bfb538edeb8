/** Words cut short: what a reader sees as one character, such as an emoji, is never halved. Pure. */
const characters = new Intl.Segmenter();

/** The beginning, of at most so many UTF-16 units; `more` stands behind what was cut. */
export function short(text: string, most: number, more = '…'): string {
  if (text.length <= most) return text;
  return text.slice(0, characters.segment(text).containing(most - more.length)?.index ?? 0) + more;
}

/** The first line that says something, short enough for a list. */
export function firstLine(text: string, most = 100): string {
  const lines = text.split(/[\n⏎]/).map((one) => one.trim());
  return short(lines.find((one) => one !== '') ?? '', most);
}

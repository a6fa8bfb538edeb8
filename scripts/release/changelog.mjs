// @ts-check
// What CHANGELOG.md says, and how a release is entered there.

/** @param {string} text @param {string} heading @returns {string} what stands under it, without the lines around */
export function section(text, heading) {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line === `## ${heading}` || line.startsWith(`## ${heading} `));
  if (from < 0) return '';
  const to = lines.findIndex((line, at) => at > from && line.startsWith('## '));
  return lines
    .slice(from + 1, to < 0 ? undefined : to)
    .join('\n')
    .trim();
}

/** What is not released yet becomes that version. @param {string} text @param {string} version @param {string} date */
export function released(text, version, date) {
  if (section(text, 'Unreleased') === '') throw new Error('CHANGELOG.md has nothing under "## Unreleased": what is new?');
  if (section(text, version) !== '') throw new Error(`CHANGELOG.md has a version ${version} already`);
  return text.replace(/^## Unreleased$/m, `## Unreleased\n\n## ${version} – ${date}`);
}

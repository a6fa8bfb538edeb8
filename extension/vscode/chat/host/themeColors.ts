/** Which colours a theme gives to code, as far as the chat tells kinds of code apart. Pure. */

/** The kinds of the page that have a colour of their own. */
export const KINDS = ['keyword', 'string', 'number', 'comment', 'type', 'function', 'variable', 'meta'] as const;
export type CodeColors = Partial<Record<(typeof KINDS)[number], string>>;

interface Rule {
  scope?: string | string[];
  settings?: { foreground?: string };
}

/** The scopes that stand for a kind, the best first. */
const SCOPES: Record<(typeof KINDS)[number], string[]> = {
  keyword: ['keyword.control', 'keyword', 'storage.type', 'storage'],
  string: ['string.quoted', 'string'],
  number: ['constant.numeric', 'constant'],
  comment: ['comment.line', 'comment'],
  type: ['entity.name.type', 'support.class', 'support.type', 'entity.name.class'],
  function: ['entity.name.function', 'support.function'],
  variable: ['variable.other', 'variable.other.readwrite', 'variable'],
  meta: ['meta.preprocessor', 'entity.name.function.preprocessor', 'keyword.control.directive', 'entity.other.attribute-name'],
};

const COLOR = /^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i;

/** As VS Code does: of the rules for a scope or for what it is part of the longest counts, of equal ones the last. */
export function colorsOf(rules: readonly Rule[]): CodeColors {
  const found = rules.flatMap(({ scope, settings }) => {
    const color = settings?.foreground;
    if (color === undefined || !COLOR.test(color)) return [];
    const scopes = (Array.isArray(scope) ? scope : (scope ?? '').split(',')).map((one) => String(one).trim());
    // Rules for what stands in something else do not say what it is by itself.
    return scopes.filter((one) => one !== '' && !/\s/.test(one)).map((one) => ({ scope: one, color }));
  });
  const colorOf = (wanted: string): string | undefined => {
    let best: { scope: string; color: string } | undefined;
    for (const one of found) {
      const fits = wanted === one.scope || wanted.startsWith(`${one.scope}.`);
      if (fits && (best === undefined || one.scope.length >= best.scope.length)) best = one;
    }
    return best?.color;
  };
  const colors: CodeColors = {};
  for (const kind of KINDS) {
    const color = SCOPES[kind].map(colorOf).find((one) => one !== undefined);
    if (color !== undefined) colors[kind] = color;
  }
  return colors;
}

/** JSON as people write it in themes: with comments, and with commas behind the last element. */
export function looseJson(text: string): unknown {
  let clean = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') {
      const from = i;
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === '\\') i++;
      clean += text.slice(from, i + 1);
    } else if (text.startsWith('//', i)) {
      while (i < text.length && text[i] !== '\n') i++;
      clean += '\n';
    } else if (text.startsWith('/*', i)) {
      const end = text.indexOf('*/', i + 2);
      i = end < 0 ? text.length : end + 1;
    } else clean += text[i];
  }
  return JSON.parse(clean.replace(/^\uFEFF/, '').replace(/,(\s*[}\]])/g, '$1'));
}

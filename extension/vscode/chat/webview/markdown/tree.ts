// Markdown to a small tree of plain objects, by markdown-it's tokens. Nothing here knows HTML: what the model writes as a tag stays
// text, and whatever has no name in `Tag` cannot be shown.
import MarkdownIt, { type Token } from 'markdown-it';

export type Tag =
  | 'p'
  | 'h1'
  | 'h2'
  | 'h3'
  | 'h4'
  | 'h5'
  | 'h6'
  | 'ul'
  | 'ol'
  | 'li'
  | 'blockquote'
  | 'table'
  | 'thead'
  | 'tbody'
  | 'tr'
  | 'th'
  | 'td'
  | 'hr'
  | 'br'
  | 'strong'
  | 'em'
  | 's';

export type MdNode =
  | { kind: 'text'; text: string }
  | { kind: 'element'; tag: Tag; children: MdNode[]; start?: number; align?: 'left' | 'center' | 'right' }
  /** `address` as the model wrote it; `href` is null where it may not be opened: then the words stay and lead nowhere. */
  | { kind: 'link'; href: string | null; address: string; children: MdNode[] }
  | { kind: 'code'; text: string }
  | { kind: 'block'; language: string; text: string };

const DEEPEST = 40;
const markdown = new MarkdownIt({ maxNesting: DEEPEST, html: false, linkify: true, typographer: false, breaks: false })
  // A definition further down would change what has been shown above, so there are none; their text stays to be read.
  .disable('reference');
// Bare words like `main.rs` are names of files here, not of sites.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
// Links are looked at below; without this their text would keep its brackets.
markdown.validateLink = () => true;

/** A block on the top level, with the line where it begins. */
export interface Block {
  line: number;
  node: MdNode;
}

/** The blocks of a text whose line ends are `\n`. */
export function parse(text: string): Block[] {
  const tokens = markdown.parse(text, {});
  // So deep it stops reading and leaves out what follows; that is shown as it is.
  const deep = tokens.findIndex((token) => token.level >= DEEPEST - 1);
  if (deep < 0) return blocks(tokens);
  const begin = tokens.findLastIndex((token, i) => i <= deep && token.level === 0 && token.nesting === 1);
  const line = tokens[begin]?.map?.[0] ?? 0;
  return [...blocks(tokens.slice(0, begin)), { line, node: { kind: 'block', language: '', text: text.split('\n').slice(line).join('\n') } }];
}

function blocks(tokens: Token[]): Block[] {
  const top: Block[] = [];
  const open: MdNode[][] = [];
  let line = 0;
  const add = (node: MdNode) => {
    const parent = open.at(-1);
    if (parent === undefined) top.push({ line, node });
    else parent.push(node);
  };
  for (const [at, token] of tokens.entries()) {
    if (open.length === 0 && token.map) line = token.map[0];
    if (token.type === 'inline') {
      const isItem = open.length > 0 && tokens[at - 1]?.type === 'paragraph_open' && tokens[at - 2]?.type === 'list_item_open';
      for (const node of isItem ? checked(inline(token.children ?? [])) : inline(token.children ?? [])) add(node);
    } else if (token.type === 'fence' || token.type === 'code_block') {
      add({ kind: 'block', language: languageOf(token), text: token.content.replace(/\n$/, '') });
    } else if (token.nesting === 1) {
      const children: MdNode[] = [];
      // A tight list's paragraphs are there to be left out.
      if (token.hidden) open.push(open.at(-1) ?? children);
      else {
        add(element(token, children));
        open.push(children);
      }
    } else if (token.nesting === -1) {
      open.pop();
    } else if (token.type === 'hr') {
      add({ kind: 'element', tag: 'hr', children: [] });
    } else {
      add({ kind: 'text', text: token.content });
    }
  }
  return top;
}

/** An item of a list of tasks begins with a box. */
function checked(nodes: MdNode[]): MdNode[] {
  const [first, ...rest] = nodes;
  const [, mark, text] = (first?.kind === 'text' && /^\[([ xX])\] (.*)$/s.exec(first.text)) || [];
  return mark === undefined ? nodes : [{ kind: 'text', text: `${mark === ' ' ? '☐' : '☑'} ${text}` }, ...rest];
}

const tags: Record<string, Tag> = {
  paragraph_open: 'p',
  bullet_list_open: 'ul',
  ordered_list_open: 'ol',
  list_item_open: 'li',
  blockquote_open: 'blockquote',
  table_open: 'table',
  thead_open: 'thead',
  tbody_open: 'tbody',
  tr_open: 'tr',
  th_open: 'th',
  td_open: 'td',
  strong_open: 'strong',
  em_open: 'em',
  s_open: 's',
};

function element(token: Token, children: MdNode[]): MdNode {
  const heading = token.type === 'heading_open' ? /^h[1-6]$/.exec(token.tag) : null;
  const tag = heading ? (heading[0] as Tag) : (tags[token.type] ?? 'p');
  const node: MdNode = { kind: 'element', tag, children };
  const start = tag === 'ol' ? Number(token.attrGet('start') ?? 1) : 1;
  if (start !== 1 && Number.isSafeInteger(start)) node.start = start;
  const align = /^text-align:(left|center|right)$/.exec(attribute(token, 'style'))?.[1];
  if (align) node.align = align as 'left';
  return node;
}

function inline(tokens: Token[]): MdNode[] {
  const root: MdNode[] = [];
  const open: MdNode[][] = [root];
  const add = (node: MdNode) => {
    const into = open[open.length - 1];
    const last = into.at(-1);
    if (node.kind === 'text' && last?.kind === 'text') last.text += node.text;
    else if (node.kind !== 'text' || node.text !== '') into.push(node);
  };
  for (const token of tokens) {
    if (token.type === 'text' || token.type === 'text_special') add({ kind: 'text', text: token.content });
    else if (token.type === 'code_inline') add({ kind: 'code', text: token.content });
    else if (token.type === 'softbreak') add({ kind: 'text', text: '\n' });
    else if (token.type === 'hardbreak') add({ kind: 'element', tag: 'br', children: [] });
    else if (token.type === 'image') add(image(token));
    else if (token.nesting === 1) {
      const children: MdNode[] = [];
      add(token.type === 'link_open' ? link(token, children) : element(token, children));
      open.push(children);
    } else if (token.nesting === -1) open.pop();
    else add({ kind: 'text', text: token.content });
  }
  return root;
}

function link(token: Token, children: MdNode[]): MdNode {
  const address = attribute(token, 'href');
  return { kind: 'link', href: outside(address), address, children };
}

/** Pictures are never fetched: what would be one is a link to it. */
function image(token: Token): MdNode {
  const address = attribute(token, 'src');
  return { kind: 'link', href: outside(address), address, children: [{ kind: 'text', text: token.content || 'image' }] };
}

/** The address when it may be opened from here, null otherwise. A path in the workspace is no address: see `pathIn`. */
export function outside(href: string): string | null {
  try {
    const url = new URL(href);
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) && href.length <= 2_000 ? url.href : relative(href);
  } catch {
    return relative(href);
  }
}

/** `path` or `path#L12`: the host looks whether there is such a file when the user asks for it. */
function relative(href: string): string | null {
  return !/%5c|%2f|%00/i.test(href) && /^(?!\/\/)[\w./@%+~ -]+(#L?\d+(-L?\d+)?)?$/.test(href) && href.length <= 500 ? `file:${href}` : null;
}

const attribute = (token: Token, name: string) => String(token.attrGet(name) ?? '');

function languageOf(token: Token): string {
  return /^[\w+#.-]{1,30}/.exec(token.info.trim())?.[0] ?? '';
}

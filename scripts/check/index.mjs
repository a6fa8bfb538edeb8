// @ts-check
// What must be true of the sources besides what compilers and formatters say. Each check gives its problems, a line each.
import * as circles from './circles.mjs';
import * as environment from './environment.mjs';
import * as lines from './lines.mjs';
import * as links from './links.mjs';
import * as locks from './locks.mjs';
import * as lua from './lua.mjs';
import * as protocol from '../protocol.mjs';
import * as version from './version.mjs';
import * as words from './words.mjs';

/** @type {[what: string, problems: () => string[]][]} */
export const sourceChecks = [
  ['no line is wider than 160 columns, no source longer than 300 lines', lines.problems],
  ['the extension imports nothing in a circle', circles.problems],
  ['Lua calls what there is', lua.problems],
  ['every variable of the environment is told', environment.problems],
  ['what people read keeps to the words of the page', words.problems],
  ['what a text links to is there', links.problems],
  ['what the clients and the docs have of the protocol is made of its schema', protocol.problems],
  ['there is one version', version.problems],
  ['the locks are whole', locks.problems],
];

// Loaded into Pi by NODE_OPTIONS: writes down what comes to its stdin, as it comes, into tap.jsonl in Pi's own folder.
const { appendFileSync } = require('node:fs');

const folder = process.env.PI_CODING_AGENT_DIR;
if (folder && process.argv.includes('rpc')) {
  const { emit } = process.stdin;
  process.stdin.emit = function (event, chunk) {
    if (event === 'data') appendFileSync(`${folder}/tap.jsonl`, chunk);
    return emit.apply(this, arguments);
  };
}

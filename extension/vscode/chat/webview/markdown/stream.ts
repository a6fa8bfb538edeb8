// A text that grows. What is settled is parsed once; only the unfinished end is parsed again. In whatever pieces a text comes, the
// blocks are those of the whole text.
import { type MdNode, parse } from './tree.ts';

export class MarkdownStream {
  /** Blocks that nothing that may still come can change. */
  readonly settled: MdNode[] = [];
  /** Blocks of the unfinished end. */
  tail: MdNode[] = [];
  private rest = '';
  private heldBack = '';

  append(piece: string): void {
    let text = this.heldBack + piece;
    // Half of a line end, or half of a character: what follows decides what it is.
    this.heldBack = /[\r\ud800-\udbff]$/.test(text) ? text.slice(-1) : '';
    if (this.heldBack) text = text.slice(0, -1);
    this.take(text);
  }

  /** Nothing more comes. */
  end(): void {
    const held = this.heldBack;
    this.heldBack = '';
    this.take(held);
  }

  private take(text: string): void {
    if (text === '') return;
    this.rest += text.replace(/\r\n?/g, '\n').replaceAll('\0', '\ufffd');
    let blocks = parse(this.rest);
    if (blocks.length > 1) {
      // The last line may still become part of the block before it, so only whole lines settle anything.
      const whole = this.rest.slice(0, this.rest.lastIndexOf('\n') + 1);
      const sure = parse(whole);
      if (sure.length > 1) {
        for (const block of sure.slice(0, -1)) this.settled.push(block.node);
        this.rest = this.rest.slice(offsetOf(this.rest, sure[sure.length - 1].line));
        blocks = parse(this.rest);
      }
    }
    this.tail = blocks.map((block) => block.node);
  }
}

function offsetOf(text: string, line: number): number {
  let at = 0;
  for (let i = 0; i < line; i++) at = text.indexOf('\n', at) + 1;
  return at;
}

// Which words are files of the workspace: asked of the extension, many at once, each once.

const MOST_AT_ONCE = 100;
const MOST_KNOWN = 5_000;

export class PathAsker {
  private readonly ask: (id: string, paths: string[]) => void;
  private readonly known = new Map<string, boolean>();
  private readonly waiting = new Map<string, (() => void)[]>();
  private readonly open = new Map<string, string[]>();
  private next: string[] = [];
  private asked = 0;

  constructor(ask: (id: string, paths: string[]) => void) {
    this.ask = ask;
  }

  whenFile(path: string, found: () => void): void {
    const known = this.known.get(path);
    if (known === true) found();
    if (known !== undefined) return;
    const others = this.waiting.get(path);
    if (others) others.push(found);
    else {
      this.waiting.set(path, [found]);
      if (this.next.push(path) === 1) window.setTimeout(() => this.flush(), 150);
    }
  }

  answer(id: string, found: string[]): void {
    const files = new Set(found);
    for (const path of this.open.get(id) ?? []) {
      if (this.known.size > MOST_KNOWN) this.known.clear();
      this.known.set(path, files.has(path));
      if (files.has(path)) for (const one of this.waiting.get(path) ?? []) one();
      this.waiting.delete(path);
    }
    this.open.delete(id);
  }

  private flush(): void {
    const paths = this.next.splice(0, MOST_AT_ONCE);
    const id = `p${++this.asked}`;
    this.open.set(id, paths);
    this.ask(id, paths);
    if (this.next.length > 0) window.setTimeout(() => this.flush(), 150);
  }
}

// What is dropped onto the view or pasted into the box: files of the workbench by their addresses, pictures and texts by what is in
// them. Everything else is left to the browser.

export const PICTURES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;
export type Picture = (typeof PICTURES)[number];
const MOST_PICTURE = 20 * 1024 * 1024;
const MOST_TEXT = 1024 * 1024;
const MOST_AT_ONCE = 50;

export interface DropActions {
  attachUris(uris: string[]): void;
  attachPicture(name: string, mimeType: Picture, data: string): void;
  attachText(name: string, text: string): void;
  /** Addresses that are no files. */
  write(text: string): void;
  /** What could not be taken, in a sentence. */
  refused(why: string): void;
}

const LISTS = ['application/vnd.code.uri-list', 'text/uri-list'];
const OTHERS = ['resourceurls', 'codefiles'];

const isOurs = ({ types }: DataTransfer) => [...LISTS, ...OTHERS, 'Files'].some((type) => types.includes(type));

/** The addresses in what is dragged, as the workbench or another program names them. */
function addressesIn(data: Pick<DataTransfer, 'getData'>): string[] {
  for (const type of LISTS) {
    const lines = data
      .getData(type)
      .split(/\r?\n/)
      .filter((line) => line !== '' && !line.startsWith('#'));
    if (lines.length > 0) return lines.slice(0, MOST_AT_ONCE);
  }
  for (const type of OTHERS) {
    try {
      const list: unknown = JSON.parse(data.getData(type) || '[]');
      const texts = Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
      if (texts.length > 0) return texts.slice(0, MOST_AT_ONCE).map((one) => (type === 'codefiles' ? fileAddress(one) : one));
    } catch {
      // Another program's data under the same name.
    }
  }
  return [];
}

const fileAddress = (path: string) => `file://${path.startsWith('/') ? '' : '/'}${path.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/')}`;

const isFile = (address: string) => /^(file|vscode-remote|untitled):/i.test(address);

/** Pictures go along by themselves, other files as texts; @returns how many were taken */
export function takeFiles(files: Iterable<File>, actions: DropActions): number {
  let taken = 0;
  for (const file of [...files].slice(0, MOST_AT_ONCE)) {
    const picture = PICTURES.find((one) => one === file.type);
    if (picture ? file.size > MOST_PICTURE : file.size > MOST_TEXT) {
      actions.refused(`${file.name} is too large to be attached.`);
      continue;
    }
    if (file.type.startsWith('image/') && !picture && file.type !== 'image/svg+xml') {
      actions.refused(`${file.name}: pictures of this kind cannot be attached; PNG, JPEG, GIF and WebP can.`);
      continue;
    }
    taken++;
    const failed = () => actions.refused(`${file.name} cannot be read.`);
    if (picture) void asBase64(file).then((data) => actions.attachPicture(file.name || 'picture', picture, data), failed);
    else
      void file.text().then((text) => {
        if (text.includes('\0') || text.includes('\ufffd')) actions.refused(`${file.name} is no text.`);
        else actions.attachText(file.name, text);
      }, failed);
  }
  return taken;
}

/** Takes what is dropped anywhere on the page. @param mark shows that it would be taken */
export function acceptDrops(page: HTMLElement, actions: DropActions, mark: (over: boolean) => void): void {
  page.addEventListener('dragover', (event) => {
    if (!event.dataTransfer || !isOurs(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    mark(true);
  });
  page.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) mark(false);
  });
  page.addEventListener('drop', (event) => {
    mark(false);
    const data = event.dataTransfer;
    if (!data || !isOurs(data)) return;
    event.preventDefault();
    const addresses = addressesIn(data);
    const files = addresses.filter(isFile);
    if (files.length > 0) actions.attachUris(files);
    else if (addresses.length > 0) actions.write(addresses.join('\n'));
    else takeFiles(data.files, actions);
  });
}

function asBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

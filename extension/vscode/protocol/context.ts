// Made by scripts/protocol.mjs from the records in server/Protocol. Not to be edited.
import type { KnownProblem } from './editor.ts';
import type { Range, TextDocumentIdentifier } from './lsp.ts';

export type Attachment = FileAttachment | SelectionAttachment | DiagnosticsAttachment | OpenFilesAttachment | ImageAttachment | TextAttachment;

export interface CompleteMentionArgument {
  prefix?: string;
  limit?: number;
}

/** The best first. */
export interface CompleteMentionResult {
  items: Mention[];
}

/** `uri` or `path`; without `items` the client is asked by `pi/editor/diagnostics`. */
export interface DiagnosticsAttachment {
  kind: 'diagnostics';
  uri?: string;
  path?: string;
  range?: Range;
  items?: KnownProblem[];
}

/** `uri` or `path`; whole lines. */
export interface FileAttachment {
  kind: 'file';
  uri?: string;
  path?: string;
  range?: Range;
}

/** `uri` or `path`; or `data` (base64) with its `mimeType`. PNG, JPEG, GIF, WebP, 20 MB at most; its bytes say which it is, whatever `mimeType` says. */
export interface ImageAttachment {
  kind: 'image';
  uri?: string;
  path?: string;
  data?: string;
  mimeType?: string;
  name?: string;
}

export interface Mention {
  path: string;
  kind: 'file' | 'folder';
  /** What completes the mention, quoted where the path has spaces. */
  insert: string;
}

/** The names of all open files. */
export interface OpenFilesAttachment {
  kind: 'openFiles';
}

export interface ResolveContextArgument {
  prompt?: string;
  textDocument?: TextDocumentIdentifier;
  range?: Range;
  attachments?: Attachment[];
}

export interface ResolvedContext {
  items: ResolvedItem[];
  /** All that the model would read. */
  text: string;
  /** How many pictures. */
  images: number;
  tokens: number;
}

export interface ResolvedItem {
  kind: string;
  title: string;
  /** Characters; of a picture, bytes. */
  size: number;
  /** An estimate, for text. */
  tokens: number;
  /** False: it will not be sent, and `problem` says why. */
  included: boolean;
  problem?: string;
  text?: string;
}

/** `uri` or `path`. */
export interface SelectionAttachment {
  kind: 'selection';
  uri?: string;
  path?: string;
  range?: Range;
}

export interface TextAttachment {
  kind: 'text';
  title: string;
  text: string;
}

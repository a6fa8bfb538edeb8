/** What the server asks of this client: choices, texts, saving, and what the editor knows of the code. */
import type { Range } from './edits.ts';

/** Request `pi/pick`. */
export interface PickParams {
  title: string;
  items: PickItem[];
  /** Of a dialog of Pi's extensions. */
  sessionId?: string;
}

export interface PickItem {
  id: string;
  label: string;
  detail?: string;
  group?: string;
  /** To be shown before the others. */
  primary?: boolean;
}

export interface PickResult {
  id: string;
}

/** Request `pi/input`: a text from the user; null as result when there is none. */
export interface InputParams {
  title: string;
  placeholder?: string;
  value?: string;
  multiline?: boolean;
  secret?: boolean;
  /** Of a dialog of Pi's extensions. */
  sessionId?: string;
}

export interface InputResult {
  value: string;
}

/** Request `pi/save`: save these buffers. */
export interface SaveParams {
  uris: string[];
}

export interface KnownDiagnostic {
  uri: string;
  range: Range;
  severity?: number;
  message: string;
  source?: string;
  code?: string | number;
}

export interface KnownLocation {
  uri: string;
  range: Range;
}

export interface KnownSymbol {
  name: string;
  /** LSP's number. */
  kind: number;
  uri: string;
  range: Range;
  container?: string;
}

// Made by scripts/protocol.mjs from the records in server/Protocol. Not to be edited.
import type { Position, Range } from './lsp.ts';

export interface EditorDiagnosticsParams {
  /** Without it those of all files. */
  uri?: string;
  /** The buffer has just been changed to it: the client waits until diagnostics for that version, or a later one, have come. */
  version?: number;
  /** So long at most; then it answers with what there is. */
  waitMs: number;
}

export interface EditorDiagnosticsResult {
  items?: KnownDiagnostic[];
}

export interface EditorHoverResult {
  /** Markdown or plain text. */
  text?: string;
}

export interface EditorLocationsResult {
  locations?: KnownLocation[];
}

export interface EditorPlaceParams {
  uri: string;
  position: Position;
}

/** Either of the two: of one document, flat, in its order, or of the workspace. */
export interface EditorSymbolsParams {
  uri?: string;
  query?: string;
}

export interface EditorSymbolsResult {
  symbols?: KnownSymbol[];
}

export interface KnownDiagnostic {
  uri?: string;
  range: Range;
  /** LSP's number. */
  severity?: number;
  message?: string;
  source?: string;
  /** A number or a string. */
  code?: unknown;
}

export interface KnownLocation {
  uri?: string;
  range: Range;
}

export interface KnownProblem {
  range: Range;
  message: string;
  /** LSP's number. */
  severity?: number;
  source?: string;
  code?: unknown;
}

export interface KnownSymbol {
  name?: string;
  /** LSP's number. */
  kind?: number;
  uri?: string;
  range: Range;
  container?: string;
}

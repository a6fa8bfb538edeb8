// Made by scripts/protocol.mjs from the records in server/Protocol. Not to be edited.

export interface Position {
  line: number;
  character: number;
}

export interface Range {
  start: Position;
  end: Position;
}

export interface TextDocumentIdentifier {
  uri: string;
}

// Made by scripts/protocol.mjs from the records in server/Protocol. Not to be edited.
import type { ToldEdit } from './edits.ts';

export interface AskedAgain {
  /** How many. */
  asked: number;
}

/** May this tool run? */
export interface ConfirmParams {
  sessionId: string;
  toolCallId: string;
  parentToolCallId?: string;
  tool: string;
  /** Where the tool comes from: Pi itself or an extension. */
  source: string;
  /** All that is about to happen, fit to be shown. */
  what: string;
  /** As much of it as a message shows: the whole, or both its ends. */
  brief: string;
  /** False: whoever allows it must have been shown `what`. */
  isWhole: boolean;
  /** Set where it is about reading a file: why that is asked, in words that follow "it"; `what` says it, too. */
  private?: string;
  /** As the model gave it: it hides what it hides. */
  input: unknown;
  /** Edits that wait and that the tool would not see. */
  stagedEdits: number;
  /** What `always` would cover, in words; left out where it is not offered and would count as `allow` alone. */
  always?: string;
}

/** No `allow` is a refusal. */
export interface ConfirmResult {
  allow?: boolean;
  /** Reaches the model. */
  reason?: string;
  always?: boolean;
  /** The staged edits first; the tool runs only if all of them have landed. */
  landFirst?: boolean;
  /** Put aside: it stays open, and is asked again by `pi.askAgain`. */
  later?: boolean;
}

/** Whenever the list changes; where edits only move because the user types, at the pace at which the client reads. Open edits are whole. A decided one is told without its texts: `hunks`, `newText` and `diff` are in `pi.listEdits`. Of decided ones only the latest hundred are told, and any once after its decision; `pi.listEdits` has all. */
export interface EditsParams {
  sessionId: string;
  edits: ToldEdit[];
}

/** A text from the user. */
export interface InputParams {
  title: string;
  placeholder?: string;
  /** What the field begins with. */
  value?: string;
  multiline?: boolean;
  /** What is typed is hidden. */
  secret?: boolean;
  /** Of a dialog of Pi's extensions. */
  sessionId?: string;
}

/** Or null. */
export interface InputResult {
  value?: string;
  /** Of a dialog of Pi's extensions: put aside, as of `pi/confirm`. */
  later?: boolean;
}

export interface PickItem {
  id: string;
  label: string;
  detail?: string;
  group?: string;
  /** One of the few to show first. */
  primary?: boolean;
}

/** Where some items are `primary`, those are to be shown first and the rest behind "show all"; a search goes over everything. */
export interface PickParams {
  title: string;
  items: PickItem[];
  /** Of a dialog of Pi's extensions; left out where the user has just chosen a command that asks back. */
  sessionId?: string;
}

/** Or null. */
export interface PickResult {
  id?: string;
  /** Of a dialog of Pi's extensions: put aside, as of `pi/confirm`. */
  later?: boolean;
}

/** Save these buffers; the server looks at the disk afterwards. A command waits 15 s for it, then runs and is told what it could not see. */
export interface SaveParams {
  uris: string[];
}

/** During `pi.login`: `address` (open `url`), `code` (enter `code` at `url`), `progress` (`message`), `ended` when it is over, well or not: what was shown of it can go. The server opens and shows nothing then. */
export interface SignInParams {
  provider: string;
  kind: 'address' | 'code' | 'progress' | 'ended';
  url?: string;
  code?: string;
  message?: string;
}

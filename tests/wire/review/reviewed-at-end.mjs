// A stage where Pi's edits are staged and reviewed when the run is over.
import { stageFor } from '../stage.mjs';

export const NOTES = 'one\ntwo\nthree\nfour\nfive\n';
const files = { 'notes.txt': NOTES, 'other.txt': 'old\n' };
const settings = { review: 'end' };
export const set = (t, more = {}) => stageFor(t, { files, ...more, settings: { ...settings, ...more.settings } });

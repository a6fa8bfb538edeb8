// The keys of the whole page, wherever the focus is.
import { chords } from './chords.ts';

export function pageKeys(go: { find: () => void; box: () => void }): void {
  // Before whoever has the focus.
  const ofAChord = chords();
  document.addEventListener('keydown', (event) => ofAChord(event) && event.stopPropagation(), { capture: true });

  document.addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() === 'f' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      go.find();
    }
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    go.box();
  });

  // The view has been gone to by a command or a key, and nothing in it in particular.
  window.addEventListener('focus', () => {
    if (document.activeElement === document.body) go.box();
  });
}

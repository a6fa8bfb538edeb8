// The page cannot know which keys VS Code takes: it hands every key on and goes on with it itself. The second key of one of our chords
// (Ctrl+Alt+P R) would so be a letter in the box, too.

/** So long, in milliseconds, VS Code waits for the second key. */
const WAIT_MS = 5_000;

/** Keeps the second key of our chords from the page. @param now in milliseconds */
export function chords(
  now: () => number = () => performance.now(),
): (event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'altKey' | 'preventDefault'>) => boolean {
  let until = 0;
  return (event) => {
    if (['Control', 'Alt', 'Shift', 'Meta', 'AltGraph'].includes(event.key)) return false;
    if (now() < until) {
      until = 0;
      event.preventDefault();
      return true;
    }
    if (event.ctrlKey && event.altKey && event.code === 'KeyP') until = now() + WAIT_MS;
    return false;
  };
}

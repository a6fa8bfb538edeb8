// Deadlines that say what was awaited and what was there instead.
export const DEADLINE = 60_000;

/**
 * @template T
 * @param {string} what was awaited
 * @param {() => Promise<T>} wait one of playwright's waits, which end by themselves at the page's deadline
 * @param {() => unknown} [seen] what to show when it failed
 * @returns {Promise<T>}
 */
export async function within(what, wait, seen = () => undefined) {
  try {
    return await wait();
  } catch (error) {
    const instead = await Promise.resolve()
      .then(seen)
      .catch(() => undefined);
    throw new Error(`Waited in vain for ${what}. ${instead === undefined ? '' : `Seen: ${JSON.stringify(instead)}. `}${error.message.split('\n')[0]}`);
  }
}

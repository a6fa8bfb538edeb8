/**
 * Waiting without sleeping: whoever changes something calls `changed()`, and every open wait looks again.
 * A wait that passes its deadline says what was awaited and what was there instead.
 */
export class Waiting {
  #open = new Set();
  #ended = null;
  #describe;

  /** @param {() => string} describe what there is to see right now, for the message of a wait that fails */
  constructor(describe = () => '') {
    this.#describe = describe;
  }

  /** Something is different: look again. */
  changed() {
    for (const look of [...this.#open]) look();
  }

  /** Nothing will change any more (the process is gone): open waits get one last look and then fail with this reason. */
  end(reason) {
    this.#ended ??= reason;
    this.changed();
  }

  /**
   * Resolves with the first value of `probe` that is neither undefined, null nor false.
   * @template T
   * @param {string} what for the message, as in "waited 10 s for <what>"
   * @param {() => T | undefined | null | false} probe
   * @param {number} deadlineMs
   * @returns {Promise<T>}
   */
  until(what, probe, deadlineMs = 30_000) {
    // The error is made here so that its stack shows the test's line.
    const failure = new Error();
    return new Promise((resolve, reject) => {
      let timer = null;
      const settle = (finish, value) => {
        clearTimeout(timer);
        this.#open.delete(look);
        finish(value);
      };
      const fail = (why) => {
        const seen = this.#describe();
        failure.message = `${why} for ${what}.${seen ? ` ${seen}` : ''}`;
        settle(reject, failure);
      };
      const look = () => {
        try {
          const value = probe();
          if (value !== undefined && value !== null && value !== false) settle(resolve, value);
          else if (this.#ended !== null) fail(`${this.#ended} while something waited`);
        } catch (error) {
          settle(reject, error);
        }
      };
      this.#open.add(look);
      timer = setTimeout(() => fail(`Waited ${deadlineMs} ms in vain`), deadlineMs);
      look();
    });
  }
}

/** A value cut to a length that a failure message can bear. */
export function brief(value, length = 300) {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length <= length ? text : `${text.slice(0, length)}… (${text.length} characters)`;
}

/** Starts in a stated order, unwound in reverse: on failure, and at the end. */

export class Unwinding {
  readonly #undo: (() => unknown)[] = []
  #ended: Promise<void> | undefined

  /** Remembers how `part` is ended; gives it back. */
  add<T>(part: T, end: (part: T) => unknown): T {
    this.#undo.push(() => end(part))
    return part
  }

  /**
   * Ends everything, last first, once: whoever asks again waits for the same end. One that fails to end does not keep
   * the others from it.
   */
  unwind(): Promise<void> {
    this.#ended ??= this.#endAll()
    return this.#ended
  }

  async #endAll(): Promise<void> {
    const failures: unknown[] = []
    for (const end of this.#undo.splice(0).reverse()) {
      try {
        await end()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be ended cleanly')
  }
}

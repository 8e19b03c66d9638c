/**
 * What many ask for one by one is done together: while one batch is on its way the next one gathers. Nobody waits for
 * others when there is nothing to wait for, and a thousand webhooks of one second are some dozen transactions in Redis.
 */

/** Whoever is in a batch that fails is told so. */
export function gather<Item>(work: (items: Item[]) => Promise<void>): (item: Item) => Promise<void> {
  let waiting: { item: Item; done: PromiseWithResolvers<void> }[] = []
  let isBusy = false

  const workOff = async () => {
    // What came with the same bundle of requests is not there yet.
    await new Promise((resolve) => setImmediate(resolve))
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await work(batch.map(({ item }) => item))
        for (const { done } of batch) done.resolve()
      } catch (cause) {
        for (const { done } of batch) done.reject(cause)
      }
    }
    isBusy = false
  }

  return (item) => {
    const done = Promise.withResolvers<void>()
    waiting.push({ item, done })
    if (!isBusy) {
      isBusy = true
      void workOff()
    }
    return done.promise
  }
}

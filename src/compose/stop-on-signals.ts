/** Ctrl-C and `kill` stop a process in order. A second one is heard too, or it would cut the first one's stop short. */

const signals = ['SIGINT', 'SIGTERM'] as const

export function stopOnSignals(
  from: { on(signal: (typeof signals)[number], listener: () => void): unknown },
  stop: () => Promise<void>,
  /** Called once; with the cause when it did not stop cleanly. */
  ended: (failure?: { cause: unknown }) => void,
): void {
  let isStopping = false
  const begin = () => {
    if (isStopping) return
    isStopping = true
    stop().then(
      () => ended(),
      (cause: unknown) => ended({ cause }),
    )
  }
  for (const signal of signals) from.on(signal, begin)
}

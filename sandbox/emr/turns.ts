/** One at a time: each task starts when all before it have ended, well or badly. */
export type Exclusive = <T>(task: () => Promise<T>) => Promise<T>

export function createTurns(): Exclusive {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const turn = last.then(task, task)
    last = turn.catch(() => undefined)
    return turn
  }
}

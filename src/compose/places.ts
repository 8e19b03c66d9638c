/** So many at once in this process, and no more: what each holds in memory is large. */
export interface Places {
  /** `undefined` when all are taken: nothing was run. */
  take<T>(run: () => Promise<T>): Promise<T | undefined>
}

export function createPlaces(most: number): Places {
  let taken = 0
  return {
    async take(run) {
      if (taken >= most) return undefined
      taken += 1
      try {
        return await run()
      } finally {
        taken -= 1
      }
    },
  }
}

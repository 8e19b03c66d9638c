/** One HAPI for one test file; where there can be none its tests are skipped, and the reason is in their name. */
import { afterAll, beforeAll, describe, inject } from 'vitest'
import { type Hapi, type HapiWishes, startHapi } from './start-hapi.ts'

/** `hapi()` within a test gives the running server. */
export function describeOnHapi(
  name: string,
  tests: (hapi: () => Hapi) => void,
  wishes: HapiWishes = {},
): void {
  const program = inject('hapi')
  if (program.kind === 'lacking') {
    describe.skip(`${name} (skipped: ${program.because})`, () => tests(notThere))
    return
  }
  describe(name, () => {
    let hapi: Hapi | undefined
    beforeAll(async () => {
      hapi = await startHapi(program.command, wishes)
      console.log(`HAPI answers after ${(hapi.tookFor / 1000).toFixed(1)} s.`)
    })
    afterAll(() => hapi?.stop())
    tests(() => hapi ?? notThere())
  })
}

function notThere(): never {
  throw new Error('HAPI has not been started yet')
}

/** `qasid sweep`: the worker looks through the schedule now, rather than at its next time; for an EMR that tells nothing. */
import type { World } from '../../flows/ports.ts'
import type { Answer } from './answer.ts'
import type { Given } from './usage.ts'

export const sweepOptions = {} as const

export async function sweep(_given: Given, openWorld: () => Promise<World>): Promise<Answer> {
  const world = await openWorld()
  await world.jobs.add({ kind: 'sweep' })
  return { lines: ['The worker looks through the schedule now.'], json: { sweeps: true }, code: 0 }
}

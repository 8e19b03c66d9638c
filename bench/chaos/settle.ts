/**
 * Waits until nothing is left to do. What Qasid deliberately leaves alone (a claim for a minute, silence for five) is
 * not waited for: the clock of the whole rig is wound on, and only while nothing moves.
 */
import { naming } from '../../src/fhir/codes.ts'
import type { Rig } from '../rig/rig.ts'
import { pause } from '../rig/until.ts'

const minute = 60_000
/** Longer than any call to the rig's carrier and store. */
const stillFor = 4_000
const steps = [1.5 * minute, 6 * minute]
const mostSteps = 40

export interface Settled {
  /** The most attempts that were `unknown` at one time. */
  unknown: number
  /** How far the clock was wound, milliseconds. */
  wound: number
}

export async function settle(rig: Rig): Promise<Settled> {
  const { clock } = rig
  const began = clock.now() - Date.now()
  let unknown = 0
  let seen = await look(rig)
  let since = Date.now()
  for (let step = 0; step < mostSteps; ) {
    await pause(500)
    const now = await look(rig)
    unknown = Math.max(unknown, now.unknown)
    if (now.open === 0) return { unknown, wound: clock.now() - Date.now() - began }
    if (JSON.stringify(now) !== JSON.stringify(seen)) since = Date.now()
    seen = now
    if (Date.now() - since < stillFor) continue
    await clock.wind(steps[Math.min(step, steps.length - 1)] ?? 0)
    step += 1
    since = Date.now()
  }
  return { unknown, wound: clock.now() - Date.now() - began }
}

async function look({ store, carrier }: Rig) {
  const ours = `identifier=${naming.requestKey}%7C`
  const [requests, claimed, unknown, accepted] = [
    await store.count(`CommunicationRequest?status=active,on-hold&${ours}`),
    await store.count('Communication?status=preparation'),
    await store.count('Communication?status=unknown'),
    await carrier.count(),
  ]
  return { open: requests + claimed + unknown, unknown, accepted }
}

/** The carrier takes messages and drops the connection before it answers; others it finds too fast. Beside plain BullMQ. */
import { queuePlainly, startPlain } from '../plain/start-plain.ts'
import { pause } from '../rig/until.ts'
import type { Row } from '../row.ts'
import { reachedOn, runScenario, verdictRows, withCampaign } from './scenario.ts'
import { judgeByLedger } from './verdict.ts'

export interface LostAnswersSize {
  count: number
  concurrency: number
  /** How many answers are lost … */
  lost: number
  /** … and how many sends are refused with 429, each of which slows the sender for a second. */
  refused: number
}

export async function lostAnswerRows(size: LostAnswersSize, { plainly = true } = {}): Promise<Row[]> {
  const { count, concurrency, lost, refused } = size
  const orders = { drop: lost, refuse: refused, every: Math.max(2, Math.floor((0.8 * count) / lost)) }
  const judged = await runScenario(count, concurrency, async ({ rig, reached }) => {
    await reached(0.1)
    await rig.carrier.order(orders)
  })
  const plain =
    plainly &&
    (await withCampaign({ count, concurrency }, async (rig, campaign) => {
      await startPlain(rig, { script: 'plain-processor', concurrency, perSecond: 0 })
      await rig.carrier.order(orders)
      await queuePlainly(rig, campaign)
      await reachedOn(rig, count)(1)
      // Its last tries wait longest.
      await pause(5_000)
      return judgeByLedger(rig, campaign)
    }))
  return verdictRows(`${lost} answers lost, ${refused} refused as too fast`, judged, plain)
}

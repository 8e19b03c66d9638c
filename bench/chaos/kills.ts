/** SIGKILL for workers, again and again, while they send; beside a plain BullMQ processor under the same kills. */
import { seededRandom } from '../../sandbox/clinic/seeded-random.ts'
import { queuePlainly, startPlain } from '../plain/start-plain.ts'
import type { Child } from '../rig/child.ts'
import { pause } from '../rig/until.ts'
import type { Row } from '../row.ts'
import { reachedOn, runScenario, type Trouble, verdictRows, withCampaign } from './scenario.ts'
import { judgeByLedger } from './verdict.ts'

const seed = 7_411

export interface KillsSize {
  count: number
  kills: number
  concurrency: number
  /** Of the carrier, milliseconds: the longer it takes, the more is on its way when a worker dies. */
  answersAfter: number
}

export async function killRows(size: KillsSize, { plainly = true } = {}): Promise<Row[]> {
  const judged = await runScenario(size.count, size.concurrency, async ({ rig, workers, reached }) => {
    await rig.carrier.order({ answersAfter: size.answersAfter })
    await killAgainAndAgain(size, workers, reached, () => rig.startWorker())
  })
  return verdictRows(`${size.kills} kills`, judged, plainly && (await killPlainly(size)))
}

/** Each at its part of the campaign, at a moment of its own in it. */
async function killAgainAndAgain(
  { kills }: KillsSize,
  workers: Child[],
  reached: Trouble['reached'],
  start: () => Promise<Child>,
): Promise<void> {
  const random = seededRandom(seed)
  for (let kill = 0; kill < kills; kill += 1) {
    await reached((kill + random.next()) / (kills + 1))
    const at = random.next() < 0.5 ? 0 : 1
    await workers[at]?.kill()
    workers[at] = await start()
  }
}

/** Also alone: the yardstick takes seconds where the engine takes minutes. */
export async function killPlainly(size: KillsSize): Promise<{ lost: number; doubled: number }> {
  const { count, concurrency } = size
  return withCampaign({ count, concurrency }, async (rig, campaign) => {
    await rig.carrier.order({ answersAfter: size.answersAfter })
    const start = () => startPlain(rig, { script: 'plain-processor', concurrency, perSecond: 0 })
    const workers = [await start(), await start()]
    // Not before both are up: the first would have sent it all by then.
    await queuePlainly(rig, campaign)
    await killAgainAndAgain(size, workers, reachedOn(rig, count), start)
    // Until BullMQ has found what the dead had in their hands, and it has been sent again.
    for (let before = -1; before !== (await rig.carrier.count()); ) {
      before = await rig.carrier.count()
      await pause(13_000)
    }
    return judgeByLedger(rig, campaign)
  })
}

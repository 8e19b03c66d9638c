/** A campaign sent by two workers while something goes wrong; then everything settles, and is judged. */
import { type Campaign, makeCampaign } from '../rig/campaign.ts'
import type { Child } from '../rig/child.ts'
import { type Rig, startRig } from '../rig/rig.ts'
import { until } from '../rig/until.ts'
import type { Row } from '../row.ts'
import { settle } from './settle.ts'
import { judge, type Verdict } from './verdict.ts'

export interface Trouble {
  rig: Rig
  workers: Child[]
  /** Resolves when this share of the campaign, 0 to 1, is on the carrier's ledger. */
  reached(share: number): Promise<void>
}

export interface Judged extends Verdict {
  unknown: number
}

const patience = 3_600_000
/** Longer than the lock of a dead worker's jobs. */
const stillFor = 45_000

export async function runScenario(
  count: number,
  concurrency: number,
  makeTrouble: (trouble: Trouble) => Promise<void>,
): Promise<Judged> {
  return withCampaign({ count, concurrency }, async (rig, campaign) => {
    await rig.store.put(campaign.resources)
    // A receipt for whoever heard the answer: what became of the others has to be asked.
    await rig.carrier.order({ receipts: 'answered' })
    const workers = await Promise.all([rig.startWorker(), rig.startWorker()])
    await makeTrouble({ rig, workers, reached: reachedOn(rig, count) })
    const { unknown } = await settle(rig)
    return { ...(await judge(rig, campaign)), unknown }
  })
}

export async function withCampaign<R>(
  { count, concurrency }: { count: number; concurrency: number },
  run: (rig: Rig, campaign: Campaign) => Promise<R>,
): Promise<R> {
  const rig = await startRig({ concurrency, wound: true })
  try {
    return await run(rig, makeCampaign('chaos', count))
  } finally {
    await rig.stop()
  }
}

/** Or when nothing moves any more: what became of the rest has to be asked first, and that is for later. */
export function reachedOn({ carrier }: Rig, count: number): Trouble['reached'] {
  return async (share) => {
    let known = { accepted: -1, since: Date.now() }
    const isThere = async () => {
      const accepted = await carrier.count()
      if (accepted !== known.accepted) known = { accepted, since: Date.now() }
      return accepted >= share * count || Date.now() - known.since > stillFor
    }
    await until(`${share} of the campaign`, isThere, { patience, every: 20 })
  }
}

/** Nothing lost, nothing twice, and the store says what the ledger says. */
export function verdictRows(
  what: string,
  judged: Judged,
  plain?: { lost: number; doubled: number } | false,
): Row[] {
  const { requests, lost, doubled, untrue, open, unknown } = judged
  const row = (about: string, value: number, yardstick: number | string = ''): Row => ({
    ...{ what: `${what}: ${about} of ${requests}`, value, yardstick, ratio: '' },
    ...{ target: '0', ok: value === 0 },
  })
  return [
    row('lost', lost, plain ? plain.lost : ''),
    row('sent twice', doubled, plain ? plain.doubled : ''),
    row('said otherwise by the store than by the carrier', untrue),
    row(`left open in the end (${unknown} were unknown at once)`, open),
  ]
}

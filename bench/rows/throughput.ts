/**
 * Throughput and what it costs: requests in the store → taken by a carrier that answers after 50 ms → recorded in the
 * store. One worker process of ours beside one that does the same job plainly, on the same store and carrier, with the
 * same concurrency.
 */
import { queuePlainly, startPlain } from '../plain/start-plain.ts'
import { makeCampaign } from '../rig/campaign.ts'
import { measureRun, type Run } from '../rig/measure-run.ts'
import { type Rig, startRig } from '../rig/rig.ts'
import { until } from '../rig/until.ts'
import { type Row, rounded } from '../row.ts'

const concurrency = 200
const perSecond = 10_000

export async function throughputRows({ count }: { count: number }): Promise<Row[]> {
  const ours = await inRig(async (rig) => {
    const campaign = makeCampaign('ours', count)
    await rig.store.put(campaign.resources)
    return measureRun(rig, campaign, () => rig.startWorker())
  })
  const plain = await inRig(async (rig) => {
    const campaign = makeCampaign('plain', count)
    await rig.store.put(campaign.resources)
    await queuePlainly(rig, campaign)
    return measureRun(rig, campaign, () =>
      startPlain(rig, { script: 'plain-sender', concurrency, perSecond }),
    )
  })
  return [...toRows(ours, plain, count), ceilingRow(await withoutStore(count), plain)]
}

/** The same queue and the same calls, and no store asked at all: nothing that keeps records can be faster. */
async function withoutStore(count: number): Promise<number> {
  const rig = await startRig({ concurrency, perSecond })
  try {
    const campaign = makeCampaign('bare', count)
    const bare = await startPlain(rig, { script: 'plain-processor', concurrency, perSecond: 0 })
    const sent = await rig.carrier.count()
    const began = performance.now()
    await queuePlainly(rig, campaign)
    await until('the carrier', async () => (await rig.carrier.count()) >= sent + count)
    const seconds = (performance.now() - began) / 1_000
    await bare.stop()
    return count / seconds
  } finally {
    await rig.stop()
  }
}

/** A store of its own for each, so that neither finds the other's records. */
async function inRig(run: (rig: Rig) => Promise<Run>): Promise<Run> {
  const rig = await startRig({ concurrency, perSecond })
  try {
    return await run(rig)
  } finally {
    await rig.stop()
  }
}

function toRows(ours: Run, plain: Run, count: number): Row[] {
  const ratio = (one = 0, other = 0) => rounded(one / other)
  return [
    {
      what: `messages per second, campaign of ${count}`,
      value: rounded(ours.perSecond),
      yardstick: rounded(plain.perSecond),
      ratio: ratio(ours.perSecond, plain.perSecond),
      target: '>= 5 x plain',
      ok: ours.perSecond >= 5 * plain.perSecond,
    },
    {
      what: 'FHIR requests per message, campaign',
      value: rounded(ours.requests),
      yardstick: rounded(plain.requests),
      ratio: ratio(ours.requests, plain.requests),
      target: '<= 0.2 requests',
      ok: ours.requests <= 0.2,
    },
    costRow('sender’s processor time per message, ms', ours.senderCpu, plain.senderCpu),
    costRow('store’s processor time per message, ms', ours.storeCpu, plain.storeCpu),
  ]
}

/** Whether the target can be met here at all. */
function ceilingRow(bare: number, plain: Run): Row {
  return {
    what: 'messages per second with the same queue and calls and no store at all',
    ...{ value: rounded(bare), yardstick: rounded(plain.perSecond) },
    ...{ ratio: rounded(bare / plain.perSecond), target: '', ok: true },
  }
}

/** Told, without a target of its own. */
function costRow(what: string, ours: number | undefined, plain: number | undefined): Row {
  if (ours === undefined || plain === undefined)
    return { what, value: 'not told here', yardstick: '', ratio: '', target: '', ok: true }
  return {
    ...{ what, value: rounded(ours), yardstick: rounded(plain), ratio: rounded(ours / plain) },
    ...{ target: '', ok: true },
  }
}

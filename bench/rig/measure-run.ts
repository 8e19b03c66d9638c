/** One campaign from the first second of a sender's process to the last request completed, for ours and for plain alike. */
import { naming } from '../../src/fhir/codes.ts'
import type { Campaign } from './campaign.ts'
import type { Child } from './child.ts'
import type { Rig } from './rig.ts'
import type { Traffic } from './store.ts'
import { until } from './until.ts'

export interface Run {
  perSecond: number
  /** Processor time per message, milliseconds; undefined where the system does not tell. */
  senderCpu: number | undefined
  storeCpu: number | undefined
  /** FHIR requests per message. */
  requests: number
  traffic: Traffic
}

const patience = 1_800_000

/** `start` resolves when the process says that it is up: from there the time counts. */
export async function measureRun(rig: Rig, campaign: Campaign, start: () => Promise<Child>): Promise<Run> {
  const { store, carrier, emr } = rig
  const count = campaign.ids.length
  const sentBefore = await carrier.count()
  await store.forgetTraffic()
  const child = await start()
  const began = performance.now()
  const before = { sender: child.cpu(), store: emr.cpu() }
  await until('the carrier', async () => (await carrier.count()) >= sentBefore + count, { patience })
  await until('the store', () => isRecorded(rig), { patience })
  const seconds = (performance.now() - began) / 1_000
  const traffic = await store.traffic()
  const perMessage = (from?: number, to?: number) =>
    from === undefined || to === undefined ? undefined : (to - from) / count
  return {
    perSecond: count / seconds,
    senderCpu: perMessage(before.sender, child.cpu()),
    storeCpu: perMessage(before.store, emr.cpu()),
    requests: traffic.requests / count,
    traffic,
  }
}

/** No request of ours is open any more. */
async function isRecorded({ store }: Rig): Promise<boolean> {
  return (await store.count(`CommunicationRequest?status=active&identifier=${naming.requestKey}%7C`)) === 0
}

/**
 * A reply: written by a clinician and nudged, as the app does it, until it arrives at the carrier. First on an idle
 * engine, where also its FHIR requests are counted; then while a campaign runs through the same sender.
 */
import type { CommunicationRequest } from 'fhir/r4'
import { type Campaign, makeCampaign, makeReplies } from '../rig/campaign.ts'
import { type Rig, startRig } from '../rig/rig.ts'
import { type Nudge, openSession } from '../rig/session.ts'
import { pause, until } from '../rig/until.ts'
import { type Row, rounded } from '../row.ts'

const perSecond = 80
const warmUp = 3
/** A whole number of rounds of the engine's periodic work. */
const quietFor = 20_000
/** What has not arrived by then is counted as this long. */
const longest = 30_000

interface Talk {
  rig: Rig
  people: Campaign
  /** By patient, each from a session in that patient's chart. */
  nudges: Map<string, Nudge>
}

export async function replyRows({ count, replies }: { count: number; replies: number }): Promise<Row[]> {
  const rig = await startRig({ perSecond })
  try {
    const { people, replies: written } = makeReplies(warmUp + 2 * replies, 5_000_000)
    await rig.store.put(people.resources)
    await rig.startWorker()
    const nudges = new Map<string, Nudge>()
    for (const id of people.ids) nudges.set(id, await openSession(rig, id))
    const talk = { rig, people, nudges }
    // The first ones read settings and open connections.
    await timesOf(talk, written.splice(0, warmUp))
    const idle = await whenIdle(talk, written.splice(0, replies))
    const busy = await besideCampaign(talk, count, written)
    return toRows(count, busy, idle)
  } finally {
    await rig.stop()
  }
}

interface Idle {
  times: number[]
  /** FHIR requests of one reply. */
  requests: number
}

/** What the engine asks of the store when nothing happens is taken off. */
async function whenIdle(talk: Talk, replies: CommunicationRequest[]): Promise<Idle> {
  const { store } = talk.rig
  const requestsDuring = async <T>(run: () => Promise<T>) => {
    await store.forgetTraffic()
    const began = performance.now()
    const result = await run()
    return { result, lasted: performance.now() - began, requests: (await store.traffic()).requests }
  }
  const done = async () => (await store.count('CommunicationRequest?status=active')) === 0
  const talked = await requestsDuring(async () => {
    const times = await timesOf(talk, replies)
    await until('the replies to be recorded', done)
    await pause(500)
    return times
  })
  const silent = await requestsDuring(() => pause(quietFor))
  const share = silent.requests * (talked.lasted / quietFor)
  return { times: talked.result, requests: Math.max(0, talked.requests - share) / replies.length }
}

async function besideCampaign({ rig, ...talk }: Talk, count: number, replies: CommunicationRequest[]) {
  await rig.store.put(makeCampaign('bulk', count).resources)
  const sent = await rig.carrier.count()
  await until('the campaign', async () => (await rig.carrier.count()) >= sent + perSecond)
  const times = await timesOf({ rig, ...talk }, replies)
  if ((await rig.carrier.count()) >= sent + count + replies.length)
    throw new Error('The campaign was over before the last reply: nothing was measured')
  return times
}

/** One after the other, as people write; milliseconds from the nudge to the carrier. */
async function timesOf({ rig, people, nudges }: Talk, replies: CommunicationRequest[]): Promise<number[]> {
  const times: number[] = []
  for (const reply of replies) {
    await rig.store.put([reply])
    const began = Date.now()
    await nudges.get(reply.id ?? '')?.(`CommunicationRequest/${reply.id}`)
    const mark = people.marks.get(reply.id ?? '')
    times.push((await arrivalOf(rig, mark, began)) - began)
    await pause(100)
  }
  return times
}

async function arrivalOf({ carrier }: Rig, mark: string | undefined, began: number): Promise<number> {
  while (Date.now() - began < longest) {
    const at = mark && (await carrier.arrival(mark))
    if (at) return at
    await pause(20)
  }
  return began + longest
}

function toRows(count: number, busy: number[], { times, requests }: Idle): Row[] {
  const [value, yardstick] = [p95(busy), p95(times)]
  return [
    {
      what: `reply from nudge to carrier beside a campaign of ${count} at ${perSecond}/s, p95 of ${busy.length}, ms`,
      ...{ value: rounded(value), yardstick: rounded(yardstick), ratio: rounded(value / yardstick) },
      ...{ target: '<= 3 x idle', ok: value <= 3 * yardstick },
    },
    {
      what: 'FHIR requests of a single reply',
      ...{ value: rounded(requests), yardstick: '', ratio: '', target: '<= 4', ok: requests <= 4 },
    },
  ]
}

function p95(times: number[]): number {
  const sorted = times.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.ceil(0.95 * sorted.length) - 1)] ?? 0
}

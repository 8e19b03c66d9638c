/** The store is down, or shuts us out, for longer than any job's tries would last: nothing is set aside, nothing is lost, nothing grows. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createOutageGuard, probeEmr } from '../../src/compose/outage-guard.ts'
import type { MessageRequest } from '../../src/domain/message-request.ts'
import { after, hour } from '../../src/domain/time.ts'
import { toCommunicationRequest } from '../../src/fhir/communication-request.ts'
import { fromInbound } from '../../src/fhir/inbound.ts'
import { dispatchDue } from '../../src/flows/dispatch-due.ts'
import { EmrError, type World } from '../../src/flows/ports.ts'
import { receiveMessage } from '../../src/flows/receive-message.ts'
import { runJob } from '../../src/flows/run-job.ts'
import { createJobs } from '../../src/queue/jobs.ts'
import { createQueueDepths } from '../../src/queue/queue-depth.ts'
import { createWorkers } from '../../src/queue/workers.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { attempts, patient, permit, phone } from '../flows/chart.ts'
import { borrowRedis, createMemoryLog, now } from './redis-under-test.ts'

const redis = borrowRedis()
const install = 'clinic'
const soon = { timeout: 20_000, interval: 50 }
const guards: { close(): void }[] = []
afterEach(() => {
  for (const guard of guards.splice(0)) guard.close()
})

/** Every question fails while it is away; `asked` counts them. */
function failable(world: FakeWorld) {
  const state = { away: false, answers: 503, asked: 0 }
  for (const call of ['read', 'search', 'create', 'save'] as const) {
    const answer = world.emr[call] as (...asked: unknown[]) => Promise<unknown>
    const guarded = async (...asked: unknown[]) => {
      state.asked += 1
      if (state.away) throw new EmrError(`the store answers ${state.answers}`, { status: state.answers })
      return answer(...asked)
    }
    Object.assign(world.emr, { [call]: guarded })
  }
  return state
}

/** A clinic on a real queue, whose tries would all be spent within a second. */
async function open() {
  const fake = await createWorld()
  const place = { prefix: redis.prefix(), install }
  const jobs = createJobs({ ...place, connection: redis.toAdd(), now, firstRetryAfter: 1 })
  const world: World = Object.assign(fake.world, { jobs, now })
  fake.emr.put(patient())
  fake.emr.put(permit('sms'))
  const store = failable(fake)
  const workers = createWorkers({
    ...{ ...place, connection: redis.toWork(), now, log: createMemoryLog() },
    senders: [{ id: 'sms', perSecond: 200 }],
    handle: (job) => guard.around(() => runJob(world, job)),
  })
  const guard = createOutageGuard({
    ...{ pause: workers.pause, resume: workers.resume, now, log: createMemoryLog(), install },
    ...{ probe: () => probeEmr(world), probeIn: () => 100 },
  })
  guards.push(guard)
  const depths = createQueueDepths({ ...place, connection: redis.toAdd(), senders: ['sms'] })
  for (const part of [jobs, workers, depths]) redis.closing(part.close)
  const count = async (...states: ('waiting' | 'active' | 'delayed' | 'failed')[]) =>
    (await depths.countJobs()).reduce(
      (sum, depth) => sum + states.reduce((all, state) => all + depth[state], 0),
      0,
    )
  return { fake, world, guard, store, count }
}

function compose({ emr }: FakeWorld, from: number, to: number): void {
  for (let index = from; index < to; index += 1) {
    const request: MessageRequest = {
      ...{ key: `manual_${index}`, status: 'active', category: 'conversation', priority: 'routine' },
      ...{ patient: 'Patient/sara', recipient: 'Patient/sara', plan: ['sms'], dueAt: now() },
      window: { from: now(), until: after(now(), 24 * hour) },
      content: { kind: 'text', text: `Message ${index}` },
      ...{ replyOptions: [], forbidden: false },
    }
    emr.put({ id: `composed-${index}`, ...toCommunicationRequest(request) })
  }
}

describe('a store that is down for longer than any job’s tries', () => {
  it.each([
    503, 401, 403,
  ])('and answers %i: sets nothing aside, loses nothing, lets nothing grow, and all is done once it is back', {
    timeout: 60_000,
  }, async (status) => {
    const { fake, world, guard, store, count } = await open()
    store.answers = status
    const [sms] = world.senders.filter(({ id }) => id === 'sms')
    if (!sms) throw new Error('no sender')
    compose(fake, 0, 5)
    await dispatchDue(world)
    await vi.waitFor(
      () => expect(attempts(fake).map(({ state }) => state)).toEqual(Array(5).fill('queued')),
      soon,
    )
    await receiveMessage(world, sms, {
      ...{ kind: 'inbound', providerId: 'IN1', channel: 'sms', from: phone, to: sms.address },
      ...{ text: 'A question', at: now() },
    })
    compose(fake, 5, 30)
    await dispatchDue(world)
    store.away = true
    await vi.waitFor(() => expect(guard.isDown()).toBe(true), soon)
    // What companies tell meanwhile is in Redis only.
    for (const { attemptId, providerId } of fake.carrier.ledger.slice(0, 5)) {
      const event = { kind: 'delivery', attemptId, providerId, state: 'delivered', at: now() } as const
      await world.jobs.add({ kind: 'record', sender: 'sms', event })
    }
    const waiting = await count('waiting', 'active', 'delayed')
    store.asked = 0
    for (let tick = 0; tick < 10; tick += 1) {
      await expect(guard.unlessDown(() => dispatchDue(world))()).rejects.toThrow('pauses')
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    expect(await count('waiting', 'active', 'delayed')).toBe(waiting)
    expect(await count('failed')).toBe(0)
    // One small question now and then, or two.
    expect(store.asked).toBeLessThan(60)

    store.away = false
    const sent = () => new Set(fake.carrier.ledger.map(({ text }) => text)).size
    await vi.waitFor(() => expect(sent()).toBe(30), soon)
    await vi.waitFor(async () => expect(await count('waiting', 'active', 'delayed')).toBe(0), soon)
    expect(fake.carrier.ledger).toHaveLength(30)
    expect(attempts(fake).filter(({ state }) => state === 'delivered')).toHaveLength(5)
    expect(await count('failed')).toBe(0)
    const asked = fake.emr.all('Communication').flatMap((resource) => fromInbound(resource) ?? [])
    expect(asked).toMatchObject([{ handled: true }])
  })
})

import { describe, expect, it, vi } from 'vitest'
import { createOutageGuard, isOutage, probeEmr } from '../../src/compose/outage-guard.ts'
import { nextProbeIn } from '../../src/domain/outage.ts'
import { after, second } from '../../src/domain/time.ts'
import { ConflictError, EmrError, type JobResult } from '../../src/flows/ports.ts'
import { createMemoryEmr } from '../fakes/emr.ts'
import { now } from '../people.ts'

const away = () => new EmrError('away', { status: 503 })
const done: JobResult = { kind: 'done' }
const later: JobResult = { kind: 'later', at: after(now, second) }
const silent = { info() {}, warn() {}, error() {} }

function start() {
  const state = { away: false, probes: 0, told: [] as string[] }
  const guard = createOutageGuard({
    async probe() {
      state.probes += 1
      if (state.away) throw away()
    },
    pause: async () => state.told.push('pause'),
    resume: async () => state.told.push('resume'),
    ...{ now: () => now, log: silent, install: 'clinic', probeIn: () => 1 },
  })
  const work = async () => {
    if (state.away) throw away()
    return done
  }
  return { guard, state, work }
}

describe('what is an outage', () => {
  it.each<[string, unknown, boolean]>([
    ['no connection, no answer in time', new EmrError('refused'), true],
    ['it says so itself', away(), true],
    ['it is overrun', new EmrError('too many', { status: 429 }), true],
    ['it does not know us any more', new EmrError('who?', { status: 401 }), true],
    ['it lets us do nothing any more', new EmrError('no', { status: 403 }), true],
    ['a resource that is not there', new EmrError('gone', { status: 404 }), false],
    ['a resource that it refuses', new EmrError('odd', { status: 422 }), false],
    ['a race that was lost', new ConflictError('faster', { status: 412 }), false],
    ['a fault of ours', new TypeError('undefined'), false],
  ])('%s', (_what, error, is) => {
    expect(isOutage(error)).toBe(is)
  })
})

it('asks after a second, then less and less often, and every ten seconds in the end', () => {
  expect([0, 1, 2, 3, 4, 99].map((probes) => nextProbeIn(probes) / second)).toEqual([1, 2, 4, 8, 10, 10])
})

describe('the guard against an outage', () => {
  it('pauses all further work as soon as one job waits for the store in vain, and goes on by itself', async () => {
    const { guard, state } = start()
    state.away = true
    guard.suspect()
    await vi.waitFor(() => expect(state.told).toEqual(['pause']))
    state.away = false
    await vi.waitFor(() => expect(state.told).toEqual(['pause', 'resume']))
  })

  it('makes nothing of a suspicion that one question disproves', async () => {
    const { guard, state } = start()
    guard.suspect()
    await vi.waitFor(() => expect(state.probes).toBe(1))
    expect(guard.isDown()).toBe(false)
  })

  it('lets work through while all is well', async () => {
    const { guard, work, state } = start()
    expect(await guard.around(work)).toEqual(done)
    expect(state).toMatchObject({ probes: 0, told: [] })
  })

  it('puts a job back instead of burning its tries, pauses the rest once, and asks once for all', async () => {
    const { guard, work, state } = start()
    state.away = true
    const results = await Promise.all(Array.from({ length: 20 }, () => guard.around(work)))
    expect(results).toEqual(results.map(() => later))
    expect(state.told).toEqual(['pause'])
    expect(state.probes).toBe(1)
    guard.close()
  })

  it('goes on as soon as an answer comes', async () => {
    const { guard, work, state } = start()
    state.away = true
    await guard.around(work)
    expect(guard.isDown()).toBe(true)
    await expect(guard.unlessDown(async () => {})()).rejects.toThrow('pauses')
    state.away = false
    await vi.waitFor(() => expect(state.told).toEqual(['pause', 'resume']))
    expect(guard.isDown()).toBe(false)
    expect(await guard.around(work)).toEqual(done)
    await expect(guard.unlessDown(async () => {})()).resolves.toBeUndefined()
  })

  it('lets a job fail that fails alone: what it asks for is at fault, not the server', async () => {
    const { guard, state } = start()
    await expect(guard.around(() => Promise.reject(away()))).rejects.toThrow('away')
    expect(state).toMatchObject({ probes: 1, told: [] })
  })

  it('lets a job fail whose fault is no outage, without a question', async () => {
    const { guard, state } = start()
    state.away = true
    await expect(guard.around(() => Promise.reject(new TypeError('ours')))).rejects.toThrow('ours')
    expect(state.probes).toBe(0)
  })
})

it('the question is asked of store and host, and answered by nothing found', async () => {
  const [store, host] = [createMemoryEmr(), createMemoryEmr()]
  await expect(probeEmr({ store, host })).resolves.toBeUndefined()
  host.failNext(away())
  await expect(probeEmr({ store, host })).rejects.toThrow('away')
})

it('who is forbidden a record that is not there, and may search, is not shut out', async () => {
  const forbidden = () => new EmrError('forbidden', { status: 403 })
  const host = createMemoryEmr()
  host.failNext(forbidden())
  await expect(probeEmr({ store: host, host })).resolves.toBeUndefined()
  host.failNext(forbidden(), { call: 'read' })
  host.failNext(forbidden(), { call: 'search' })
  await expect(probeEmr({ store: host, host })).rejects.toThrow('forbidden')
})

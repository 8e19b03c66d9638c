/** The pace on a real Redis. What is measured is when a call is made, by whoever makes it. */
import type { Redis } from 'ioredis'
import { describe, expect, it, vi } from 'vitest'
import { giveBack, giveTurns, noTurns, paceOf, rest, type Turns } from '../../src/domain/pace.ts'
import { after } from '../../src/domain/time.ts'
import type { Job, Lane, Pace } from '../../src/flows/ports.ts'
import { connectToAdd, QueueUnavailable } from '../../src/queue/connection.ts'
import { createJobs } from '../../src/queue/jobs.ts'
import { createPace } from '../../src/queue/pace.ts'
import { giveBackScript, giveTurnsAtScript } from '../../src/queue/pace-script.ts'
import { createWorkers } from '../../src/queue/workers.ts'
import { describePace, roughly, worstSecond } from '../contract/pace.ts'
import { borrowRedis, createMemoryLog, now } from './redis-under-test.ts'

const redis = borrowRedis({ alone: true })
const tick = () => performance.now()

function paceAt(perSecond: number, connection: Redis = redis.toAdd()): Pace {
  const senders = ['sms', 'email'].map((id) => ({ id, perSecond }))
  return createPace({ connection, prefix: redis.prefix(), install: 'sample-clinic', senders, tick })
}

async function callsOf(pace: Pace, asks: { lane: Lane; cost: number }[]) {
  return Promise.all(
    asks.map(async (ask) => {
      const answer = await pace.turn({ sender: 'sms', ...ask })
      return { ...ask, answer, at: tick() }
    }),
  )
}

/** As a worker does it: so many jobs at once, each taking the next when it is done. */
async function work(pace: Pace, todo: { lane: Lane; cost: number }[], atOnce = 42) {
  const calls: { at: number; cost: number; lane: Lane }[] = []
  const place = async () => {
    for (let next = todo.shift(); next; next = todo.shift()) {
      const answer = await pace.turn({ sender: 'sms', ...next })
      if (answer.kind === 'go') calls.push({ ...next, at: tick() })
      else todo.unshift(next)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, place))
  return calls
}

const bulk = (count: number, costs = [1]) =>
  Array.from({ length: count }, (_, index) => ({
    lane: 'bulk' as Lane,
    cost: costs[index % costs.length] ?? 1,
  }))

describePace('on Redis', async (perSecond) => {
  const pace = paceAt(perSecond)
  return { pace, turns: (asks) => callsOf(pace, asks) }
})

describe('two workers of one sender', () => {
  it.each([
    [[1]],
    [[1, 2, 1, 3]],
  ])('together keep 80 a second in every sliding second and use it, with messages of %j segments', async (costs) => {
    const todo = bulk(300, costs)
    const all = (await Promise.all([paceAt(80), paceAt(80)].map((pace) => work(pace, todo)))).flat()
    expect(all).toHaveLength(300)
    expect(worstSecond(all)).toBeLessThanOrEqual(80)
    const times = all.map(({ at }) => at).sort((a, b) => a - b)
    const segments = all.reduce((sum, { cost }) => sum + cost, 0) - 1
    expect((segments * 1_000) / ((times.at(-1) ?? 0) - (times[0] ?? 0))).toBeGreaterThan(80 * roughly)
  })

  it('let a reply overtake a campaign, within the limit', async () => {
    const [one, other] = [paceAt(80), paceAt(80)]
    const todo = bulk(200)
    const campaign = Promise.all([work(one, todo), work(other, todo)])
    const replies: { at: number; cost: number; lane: Lane; waited: number }[] = []
    for (let count = 0; count < 15; count++) {
      const askedAt = tick()
      await one.turn({ sender: 'sms', lane: 'fast', cost: 1 })
      replies.push({ at: tick(), cost: 1, lane: 'fast', waited: tick() - askedAt })
    }
    expect(todo.length).toBeGreaterThan(50)
    const waits = replies.map(({ waited }) => waited).sort((a, b) => a - b)
    expect(waits[7]).toBeLessThan(250)
    const calls = (await campaign).flat()
    expect(worstSecond([...calls, ...replies])).toBeLessThanOrEqual(80)
  })

  it('hold no turn for long that a reply may need', async () => {
    const pace = paceAt(5)
    const campaign = callsOf(pace, bulk(8))
    const askedAt = tick()
    await paceAt(5).turn({ sender: 'sms', lane: 'fast', cost: 1 })
    expect(tick() - askedAt).toBeLessThan(800)
    await campaign
  })
})

describe('a reply', () => {
  it('overtakes a thousand of a campaign on its whole way through queue and pace', async () => {
    const place = { prefix: redis.prefix(), install: 'sample-clinic' }
    const senders = [{ id: 'sms', perSecond: 40 }]
    const jobs = createJobs({ ...place, connection: redis.toAdd(), now })
    redis.closing(jobs.close)
    const calls: { request: string; at: number; cost: number }[] = []
    for (let count = 0; count < 2; count++) {
      const pace = createPace({ ...place, senders, connection: redis.toAdd(), tick })
      const workers = createWorkers({
        ...{ ...place, senders, connection: redis.toWork(), now, log: createMemoryLog() },
        async handle(job, { lane }) {
          if (job.kind !== 'send') return { kind: 'done' }
          const turn = await pace.turn({ sender: 'sms', lane, cost: 1 })
          if (turn.kind === 'later') return { kind: 'later', at: after(now(), turn.waitFor) }
          calls.push({ request: job.request, at: tick(), cost: 1 })
          return { kind: 'done' }
        },
      })
      redis.closing(workers.close)
    }
    const send = (request: string, lane: Lane): Job => ({ kind: 'send', request, sender: 'sms', lane })
    await jobs.addAll(Array.from({ length: 1_200 }, (_, index) => ({ job: send(`${index}`, 'bulk') })))
    await vi.waitFor(() => expect(calls.length).toBeGreaterThan(40), { timeout: 15_000, interval: 10 })
    const before = calls.length
    await jobs.add(send('reply', 'fast'))
    const placeOfReply = () => calls.findIndex(({ request }) => request === 'reply')
    await vi.waitFor(() => expect(placeOfReply()).toBeGreaterThan(0), { timeout: 15_000, interval: 10 })
    expect(placeOfReply() - before).toBeLessThan(20)
    expect(worstSecond(calls)).toBeLessThanOrEqual(40)
  })
})

describe('a sender', () => {
  it('does not wait for another', async () => {
    const pace = paceAt(1)
    await pace.rest('sms', 60_000)
    expect(await pace.turn({ sender: 'email', lane: 'bulk', cost: 1 })).toEqual({ kind: 'go' })
    expect(await pace.turn({ sender: 'sms', lane: 'bulk', cost: 1 })).toMatchObject({ kind: 'later' })
  })

  it('is called by nobody while Redis is away', async () => {
    const connection = connectToAdd({ url: 'redis://127.0.0.1:1', log: createMemoryLog() })
    const pace = paceAt(10, connection)
    for (const lane of ['fast', 'bulk'] as const)
      await expect(pace.turn({ sender: 'sms', lane, cost: 1 })).rejects.toBeInstanceOf(QueueUnavailable)
    await expect(pace.expect({ sender: 'sms', lane: 'fast' })).rejects.toBeInstanceOf(QueueUnavailable)
    connection.disconnect()
  })

  it('goes on at its pace after Redis was wiped', async () => {
    const pace = paceAt(40)
    const campaign = work(pace, bulk(60))
    await redis.toWork().flushall()
    expect(worstSecond(await campaign)).toBeLessThanOrEqual(41)
  })
})

describe('the script', () => {
  it('gives the very turns that the rule gives', async () => {
    const connection = redis.toWork()
    const keys = [`${redis.prefix()}:{x}`, `${redis.prefix()}:{x}:turns`]
    const random = seeded(7)
    for (const perSecond of [0.5, 1, 3, 20, 80]) {
      await connection.del(...keys)
      const pace = paceOf(perSecond)
      const { limit, window, tight, even, each } = pace
      let now = 1_790_000_000_000
      let turns: Turns = noTurns(now)
      for (let step = 0; step < 60; step++) {
        now += random() < 0.02 ? -5_000 : random() * (random() < 0.1 ? 3_000 : 40)
        const lane = random() < 0.3 ? 'fast' : 'bulk'
        const costs = Array.from({ length: 1 + Math.floor(random() * 5) }, () => 1 + Math.floor(random() * 4))
        const horizon = [-1, 60, 2_000][Math.floor(random() * 3)] ?? 0
        const expected = giveTurns(turns, { lane, costs, horizon }, pace, now)
        turns = expected.turns
        const values = [limit, window, tight, even, each, lane, horizon, ...costs, now]
        const answer = (await connection.eval(giveTurnsAtScript, 2, ...keys, ...values)) as string[]
        const [, wait, ...at] = answer.map(Number)
        expect({ wait, at }).toEqual({ wait: expected.wait, at: expected.at })
        const unused = { at: at.at(-1) ?? 0, cost: costs[at.length - 1] ?? 1 }
        if (at.length > 0 && random() < 0.3) {
          turns = giveBack(turns, unused, pace)
          await connection.eval(giveBackScript, 2, ...keys, limit, even, each, unused.at, unused.cost)
        }
        if (random() < 0.05) {
          turns = rest(turns, now + 300)
          await connection.hset(keys[0] ?? '', 'restsUntil', turns.restsUntil)
        }
      }
    }
  })
})

/** Mulberry32: the same row for the same seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

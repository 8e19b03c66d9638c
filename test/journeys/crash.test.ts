/**
 * The worker is killed, the carrier's answer is lost, Redis is wiped: nothing is sent twice, and nothing is lost in silence.
 * The carrier's own ledger is the witness.
 */
import type { Communication } from 'fhir/r4'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ProvidedRedis, provideRedis } from '../../sandbox/provide/redis.ts'
import { borrowDemo } from './open-demo.ts'
import { attemptIdOf, attemptsOf, codesOf, requestsAbout } from './records.ts'
import type { NewPatient } from './stranger.ts'
import { until } from './until.ts'

let redis: ProvidedRedis
beforeAll(async () => {
  redis = await provideRedis({ env: { ...process.env, REDIS_URL: undefined } })
})
afterAll(() => redis.stop())
const demo = borrowDemo(() => ({ redisUrl: redis.url }))

/** A killed worker's jobs are taken up again when their lock is over. */
const lockIsOver = 60_000
/** An attempt that nobody ends is called unknown after a minute, by the next tick. */
const unknownByThen = 100_000

const many = (count: number) => Array.from({ length: count })

beforeEach(() => demo().phones.behave())

function admitMany(count: number): Promise<NewPatient[]> {
  return Promise.all(many(count).map(() => demo().stranger.admit()))
}

async function inboxes(patients: NewPatient[]): Promise<number[]> {
  const found = await Promise.all(patients.map(({ phone }) => demo().phones.inbox(phone)))
  return found.map((inbox) => inbox.length)
}

/** The newest one listed: an earlier one may be dead already. */
async function killWorker(): Promise<void> {
  const worker = await until('a worker is there', async () => (await demo().workers()).at(-1))
  process.kill(worker, 'SIGKILL')
  await until('another worker is there', async () => {
    const newest = (await demo().workers()).at(-1)
    return newest !== undefined && newest !== worker
  })
}

async function allAttempts(patients: NewPatient[]) {
  return (await Promise.all(patients.map((one) => attemptsOf(demo().stranger, one)))).flat()
}

function claimedAt({ extension = [] }: Communication): number {
  const parts = extension.find(({ url }) => url.endsWith('/delivery'))?.extension
  return Date.parse(parts?.find(({ url }) => url === 'calledAt')?.valueDateTime ?? '')
}

describe('When the worker is killed', () => {
  const booked: NewPatient[] = []

  it('between claim and outcome, each phone has its message once, and callbacks end each attempt', async () => {
    const { stranger, phones } = demo()
    const patients = await admitMany(8)
    booked.push(...patients)
    const carrier = await demo().pidOf('sandbox/phones/main.ts')
    // A carrier that stands still: it gets the calls, and answers nobody.
    process.kill(carrier, 'SIGSTOP')
    try {
      for (const patient of patients) await stranger.book(patient)
      // Within a second of its claim each has had its turn, and is called.
      await until('all are claimed and called', async () => {
        const attempts = await allAttempts(patients)
        const isCalled = (attempt: Communication) =>
          attempt.status === 'preparation' && Date.now() - claimedAt(attempt) > 1_000
        return attempts.length === patients.length && attempts.every(isCalled)
      })
      await killWorker()
    } finally {
      process.kill(carrier, 'SIGCONT')
    }
    const attempts = await until('callbacks have ended every attempt', async () => {
      const found = await allAttempts(patients)
      return found.every(({ status }) => status === 'completed') && found
    })
    expect(await inboxes(patients)).toEqual(patients.map(() => 1))
    for (const attempt of attempts) expect(await phones.ledger(attemptIdOf(attempt))).toHaveLength(1)
  })

  it('in the middle of twenty bookings, the next worker goes on with them', async () => {
    const { stranger } = demo()
    const patients = await admitMany(20)
    booked.push(...patients)
    const sent = async () => (await inboxes(patients)).filter(Boolean).length
    for (const patient of patients) await stranger.book(patient)
    await until('some are sent', async () => (await sent()) >= 5, { every: 5 })
    await killWorker()
    await until(
      'all have been taken up',
      async () => (await allAttempts(patients)).length === patients.length,
      {
        within: lockIsOver,
      },
    )
  })

  it('and its jobs are taken up again, no phone gets a second message, and one without any is shown to staff', {
    timeout: 180_000,
  }, async () => {
    await demo().settled(lockIsOver)
    const silent = async (patient: NewPatient) =>
      (await demo().phones.inbox(patient.phone)).length === 0 && !(await hasUnknownTask(patient))
    await until(
      'each has a message or a task',
      async () => !(await Promise.all(booked.map(silent))).includes(true),
      { within: unknownByThen, every: 500 },
    )
    const counts = await inboxes(booked)
    console.log(`killed twice: ${counts.filter((count) => count === 0).length} of ${counts.length} unknown`)
    expect(Math.max(...counts)).toBe(1)
    expect(await allAttempts(booked)).toHaveLength(booked.length)
  })
})

async function hasUnknownTask(patient: NewPatient): Promise<boolean> {
  const tasks = await demo().stranger.search('Task', { patient: patient.reference })
  return tasks.some(({ code }) => codesOf(code).includes('unknown-outcome'))
}

describe('When the carrier’s answer is never seen', () => {
  it('the message is not sent again, and its callbacks tell what became of it', async () => {
    const { stranger, phones } = demo()
    await phones.misbehave('timeout-after-accept', 1)
    const patient = await stranger.admit()
    const visit = await stranger.book(patient)
    const [attempt] = await until(
      'the call has timed out and the attempt is completed all the same',
      async () => {
        const [request] = await requestsAbout(stranger, visit)
        const found = await attemptsOf(stranger, patient)
        return request?.status === 'completed' && found[0]?.status === 'completed' && found
      },
      { within: 20_000 },
    )
    await demo().settled()
    expect(
      await phones.ledger(attemptIdOf(attempt ?? { resourceType: 'Communication', status: 'unknown' })),
    ).toHaveLength(1)
    expect(await hasUnknownTask(patient)).toBe(false)
  })

  it('and no callback comes either, staff are asked to find out, and nothing is repeated', async () => {
    const { stranger, phones } = demo()
    await phones.misbehave('cut', 1)
    const patient = await stranger.admit()
    await stranger.book(patient)
    await until('staff have a task', () => hasUnknownTask(patient))
    await demo().nextRun('dispatch')
    await demo().settled()
    const attempts = await attemptsOf(stranger, patient)
    expect(attempts.map(({ status }) => status)).toEqual(['unknown'])
    expect(await phones.inbox(patient.phone)).toEqual([])
  })
})

describe('When Redis is wiped', () => {
  it('in the middle of twenty bookings, each phone still has its message, once', {
    timeout: 120_000,
  }, async () => {
    const { stranger } = demo()
    const patients = await admitMany(20)
    const connection = new Redis(redis.url)
    let wipedAt = 0
    try {
      const booked = Promise.all(patients.map((patient) => stranger.book(patient)))
      await until('some are sent', async () => (await inboxes(patients)).filter(Boolean).length >= 3, {
        every: 5,
      })
      await connection.flushall()
      wipedAt = Date.now()
      await booked
    } finally {
      connection.disconnect()
    }
    await until(
      'each phone has its message',
      async () => (await inboxes(patients)).every((count) => count >= 1),
      { within: lockIsOver, every: 200 },
    )
    await demo().nextRun('sweep', wipedAt)
    await demo().nextRun('dispatch')
    await demo().settled()
    expect(await inboxes(patients)).toEqual(patients.map(() => 1))
  })
})

/** What every `Jobs` must keep: the queue on Redis and the fake that flow tests use. */
import { describe, expect, it } from 'vitest'
import { type Instant, after as later } from '../../src/domain/time.ts'
import type { Clock, Job, JobResult, Jobs } from '../../src/flows/ports.ts'

export interface JobsUnderTest {
  jobs: Jobs
  now: Clock
  /** Runs jobs one after another until nothing waits, not even for its time; tells what ran and when. */
  runAll(handle?: (job: Job) => Promise<JobResult | undefined>): Promise<{ job: Job; at: Instant }[]>
  close(): Promise<void>
}

const plan = (visit: string): Job => ({ kind: 'plan', visit })
const send = (request: string, lane: 'fast' | 'bulk' = 'fast'): Job => ({
  kind: 'send',
  request,
  sender: 'sms',
  lane,
})
const delivered = (providerId: string, state: 'sent' | 'delivered'): Job => ({
  kind: 'record',
  sender: 'sms',
  event: { kind: 'delivery', providerId, state, at: 1_790_000_000_000 as Instant },
})
const someTime = 200
/** The lanes have workers of their own: something of bulk may just be running. */
const aFew = 20

export function describeJobs(name: string, create: () => Promise<JobsUnderTest>) {
  const using = async (story: (world: JobsUnderTest) => Promise<void>) => {
    const world = await create()
    try {
      await story(world)
    } finally {
      await world.close()
    }
  }
  const jobsOf = (runs: { job: Job }[]) => runs.map(({ job }) => job)

  describe(`Jobs: ${name}`, () => {
    it('runs a job that was added twice while it waited once', () =>
      using(async ({ jobs, runAll }) => {
        await jobs.add(plan('Appointment/1'))
        await jobs.add(plan('Appointment/1'))
        await jobs.addAll([{ job: plan('Appointment/1') }, { job: plan('Appointment/2') }])
        expect(jobsOf(await runAll())).toEqual([plan('Appointment/1'), plan('Appointment/2')])
      }))

    it('runs a job again that is added after it ran', () =>
      using(async ({ jobs, runAll }) => {
        await jobs.add(plan('Appointment/1'))
        expect(await runAll()).toHaveLength(1)
        await jobs.add(plan('Appointment/1'))
        expect(await runAll()).toHaveLength(1)
      }))

    it('runs a job once more when it is added while it runs, so that no change is lost', () =>
      using(async ({ jobs, runAll }) => {
        await jobs.add(plan('Appointment/1'))
        let runs = 0
        const all = await runAll(async (job) => {
          if (++runs === 1) for (let notification = 0; notification < 3; notification++) await jobs.add(job)
          return { kind: 'done' }
        })
        expect(jobsOf(all)).toEqual([plan('Appointment/1'), plan('Appointment/1')])
      }))

    it('runs a job once more, and not before its time, when a storm adds it while it runs', () =>
      using(async ({ jobs, now, runAll }) => {
        await jobs.add(plan('Appointment/1'))
        const notBefore = later(now(), someTime)
        let runs = 0
        const all = await runAll(async (job) => {
          if (++runs === 1) for (let told = 0; told < 50; told++) await jobs.addAll([{ job, notBefore }])
          return { kind: 'done' }
        })
        expect(jobsOf(all)).toEqual([plan('Appointment/1'), plan('Appointment/1')])
        expect(all[1]?.at).toBeGreaterThanOrEqual(notBefore)
      }))

    it('does not hold back what may run already for a later wish, nor put off again what waits for its time', () =>
      using(async ({ jobs, now, runAll }) => {
        const [startedAt, notBefore] = [now(), later(now(), someTime)]
        await jobs.add(plan('Appointment/1'))
        await jobs.add(plan('Appointment/1'), { notBefore })
        await jobs.add(plan('Appointment/2'), { notBefore })
        await jobs.add(plan('Appointment/2'), { notBefore })
        const [first, second, ...more] = await runAll()
        expect([first?.job, second?.job, more]).toEqual([plan('Appointment/1'), plan('Appointment/2'), []])
        expect(first?.at).toBeLessThan(notBefore)
        expect(second?.at).toBeGreaterThanOrEqual(notBefore)
        expect(second?.at).toBeLessThan(later(startedAt, 10 * someTime))
      }))

    it('takes two states of one message for two jobs, and a repeated state for one', () =>
      using(async ({ jobs, runAll }) => {
        await jobs.add(delivered('SM1', 'sent'))
        await jobs.add(delivered('SM1', 'delivered'))
        await jobs.add(delivered('SM1', 'sent'))
        await jobs.add(delivered('SM2', 'sent'))
        expect(await runAll()).toHaveLength(3)
      }))

    it('runs nothing before its time', () =>
      using(async ({ jobs, now, runAll }) => {
        const notBefore = later(now(), someTime)
        await jobs.addAll([
          { job: send('CommunicationRequest/late'), notBefore },
          { job: send('CommunicationRequest/now') },
        ])
        const [first, second] = await runAll()
        expect(first?.job).toEqual(send('CommunicationRequest/now'))
        expect(second?.job).toEqual(send('CommunicationRequest/late'))
        expect(second?.at).toBeGreaterThanOrEqual(notBefore)
      }))

    it('runs a job whose time is over at once', () =>
      using(async ({ jobs, now, runAll }) => {
        await jobs.add(plan('Appointment/1'), { notBefore: later(now(), -someTime) })
        expect(await runAll()).toHaveLength(1)
      }))

    it('brings a job forward that is wanted now while it waits for its time', () =>
      using(async ({ jobs, now, runAll }) => {
        const inAnHour = later(now(), 3_600_000)
        await jobs.add(plan('Appointment/1'), { notBefore: inAnHour })
        await jobs.add(plan('Appointment/1'))
        const runs = await runAll()
        expect(runs).toHaveLength(1)
        expect(runs[0]?.at).toBeLessThan(inAnHour)
      }))

    it('keeps the order within a lane', () =>
      using(async ({ jobs, runAll }) => {
        for (const lane of ['fast', 'bulk'] as const) {
          const inOrder = Array.from({ length: 12 }, (_, index) =>
            send(`CommunicationRequest/${index}`, lane),
          )
          await jobs.addAll(inOrder.map((job) => ({ job })))
          expect(jobsOf(await runAll())).toEqual(inOrder)
        }
      }))

    it('lets the fast lane wait for none of bulk', () =>
      using(async ({ jobs, runAll }) => {
        const bulk = Array.from({ length: 300 }, (_, index) => send(`${index}`, 'bulk'))
        await jobs.addAll(bulk.map((job) => ({ job })))
        await jobs.add(send('reply'))
        const ran = jobsOf(await runAll())
        expect(ran.findIndex((job) => job.kind === 'send' && job.lane === 'fast')).toBeLessThan(aFew)
        expect(ran.filter((job) => job.kind === 'send' && job.lane === 'bulk')).toEqual(bulk)
      }))

    it('runs an answer, a nudge and a delivery before all that a sweep plans', () =>
      using(async ({ jobs, runAll }) => {
        const visits = Array.from({ length: 300 }, (_, index) => plan(`Appointment/${index}`))
        await jobs.add({ kind: 'sweep' })
        await jobs.addAll(visits.map((job) => ({ job })))
        const urgent: Job[] = [
          { kind: 'answer', message: 'Communication/1' },
          { kind: 'dispatch', request: 'CommunicationRequest/1' },
          delivered('SM1', 'delivered'),
        ]
        for (const job of urgent) await jobs.add(job)
        const ran = jobsOf(await runAll())
        const isBulk = ({ kind }: Job) => kind === 'sweep' || kind === 'plan'
        expect(ran.filter((job) => !isBulk(job))).toEqual(urgent)
        expect(ran.filter(isBulk)).toEqual([{ kind: 'sweep' }, ...visits])
        expect(ran.findLastIndex((job) => !isBulk(job))).toBeLessThan(urgent.length * aFew)
      }))

    it('runs a nudge before the dispatch of a campaign, its own included', () =>
      using(async ({ jobs, runAll }) => {
        const campaign = Array.from(
          { length: 300 },
          (_, index): Job => ({ kind: 'dispatch', request: `CommunicationRequest/${index}`, lane: 'bulk' }),
        )
        await jobs.addAll(campaign.map((job) => ({ job })))
        const nudge: Job = { kind: 'dispatch', request: 'CommunicationRequest/299' }
        await jobs.add(nudge)
        const ran = jobsOf(await runAll())
        expect(ran).toHaveLength(301)
        expect(ran.findIndex((job) => job.kind === 'dispatch' && job.lane !== 'bulk')).toBeLessThan(aFew)
      }))

    it('runs what someone waits for before the receipts of what was sent', () =>
      using(async ({ jobs, runAll }) => {
        const receipts = Array.from({ length: 300 }, (_, index) => delivered(`SM${index}`, 'delivered'))
        await jobs.addAll(receipts.map((job) => ({ job })))
        const nudge: Job = { kind: 'dispatch', request: 'CommunicationRequest/1' }
        await jobs.add(nudge)
        expect(jobsOf(await runAll()).findIndex(({ kind }) => kind === 'dispatch')).toBeLessThan(aFew)
      }))

    it('lets a nudge overtake its own copy in the bulk lane', () =>
      using(async ({ jobs, runAll }) => {
        await jobs.addAll([{ job: send('a', 'bulk') }, { job: send('b', 'bulk') }])
        await jobs.add(send('b'))
        const ran = jobsOf(await runAll())
        expect(ran).toHaveLength(3)
        expect(ran.slice(0, 2)).toContainEqual(send('b'))
      }))

    it('puts a job back until later', () =>
      using(async ({ jobs, now, runAll }) => {
        await jobs.add(send('a'))
        let at: Instant | undefined
        const runs = await runAll(async () => {
          if (at) return { kind: 'done' }
          at = later(now(), someTime)
          return { kind: 'later', at }
        })
        expect(jobsOf(runs)).toEqual([send('a'), send('a')])
        expect(runs[1]?.at).toBeGreaterThanOrEqual(at ?? Number.POSITIVE_INFINITY)
      }))

    it('tells which jobs wait, for their turn or for their time, and no others', () =>
      using(async ({ jobs, now, runAll }) => {
        await jobs.add(send('a'))
        await jobs.add(send('b', 'bulk'), { notBefore: later(now(), someTime) })
        const asked = [send('a'), send('b', 'bulk'), send('a', 'bulk'), send('c'), plan('Appointment/1')]
        expect(await jobs.held(asked)).toEqual([true, true, false, false, false])
        expect(await jobs.held([])).toEqual([])
        await runAll()
        expect(await jobs.held(asked)).toEqual(asked.map(() => false))
      }))

    it('counts what waits for a sender, on both lanes and for its time, and nothing else', () =>
      using(async ({ jobs, now, runAll }) => {
        await jobs.addAll([{ job: send('a') }, { job: send('b', 'bulk') }, { job: plan('Appointment/1') }])
        await jobs.add(send('c'), { notBefore: later(now(), someTime) })
        await jobs.add({ kind: 'send', request: 'd', sender: 'email', lane: 'bulk' })
        expect(await jobs.depth(['sms'])).toBe(3)
        expect(await jobs.depth(['sms', 'email'])).toBe(4)
        expect(await jobs.depth([])).toBe(0)
        await runAll()
        expect(await jobs.depth(['sms'])).toBe(0)
      }))

    it('adds nothing when there is nothing to add', () =>
      using(async ({ jobs, runAll }) => {
        await jobs.addAll([])
        expect(await runAll()).toEqual([])
      }))
  })
}

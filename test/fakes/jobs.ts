/**
 * Jobs in memory, for tests of the flows. Behaves like the real queue where a flow could notice: a job that waits
 * already is not added again, what someone waits for runs before what comes by the hundred, and nothing runs before its time.
 */
import type { Instant } from '../../src/domain/time.ts'
import type { Clock, Job, JobResult, Jobs } from '../../src/flows/ports.ts'
import { identify } from '../../src/queue/job-identity.ts'
import { laneFor, mayWait } from '../../src/queue/jobs.ts'

export interface WaitingJob {
  job: Job
  notBefore?: Instant
}

export interface FakeJobs extends Jobs {
  /** Everything that waits, due or not, in the order it was added. */
  pending(): WaitingJob[]
  /** Removes and returns what is due now, in the order it would run. */
  take(): Job[]
  /** Everything that waits is gone, as after a wipe of Redis. */
  clear(): void
  /** Runs what is due until nothing is, jobs added meanwhile too; returns how many ran. Nothing returned means done. */
  drain(handle: (job: Job) => Promise<JobResult | undefined>): Promise<number>
}

const mostRuns = 100_000

export function createFakeJobs({ now }: { now: Clock }): FakeJobs {
  const waiting = new Map<string, WaitingJob>()

  const put = ({ job, notBefore }: WaitingJob) => {
    const id = identify(job)
    const present = waiting.get(id)
    if (!present) waiting.set(id, structuredClone({ job, notBefore }))
    // The latest wish about the time counts, but what may run already is not held back.
    else if (present.notBefore !== undefined && present.notBefore > now()) present.notBefore = notBefore
  }

  const nextDue = () => {
    const due = [...waiting.values()].filter(({ notBefore }) => notBefore === undefined || notBefore <= now())
    return due.toSorted((one, other) => rankOf(one.job) - rankOf(other.job))[0]
  }

  const takeNext = () => {
    const next = nextDue()
    if (next) waiting.delete(identify(next.job))
    return next?.job
  }

  return {
    async add(job, options) {
      put({ job, notBefore: options?.notBefore })
    },
    async addAll(jobs) {
      for (const job of jobs) put(job)
    },
    depth: async (senders) =>
      [...waiting.values()].filter(({ job }) => job.kind === 'send' && senders.includes(job.sender)).length,
    held: async (jobs) => jobs.map((job) => waiting.has(identify(job))),
    pending: () => structuredClone([...waiting.values()]),
    take() {
      const taken: Job[] = []
      for (let job = takeNext(); job; job = takeNext()) taken.push(job)
      return taken
    },
    clear: () => waiting.clear(),
    async drain(handle) {
      let runs = 0
      for (let job = takeNext(); job; job = takeNext()) {
        if (++runs > mostRuns) throw new Error(`The queue never empties; last was ${identify(job)}`)
        const result = await handle(job)
        if (result?.kind === 'later') put({ job, notBefore: result.at })
        if (result?.kind === 'slow-down') put({ job, notBefore: (now() + result.waitFor) as Instant })
      }
      return runs
    },
  }
}

/** Lower runs first; the real lanes run side by side. */
function rankOf(job: Job): number {
  return laneFor(job) === 'bulk' ? 2 : Number(mayWait(job))
}

/** The fakes of the queue keep what the real queue keeps. */
import { type Instant, instant } from '../../src/domain/time.ts'
import type { Job } from '../../src/flows/ports.ts'
import { describeCaps, usesAt } from '../contract/caps.ts'
import { describeJobs } from '../contract/jobs.ts'
import { describeLiveFeed } from '../contract/live-feed.ts'
import { describePace } from '../contract/pace.ts'
import { describeSenderBoard } from '../contract/sender-board.ts'
import { createFakeCaps } from '../fakes/caps.ts'
import { createFakeJobs } from '../fakes/jobs.ts'
import { createFakeLiveFeed } from '../fakes/live-feed.ts'
import { createFakePace } from '../fakes/pace.ts'
import { createFakeBoard } from '../fakes/sender-board.ts'

describeJobs('the fake', async () => {
  let time = instant(1_790_000_000_000)
  const now = () => time
  const jobs = createFakeJobs({ now })
  return {
    jobs,
    now,
    async runAll(handle) {
      const runs: { job: Job; at: Instant }[] = []
      while (jobs.pending().length > 0) {
        await jobs.drain(async (job) => {
          runs.push({ job, at: time })
          return handle?.(job)
        })
        const next = Math.min(...jobs.pending().map(({ notBefore }) => notBefore ?? time))
        if (Number.isFinite(next)) time = instant(Math.max(time, next))
      }
      return runs
    },
    close: async () => {},
  }
})

describeLiveFeed('the fake', async () => ({ feed: createFakeLiveFeed(), close: async () => {} }))

describeSenderBoard('the fake', async () => createFakeBoard())

describePace('the fake', async (perSecond) => {
  const pace = createFakePace({ now: () => instant(1_790_000_000_000), perSecond: { sms: perSecond } })
  return {
    pace,
    async turns(asks) {
      const answers = []
      for (const ask of asks) {
        const answer = await pace.turn({ sender: 'sms', ...ask })
        answers.push({ ...ask, answer, at: answer.kind === 'go' ? (pace.given.at(-1)?.at ?? 0) : Number.NaN })
      }
      return answers
    },
  }
})

describeCaps('the fake', async (limits, stored) => {
  const now = () => instant(1_790_000_000_000)
  const caps = createFakeCaps({ now, limits, readUses: async () => usesAt(stored, now()) })
  return { caps, now, forget: async () => caps.forget() }
})

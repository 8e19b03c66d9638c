/** What Qasid tells about itself to anyone: `/health` and `/metrics`. */
import { z } from 'zod'
import { until } from './until.ts'

export interface SelfReport {
  /** The pids of the living workers. */
  workers(): Promise<number[]>
  /** Resolves when periodic work of this name has begun and ended since then; else since this call. */
  nextRun(work: 'dispatch' | 'reconcile' | 'subscriptions' | 'sweep', since?: number): Promise<void>
  /** How often a fact was counted. */
  counted(what: string, label: string): Promise<number>
  /** Resolves when no job waits or runs, twice in a row. */
  settled(within?: number): Promise<void>
}

const health = z.object({
  workers: z.array(z.object({ pid: z.number() })),
  clock: z.record(
    z.string(),
    z.array(
      z.object({ name: z.string(), lastRunAt: z.number().optional(), lastOkAt: z.number().optional() }),
    ),
  ),
})

export function createSelfReport(url: string): SelfReport {
  const readHealth = async () => {
    const answer = await fetch(`${url}/health`)
    return health.safeParse(await answer.json()).data
  }
  const readMetrics = async () => {
    const answer = await fetch(`${url}/metrics`)
    return answer.ok ? answer.text() : ''
  }
  return {
    async workers() {
      return (await readHealth())?.workers.map(({ pid }) => pid) ?? []
    },
    async nextRun(work, since = Date.now()) {
      await until(
        `the work "${work}" ran once more`,
        async () => {
          const works = Object.values((await readHealth())?.clock ?? {}).flat()
          const found = works.find(({ name }) => name === work)
          return (found?.lastRunAt ?? 0) >= since && (found?.lastOkAt ?? 0) >= since
        },
        { within: 60_000, every: 200 },
      )
    },
    async counted(what, label) {
      const lines = (await readMetrics()).split('\n')
      const line = lines.find((one) => one.includes(`what="${what}"`) && one.includes(`label="${label}"`))
      return Number(line?.split(' ').at(-1) ?? 0)
    },
    async settled(within = 20_000) {
      let quiet = 0
      await until(
        'no job waits or runs',
        async () => {
          const busy = jobsIn(await readMetrics(), 'waiting|active')
          quiet = busy === 0 ? quiet + 1 : 0
          return quiet >= 2
        },
        { within, every: 100 },
      )
    },
  }
}

/** Of all queues; undefined while the metrics cannot be read. `states` as in a regular expression. */
function jobsIn(metrics: string, states: string): number | undefined {
  const wanted = new RegExp(`^qasid_queue_jobs\\{.*state="(${states})"`)
  const lines = metrics.split('\n').filter((line) => wanted.test(line))
  if (lines.length === 0) return undefined
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

/**
 * The end of BullMQ workers, in bounded time. Left alone, a worker whose Redis is gone waits for it for ever and keeps
 * the process alive.
 */
import type { Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Duration } from '../domain/time.ts'

export interface Running {
  /** Counts the work as running until it settles. */
  during<T>(work: Promise<T>): Promise<T>
  /** Resolves when everything that runs now has settled. */
  settled(): Promise<unknown>
}

export function createRunning(): Running {
  const all = new Set<Promise<unknown>>()
  return {
    async during(work) {
      all.add(work)
      try {
        return await work
      } finally {
        all.delete(work)
      }
    },
    settled: () => Promise.allSettled(all),
  }
}

export interface Ending {
  connection: Redis
  workers: Worker[]
  running: Running
  graceFor: Duration
}

/** Takes no more jobs and lets the running ones finish; what does not in time is taken up by another process. */
export async function endWorkers({ connection, workers, running, graceFor }: Ending): Promise<void> {
  await Promise.all(workers.map((worker) => worker.pause(true)))
  // Without Redis no result can be noted, but what a flow has begun with store and provider it may still finish.
  const settled = await within(graceFor, running.settled())
  const mayWait = settled && connection.status === 'ready'
  await within(graceFor, Promise.all(workers.map((worker) => worker.close(!mayWait))))
}

async function within(duration: Duration, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), duration)
  })
  const inTime = await Promise.race([work.then(() => true), tooLong])
  clearTimeout(timer)
  return inTime
}

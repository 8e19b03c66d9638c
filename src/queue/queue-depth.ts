/** How much waits where, for metrics: one entry per queue of an install. */
import type { Redis } from 'ioredis'
import type { Lane } from '../flows/ports.ts'
import { defaultPrefix, inboxQueue, sendQueue } from './queue-names.ts'
import { createQueues } from './queues.ts'

export interface QueueDepth {
  /** `inbox`, or `send` with its sender. */
  queue: 'inbox' | 'send'
  sender?: string
  lane: Lane
  /** May run now. */
  waiting: number
  active: number
  /** Waits for its time or for its next try. */
  delayed: number
  /** Set aside after the last try. */
  failed: number
}

export interface QueueDepths {
  /** Throws `QueueUnavailable` while Redis is away. */
  countJobs(): Promise<QueueDepth[]>
  close(): Promise<void>
}

export function createQueueDepths(wishes: {
  connection: Redis
  prefix?: string
  install: string
  senders: string[]
}): QueueDepths {
  const { connection, prefix = defaultPrefix, install, senders } = wishes
  const queues = createQueues({ connection, prefix })
  const places = (['fast', 'bulk'] as const).flatMap((lane) => [
    { name: inboxQueue(install, lane), queue: 'inbox' as const, lane },
    ...senders.map((sender) => ({
      name: sendQueue(install, sender, lane),
      ...{ queue: 'send' as const, sender, lane },
    })),
  ])
  return {
    countJobs: () =>
      Promise.all(
        places.map(async ({ name, ...place }) => {
          const counts = await queues.ask(name, (queue) =>
            queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed'),
          )
          const { waiting = 0, prioritized = 0, active = 0, delayed = 0, failed = 0 } = counts
          return { ...place, waiting: waiting + prioritized, active, delayed, failed }
        }),
      ),
    close: queues.close,
  }
}

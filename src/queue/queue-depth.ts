/** How much waits where, for metrics: one entry per queue of an install. */
import type { Redis } from 'ioredis'
import { defaultPrefix, inboxQueue, sendQueue } from './queue-names.ts'
import { createQueues } from './queues.ts'

export interface QueueDepth {
  /** `inbox`, or `send` with its sender. */
  queue: 'inbox' | 'send'
  sender?: string
  /** May run now, both lanes together. */
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
  const places = [
    { name: inboxQueue(install), queue: 'inbox' as const },
    ...senders.map((sender) => ({ name: sendQueue(install, sender), queue: 'send' as const, sender })),
  ]
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

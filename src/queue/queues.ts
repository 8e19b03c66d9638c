/**
 * BullMQ's queues of one install, opened when first needed. BullMQ never recovers a queue whose first contact with
 * Redis failed, so a queue that failed is dropped and opened anew the next time.
 */
import { type DefaultJobOptions, Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { QueueUnavailable, whenReady } from './connection.ts'
import type { QueueName } from './queue-names.ts'

export interface Queues {
  /** Throws `QueueUnavailable` when Redis does not answer. */
  ask<T>(name: QueueName, question: (queue: Queue) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export interface QueuesWishes {
  connection: Redis
  prefix: string
  defaultJobOptions?: DefaultJobOptions
}

export function createQueues({ connection, prefix, defaultJobOptions }: QueuesWishes): Queues {
  const queues = new Map<QueueName, Queue>()

  const open = (name: QueueName) => {
    const present = queues.get(name)
    if (present) return present
    const queue = new Queue(name, {
      connection,
      prefix,
      skipWaitingForReady: true,
      streams: { events: { maxLen: 1_000 } },
      ...(defaultJobOptions && { defaultJobOptions }),
    })
    // The connection logs its own absence, and whoever asks gets the error.
    queue.on('error', () => {})
    queues.set(name, queue)
    return queue
  }

  return {
    async ask(name, question) {
      await whenReady(connection)
      const queue = open(name)
      try {
        return await question(queue)
      } catch (cause) {
        if (queues.get(name) === queue) queues.delete(name)
        throw new QueueUnavailable(`Redis did not answer for ${name}`, { cause })
      }
    },
    async close() {
      await Promise.allSettled([...queues.values()].map((queue) => queue.close()))
      queues.clear()
    },
  }
}

/** Fills the plain sender's queue and starts it. */
import { Queue } from 'bullmq'
import type { Campaign } from '../rig/campaign.ts'
import type { Child } from '../rig/child.ts'
import type { Rig } from '../rig/rig.ts'

export interface PlainWishes {
  script: 'plain-sender' | 'plain-processor'
  concurrency: number
  perSecond: number
}

export async function queuePlainly({ redis }: Rig, { ids, numbers }: Campaign): Promise<void> {
  const queue = new Queue('plain', { connection: { url: redis.url } })
  await queue.addBulk(
    ids.map((request) => ({
      ...{ name: 'send', data: { request, to: numbers.get(request) } },
      opts: { attempts: 8, backoff: 1_000 },
    })),
  )
  await queue.close()
}

export async function startPlain(
  { start, redis, store, carrier }: Rig,
  { script, concurrency, perSecond }: PlainWishes,
): Promise<Child> {
  const child = start('plain', `bench/plain/${script}.ts`, {
    REDIS_URL: redis.url,
    PLAIN_STORE: store.fhirUrl,
    PLAIN_CARRIER: carrier.url,
    PLAIN_CARRIER_TOKEN: carrier.token,
    PLAIN_CONCURRENCY: String(concurrency),
    PLAIN_PER_SECOND: String(perSecond),
  })
  await child.says(/is up/)
  return child
}

/**
 * Reminders of the coming year: what they cost in Redis and in the worker while they wait, beside as many delayed jobs of
 * BullMQ. Ours wait in the store.
 */
import { readFile } from 'node:fs/promises'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import type { Row } from '../row.ts'
import { type SmallDeployment, startSmallDeployment } from './small-deployment.ts'

/** `short` looks at a tenth of them. */
export async function measureFuture({ short = false } = {}): Promise<Row[]> {
  const count = short ? 10_000 : 100_000
  const deployment = await startSmallDeployment({
    emr: 'bench/parts/future-emr.ts',
    env: { BENCH_FUTURE: String(count) },
  })
  try {
    await deployment.start('serve')
    await deployment.start('work')
    const before = await afterTicks(deployment, 2)
    const after = await afterTicks(deployment, short ? 1 : 2)
    const redis = new Redis(deployment.redisUrl)
    const ours = await memoryOf(redis, `${deployment.redisPrefix}:*`)
    const theirs = await memoryOfDelayed(redis, deployment, count)
    redis.disconnect()
    return [redisRow(count, ours, theirs), workerRow(before, after)]
  } finally {
    await deployment.stop()
  }
}

interface Work {
  name: string
  lastOkAt?: string
  failing: boolean
}

interface Health {
  workers: { pid: number }[]
  clock: Record<string, Work[]>
}

/** Megabytes that the worker holds once it has looked that often for what is due. */
async function afterTicks({ webUrl, install }: SmallDeployment, ticks: number): Promise<number> {
  const ask = async () => (await (await fetch(`${webUrl}/health`)).json()) as Health
  const tickOf = ({ clock }: Health) => clock[install]?.find(({ name }) => name === 'dispatch')?.lastOkAt
  const deadline = Date.now() + 60_000
  let health = await ask()
  for (let seen = 0; seen < ticks; ) {
    if (Date.now() > deadline) throw new Error('The worker does not tick.')
    await new Promise((resolve) => setTimeout(resolve, 200))
    const next = await ask()
    if (tickOf(next) !== tickOf(health)) seen += 1
    health = next
  }
  return megabytesOf(health.workers[0]?.pid ?? 0)
}

/** https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
async function megabytesOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024
}

/** Bytes of all keys that match. */
async function memoryOf(redis: Redis, pattern: string): Promise<number> {
  let [sum, cursor] = [0, '0']
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 1_000)
    const asked = redis.pipeline()
    for (const key of keys) asked.memory('USAGE', key, 'SAMPLES', 0)
    for (const [, bytes] of (await asked.exec()) ?? []) sum += Number(bytes)
    cursor = next
  } while (cursor !== '0')
  return sum
}

/** The same reminders as BullMQ would hold them, each with nothing but a reference. */
async function memoryOfDelayed(redis: Redis, { redisUrl }: SmallDeployment, count: number): Promise<number> {
  const prefix = 'bench-delayed'
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const queue = new Queue('reminders', { connection, prefix })
  const atOnce = 2_000
  for (let from = 0; from < count; from += atOnce)
    await queue.addBulk(
      Array.from({ length: Math.min(atOnce, count - from) }, (_, index) => ({
        name: 'dispatch',
        data: { kind: 'dispatch', request: `CommunicationRequest/future-${from + index}` },
        opts: { delay: 86_400_000 + from + index, removeOnComplete: true },
      })),
    )
  const bytes = await memoryOf(redis, `${prefix}:*`)
  await queue.close()
  connection.disconnect()
  return bytes
}

function redisRow(count: number, ours: number, theirs: number): Row {
  const ratio = ours / theirs
  return {
    what: `Redis with ${count.toLocaleString('en')} future reminders, MB`,
    value: round(ours / 1e6),
    yardstick: round(theirs / 1e6),
    ratio: round(ratio),
    target: '<= 0.02 of as many delayed jobs',
    ok: ratio <= 0.02,
  }
}

/** More than the collector's mood. */
const mostGrowth = 1.15

function workerRow(before: number, after: number): Row {
  const ratio = after / before
  return {
    what: 'the worker while they wait, MB',
    value: round(after),
    yardstick: round(before),
    ratio: round(ratio),
    target: `<= ${mostGrowth} of itself some ticks before`,
    ok: ratio <= mostGrowth,
  }
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000
}

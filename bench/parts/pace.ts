/**
 * How well a sender's limit is kept and used: two worker processes on one real Redis call a carrier in a process of its own,
 * which counts. Ours beside BullMQ's limiter with the same limit, one after the other.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Queue } from 'bullmq'
import { provideRedis } from '../../sandbox/provide/redis.ts'
import { instant } from '../../src/domain/time.ts'
import type { Job } from '../../src/flows/ports.ts'
import { connectToAdd } from '../../src/queue/connection.ts'
import { forgetAll } from '../../src/queue/forget-all.ts'
import { createJobs } from '../../src/queue/jobs.ts'
import type { Row } from '../row.ts'

export interface Kept {
  /** Most segments in any sliding second, as the carrier counts them. */
  worst: number
  /** Segments in a second, from the first call to the last. */
  mean: number
  calls: number
}

export interface PaceMeasure {
  mode: 'ours' | 'limiter'
  url: string
  perSecond: number
  seconds: number
  /** Segments of the messages, over and over; ours only. */
  costs?: number[]
}

export async function measurePace({ seconds }: { seconds: number }): Promise<Row[]> {
  const redis = await provideRedis({ env: process.env })
  try {
    const perSecond = 80
    const ours = await measureOne({ mode: 'ours', url: redis.url, perSecond, seconds })
    const theirs = await measureOne({ mode: 'limiter', url: redis.url, perSecond, seconds })
    const mixed = await measureOne({ mode: 'ours', url: redis.url, perSecond, seconds, costs: [1, 2, 1, 3] })
    return [
      row('worst second at 80/s, two workers', ours.worst, theirs.worst, '≤ 80', ours.worst <= perSecond),
      row('mean at 80/s, two workers', ours.mean, theirs.mean, '≥ 76', ours.mean >= 0.95 * perSecond),
      row('worst second in segments of 1 to 3', mixed.worst, perSecond, '≤ 80', mixed.worst <= perSecond),
      row('mean in segments of 1 to 3', mixed.mean, perSecond, '≥ 76', mixed.mean >= 0.95 * perSecond),
    ]
  } finally {
    await redis.stop()
  }
}

function row(what: string, value: number, yardstick: number, target: string, ok: boolean): Row {
  const rounded = Math.round(value * 10) / 10
  return {
    what,
    value: rounded,
    yardstick: Math.round(yardstick * 10) / 10,
    ratio: +(value / yardstick).toFixed(2),
    target,
    ok,
  }
}

export async function measureOne({ mode, url, perSecond, seconds, costs = [1] }: PaceMeasure): Promise<Kept> {
  const prefix = `qasid-bench-${randomUUID()}`
  const connection = connectToAdd({ url, log: { info() {}, warn() {}, error() {} } })
  const children: ChildProcess[] = []
  const start = (script: string, ...values: string[]) => {
    const path = new URL(script, import.meta.url).pathname
    const child = spawn(process.execPath, [path, ...values], { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(child)
    return child
  }
  try {
    const [said] = (await once(start('pace-carrier.ts').stdout, 'data')) as [Buffer]
    const port = said.toString().trim()
    // More than can go out in the time: there is work all the while.
    await fill(mode, { connection, prefix }, costs, Math.ceil(perSecond * seconds * 2))
    for (const _ of [1, 2]) start('pace-worker.ts', mode, url, prefix, port, String(perSecond))
    const calls = await callsAfter(port, seconds)
    return judge(calls)
  } finally {
    await Promise.all(children.map(end))
    await forgetAll({ connection, prefix })
    connection.disconnect()
  }
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

async function fill(
  mode: PaceMeasure['mode'],
  place: { connection: ReturnType<typeof connectToAdd>; prefix: string },
  costs: number[],
  count: number,
): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index)
  if (mode === 'limiter') {
    const queue = new Queue('limited', place)
    await queue.addBulk(numbers.map((index) => ({ name: 'send', data: { index } })))
    return queue.close()
  }
  const jobs = createJobs({ ...place, install: 'bench', now: () => instant(Date.now()) })
  const jobOf = (index: number): Job => ({
    ...{ kind: 'send', sender: 'sms', lane: 'bulk' },
    request: `CommunicationRequest/${index}-${costs[index % costs.length]}`,
  })
  await jobs.addAll(numbers.map((index) => ({ job: jobOf(index) })))
  await jobs.close()
}

type Call = { at: number; cost: number }

async function callsAfter(port: string, seconds: number): Promise<Call[]> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 250))
    const calls = (await (await fetch(`http://127.0.0.1:${port}`)).json()) as Call[]
    const [first, last] = [calls[0], calls.at(-1)]
    if (first && last && last.at - first.at >= seconds * 1_000) return calls
  }
}

function judge(calls: Call[]): Kept {
  const [first, last] = [calls[0]?.at ?? 0, calls.at(-1)?.at ?? 0]
  let worst = 0
  let held = 0
  let from = 0
  for (const { at, cost } of calls) {
    held += cost
    for (let oldest = calls[from]; oldest && oldest.at <= at - 1_000; oldest = calls[++from])
      held -= oldest.cost
    worst = Math.max(worst, held)
  }
  const after = calls.slice(1).reduce((sum, { cost }) => sum + cost, 0)
  return { worst, mean: (after * 1_000) / (last - first), calls: calls.length }
}

/**
 * Webhooks: how many delivery events a second the web process verifies, reads and queues, beside an Express route that does
 * nothing; and whether events that come twice and in any order end in the same state.
 */

import { freePort } from '../../sandbox/demo/ports.ts'
import type { Row } from '../row.ts'
import { measureDisorder } from './disorder.ts'
import { type Loaded, load, type Post } from './load.ts'
import { signedPost } from './signed-post.ts'
import { type SmallDeployment, startSmallDeployment } from './small-deployment.ts'

/** So many that nobody waits for one answer; the time of an answer is measured with few. */
const many = 64
const few = 8

/** `short`: a quick look, of a few seconds. */
export async function measureWebhooks({ short = false } = {}): Promise<Row[]> {
  const deployment = await startSmallDeployment()
  try {
    const serve = await deployment.start('serve')
    const { ours, empty } = await inTurns(deployment, short ? 3 : 5, short ? 700 : 2_000)
    // The events of the load are of messages that nobody sent: what follows has a queue of its own.
    await serve.stop()
    const rows = [rateRow(ours, empty), latencyRow(ours, empty)]
    return [...rows, await measureDisorder(deployment, { attempts: short ? 30 : 120 })]
  } finally {
    await deployment.stop()
  }
}

type Told = Record<'ours' | 'empty', Loaded[]>

/** One after the other, again and again: whatever else the machine does slows both. */
async function inTurns(deployment: SmallDeployment, turns: number, runFor: number): Promise<Told> {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const part = await deployment.run(
    'bench/parts/empty-route.ts',
    { BENCH_EMPTY_PORT: String(port) },
    `${url}/ready`,
  )
  const nextEvent = eventsOf(deployment)
  const told: Told = { ours: [], empty: [] }
  // The first turn only warms up.
  for (let turn = 0; turn <= turns; turn++)
    for (const [who, base] of [
      ['empty', url],
      ['ours', deployment.webUrl],
    ] as const) {
      const { perSecond, answers } = await load(base, nextEvent, { connections: many, runFor })
      const { p99 } = await load(base, nextEvent, { connections: few, runFor: runFor / 2 })
      if (turn > 0) told[who].push({ perSecond, answers, p99 })
    }
  await part.stop()
  return told
}

/** Each of another message, as the carrier would tell it. */
function eventsOf({ install, webhookSecret }: SmallDeployment): () => Post {
  const at = new Date().toISOString()
  let index = 0
  return () => {
    index += 1
    return signedPost({ install, webhookSecret }, 'sms', {
      ...{ type: 'status', id: `SB${String(index).padStart(32, '0')}`, status: 'delivered', at },
      correlation: `bench-${index}_0`,
    })
  }
}

function rateRow(ours: Loaded[], empty: Loaded[]): Row {
  const ratio = median(ours.map(({ perSecond }, turn) => perSecond / (empty[turn]?.perSecond ?? 0)))
  const refused = ours.flatMap(({ answers }) => Object.keys(answers)).filter((status) => status !== '200')
  return {
    what: `webhooks accepted per second${refused.length > 0 ? `, some refused: ${refused.join(' ')}` : ''}`,
    value: Math.round(median(ours.map(({ perSecond }) => perSecond))),
    yardstick: Math.round(median(empty.map(({ perSecond }) => perSecond))),
    ratio: round(ratio),
    target: '>= 0.25 of an empty route',
    ok: ratio >= 0.25 && refused.length === 0,
  }
}

/** Carriers wait for seconds; ours is what we promise an EMR. */
const mostAck = 250

function latencyRow(ours: Loaded[], empty: Loaded[]): Row {
  const [own, other] = [ours, empty].map((all) => median(all.map(({ p99 }) => p99)))
  return {
    what: 'webhook answered, p99, ms',
    value: round(own ?? 0),
    yardstick: round(other ?? 0),
    ratio: round((own ?? 0) / (other ?? 0)),
    target: `<= ${mostAck} ms`,
    ok: own !== undefined && own <= mostAck,
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

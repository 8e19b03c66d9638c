/**
 * Webhooks: how many delivery events a second the web process verifies, reads and queues, beside an Express route that does
 * nothing; and whether events that come twice and in any order end in the same state.
 */
import { measureDisorder } from './disorder.ts'
import { type Loaded, load, type Post } from './load.ts'
import type { Row } from './row.ts'
import { signedPost } from './signed-post.ts'
import { freePort, type SmallDeployment, startSmallDeployment } from './small-deployment.ts'

const connections = 32

/** `short`: a quick look, of a few seconds. */
export async function measureWebhooks({ short = false } = {}): Promise<Row[]> {
  const deployment = await startSmallDeployment()
  try {
    const serve = await deployment.start('serve')
    const runFor = short ? 1_500 : 6_000
    const empty = await loadEmpty(deployment, runFor)
    const ours = await load(deployment.webUrl, eventFor(deployment), {
      connections,
      runFor,
      warmUp: runFor / 3,
    })
    // The events of the load are of messages that nobody sent: what follows has a queue of its own.
    await serve.stop()
    const rows = [rateRow(ours, empty), latencyRow(ours, empty)]
    return [...rows, await measureDisorder(deployment, { attempts: short ? 30 : 120 })]
  } finally {
    await deployment.stop()
  }
}

async function loadEmpty(deployment: SmallDeployment, runFor: number): Promise<Loaded> {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const part = await deployment.run(
    'bench/empty-route.ts',
    { BENCH_EMPTY_PORT: String(port) },
    `${url}/ready`,
  )
  const loaded = await load(url, eventFor(deployment), { connections, runFor, warmUp: runFor / 3 })
  await part.stop()
  return loaded
}

/** Each of another message, as the carrier would tell it. */
function eventFor({ install, webhookSecret }: SmallDeployment): (index: number) => Post {
  const at = new Date().toISOString()
  return (index) =>
    signedPost({ install, webhookSecret }, 'sms', {
      ...{ type: 'status', id: `SB${String(index).padStart(32, '0')}`, status: 'delivered', at },
      correlation: `bench-${index}_0`,
    })
}

function rateRow(ours: Loaded, empty: Loaded): Row {
  const ratio = ours.perSecond / empty.perSecond
  const others = Object.entries(ours.answers).filter(([status]) => status !== '200')
  return {
    what: `webhooks accepted per second${others.length > 0 ? `, refused ${others.map(([s, n]) => `${s}: ${n}`).join(' ')}` : ''}`,
    value: Math.round(ours.perSecond),
    yardstick: Math.round(empty.perSecond),
    ratio: round(ratio),
    target: '>= 0.25 of an empty route',
    ok: ratio >= 0.25 && others.length === 0,
  }
}

/** The carriers' patience is seconds; ours is what we promise an EMR. */
const mostAck = 250

function latencyRow(ours: Loaded, empty: Loaded): Row {
  return {
    what: `webhook answered, p99 at full load, ms`,
    value: round(ours.p99),
    yardstick: round(empty.p99),
    ratio: round(ours.p99 / empty.p99),
    target: `<= ${mostAck} ms`,
    ok: ours.p99 <= mostAck,
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

/** The store answers 503, then slowly, while a campaign is sent: nothing may pile up in Redis meanwhile. */
import type { Rig } from '../rig/rig.ts'
import { pause } from '../rig/until.ts'
import { type Row, rounded } from '../row.ts'
import { runScenario, verdictRows } from './scenario.ts'

const slowAnswer = 300
const mebibyte = 1024 * 1024
/** An empty Redis moves by this much with its connections' buffers. */
const noise = 2 * mebibyte

export async function storeDownRows(size: {
  count: number
  downFor: number
  slowFor: number
  concurrency: number
}): Promise<Row[]> {
  const { count, downFor, slowFor, concurrency } = size
  let memory = { before: 0, most: 0 }
  const judged = await runScenario(count, concurrency, async ({ rig, reached }) => {
    await reached(0.2)
    const before = await rig.redis.memory()
    await rig.store.misbehave({ answer: '503' })
    memory = { before, most: await mostMemory(rig, downFor) }
    await rig.store.behave()
    await rig.store.misbehave({ answer: 'slow', after: slowAnswer })
    await pause(slowFor)
    await rig.store.behave()
  })
  const seconds = downFor / 1_000
  return [
    ...verdictRows(`store answers 503 for ${seconds} s`, judged),
    {
      what: `store answers 503 for ${seconds} s: most memory of Redis meanwhile, MiB`,
      value: rounded(memory.most / mebibyte),
      yardstick: rounded(memory.before / mebibyte),
      ratio: rounded(memory.most / memory.before),
      target: '<= 1.1 x before, and 2 MiB',
      ok: memory.most <= 1.1 * memory.before + noise,
    },
  ]
}

async function mostMemory({ redis }: Rig, lasting: number): Promise<number> {
  const until = Date.now() + lasting
  let most = 0
  while (Date.now() < until) {
    most = Math.max(most, await redis.memory())
    await pause(200)
  }
  return most
}

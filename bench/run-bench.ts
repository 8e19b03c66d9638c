/**
 * `npm run bench [-- --short] [-- name …]`: every claim about speed and cost as a row beside its yardstick. The full form
 * takes minutes; the short one shows that it works, and its figures mean little.
 */
import { measureFuture } from './parts/future.ts'
import { measurePace } from './parts/pace.ts'
import { measureWebhooks } from './parts/webhooks.ts'
import { printRows, type Row, writeRows } from './row.ts'
import { replyRows } from './rows/replies.ts'
import { throughputRows } from './rows/throughput.ts'

interface Size {
  short: boolean
}

/** In this order; each may be asked for by its name. */
const measures: Record<string, (size: Size) => Promise<Row[]>> = {
  throughput: ({ short }) => throughputRows({ count: short ? 300 : 3_000 }),
  pace: ({ short }) => measurePace({ seconds: short ? 4 : 10 }),
  replies: ({ short }) => replyRows({ count: short ? 800 : 20_000, replies: short ? 8 : 30 }),
  webhooks: measureWebhooks,
  future: measureFuture,
}

const wishes = process.argv.slice(2)
const short = wishes.includes('--short')
const named = wishes.filter((wish) => !wish.startsWith('--'))
const unknown = named.filter((name) => !Object.hasOwn(measures, name))
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}; there is ${Object.keys(measures).join(', ')}.`)
  process.exit(2)
}

// The processes of a rig end with this one.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const rows: Row[] = []
for (const [name, measure] of Object.entries(measures)) {
  if (named.length > 0 && !named.includes(name)) continue
  console.log(`${name} …`)
  rows.push(...(await measure({ short })))
}
printRows(rows)
// What was cut short, or measured in part, must not stand where the whole is looked for.
if (!short && named.length === 0) await writeRows('bench', rows)

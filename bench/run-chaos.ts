/**
 * `npm run chaos [-- --short] [-- --count=5000] [-- name …]`: processes are killed, Redis is wiped, the store is taken
 * down, while a campaign is sent; the carrier's own ledger says whether a message was lost or sent twice.
 */
import { flushRows } from './chaos/flushes.ts'
import { killRows } from './chaos/kills.ts'
import { lostAnswerRows } from './chaos/lost-answers.ts'
import { storeDownRows } from './chaos/store-down.ts'
import { printRows, type Row, writeRows } from './row.ts'

const concurrency = 200
/** Of a run so short that it would be over before anything goes wrong. */
const slowly = 20
const wishes = process.argv.slice(2)
const short = wishes.includes('--short')
const wanted = wishes.find((wish) => wish.startsWith('--count='))?.split('=')[1]
const spread = short ? slowly : concurrency
const count = Number(wanted ?? (short ? 200 : 20_000))

/** In this order; each may be asked for by its name. */
const scenarios: Record<string, () => Promise<Row[]>> = {
  kills: () => killRows({ count, kills: short ? 3 : 20, concurrency, answersAfter: short ? 400 : 50 }),
  flushes: () => flushRows({ count, flushes: short ? 2 : 5, concurrency: spread }),
  answers: () => lostAnswerRows({ count, lost: short ? 20 : count / 20, refused: 20, concurrency: spread }),
  store: () =>
    storeDownRows({
      count,
      downFor: short ? 5_000 : 60_000,
      slowFor: short ? 3_000 : 30_000,
      concurrency: spread,
    }),
}

const named = wishes.filter((wish) => !wish.startsWith('--'))
const unknown = named.filter((name) => !Object.hasOwn(scenarios, name))
if (unknown.length > 0 || !(count >= 1)) {
  console.error(`A count from 1, and names of ${Object.keys(scenarios).join(', ')}.`)
  process.exit(2)
}

// The processes of a rig end with this one.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const rows: Row[] = []
for (const [name, run] of Object.entries(scenarios)) {
  if (named.length > 0 && !named.includes(name)) continue
  console.log(`${name} …`)
  rows.push(...(await run()))
}
printRows(rows)
// What was cut short, or run in part, must not stand where the whole is looked for.
if (!short && named.length === 0) await writeRows('chaos', rows, { sends: count })
if (rows.some(({ ok }) => !ok)) process.exitCode = 1

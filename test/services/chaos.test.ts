/**
 * `npm run chaos` in its shortest form: real processes, a real Redis, the sandbox EMR, and a carrier whose ledger alone
 * decides. The app must be built, because the web process serves it.
 */
import { describe, expect, it } from 'vitest'
import { flushRows } from '../../bench/chaos/flushes.ts'
import { killRows } from '../../bench/chaos/kills.ts'
import { storeDownRows } from '../../bench/chaos/store-down.ts'

const patience = 150_000

describe('no message is lost and none is sent twice', { timeout: patience }, () => {
  it('when workers are killed while they send', async () => {
    const size = { count: 100, kills: 2, concurrency: 50, answersAfter: 400 }
    expect((await killRows(size, { plainly: false })).filter(({ ok }) => !ok)).toEqual([])
  })

  it('when Redis is wiped, and restarted empty', async () => {
    const rows = await flushRows({ count: 100, flushes: 1, concurrency: 10 })
    expect(rows.filter(({ ok }) => !ok)).toEqual([])
  })

  it('when the store is down for a while, and slow when it comes back, and Redis holds no more meanwhile', async () => {
    const rows = await storeDownRows({ count: 100, downFor: 3_000, slowFor: 2_000, concurrency: 10 })
    expect(rows.filter(({ ok }) => !ok)).toEqual([])
  })
})

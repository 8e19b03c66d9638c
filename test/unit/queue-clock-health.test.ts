import { describe, expect, it } from 'vitest'
import { instant } from '../../src/domain/time.ts'
import { judgeWork, type WorkRecord } from '../../src/queue/clock-health.ts'

const now = instant(1_790_000_000_000)
const well: WorkRecord = {
  every: 5_000,
  knownSince: instant(now - 60_000),
  lastRunAt: instant(now - 5_000),
  threw: false,
}

describe('the health of periodic work', () => {
  it.each<[string, Partial<WorkRecord>, boolean]>([
    ['ran well a moment ago', {}, false],
    ['threw the last time', { threw: true }, true],
    ['has not run for far longer than its period', { lastRunAt: instant(now - 60_000) }, true],
    ['was announced a moment ago and has not run yet', { lastRunAt: undefined, knownSince: now }, false],
    ['was announced long ago and has never run', { lastRunAt: undefined }, true],
    ['is nightly and ran this night', { every: 86_400_000, lastRunAt: instant(now - 80_000_000) }, false],
  ])('of work that %s', (_what, differs, failing) => {
    expect(judgeWork('tick', { ...well, ...differs }, now).failing).toBe(failing)
  })
})

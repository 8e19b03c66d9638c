/** `npm run bench` in its shortest form. Only what does not hang on the machine is claimed: requests, never times. */
import { describe, expect, it } from 'vitest'
import { throughputRows } from '../../bench/rows/throughput.ts'

describe('a campaign, measured', { timeout: 150_000 }, () => {
  it('is sent and recorded whole, by us and plainly, and its FHIR requests are counted', async () => {
    const rows = await throughputRows({ count: 60 })
    const [speed, requests] = rows
    expect(Number(speed?.value)).toBeGreaterThan(0)
    // The plain sender makes six for each message, by what it is.
    expect(requests?.yardstick).toBe(6)
    // So few messages share the engine's periodic work among them: the target of 0.2 is for thousands.
    expect(Number(requests?.value)).toBeLessThan(3)
  })
})

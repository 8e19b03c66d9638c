/** Every error code of the Cloud API, and the outcome and the event that it makes. */
import { describe, expect, it } from 'vitest'
import { instant } from '../../src/domain/time.ts'
import { meaningOfCode } from '../../src/providers/meta/codes.ts'
import { toOutcome } from '../../src/providers/meta/meta.ts'
import { toDelivery } from '../../src/providers/meta/statuses.ts'
import { type Meaning, reasonOf } from '../../src/providers/refusal.ts'

const from133000 = Array.from({ length: 16 }, (_, place) => 133000 + place)
const table: [Meaning, number[]][] = [
  ['throttled', [4, 613, 80007, 130429, 131056, 133016]],
  ['throttled-for-long', [131048, 131064]],
  ['unknown', [1]],
  ['unreachable', [2, 131000, 131016, 131057, 133004, 135000, 2494100]],
  ['opted-out', [131050]],
  ['invalid-recipient', [131026]],
  ['outside-window', [131047]],
  ['misconfigured', [0, 3, 10, 190, 200, 201, 250, 298, 299, 131005, 33]],
  ['misconfigured', [368, 131031, 131037, 131045, 131042, 131044]],
  ['misconfigured', from133000.filter((code) => code !== 133004)],
  ['rejected', [100, 131008, 131009]],
  ['content-refused', [131051]],
  ['recipient-not-allowed', [131021, 131030, 131062, 131063, 137000, 130497]],
  ['template-refused', [132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132068, 132069]],
  ['file-refused', [131052, 131053]],
  ['policy-refused', [130472, 131049, 139200]],
]
const rows = table.flatMap(([meaning, codes]) => codes.map((code) => [code, meaning] as const))

describe('an error code of the Cloud API', () => {
  it.each(rows)('%i means %s', (code, meaning) => {
    expect(meaningOfCode(String(code))).toBe(meaning)
  })

  it.each([5, 199, 300, 132999, 133017, 131999])('%i is none that we know', (code) => {
    expect(meaningOfCode(String(code))).toBeUndefined()
  })

  it.each(rows)('%i as an answer stops, waits or asks for no more than it means: %s', (code, meaning) => {
    const outcome = toOutcome({ status: 400, headers: {}, body: { error: { code } } })
    const kind = meaning === 'throttled-for-long' ? 'throttled' : meaning
    const own = ['throttled', 'unknown', 'unreachable', 'opted-out', 'misconfigured'].includes(kind)
    expect(outcome).toMatchObject(own ? { kind } : { kind: 'rejected', reason: meaning, code: String(code) })
  })

  it.each(rows)('%i in a webhook is the reason of the failure: %s', (code, meaning) => {
    const entry = {
      id: 'wamid.A=',
      status: 'failed',
      timestamp: '1795150800',
      errors: [{ code, title: 'x' }],
    }
    expect(toDelivery(entry, undefined, instant(0))).toEqual({
      ...{ kind: 'delivery', providerId: 'wamid.A=', state: 'failed', at: instant(1_795_150_800_000) },
      ...{ reason: reasonOf(meaning), code: String(code) },
    })
  })
})

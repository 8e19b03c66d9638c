/** What a real HAPI sent, recorded by `npm run test:hosts`. */
import { describe, expect, it } from 'vitest'
import { parseNotification } from '../../src/fhir/notification.ts'
import withPayload from '../hosts/recorded/hapi-with-payload.json' with { type: 'json' }
import withoutPayload from '../hosts/recorded/hapi-without-payload.json' with { type: 'json' }

type Recorded = Pick<(typeof withPayload)[number], 'method' | 'path' | 'body'>

function read({ method, path, body }: Recorded) {
  const below = path.replace('/notify/clinic/k1', '')
  return parseNotification(
    { method, path: below, headers: {}, body: new TextEncoder().encode(body) },
    { type: 'Appointment', base: 'http://localhost:1/fhir' },
  )
}

describe('a notification from HAPI', () => {
  it.each(withPayload.map((one) => [one.what, one] as const))('names the visit that was %s', (_what, one) => {
    expect(read(one)).toEqual({ kind: 'changed', references: ['Appointment/visit'] })
  })

  it('says that something changed where it has no payload', () => {
    for (const one of withoutPayload) expect(read(one)).toEqual({ kind: 'something-changed' })
  })
})

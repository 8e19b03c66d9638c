/** Misbehaviour on demand: each fault does what its name says, for as long as it was ordered, and nothing else. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Phones } from '../../sandbox/phones/start-phones.ts'
import {
  type ClinicStub,
  createCaller,
  createPhone,
  eventually,
  signatureOf,
  startClinicStub,
  startTestPhones,
} from './phones-clinic-stub.ts'

let clinic: ClinicStub
let phones: Phones

beforeEach(async () => {
  clinic = await startClinicStub()
  phones = await startTestPhones(clinic)
})

afterEach(async () => {
  await phones.stop()
  await clinic.stop()
})

const { carrier, send, fault, statuses, ledger } = createCaller(
  () => phones,
  () => clinic,
)

describe('a send that is ordered to fail', () => {
  it('an answer that never comes leaves the message taken', async () => {
    await fault('timeout-after-accept', 1)
    await expect(send({}, { signal: AbortSignal.timeout(100) })).rejects.toThrow()
    expect(await ledger('attempt-1')).toHaveLength(1)
    expect((await send()).status).toBe(201)
  })

  it('a connection that is cut leaves nothing taken', async () => {
    await fault('cut', 1)
    await expect(send()).rejects.toThrow()
    expect(await ledger('attempt-1')).toEqual([])
  })

  it('an error page leaves nothing taken', async () => {
    await fault('500', 1)
    const response = await send()
    expect([response.status, response.headers.get('content-type')]).toEqual([
      500,
      expect.stringContaining('html'),
    ])
    expect(await ledger('attempt-1')).toEqual([])
  })

  it('callbacks come before the answer', async () => {
    await fault('early', 1)
    await send()
    expect(statuses().slice(0, 2)).toEqual(['queued', 'sent'])
    await eventually(() => expect(statuses()).toEqual(['queued', 'sent', 'delivered']))
  })

  it('an answer that is late is right', async () => {
    await fault('delay', 1, { ms: 150 })
    const askedAt = performance.now()
    const response = await send()
    expect(response.status).toBe(201)
    expect(performance.now() - askedAt).toBeGreaterThan(140)
  })

  it.each([
    ['429', 429, 'rate-limited', null],
    ['429-retry-after', 429, 'rate-limited', '1'],
    ['503', 503, 'try-later', null],
    ['opt-out', 403, 'opted-out', null],
  ])('%s is refused in the company’s words, and nothing is taken', async (kind, status, code, retryAfter) => {
    await fault(kind, 1)
    const response = await send()
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, retryAfter])
    expect(await response.json()).toMatchObject({ code })
    expect(await ledger('attempt-1')).toEqual([])
    expect((await send()).status).toBe(201)
  })
})

describe('callbacks that are ordered to fail', () => {
  it('come twice', async () => {
    await fault('duplicated', 2)
    await send()
    await eventually(() => expect(statuses()).toEqual(['queued', 'queued', 'sent', 'sent', 'delivered']))
  })

  it('never come, while the phone has the message', async () => {
    await fault('missing', 3)
    await send()
    await eventually(async () => expect(await ledger('attempt-1')).toMatchObject([{ status: 'delivered' }]))
    expect(statuses()).toEqual([])
  })

  it('come in another order', async () => {
    await fault('reordered', 1)
    await send({ channel: 'whatsapp' })
    await eventually(() => expect(statuses()).toEqual(['read', 'delivered', 'sent', 'queued']))
    expect(await ledger('attempt-1')).toMatchObject([{ status: 'read' }])
  })

  it('come without a signature or with a wrong one', async () => {
    await fault('unsigned', 1)
    await send()
    await eventually(() => expect(clinic.webhooks).toHaveLength(3))
    expect(clinic.webhooks.map(({ signature }) => signature === undefined)).toEqual([true, false, false])
    await fault('wrong-signature')
    await send()
    await eventually(() => expect(clinic.webhooks).toHaveLength(6))
    for (const { raw, signature } of clinic.webhooks.slice(3)) {
      expect(signature).toMatch(/^sha256=[0-9a-f]{64}$/)
      expect(signature).not.toBe(signatureOf(raw))
    }
  })

  it('bring what a patient writes twice, with one id', async () => {
    await fault('duplicated', 1)
    await createPhone(() => phones, '+971500000018').reply({ channel: 'sms', text: '1' })
    await eventually(() => expect(clinic.webhooks).toHaveLength(2))
    expect(clinic.webhooks[0]?.raw).toBe(clinic.webhooks[1]?.raw)
  })
})

describe('faults', () => {
  it('end when they are cleared, and are for the carrier’s own people', async () => {
    await fault('500')
    expect((await carrier('/faults', { method: 'DELETE' })).status).toBe(204)
    expect((await send()).status).toBe(201)
    expect((await fault('rain')).status).toBe(400)
    expect((await carrier('/faults', { method: 'DELETE' }, 'another')).status).toBe(401)
  })

  it('of another carrier leave this one alone', async () => {
    await fault('503', undefined, { wire: 'another' })
    expect((await send()).status).toBe(201)
    await fault('503', undefined, { wire: 'sandbox' })
    expect((await send()).status).toBe(503)
  })

  it('of a send and of its callbacks may be ordered together', async () => {
    await fault('missing')
    await fault('timeout-after-accept', 1)
    await expect(send({}, { signal: AbortSignal.timeout(100) })).rejects.toThrow()
    await eventually(async () => expect(await ledger('attempt-1')).toMatchObject([{ status: 'delivered' }]))
    expect(statuses()).toEqual([])
  })
})

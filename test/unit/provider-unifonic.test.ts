/** The pure halves of Unifonic's SMS: what it asks, how it reads answers, reports and webhooks. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/domain/address.ts'
import type { DeliveryEvent, Outcome } from '../../src/domain/outcome.ts'
import { type Instant, instant } from '../../src/domain/time.ts'
import type { LookUp, OutgoingMessage, RawWebhook } from '../../src/providers/provider.ts'
import { toLookedUp } from '../../src/providers/unifonic/report.ts'
import { toOutcome, toRequest, unifonic } from '../../src/providers/unifonic/unifonic.ts'

const given = unifonic.credentials.parse({ appSid: 'app-sid', webhookToken: 'w'.repeat(24) })
const message: OutgoingMessage = {
  ...{ attemptId: 'r1_1', channel: 'sms', from: '+15550100001' as Address, to: '+971501234567' as Address },
  ...{
    content: { kind: 'text', text: 'غدًا 👍 & more+%\n' },
    callbackUrl: 'https://qasid.example/w?attempt=r1_1',
  },
}
const askedAt = instant(Date.UTC(2026, 10, 20, 5))
const wanted: LookUp = {
  ...{ attemptId: 'r1_1', channel: 'sms', from: message.from, to: message.to, text: 'غدًا' },
  ...{ claimedAt: instant(askedAt - 60_000), askedAt },
}

describe('credentials', () => {
  it('know the company’s own addresses', () => {
    expect(given).toMatchObject({
      ...{ baseUrl: 'https://el.cloud.unifonic.com', whatsappUrl: 'https://apis.unifonic.com' },
    })
  })

  it.each([
    [{ webhookToken: 'short' }],
    [{ senderName: 'longer than eleven' }],
    [{ senderName: 'عيادة' }],
    [{ baseUrl: 'nowhere' }],
    [{ more: 'x' }],
  ])('refuse %j', (odd) => {
    const credentials = { appSid: 'a', webhookToken: 'w'.repeat(24), ...odd }
    expect(unifonic.credentials.safeParse(credentials).success).toBe(false)
  })
})

describe('toRequest', () => {
  it('is a form with digits only, the attempt as correlation', () => {
    const request = toRequest(message, given)
    expect(request).toMatchObject({
      ...{ method: 'POST', url: 'https://el.cloud.unifonic.com/rest/SMS/messages' },
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    })
    expect([...new URLSearchParams(String(request?.body))]).toEqual([
      ['AppSid', 'app-sid'],
      ['SenderID', '15550100001'],
      ['Recipient', '971501234567'],
      ['Body', 'غدًا 👍 & more+%\n'],
      ['CorrelationID', 'r1_1'],
      ['baseEncode', 'false'],
      ['async', 'false'],
      ['responseType', 'JSON'],
    ])
  })

  it('sends by the registered name, and with Basic where the account wants it', () => {
    const named = { ...given, senderName: 'CLINIC', basicUser: 'user', basicPassword: 'password' }
    const request = toRequest(message, { ...named, baseUrl: 'http://localhost:1/unifonic/' })
    expect(new URLSearchParams(String(request?.body)).get('SenderID')).toBe('CLINIC')
    expect(request?.headers?.authorization).toBe(`Basic ${btoa('user:password')}`)
    expect(request?.url).toBe('http://localhost:1/unifonic/rest/SMS/messages')
  })

  it('passes every text on as it is, and keeps it out of the address', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const request = toRequest({ ...message, content: { kind: 'text', text } }, given)
        expect(new URLSearchParams(String(request?.body)).get('Body')).toBe(text.toWellFormed())
        expect(request?.url).toBe('https://el.cloud.unifonic.com/rest/SMS/messages')
      }),
    )
  })

  it('is nothing for what it does not carry', () => {
    const content = { kind: 'reaction', emoji: '👍', toMessage: '1' } as const
    expect(toRequest({ ...message, content }, given)).toBeUndefined()
  })
})

describe('toOutcome', () => {
  const data = {
    MessageID: 3200000000001,
    Status: 'Queued',
    NumberOfUnits: 2,
    Cost: 0.04,
    CurrencyCode: 'USD',
  }
  const cost = { amount: '0.04', currency: 'USD' }
  const accepted = { kind: 'accepted', providerId: '3200000000001', segments: 2, cost } as const
  const untold = { kind: 'unknown', because: 'status 200 without a message id' } as const

  it.each<[number, unknown, Outcome]>([
    [200, { success: true, errorCode: 'ER-00', data }, accepted],
    [200, { success: 'true', data: { ...data, MessageID: '3200000000001', Cost: '0.040' } }, accepted],
    [200, { success: true, data: { MessageID: 1 } }, { kind: 'accepted', providerId: '1' }],
    [
      200,
      { success: true, data: { MessageID: 1, Cost: 'much', NumberOfUnits: 0 } },
      { kind: 'accepted', providerId: '1' },
    ],
    [200, { success: true, data: {} }, untold],
    [200, { success: true }, untold],
    [200, {}, untold],
    [200, '<html>', untold],
    [200, null, untold],
    // a refusal with HTTP 200
    [
      ...[200, { success: 'false', errorCode: 'ER-04', data: {} }],
      { kind: 'rejected', reason: 'invalid-recipient', code: 'ER-04' },
    ],
    [200, { success: false, data }, { kind: 'rejected', reason: 'rejected', code: 'http-200' }],
    [200, { success: false, errorCode: 'ER-77' }, { kind: 'rejected', reason: 'rejected', code: 'ER-77' }],
    [200, { success: false, errorCode: 'ER-00' }, { kind: 'unknown', because: 'ER-00' }],
    [200, { success: false, errorCode: 482 }, { kind: 'rejected', reason: 'invalid-recipient', code: '482' }],
    // a code that is none: it may hold anything
    [
      ...[200, { success: false, errorCode: 'to +971501234567' }],
      { kind: 'rejected', reason: 'rejected', code: 'http-200' },
    ],
    [401, { success: false }, { kind: 'misconfigured', code: 'http-401' }],
    [404, '<html>', { kind: 'misconfigured', code: 'http-404' }],
    [500, { success: true, data }, { kind: 'unknown', because: 'http-500' }],
  ] as [number, unknown, Outcome][])('%i %j', (status, body, outcome) => {
    expect(toOutcome({ status, headers: {}, body })).toEqual(outcome)
  })

  const rejected = (reason: string) => ({ kind: 'rejected', reason })
  it.each<[string, object]>([
    ['ER-01', { kind: 'misconfigured' }],
    ['ER-02 ER-03 ER-04 410 422 482', rejected('invalid-recipient')],
    ['ER-05 481 483', rejected('recipient-unreachable')],
    ['ER-06 ER-07 412 421 449 459 460', rejected('content-refused')],
    ['ER-08 440 480', { kind: 'misconfigured' }],
    ['ER-09 409', rejected('rejected')],
    ['ER-10', { kind: 'misconfigured' }],
    ['401 402 403', { kind: 'misconfigured' }],
    ['400 404 406 415 417 419 420 431 432 450 451 452 455 456', { kind: 'misconfigured' }],
    ['423 499 500 502 503 546 548 599', { kind: 'unknown' }],
    ['429', { kind: 'throttled', waitFor: 1_000 }],
  ])('%s', (codes, outcome) => {
    for (const code of codes.split(' ')) {
      const body = { success: false, message: 'It is said why.', errorCode: code, data: {} }
      expect(toOutcome({ status: 200, headers: {}, body }), code).toMatchObject(outcome)
      const status = Number(code)
      if (!status) continue
      expect(toOutcome({ status, headers: {}, body }), code).toMatchObject(outcome)
      expect(toOutcome({ status, headers: {}, body: '' }), code).toMatchObject(outcome)
    }
  })

  it('waits as long as it is asked to', () => {
    const headers = { 'retry-after': '7' }
    expect(toOutcome({ status: 429, headers, body: '' })).toEqual({ kind: 'throttled', waitFor: 7_000 })
  })
})

describe('toLookedUp', () => {
  const one = {
    MessageID: 3200000000001,
    CorrelationID: 'r1_1',
    Status: 'Sent',
    NumberOfUnits: 1,
    Cost: '0.04',
  }
  const report = (...messages: object[]) => ({
    messages,
    CurrencyCode: 'USD',
    TotalTextMessages: messages.length,
  })

  it.each<[object, Partial<DeliveryEvent>]>([
    [{ Status: 'Queued' }, { state: 'queued' }],
    [{ Status: 'Sent', DLR: null }, { state: 'sent' }],
    [{ Status: 'Sent', DLR: 'Accepted' }, { state: 'sent' }],
    [{ Status: 'Queued', DLR: 'Enroute' }, { state: 'sent' }],
    [{ Status: 'Sent', DLR: 'Unknown' }, { state: 'sent' }],
    [{ Status: 'Sent', DLR: 'Delivered' }, { state: 'delivered' }],
    [{ Status: 'DELIVERED', DLR: 'Enroute' }, { state: 'delivered' }],
    [{ Status: 'Undelivered' }, { state: 'undelivered', reason: 'undelivered', code: 'undelivered' }],
    [
      { Status: 'Delivery not confirmed' },
      { state: 'undelivered', reason: 'no-receipt', code: 'delivery-not-confirmed' },
    ],
    [{ Status: 'Rejected' }, { state: 'failed', reason: 'rejected', code: 'rejected' }],
    [{ Status: 'Failed' }, { state: 'failed', reason: 'undelivered', code: 'failed' }],
    [
      { DLR: 'Undeliverable' },
      { state: 'undelivered', reason: 'recipient-unreachable', code: 'undeliverable' },
    ],
    [{ DLR: 'Expired' }, { state: 'undelivered', reason: 'recipient-unreachable', code: 'expired' }],
    [{ DLR: 'Deleted' }, { state: 'undelivered', reason: 'undelivered', code: 'deleted' }],
  ])('%j', (says, event) => {
    expect(toLookedUp(report({ ...one, ...says }), wanted)).toEqual({
      kind: 'found',
      event: {
        ...{ kind: 'delivery', attemptId: 'r1_1', providerId: '3200000000001', at: askedAt },
        ...{ segments: 1, cost: { amount: '0.04', currency: 'USD' } },
        ...event,
      },
    })
  })

  it('knows what was never taken, once the report has had time', () => {
    expect(toLookedUp(report(), wanted)).toEqual({ kind: 'never-taken' })
    const tooSoon: Instant = instant(askedAt - 5_000)
    expect(toLookedUp(report(), { ...wanted, claimedAt: tooSoon })).toMatchObject({ kind: 'cannot-say' })
  })

  it.each<[string, unknown, Partial<LookUp>]>([
    ['what it once gave an id', report(), { providerId: '3200000000001' }],
    ['a report about other messages', report({ ...one, CorrelationID: 'r2_1' }), {}],
    ['a report about another id', report(one), { providerId: '3200000000009' }],
    ['a word of tomorrow', report({ ...one, Status: 'Pondering' }), {}],
    ['a word of JavaScript', report({ ...one, Status: 'constructor' }), {}],
    ['no report', {}, {}],
    ['nothing', undefined, {}],
  ])('cannot say of %s', (_what, body, differs) => {
    expect(toLookedUp(body, { ...wanted, ...differs })).toMatchObject({ kind: 'cannot-say' })
  })
})

describe('parse', () => {
  const webhook = (body: string): RawWebhook => {
    return { method: 'POST', url: 'https://qasid.example/w?key=k', headers: {}, body: Buffer.from(body) }
  }
  const read = (body: string) => unifonic.parse(webhook(body), askedAt, given)
  const hint = (more: object = {}) => ({
    kind: 'events',
    events: [{ kind: 'hint', providerId: '32', ...more }],
  })

  it.each<[string, object]>([
    ['MessageID=32&DLR=Delivered&Recipient=971501234567&SCTS=x&DLRTimestamp=y', hint()],
    ['MessageID=32&Status=Sent', hint()],
    ['MessageID=32&DLR=&Status=sent', hint()],
    ['{"MessageID":32,"Status":"Delivered"}', hint()],
    ['{"messageId":"32","status":"DELIVERED","correlationId":"r1_1"}', hint({ attemptId: 'r1_1' })],
    ['{"MessageId":"32","DLR":"Undeliverable","CorrelationID":"r1_1"}', hint({ attemptId: 'r1_1' })],
    [
      'MessageID=32&Status=Pondering',
      { kind: 'events', events: [{ kind: 'ignored', because: 'unknown status' }] },
    ],
    ['MessageID=32', { kind: 'events', events: [{ kind: 'ignored', because: 'unknown status' }] }],
    ['Status=Delivered', { kind: 'malformed', because: 'a status lacks the message id' }],
    ['{"MessageID":', { kind: 'malformed', because: 'a status lacks the message id' }],
    ['[1]', { kind: 'malformed', because: 'a status lacks the message id' }],
    ['7', { kind: 'malformed', because: 'the body is neither a form nor JSON' }],
    ['', { kind: 'malformed', because: 'a status lacks the message id' }],
  ])('%s', async (body, parsed) => {
    expect(await read(body)).toEqual(parsed)
  })

  it('never throws, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), async (body) => {
        const { kind } = await unifonic.parse({ ...webhook(''), body }, askedAt, given)
        expect(['events', 'malformed']).toContain(kind)
      }),
    )
  })
})

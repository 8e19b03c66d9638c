/** The pure halves of the sandbox provider: what it asks, how it reads answers and webhooks. */

import { AxiosError } from 'axios'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/domain/address.ts'
import type { Outcome } from '../../src/domain/outcome.ts'
import { instant } from '../../src/domain/time.ts'
import type { OutgoingMessage } from '../../src/providers/provider.ts'
import { neverSeen, sandbox, toOutcome, toRequest } from '../../src/providers/sandbox.ts'

const credentials = {
  ...{ baseUrl: 'http://carrier.example:8082', token: 'carrier-token', webhookSecret: 'webhook-secret' },
}
const message: OutgoingMessage = {
  ...{ attemptId: 'r1_1', channel: 'sms', from: '+15550100001' as Address, to: '+971501234567' as Address },
  ...{ text: 'غدًا 👍', callbackUrl: 'https://qasid.example/webhooks/a/sms?attempt=r1_1' },
}
const outcomeKinds = [
  ...['accepted', 'throttled', 'unreachable', 'unknown', 'rejected', 'opted-out', 'misconfigured'],
]

describe('toRequest', () => {
  it('asks the carrier in its own words, the attempt as correlation', () => {
    expect(toRequest(message, credentials)).toEqual({
      url: 'http://carrier.example:8082/carrier/messages',
      headers: { authorization: 'Bearer carrier-token', 'content-type': 'application/json' },
      body: {
        ...{ channel: 'sms', from: '+15550100001', to: '+971501234567', text: 'غدًا 👍' },
        ...{ correlation: 'r1_1', callbackUrl: message.callbackUrl },
      },
    })
  })

  it('passes every text on as it is, and keeps it out of the address', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const { url, headers, body } = toRequest({ ...message, text }, credentials)
        expect(body.text).toBe(text)
        expect([url, headers]).toEqual([
          'http://carrier.example:8082/carrier/messages',
          { authorization: 'Bearer carrier-token', 'content-type': 'application/json' },
        ])
      }),
    )
  })

  it('gives a subject only where there is one', () => {
    expect(toRequest(message, credentials).body).not.toHaveProperty('subject')
    expect(toRequest({ ...message, subject: 'Your visit' }, credentials).body.subject).toBe('Your visit')
  })
})

describe('toOutcome', () => {
  it.each<[number, unknown, Outcome]>([
    [201, { id: 'SB1', status: 'queued' }, { kind: 'accepted', providerId: 'SB1' }],
    [
      201,
      { id: 'SB1', segments: 2, price: { amount: '0.0150', currency: 'XTS' } },
      { kind: 'accepted', providerId: 'SB1', segments: 2, cost: { amount: '0.0150', currency: 'XTS' } },
    ],
    [201, { id: 'SB1', segments: 0, price: 'free' }, { kind: 'accepted', providerId: 'SB1' }],
    [201, { id: '' }, { kind: 'unknown', because: 'status 201 without a message id' }],
    [400, { code: 'malformed' }, { kind: 'rejected', reason: 'rejected', code: 'malformed' }],
    [401, { code: 'unauthorized' }, { kind: 'misconfigured', code: 'unauthorized' }],
    [403, { code: 'unknown-sender' }, { kind: 'misconfigured', code: 'unknown-sender' }],
    [403, { code: 'opted-out' }, { kind: 'opted-out', code: 'opted-out' }],
    [503, { code: 'try-later' }, { kind: 'unreachable', code: 'try-later' }],
    // codes that no list of ours has
    [400, { code: 'fraud-suspected' }, { kind: 'rejected', reason: 'rejected', code: 'fraud-suspected' }],
    [403, { code: 'account-closed' }, { kind: 'misconfigured', code: 'account-closed' }],
    [500, { code: 'database' }, { kind: 'unknown', because: 'database' }],
    [400, { code: 'constructor' }, { kind: 'rejected', reason: 'rejected', code: 'constructor' }],
    [500, { code: '__proto__' }, { kind: 'unknown', because: '__proto__' }],
    // no code at all
    [400, '<html>', { kind: 'rejected', reason: 'rejected', code: 'http-400' }],
    [401, undefined, { kind: 'misconfigured', code: 'http-401' }],
    [500, null, { kind: 'unknown', because: 'http-500' }],
    // a code that is none: it may hold anything
    [400, { code: 'Ada at +971501234567' }, { kind: 'rejected', reason: 'rejected', code: 'http-400' }],
  ])('%i %j', (status, body, wanted) => {
    expect(toOutcome({ status, headers: {}, body })).toEqual(wanted)
  })

  it.each([
    ['7', 7_000],
    ['0', 1_000],
    ['-3', 1_000],
    ['soon', 1_000],
    [undefined, 1_000],
    ['999999999', 3_600_000],
  ])('429 with Retry-After %s waits for %i ms', (after, waitFor) => {
    const headers = after === undefined ? {} : { 'retry-after': after }
    const wanted = { kind: 'throttled', waitFor }
    expect(toOutcome({ status: 429, headers, body: { code: 'rate-limited' } })).toEqual(wanted)
    expect(toOutcome({ status: 429, headers, body: '' })).toEqual(wanted)
  })

  it('is one of the closed list for whatever comes back, and never throws', () => {
    const body = fc.oneof(
      fc.anything(),
      fc.record({ code: fc.anything() }),
      fc.record({ id: fc.anything(), segments: fc.anything(), price: fc.anything() }),
      fc.record({ code: fc.constantFrom(...Object.getOwnPropertyNames(Object.prototype)) }),
    )
    const headers = fc.dictionary(fc.constant('retry-after'), fc.anything())
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), headers, body, (status, given, answered) => {
        const outcome = toOutcome({ status, headers: given, body: answered })
        expect(outcomeKinds).toContain(outcome.kind)
        if (outcome.kind === 'rejected') expect(outcome.reason).toEqual(expect.any(String))
        if (outcome.kind === 'accepted') expect(status).toBeLessThan(300)
        if (status >= 500) expect(['unknown', 'unreachable', 'throttled']).toContain(outcome.kind)
      }),
    )
  })
})

describe('an answer that was never seen', () => {
  const failed = (code?: string) => new AxiosError('request to +971501234567 failed', code)

  it.each([
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
  ])('%s: it never left, so it may be tried again', (code) => {
    expect(neverSeen(failed(code))).toEqual({ kind: 'unreachable', code })
  })

  it.each([
    'ECONNRESET',
    'ECONNABORTED',
    'ETIMEDOUT',
    'EPIPE',
    'ERR_CANCELED',
    'ERR_BAD_RESPONSE',
    undefined,
  ])('%s: it may have left, so it is unknown', (code) => {
    expect(neverSeen(failed(code))).toEqual({ kind: 'unknown', because: code ?? 'no-code' })
  })

  it.each([
    [new Error('+971501234567')],
    ['text'],
    [undefined],
  ])('%s is unknown too, and not repeated', (error) => {
    expect(neverSeen(error)).toEqual({ kind: 'unknown', because: 'no-code' })
  })
})

const url = 'https://qasid.example/webhooks/a/sms?attempt=r1_1'
const webhook = (body: unknown) => ({
  ...{ method: 'POST', url, headers: {} },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})
const at = '2026-11-20T08:00:00Z'
const status = { type: 'status', id: 'SB1', correlation: 'r1_1', status: 'sent', at }
const inbound = {
  type: 'message',
  id: 'SB2',
  channel: 'sms',
  from: '+971501234567',
  to: '+15550100001',
  text: '1',
  at,
}

describe('parse', () => {
  const delivery = { kind: 'delivery', attemptId: 'r1_1', providerId: 'SB1', at: instant(Date.parse(at)) }

  it.each<[string, object, object]>([
    ['a state', status, { ...delivery, state: 'sent' }],
    [
      'a failure with its code',
      { ...status, status: 'undelivered', code: 'unreachable-handset' },
      { ...delivery, state: 'undelivered', reason: 'undelivered', code: 'unreachable-handset' },
    ],
    [
      'a failure without',
      { ...status, status: 'failed' },
      { ...delivery, state: 'failed', reason: 'undelivered' },
    ],
    ['a code that is none', { ...status, code: 'Ada said no' }, { ...delivery, state: 'sent' }],
    ['no correlation', { ...status, correlation: undefined }, { ...delivery, state: 'sent' }],
    [
      'a state nobody knows',
      { ...status, status: 'teleported' },
      { kind: 'ignored', because: 'unknown status' },
    ],
    [
      'a state of JavaScript',
      { ...status, status: 'valueOf' },
      { kind: 'ignored', because: 'unknown status' },
    ],
    ['a kind nobody knows', { type: 'billing' }, { kind: 'ignored', because: 'unknown type' }],
    [
      'a message that quotes ours',
      { ...inbound, inReplyTo: 'SB1' },
      {
        ...{ kind: 'inbound', providerId: 'SB2', channel: 'sms', from: '+971501234567', to: '+15550100001' },
        ...{ text: '1', at: instant(Date.parse(at)), inReplyTo: 'SB1' },
      },
    ],
    ['a message from a short code', { ...inbound, from: '12345' }, { kind: 'inbound', from: '12345' }],
  ])('%s', (_what, body, wanted) => {
    expect(sandbox.parse(webhook(body))).toMatchObject({ kind: 'events', events: [wanted] })
  })

  it.each<[string, unknown]>([
    ['nothing', ''],
    ['no JSON', 'status=sent'],
    ['a state without time', { ...status, at: undefined }],
    ['a state at 30 February', { ...status, at: '2026-02-30T08:00:00Z' }],
    ['a state without id', { ...status, id: '' }],
    ['a message without text', { ...inbound, text: undefined }],
    ['a message by pigeon', { ...inbound, channel: 'pigeon' }],
    ['a message from nobody', { ...inbound, from: 'Ada' }],
    ['a message to nobody', { ...inbound, to: '' }],
  ])('%s is malformed, for a reason that repeats nothing', (_what, body) => {
    expect(sandbox.parse(webhook(body))).toEqual({
      kind: 'malformed',
      because: expect.stringMatching(/^(a|the) /),
    })
    expect(JSON.stringify(sandbox.parse(webhook(body)))).not.toMatch(/Ada|9715/)
  })

  it('what is not UTF-8 is malformed, never a text with holes', () => {
    const body = Buffer.concat([
      Buffer.from('{"type":"billing","note":"'),
      Buffer.of(0xff),
      Buffer.from('"}'),
    ])
    expect(sandbox.parse({ ...webhook(''), body })).toMatchObject({ kind: 'malformed' })
  })

  it('never throws, and says the same twice, whatever the bytes', () => {
    const anyStatus = fc.record({ ...fields('status'), status: fc.anything(), correlation: fc.anything() })
    const anyMessage = fc.record({
      ...fields('message'),
      from: fc.string(),
      to: fc.string(),
      text: fc.anything(),
    })
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.oneof(fc.anything(), anyStatus, anyMessage).map((one) => Buffer.from(asJson(one))),
    )
    fc.assert(
      fc.property(bytes, (body) => {
        const given = { ...webhook(''), body }
        expect(['events', 'malformed']).toContain(sandbox.parse(given).kind)
        expect(sandbox.parse(given)).toEqual(sandbox.parse(given))
      }),
    )
  })
})

function fields(type: string) {
  return {
    type: fc.constant(type),
    id: fc.string(),
    at: fc.constantFrom(at, 'soon', ''),
    channel: fc.constant('sms'),
  }
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return ''
  }
}

describe('verify', () => {
  it('takes no signature but the one over these bytes with this secret', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (body, given) => {
        const verdict = sandbox.verify(
          { ...webhook(''), body, headers: { 'x-mock-signature': given } },
          credentials,
        )
        expect(verdict.kind).toBe('refused')
      }),
    )
  })
})

/** The pure halves of a send through the sandbox provider: what it asks, how it reads answers. */
import { AxiosError } from 'axios'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/domain/address.ts'
import type { Outcome } from '../../src/domain/outcome.ts'
import type { OutgoingFile } from '../../src/domain/outgoing.ts'
import { silenceOf, unanswered } from '../../src/providers/call.ts'
import type { OutgoingMessage } from '../../src/providers/provider.ts'
import { sandbox, toOutcome, toRequest } from '../../src/providers/sandbox.ts'

const credentials = {
  ...{ baseUrl: 'http://carrier.example:8082', token: 'carrier-token', webhookSecret: 'webhook-secret' },
}
const message: OutgoingMessage = {
  ...{ attemptId: 'r1_1', channel: 'sms', from: '+15550100001' as Address, to: '+971501234567' as Address },
  content: { kind: 'text', text: 'غدًا 👍' },
  callbackUrl: 'https://qasid.example/webhooks/a/sms?attempt=r1_1',
}
const file: OutgoingFile = {
  ...{ kind: 'document', contentType: 'application/pdf', name: 'report.pdf', size: 12 },
  url: 'https://qasid.example/media/a-token',
  read: () => Promise.reject(new Error('the carrier fetches it')),
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
        const request = toRequest({ ...message, content: { kind: 'text', text } }, credentials)
        expect(request?.body.text).toBe(text)
        expect([request?.url, request?.headers]).toEqual([
          'http://carrier.example:8082/carrier/messages',
          { authorization: 'Bearer carrier-token', 'content-type': 'application/json' },
        ])
      }),
    )
  })

  it('gives a subject only where there is one', () => {
    expect(toRequest(message, credentials)?.body).not.toHaveProperty('subject')
    const content = { kind: 'text', text: 'See you.', subject: 'Your visit' } as const
    expect(toRequest({ ...message, content }, credentials)?.body.subject).toBe('Your visit')
  })

  it.each<[string, Partial<OutgoingMessage>, object]>([
    [
      'a file by where it lies',
      { content: { kind: 'file', file, caption: 'As agreed.' } },
      {
        text: 'As agreed.',
        file: { url: file.url, contentType: 'application/pdf', name: 'report.pdf' },
      },
    ],
    [
      'a reaction',
      { content: { kind: 'reaction', emoji: '👍', toMessage: 'SB2' } },
      { reaction: { emoji: '👍', toMessage: 'SB2' } },
    ],
    ['what it quotes', { replyTo: 'SB2' }, { text: 'غدًا 👍', replyTo: 'SB2' }],
  ])('names %s', (_what, wish, said) => {
    const request = toRequest({ ...message, channel: 'whatsapp', ...wish }, credentials)
    expect(request?.body).toEqual({
      ...{ channel: 'whatsapp', from: message.from, to: message.to, correlation: 'r1_1' },
      ...{ callbackUrl: message.callbackUrl, ...said },
    })
  })
})

describe('what is refused before the call', () => {
  const template = { id: 'T1', name: 'visit', language: 'en', values: [] }
  it.each<[string, Partial<OutgoingMessage>, Outcome]>([
    [
      'a template',
      { channel: 'whatsapp', content: { kind: 'template', template } },
      { kind: 'rejected', reason: 'content-not-carried', code: 'template' },
    ],
    [
      'a file by SMS',
      { content: { kind: 'file', file } },
      { kind: 'rejected', reason: 'content-not-carried', code: 'file' },
    ],
    [
      'a reaction by e-mail',
      { channel: 'email', content: { kind: 'reaction', emoji: '👍', toMessage: 'SB2' } },
      { kind: 'rejected', reason: 'content-not-carried', code: 'reaction' },
    ],
    [
      'a file of 17 MB',
      { channel: 'whatsapp', content: { kind: 'file', file: { ...file, size: 17_000_000 } } },
      { kind: 'rejected', reason: 'file-refused', code: 'too-large' },
    ],
  ])('%s', async (_what, wish, wanted) => {
    expect(await sandbox.send({ ...message, ...wish }, credentials)).toEqual(wanted)
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
    [
      403,
      { code: 'country-not-allowed' },
      { kind: 'rejected', reason: 'recipient-not-allowed', code: 'country-not-allowed' },
    ],
    [
      400,
      { code: 'file-unavailable' },
      { kind: 'rejected', reason: 'file-refused', code: 'file-unavailable' },
    ],
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
    'CERT_HAS_EXPIRED',
    'ECONNRESET',
    'ERR_CANCELED',
  ])('%s before a connection stood: it never left, so it may be tried again', (code) => {
    expect(unanswered(silenceOf(failed(code), false))).toEqual({ kind: 'unreachable', code })
  })

  it.each([
    'ECONNRESET',
    'ECONNABORTED',
    'ETIMEDOUT',
    'EPIPE',
    'ERR_CANCELED',
    'ERR_BAD_RESPONSE',
    undefined,
  ])('%s after that: it may have left, so it is unknown', (code) => {
    expect(unanswered(silenceOf(failed(code), true))).toEqual({
      ...{ kind: 'unknown', because: code ?? 'no-code' },
    })
  })

  it.each([
    [new Error('+971501234567')],
    ['text'],
    [undefined],
  ])('%s is unknown too, and not repeated', (error) => {
    expect(unanswered(silenceOf(error, true))).toEqual({ kind: 'unknown', because: 'no-code' })
  })
})

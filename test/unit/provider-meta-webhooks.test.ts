/** What the Cloud API calls us with: proof, handshake, statuses, templates, and everything that is not for us. */
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instant } from '../../src/domain/time.ts'
import { meta } from '../../src/providers/meta/meta.ts'
import type { RawWebhook } from '../../src/providers/provider.ts'
import { credentials, metadata, rawOf, sender, webhookOf } from './provider-meta-sample.ts'

const receivedAt = instant(Date.UTC(2026, 10, 20))
const read = (webhook: RawWebhook) => meta.parse(webhook, receivedAt, credentials)
const ignored = (because: string) => ({ kind: 'events', events: [{ kind: 'ignored', because }] })

describe('verify', () => {
  const signed = (body: string, signature: string) => rawOf(body, { 'x-hub-signature-256': signature })

  it.each([
    [
      '{"object":"whatsapp_business_account","entry":[]}',
      'sha256=c84a394cc475525991e78ff16e430b02e47f953877d2af0ade26956ce6f384dc',
    ],
    [
      String.raw`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":{"t":"\u0645\u0631\u062d\u0628\u0627 a\/b"},"field":"messages"}]}]}`,
      'sha256=ab5c9f5477c2705e01572d5617a57ad87bb78b3d479ec0e6262b033a6368593d',
    ],
  ])('takes the signature over these bytes: %s', (body, signature) => {
    expect(meta.verify(signed(body, signature), credentials)).toEqual({ kind: 'valid' })
    // The same value, written anew.
    const anew = `${JSON.stringify(JSON.parse(body))} `
    expect(meta.verify(signed(anew, signature), credentials)).toMatchObject({ kind: 'refused' })
    const another = { ...credentials, appSecret: 'another-secret' }
    expect(meta.verify(signed(body, signature), another)).toMatchObject({ kind: 'refused' })
  })

  it('agrees with the rule on any bytes, and takes nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (body, given) => {
        const right = `sha256=${createHmac('sha256', credentials.appSecret).update(body).digest('hex')}`
        const verdict = (header: string) =>
          meta.verify({ ...rawOf(body), headers: { 'x-hub-signature-256': header } }, credentials)
        expect(verdict(right)).toEqual({ kind: 'valid' })
        expect(verdict(given)).toMatchObject({ kind: 'refused' })
        expect(verdict(right.toUpperCase())).toMatchObject({ kind: 'refused' })
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('handshake', () => {
  const url = 'https://qasid.example/webhooks/a/whatsapp'
  const ask = (query: string, method = 'GET') =>
    meta.handshake?.({ ...rawOf(''), method, url: `${url}?${query}` }, credentials)

  it('answers the challenge to whoever knows the verify token', async () => {
    expect(await ask('hub.mode=subscribe&hub.verify_token=verify-token&hub.challenge=1158201444')).toEqual({
      ...{ status: 200, contentType: 'text/plain', body: '1158201444' },
    })
  })

  it.each([
    'hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1',
    'hub.mode=unsubscribe&hub.verify_token=verify-token&hub.challenge=1',
    'hub.mode=subscribe&hub.challenge=1',
    'hub.verify_token=verify-token&hub.challenge=1',
    '',
  ])('forbids %j', async (query) => {
    expect(await ask(query)).toEqual({ status: 403, contentType: 'text/plain', body: '' })
  })

  it('is no matter of events', async () => {
    expect(
      await ask('hub.mode=subscribe&hub.verify_token=verify-token&hub.challenge=1', 'POST'),
    ).toBeUndefined()
  })
})

const status = { id: 'wamid.A=', status: 'delivered', timestamp: '1795150800', recipient_id: '971501234567' }
const delivery = { kind: 'delivery', providerId: 'wamid.A=', at: instant(1_795_150_800_000), sender }

describe('a status', () => {
  it.each<[string, object, object]>([
    ['sent', { ...status, status: 'sent' }, { ...delivery, state: 'sent' }],
    ['delivered', status, { ...delivery, state: 'delivered' }],
    ['read', { ...status, status: 'read' }, { ...delivery, state: 'read' }],
    ['played', { ...status, status: 'played' }, { ...delivery, state: 'read' }],
    [
      'with our attempt and what it is charged as',
      {
        ...{ ...status, biz_opaque_callback_data: 'r1_1', conversation: { id: 'C1' } },
        pricing: { billable: true, pricing_model: 'PMP', category: 'utility', type: 'regular' },
      },
      {
        ...delivery,
        state: 'delivered',
        attemptId: 'r1_1',
        pricing: { category: 'utility', billable: true },
      },
    ],
    [
      'failed, and why',
      { ...status, status: 'failed', errors: [{ code: 131047, title: 'Re-engagement message' }] },
      { ...delivery, state: 'failed', reason: 'outside-window', code: '131047' },
    ],
    [
      'failed without a word',
      { ...status, status: 'failed' },
      { ...delivery, state: 'failed', reason: 'undelivered' },
    ],
    ['at a number', { ...status, timestamp: 1_795_150_800 }, { ...delivery, state: 'delivered' }],
    ['at no time', { ...status, timestamp: 'soon' }, { ...delivery, state: 'delivered', at: receivedAt }],
    ['with odd pricing', { ...status, pricing: { billable: 'no' } }, { ...delivery, state: 'delivered' }],
    ['of no name', { ...status, status: 'warning' }, { kind: 'ignored', because: 'unknown status' }],
    ['of JavaScript', { ...status, status: 'valueOf' }, { kind: 'ignored', because: 'unknown status' }],
    ['of nothing', { status: 'sent' }, { kind: 'ignored', because: 'a status without an id' }],
  ])('%s', (_what, entry, wanted) => {
    expect(read(webhookOf({ metadata, statuses: [entry] }))).toEqual({ kind: 'events', events: [wanted] })
  })

  it('comes among others, in several entries and changes, each read by itself', async () => {
    const value = { metadata, statuses: [status, { ...status, id: '' }, { ...status, id: 'wamid.B=' }] }
    const change = { field: 'messages', value }
    const id = credentials.businessAccountId
    const entry = [
      { id, changes: [change, { field: 'account_update' }] },
      { id, changes: [change] },
    ]
    const parsed = await read(rawOf(JSON.stringify({ object: 'whatsapp_business_account', entry })))
    const kinds = parsed.kind === 'events' ? parsed.events.map(({ kind }) => kind) : []
    expect(kinds).toEqual([
      ...['delivery', 'ignored', 'delivery', 'ignored', 'delivery', 'ignored', 'delivery'],
    ])
  })
})

describe('what became of a template', () => {
  const value = {
    ...{
      event: 'APPROVED',
      message_template_id: 12,
      message_template_name: 'visit_reminder',
      reason: 'NONE',
    },
    ...{ message_template_language: 'ar', message_template_category: 'UTILITY' },
  }
  const template = { kind: 'template', name: 'visit_reminder', language: 'ar', category: 'UTILITY' }

  it.each([
    ...[['APPROVED', 'approved'] as const, ['REINSTATED', 'approved'] as const],
    ...[['UNARCHIVED', 'approved'] as const, ['FLAGGED', 'approved'] as const],
    ...[['PAUSED', 'paused'] as const, ['REJECTED', 'rejected'] as const, ['DISABLED', 'disabled'] as const],
    ...[['DELETED', 'disabled'] as const, ['PENDING_DELETION', 'disabled'] as const],
    ...[['ARCHIVED', 'disabled'] as const, ['LIMIT_EXCEEDED', 'disabled'] as const],
    ...[['PENDING', 'pending'] as const, ['IN_APPEAL', 'pending'] as const, ['LOCKED', 'pending'] as const],
    ...[['SOMETHING_NEW', 'pending'] as const, ['constructor', 'pending'] as const],
  ])('%s is %s', (event, wanted) => {
    expect(read(webhookOf({ ...value, event }, 'message_template_status_update'))).toEqual({
      ...{ kind: 'events', events: [{ ...template, status: wanted }] },
    })
  })

  it('says why it was rejected', () => {
    const rejected = { ...value, event: 'REJECTED', reason: 'TAG_CONTENT_MISMATCH' }
    expect(read(webhookOf(rejected, 'message_template_status_update'))).toMatchObject({
      events: [{ ...template, status: 'rejected', because: 'TAG_CONTENT_MISMATCH' }],
    })
    const bare = {
      event: 'PAUSED',
      message_template_name: 'a',
      message_template_language: 'en',
      reason: null,
    }
    expect(read(webhookOf(bare, 'message_template_status_update'))).toEqual({
      ...{ kind: 'events', events: [{ kind: 'template', name: 'a', language: 'en', status: 'paused' }] },
    })
    expect(read(webhookOf({ event: 'PAUSED' }, 'message_template_status_update'))).toMatchObject({
      events: [{ kind: 'ignored' }],
    })
  })
})

describe('what is not for us', () => {
  it.each([
    ...['phone_number_quality_update', 'account_update', 'template_category_update', 'security'],
    ...['message_template_quality_update', 'user_id_update', 'business_capability_update'],
  ])('the field %s is ignored', (field) => {
    expect(read(webhookOf({ event: 'X' }, field))).toEqual(ignored(`the field ${field} is not for us`))
  })

  it('a wish about marketing is ignored: no clinic sends any', () => {
    const value = {
      category: 'marketing_messages',
      value: 'stop',
      timestamp: 1_795_150_800,
      wa_id: '971501234567',
    }
    expect(read(webhookOf({ user_preferences: [value] }, 'user_preferences'))).toEqual(
      ignored('a wish about marketing, which is not what a clinic sends'),
    )
  })

  it('an error of the account is ignored by its code', () => {
    const errors = [{ code: 130429, title: 'Rate limit hit' }, { title: 'To Ada' }]
    expect(read(webhookOf({ metadata, errors }))).toEqual({
      kind: 'events',
      events: [
        { kind: 'ignored', because: 'the company reports 130429' },
        { kind: 'ignored', because: 'the company reports unknown' },
      ],
    })
  })

  it('another product’s event is ignored, a change without a value too', () => {
    expect(read(rawOf('{"object":"page","entry":[]}'))).toEqual(ignored('another product’s event'))
    expect(read(webhookOf(undefined))).toEqual(ignored('messages without a value'))
    expect(read(webhookOf({}))).toEqual({ kind: 'events', events: [] })
  })

  it.each([
    ['nothing', ''],
    ['no JSON', 'object=whatsapp_business_account'],
    ['a list', '[]'],
    ['no entry', '{"object":"whatsapp_business_account"}'],
    ['no UTF-8', Buffer.concat([Buffer.from('{"object":"'), Buffer.of(0xff), Buffer.from('","entry":[]}')])],
  ])('%s is malformed', (_what, body) => {
    expect(read(rawOf(body))).toEqual({ kind: 'malformed', because: expect.stringMatching(/^the body /) })
  })

  it('never throws, and says the same twice, whatever the bytes', () => {
    const entry = fc.record(
      {
        id: fc.string(),
        status: fc.anything(),
        timestamp: fc.anything(),
        errors: fc.anything(),
        type: fc.string(),
      },
      { requiredKeys: [] },
    )
    const value = fc.record(
      {
        metadata: fc.constantFrom(metadata, {}, null),
        ...{
          statuses: fc.array(entry),
          messages: fc.array(entry),
          contacts: fc.anything(),
          errors: fc.anything(),
        },
      },
      { requiredKeys: [] },
    )
    const field = fc.constantFrom(
      'messages',
      'message_template_status_update',
      'user_preferences',
      '__proto__',
    )
    const webhook = fc.oneof(
      fc.uint8Array().map((bytes) => rawOf(bytes)),
      fc.tuple(fc.oneof(value, fc.jsonValue()), field).map(([whole, name]) => webhookOf(jsonOf(whole), name)),
    )
    fc.assert(
      fc.property(webhook, (given) => {
        expect(read(given)).toMatchObject({ kind: expect.stringMatching(/^(events|malformed)$/) })
        expect(read(given)).toEqual(read(given))
      }),
    )
  })
})

/** What JSON cannot say is left out. */
function jsonOf(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value))
  } catch {
    return {}
  }
}

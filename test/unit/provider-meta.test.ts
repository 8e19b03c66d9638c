/** The pure halves of the Cloud API provider: what it asks, how it reads answers. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/domain/address.ts'
import type { Outcome } from '../../src/domain/outcome.ts'
import type { FileKind, OutgoingContent } from '../../src/domain/outgoing.ts'
import { meta, toOutcome, toRequest } from '../../src/providers/meta/meta.ts'
import { secretFields } from '../../src/providers/secret-fields.ts'
import { credentials, messageOf, report } from './provider-meta-sample.ts'

const text = { kind: 'text', text: 'غدًا 👍' } as const
const envelope = { messaging_product: 'whatsapp', recipient_type: 'individual', to: '971501234567' }
const outcomeKinds = [
  ...['accepted', 'throttled', 'unreachable', 'unknown', 'rejected', 'opted-out', 'misconfigured'],
]

describe('the credentials', () => {
  it('need what has no default, and no more', () => {
    const { apiVersion, baseUrl, messageHistory, ...needed } = credentials
    expect(meta.credentials.parse(needed)).toEqual({
      ...needed,
      ...{ apiVersion: 'v26.0', baseUrl: 'https://graph.facebook.com', messageHistory: 'off' },
    })
  })

  it.each([
    { apiVersion: '26' },
    { phoneNumberId: '+15550100001' },
    { businessAccountId: 'clinic' },
    { messageHistory: 'yes' },
    { baseUrl: 'graph' },
    { appSecret: '' },
  ])('are refused with %j', (wrong) => {
    expect(meta.credentials.safeParse({ ...credentials, ...wrong }).success).toBe(false)
  })

  it('mark their secrets', () => {
    expect(secretFields(meta)).toEqual(['accessToken', 'appSecret', 'verifyToken'])
  })
})

describe('toRequest', () => {
  const bodyOf = (content: OutgoingContent, wish = {}, fileId?: string) =>
    toRequest(messageOf(content, wish), credentials, fileId)?.body

  it('asks in the company’s words, the attempt as callback data', () => {
    expect(toRequest(messageOf(text), credentials)).toEqual({
      url: 'https://graph.example/v26.0/200000000000001/messages',
      headers: { authorization: 'Bearer access-token', 'content-type': 'application/json' },
      body: {
        ...envelope,
        ...{ type: 'text', text: { body: 'غدًا 👍', preview_url: false } },
        biz_opaque_callback_data: 'r1_1',
      },
    })
  })

  it('keeps the path of its base URL', () => {
    const given = { ...credentials, baseUrl: 'http://localhost:8082/meta/' }
    expect(toRequest(messageOf(text), given)?.url).toBe(
      'http://localhost:8082/meta/v26.0/200000000000001/messages',
    )
  })

  it('names a person without a number by the user id', () => {
    const body = bodyOf(text, { to: 'SA.10000000000000000001' as Address })
    expect(body).toMatchObject({ recipient: 'SA.10000000000000000001' })
    expect(body).not.toHaveProperty('to')
  })

  it('quotes what it answers, but a reaction names its message itself', () => {
    expect(bodyOf(text, { replyTo: 'wamid.A=' })).toMatchObject({ context: { message_id: 'wamid.A=' } })
    const reaction = bodyOf({ kind: 'reaction', emoji: '', toMessage: 'wamid.B=' }, { replyTo: 'wamid.A=' })
    expect(reaction).toMatchObject({ type: 'reaction', reaction: { message_id: 'wamid.B=', emoji: '' } })
    expect(reaction).not.toHaveProperty('context')
  })

  it('gives a template its values in their places, each on one line', () => {
    const template = {
      id: '1',
      name: 'visit_reminder',
      language: 'ar',
      values: ['سارة', 'Hall 1,\n Street 2', 'a      b'],
    }
    const parameters = ['سارة', 'Hall 1, Street 2', 'a b'].map((value) => ({ type: 'text', text: value }))
    expect(bodyOf({ kind: 'template', template })).toMatchObject({
      type: 'template',
      template: {
        ...{ name: 'visit_reminder', language: { code: 'ar' } },
        components: [{ type: 'body', parameters }],
      },
    })
    const bare = bodyOf({ kind: 'template', template: { ...template, values: [] } })
    expect(bare?.template).toEqual({ name: 'visit_reminder', language: { code: 'ar' } })
  })

  it.each<[FileKind, string, object]>([
    ['document', 'application/pdf', { document: { id: 'F1', caption: 'Results', filename: 'تقرير.pdf' } }],
    ['image', 'image/png', { image: { id: 'F1', caption: 'Results' } }],
    ['video', 'video/mp4', { video: { id: 'F1', caption: 'Results' } }],
  ])('sends a %s by the id of its upload', (kind, contentType, wanted) => {
    const file = { ...report, kind, contentType }
    expect(bodyOf({ kind: 'file', file, caption: 'Results' }, {}, 'F1')).toEqual({
      ...{ ...envelope, type: kind, biz_opaque_callback_data: 'r1_1' },
      ...wanted,
    })
  })

  it('sends a voice as audio; as a voice note where it is one', () => {
    const voice = (contentType: string) =>
      bodyOf({ kind: 'file', file: { ...report, kind: 'voice', contentType } }, {}, 'F1')
    expect(voice('audio/ogg')).toMatchObject({ type: 'audio', audio: { id: 'F1', voice: true } })
    expect(voice('audio/mpeg')).toMatchObject({ type: 'audio', audio: { id: 'F1' } })
    expect(voice('audio/mpeg')?.audio).not.toHaveProperty('voice')
  })

  it('passes every text on as it is, and keeps it out of the address', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (words) => {
        const { url, headers, body } = toRequest(messageOf({ kind: 'text', text: words }), credentials) ?? {}
        expect(body?.text).toEqual({ body: words, preview_url: false })
        expect([url, headers?.authorization]).toEqual([
          ...['https://graph.example/v26.0/200000000000001/messages', 'Bearer access-token'],
        ])
      }),
    )
  })

  const voice = { ...report, kind: 'voice' } as const
  it.each<[string, OutgoingContent, string]>([
    ['a text of 4,097 characters', { kind: 'text', text: 'x'.repeat(4_097) }, 'text'],
    ['a caption of 1,025 characters', { kind: 'file', file: report, caption: 'x'.repeat(1_025) }, 'caption'],
    ['a voice with words to it', { kind: 'file', file: voice, caption: 'Listen' }, 'caption'],
  ])('%s is refused before the call, not cut', async (_what, content, code) => {
    expect(toRequest(messageOf(content), credentials, 'F1')).toBeUndefined()
    expect(await meta.send(messageOf(content), credentials)).toEqual({
      ...{ kind: 'rejected', reason: 'content-not-carried', code },
    })
  })
})

describe('toOutcome', () => {
  const answered = (status: number, body: unknown, headers = {}) => toOutcome({ status, headers, body })
  const error = (code: unknown, more = {}) => ({ error: { message: '(#1) To 971501234567', code, ...more } })

  it.each<[number, unknown, Outcome]>([
    [
      200,
      { contacts: [{ wa_id: '971501234567' }], messages: [{ id: 'wamid.A=' }] },
      { kind: 'accepted', providerId: 'wamid.A=' },
    ],
    [
      200,
      { messages: [{ id: 'wamid.A=', message_status: 'paused' }] },
      { kind: 'accepted', providerId: 'wamid.A=' },
    ],
    [200, { messages: [] }, { kind: 'unknown', because: 'status 200 without a message id' }],
    [200, error(131000), { kind: 'unknown', because: 'status 200 without a message id' }],
    // no code, or none that may be repeated
    [400, '<html>', { kind: 'rejected', reason: 'rejected', code: 'http-400' }],
    [401, undefined, { kind: 'misconfigured', code: 'http-401' }],
    [500, null, { kind: 'unknown', because: 'http-500' }],
    [400, error('Ada at +971501234567'), { kind: 'rejected', reason: 'rejected', code: 'http-400' }],
    // a code that no list of ours has
    [400, error(139999), { kind: 'rejected', reason: 'rejected', code: '139999' }],
    [400, error(139999, { is_transient: true }), { kind: 'unreachable', code: '139999' }],
    [500, error(139999, { is_transient: true }), { kind: 'unknown', because: '139999' }],
    [403, error(139999), { kind: 'misconfigured', code: '139999' }],
    // the account of an admin's mistake, or a parameter of this message
    [400, error(100), { kind: 'rejected', reason: 'rejected', code: '100' }],
    [400, error(100, { error_subcode: 33 }), { kind: 'misconfigured', code: '100' }],
    // the code speaks louder than the flag and the status
    [400, error(190, { is_transient: true }), { kind: 'misconfigured', code: '190' }],
    [500, error(131047), { kind: 'rejected', reason: 'outside-window', code: '131047' }],
  ])('%i %j', (status, body, wanted) => {
    expect(answered(status, body)).toEqual(wanted)
  })

  it.each<[number, Record<string, string>, number]>([
    [130429, {}, 1_000],
    [130429, { 'retry-after': '7' }, 7_000],
    [131056, {}, 6_000],
    [131056, { 'retry-after': '9' }, 9_000],
    [4, {}, 60_000],
    [80007, {}, 60_000],
    [131048, {}, 3_600_000],
    [131064, {}, 3_600_000],
  ])('%i with %j waits for %i ms', (code, headers, waitFor) => {
    expect(answered(429, error(code), headers)).toEqual({ kind: 'throttled', waitFor })
  })

  it('is one of the closed list for whatever comes back, repeats no words of it, and never throws', () => {
    const code = fc.oneof(fc.anything(), fc.constantFrom(...Object.getOwnPropertyNames(Object.prototype)))
    const body = fc.oneof(
      fc.anything(),
      fc.record({ error: fc.oneof(fc.anything(), fc.record({ code, error_subcode: fc.anything() })) }),
      fc.record({ messages: fc.anything() }),
    )
    const headers = fc.dictionary(fc.constant('retry-after'), fc.anything())
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), headers, body, (status, given, answer) => {
        const outcome = toOutcome({ status, headers: given, body: answer })
        expect(outcomeKinds).toContain(outcome.kind)
        if (outcome.kind === 'throttled') expect(outcome.waitFor).toEqual(expect.any(Number))
        if (outcome.kind === 'accepted') expect(status).toBeLessThan(300)
      }),
    )
    const spoken = answered(400, error(131000, { fbtrace_id: 'AAAA', error_data: { details: 'to Ada' } }))
    expect(JSON.stringify(spoken)).not.toMatch(/AAAA|Ada|9715/)
  })
})

/** The pure halves of Twilio's provider: what it asks, and how it reads answers. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/domain/address.ts'
import type { Outcome } from '../../src/domain/outcome.ts'
import type { OutgoingContent, OutgoingFile } from '../../src/domain/outgoing.ts'
import type { OutgoingMessage } from '../../src/providers/provider.ts'
import { secretFields } from '../../src/providers/secret-fields.ts'
import {
  type TwilioCredentials,
  toHealth,
  toOutcome,
  toRequest,
  twilio,
} from '../../src/providers/twilio/twilio.ts'

const accountSid = 'AC00000000000000000000000000000001'
const account = { accountSid, authToken: 'auth-token' }
const credentials = twilio.credentials.parse(account)
const callbackUrl = 'https://qasid.example/webhooks/a/sms?attempt=r1_1'
const message: OutgoingMessage = {
  ...{ attemptId: 'r1_1', channel: 'sms', from: '+15550100001' as Address, to: '+971501234567' as Address },
  ...{ content: { kind: 'text', text: 'غدًا 👍' }, callbackUrl },
}
const file: OutgoingFile = {
  ...{ kind: 'document', contentType: 'application/pdf', name: 'report.pdf', size: 1_000 },
  ...{ url: 'https://qasid.example/media/x', read: async () => new Uint8Array() },
}
const template = { id: 'HX1', name: 'visit', language: 'ar', values: ['سارة "S"', '10:30'] }
const record = { sid: 'SM00000000000000000000000000000001', status: 'accepted' }

function fieldsOf(wish: Partial<OutgoingMessage>, given: TwilioCredentials = credentials) {
  const request = toRequest({ ...message, ...wish }, given)
  return request && [...new URLSearchParams(request.body)]
}

describe('credentials', () => {
  it('know where the company is, and which of them are secrets', () => {
    expect(credentials).toEqual({
      ...{ ...account, baseUrl: 'https://api.twilio.com', contentUrl: 'https://content.twilio.com' },
    })
    expect(secretFields(twilio)).toEqual(['authToken', 'apiSecret'])
  })

  it.each([
    ['an account that is none', { ...account, accountSid: 'SK00000000000000000000000000000001' }],
    ['no token', { accountSid }],
    ['a key without its secret', { ...account, apiKey: 'SK00000000000000000000000000000001' }],
    ['a secret without its key', { ...account, apiSecret: 'secret' }],
    ['a service that is none', { ...account, messagingServiceSid: 'MG1' }],
    ['more than there is', { ...account, region: 'ie1' }],
  ])('with %s are refused', (_what, given) => {
    expect(twilio.credentials.safeParse(given).success).toBe(false)
  })
})

describe('toRequest', () => {
  it('is a form to the account, by token', () => {
    expect(toRequest(message, credentials)).toMatchObject({
      url: `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages.json`,
      headers: {
        authorization: `Basic ${btoa(`${accountSid}:auth-token`)}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
    })
  })

  it('goes by key where there is one, and below the path of the base URL', () => {
    const apiKey = 'SK00000000000000000000000000000001'
    const given = { ...credentials, apiKey, apiSecret: 's', baseUrl: 'http://localhost:8082/twilio/' }
    expect(toRequest(message, given)).toMatchObject({
      url: `http://localhost:8082/twilio/2010-04-01/Accounts/${accountSid}/Messages.json`,
      headers: { authorization: `Basic ${btoa(`${apiKey}:s`)}` },
    })
  })

  type Field = [name: string, value: string]
  const sms: Field[] = [
    ['To', '+971501234567'],
    ['From', '+15550100001'],
  ]
  const whatsapp = sms.map(([name, value]): Field => [name, `whatsapp:${value}`])
  it.each<[string, Partial<OutgoingMessage>, Field[]]>([
    ['a text by SMS', {}, [...sms, ['Body', 'غدًا 👍']]],
    ['a text by WhatsApp', { channel: 'whatsapp' }, [...whatsapp, ['Body', 'غدًا 👍']]],
    [
      'a template',
      { channel: 'whatsapp', content: { kind: 'template', template } },
      [...whatsapp, ['ContentSid', 'HX1'], ['ContentVariables', '{"1":"سارة \\"S\\"","2":"10:30"}']],
    ],
    [
      'a template without values',
      { channel: 'whatsapp', content: { kind: 'template', template: { ...template, values: [] } } },
      [...whatsapp, ['ContentSid', 'HX1']],
    ],
    [
      'a file with a caption',
      {
        channel: 'whatsapp',
        content: { kind: 'file', file: { ...file, kind: 'image' }, caption: 'Your report' },
      },
      [...whatsapp, ['Body', 'Your report'], ['MediaUrl', file.url]],
    ],
    [
      'a file alone',
      { channel: 'whatsapp', content: { kind: 'file', file: { ...file, kind: 'voice' } } },
      [...whatsapp, ['MediaUrl', file.url]],
    ],
  ])('%s: these fields and no others', (_what, wish, wanted) => {
    expect(fieldsOf(wish)).toEqual([...wanted, ['StatusCallback', callbackUrl]])
  })

  it('a messaging service chooses the sender, on either channel', () => {
    const given = { ...credentials, messagingServiceSid: 'MG00000000000000000000000000000001' }
    expect(fieldsOf({}, given)).toEqual([
      ['To', '+971501234567'],
      ['MessagingServiceSid', given.messagingServiceSid],
      ['Body', 'غدًا 👍'],
      ['StatusCallback', callbackUrl],
    ])
    expect(fieldsOf({ channel: 'whatsapp' }, given)?.[0]).toEqual(['To', 'whatsapp:+971501234567'])
  })

  it.each<[string, Partial<OutgoingMessage>]>([
    ['a file by SMS', { content: { kind: 'file', file } }],
    ['a template by SMS', { content: { kind: 'template', template } }],
    ['a reaction', { channel: 'whatsapp', content: { kind: 'reaction', emoji: '👍', toMessage: 'SM1' } }],
    ['e-mail', { channel: 'email' }],
  ])('%s is not carried', (_what, wish) => {
    expect(toRequest({ ...message, ...wish }, credentials)).toBeUndefined()
  })

  it('passes every text on as it is, and keeps it out of the address', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const request = toRequest({ ...message, content: { kind: 'text', text } }, credentials)
        expect(new URLSearchParams(request?.body).get('Body')).toBe(text)
        expect([request?.url, request?.headers]).toEqual([
          toRequest(message, credentials)?.url,
          toRequest(message, credentials)?.headers,
        ])
      }),
    )
  })
})

describe('send', () => {
  const large: OutgoingContent = { kind: 'file', file: { ...file, size: 16 * 1024 * 1024 + 1 } }
  it.each<[string, Partial<OutgoingMessage>, Outcome]>([
    [
      'a file of more than 16 MB',
      { channel: 'whatsapp', content: large },
      { kind: 'rejected', reason: 'file-refused', code: 'too-large' },
    ],
    [
      'a file by SMS',
      { content: { kind: 'file', file } },
      { kind: 'rejected', reason: 'content-not-carried', code: 'file' },
    ],
    ...(['document', 'voice'] as const).map((kind): [string, Partial<OutgoingMessage>, Outcome] => [
      `a ${kind} with words, which would not be shown,`,
      { channel: 'whatsapp', content: { kind: 'file', file: { ...file, kind }, caption: 'Take two' } },
      { kind: 'rejected', reason: 'content-not-carried', code: 'caption' },
    ]),
  ])('%s is refused before the call', async (_what, wish, wanted) => {
    // Nobody listens there: a call would be unreachable.
    const nowhere = { ...credentials, baseUrl: 'http://localhost:1' }
    expect(await twilio.send({ ...message, ...wish }, nowhere)).toEqual(wanted)
  })
})

describe('toOutcome', () => {
  const accepted = { kind: 'accepted', providerId: record.sid } as const
  it.each<[string, number, unknown, Outcome]>([
    ['taken', 201, record, accepted],
    ['no sender chosen yet', 201, { ...record, num_segments: '0', price: null, price_unit: null }, accepted],
    ['segments', 201, { ...record, num_segments: '3' }, { ...accepted, segments: 3 }],
    [
      'a charge is negative there and positive here',
      201,
      { ...record, price: '-0.00750', price_unit: 'usd' },
      { ...accepted, cost: { amount: '0.00750', currency: 'USD' } },
    ],
    ['odd figures', 201, { ...record, num_segments: 'many', price: {}, price_unit: 7 }, accepted],
    ['a currency that is none', 201, { ...record, price: '-1', price_unit: 'coins' }, accepted],
    ['no id', 201, { status: 'queued' }, { kind: 'unknown', because: 'status 201 without a message id' }],
    ['an odd id', 200, { sid: '1' }, { kind: 'unknown', because: 'status 200 without a message id' }],
    ['opted out', 400, { code: 21610, status: 400 }, { kind: 'opted-out', code: '21610' }],
    [
      'a code as text',
      400,
      { code: '21211' },
      { kind: 'rejected', reason: 'invalid-recipient', code: '21211' },
    ],
    [
      'a problem in the newer form',
      401,
      { title: 'x', code: 20003 },
      { kind: 'misconfigured', code: '20003' },
    ],
    [
      'a code that no list has',
      400,
      { code: 99999 },
      { kind: 'rejected', reason: 'rejected', code: '99999' },
    ],
    ['no code, forbidden', 403, '<html>', { kind: 'misconfigured', code: 'http-403' }],
    ['no code, refused', 400, undefined, { kind: 'rejected', reason: 'rejected', code: 'http-400' }],
    ['elsewhere', 307, '', { kind: 'rejected', reason: 'rejected', code: 'http-307' }],
    ['its own fault', 500, { code: 20500 }, { kind: 'unknown', because: '20500' }],
    ['maintenance says that nothing was taken', 503, { code: 21730 }, { kind: 'unreachable', code: '21730' }],
    [
      'a code that is none may hold anything',
      400,
      { code: 'Ada at +971501234567' },
      { kind: 'rejected', reason: 'rejected', code: 'http-400' },
    ],
    ['a code of JavaScript', 500, { code: 'constructor' }, { kind: 'unknown', because: 'constructor' }],
  ])('%s', (_what, status, body, wanted) => {
    expect(toOutcome({ status, headers: {}, body })).toEqual(wanted)
  })

  it.each<[string, Record<string, string>, unknown, number]>([
    ['without Retry-After', {}, { code: 20429 }, 1_000],
    ['without anything', {}, '', 1_000],
    ['with Retry-After', { 'retry-after': '7' }, { code: 20429 }, 7_000],
    ['for the sender’s queue', {}, { code: 21611 }, 1_000],
    ['for the day', {}, { code: 63038 }, 3_600_000],
  ])('429 %s says how long to wait', (_what, headers, body, waitFor) => {
    expect(toOutcome({ status: 429, headers, body })).toEqual({ kind: 'throttled', waitFor })
  })

  it('never throws, and takes nothing for accepted that has no id', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), fc.anything(), (status, body) => {
        expect(toOutcome({ status, headers: {}, body }).kind).not.toBe('accepted')
      }),
    )
  })
})

describe('toHealth', () => {
  it.each([
    [200, { status: 'active' }, { kind: 'healthy', quality: 'active' }],
    [200, { status: 'suspended' }, { kind: 'misconfigured', code: 'suspended' }],
    [200, { status: 'closed' }, { kind: 'misconfigured', code: 'closed' }],
    [200, { status: 'Ada' }, { kind: 'healthy' }],
    [401, { code: 20003 }, { kind: 'misconfigured', code: '20003' }],
    [404, { code: 20404 }, { kind: 'misconfigured', code: '20404' }],
    [429, { code: 20429 }, { kind: 'unreachable', code: '20429' }],
    [503, '', { kind: 'unreachable', code: 'http-503' }],
  ])('%i %j', (status, body, wanted) => {
    expect(toHealth({ status, body })).toEqual(wanted)
  })
})

/** What Twilio posts to us: whom it is taken from, and what it says. */
import fc from 'fast-check'
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { describe, expect, it } from 'vitest'
import { instant } from '../../src/domain/time.ts'
import { twilio } from '../../src/providers/twilio/twilio.ts'

const accountSid = 'AC00000000000000000000000000000001'
const credentials = twilio.credentials.parse({ accountSid, authToken: 'auth-token' })
const receivedAt = instant(Date.UTC(2026, 10, 20))
const url = 'https://qasid.example/webhooks/sample-clinic/any?attempt=r1_1'
const sid = 'SM00000000000000000000000000000001'

type Form = Record<string, string>

const status: Form = {
  ...{ MessageSid: sid, SmsSid: sid, MessageStatus: 'delivered', SmsStatus: 'delivered' },
  ...{ AccountSid: accountSid, From: '+15550100001', To: '+971501234567', ApiVersion: '2010-04-01' },
}
const inbound: Form = {
  ...{ MessageSid: sid, SmsSid: sid, SmsMessageSid: sid, SmsStatus: 'received', AccountSid: accountSid },
  ...{ From: '+971501234567', To: '+15550100001', Body: '1', NumMedia: '0', NumSegments: '1' },
}
const byWhatsapp: Form = {
  ...inbound,
  ...{ From: 'whatsapp:+971501234567', To: 'whatsapp:+15550100002', WaId: '971501234567' },
}

function webhook(form: Form | string, headers: Record<string, string> = {}) {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString()
  return { method: 'POST', url, headers, body: Buffer.from(body) }
}

function read(form: Form) {
  return twilio.parse(webhook(form), receivedAt, credentials)
}

describe('verify', () => {
  const sign = (form: Form, token = 'auth-token', at = url) =>
    webhook(form, { 'x-twilio-signature': getExpectedTwilioSignature(token, at, form) })

  it.each([
    ['a status', status],
    ['a message', { ...inbound, Body: 'مرحبا नमस्ते 😀 & = %' }],
  ])('takes %s that is signed with our token', (_what, form) => {
    expect(twilio.verify(sign(form), credentials)).toEqual({ kind: 'valid' })
  })

  it.each([
    ['unsigned', webhook(status), 'unsigned'],
    ['signed with another token', sign(status, 'other'), 'wrong signature'],
    ['signed for another URL', sign(status, 'auth-token', `${url}1`), 'wrong signature'],
    ['of another attempt', { ...sign(status), url: url.replace('r1_1', 'r2_1') }, 'wrong signature'],
    [
      'altered',
      { ...sign(status), body: webhook({ ...status, MessageStatus: 'read' }).body },
      'wrong signature',
    ],
    [
      'of another account',
      sign({ ...status, AccountSid: accountSid.replace('1', '2') }),
      'for another account',
    ],
    ['of no account', sign({ MessageSid: sid }), 'for another account'],
  ])('refuses what is %s', (_what, given, because) => {
    expect(twilio.verify(given, credentials)).toEqual({ kind: 'refused', because })
  })

  it('takes the account’s token for signatures, also where messages are sent by key', () => {
    const byKey = { ...credentials, apiKey: 'SK00000000000000000000000000000001', apiSecret: 'secret' }
    expect(twilio.verify(sign(status), byKey)).toEqual({ kind: 'valid' })
    expect(twilio.verify(sign(status, 'secret'), byKey)).toMatchObject({ kind: 'refused' })
  })

  it('takes no signature but the right one, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (body, given) => {
        const call = { ...webhook(''), body, headers: { 'x-twilio-signature': given } }
        expect(twilio.verify(call, credentials)).toMatchObject({ kind: 'refused' })
      }),
    )
  })
})

describe('parse: statuses', () => {
  const delivery = { kind: 'delivery', attemptId: 'r1_1', providerId: sid, at: receivedAt }
  it.each<[string, Form, object]>([
    ['delivered', status, { ...delivery, state: 'delivered' }],
    [
      'read on WhatsApp',
      {
        ...{
          ...status,
          MessageStatus: 'read',
          SmsStatus: 'read',
          EventType: 'READ',
          ChannelPrefix: 'whatsapp',
        },
        ...{ To: 'whatsapp:+971501234567', From: 'whatsapp:+15550100002', ChannelToAddress: '+97150123XXXX' },
      },
      { ...delivery, state: 'read' },
    ],
    // Carriers write it in a zone of their own, so it is no time.
    [
      'with the carrier’s own time',
      { ...status, RawDlrDoneDate: '2611200830' },
      { ...delivery, state: 'delivered' },
    ],
    ['with fields that nobody knows', { ...status, Weather: 'fine' }, { ...delivery, state: 'delivered' }],
    [
      'undelivered with a code',
      { ...status, MessageStatus: 'undelivered', ErrorCode: '30003', ErrorMessage: 'to +971501234567' },
      { ...delivery, state: 'undelivered', reason: 'recipient-unreachable', code: '30003' },
    ],
  ])('%s', (_what, form, wanted) => {
    expect(read(form)).toEqual({ kind: 'events', events: [wanted] })
  })

  it('name no attempt where the URL names none', () => {
    const parsed = twilio.parse(
      { ...webhook(status), url: 'https://qasid.example/webhooks/a/b' },
      receivedAt,
      credentials,
    )
    expect(parsed).toEqual({
      kind: 'events',
      events: [{ kind: 'delivery', providerId: sid, state: 'delivered', at: receivedAt }],
    })
  })
})

describe('parse: messages', () => {
  const message = { kind: 'inbound', providerId: sid, from: '+971501234567', at: receivedAt }
  const sms = { ...message, channel: 'sms', to: '+15550100001' }
  const whatsapp = { ...message, channel: 'whatsapp', to: '+15550100002' }
  it.each<[string, Form, object]>([
    ['a text by SMS', inbound, { ...sms, text: '1' }],
    ['a text by WhatsApp', byWhatsapp, { ...whatsapp, text: '1' }],
    ['lines, signs and spaces', { ...inbound, Body: ' a\r\n&b=c+d ' }, { ...sms, text: ' a\r\n&b=c+d ' }],
    ['nothing at all', { ...inbound, Body: '' }, { ...sms, text: '' }],
    ['from a short code', { ...inbound, From: '12345' }, { ...sms, from: '12345', text: '1' }],
    [
      'a tapped button',
      { ...byWhatsapp, MessageType: 'button', ButtonText: 'Yes, I come', ButtonPayload: 'yes', Body: '' },
      { ...whatsapp, text: 'Yes, I come' },
    ],
    [
      'a quote',
      {
        ...byWhatsapp,
        OriginalRepliedMessageSid: 'SM2',
        OriginalRepliedMessageSender: 'whatsapp:+15550100002',
      },
      { ...whatsapp, text: '1', inReplyTo: 'SM2' },
    ],
    [
      'a place with a name',
      { ...byWhatsapp, Body: '', Latitude: '25.2', Longitude: '55.3', Label: 'Al Noor Clinic' },
      { ...whatsapp, text: '25.2,55.3 Al Noor Clinic' },
    ],
    [
      'a place without a name',
      { ...byWhatsapp, Body: '', Latitude: '25.2', Longitude: '55.3' },
      { ...whatsapp, text: '25.2,55.3' },
    ],
    [
      'a user id beside the number',
      { ...byWhatsapp, ExternalUserId: 'whatsapp:AE.123456' },
      { ...whatsapp, text: '1', userId: 'AE.123456' },
    ],
    ['STOP', { ...inbound, Body: 'Stop', OptOutType: 'STOP' }, { ...sms, text: 'Stop', optOut: 'stop' }],
    ['START', { ...inbound, Body: 'Start', OptOutType: 'START' }, { ...sms, text: 'Start', optOut: 'start' }],
    ['HELP', { ...inbound, Body: 'Help', OptOutType: 'HELP' }, { ...sms, text: 'Help' }],
    [
      'files of all kinds',
      {
        ...{ ...byWhatsapp, Body: 'my scans', NumMedia: '5' },
        ...{ MediaUrl0: 'https://m.example/0', MediaContentType0: 'application/pdf' },
        ...{ MediaUrl1: 'https://m.example/1', MediaContentType1: 'image/jpeg' },
        ...{ MediaUrl2: 'https://m.example/2', MediaContentType2: 'audio/ogg' },
        ...{ MediaUrl3: 'https://m.example/3', MediaContentType3: 'video/mp4' },
        MediaUrl4: 'https://m.example/4',
      },
      {
        ...{ ...whatsapp, text: 'my scans' },
        files: [
          { kind: 'document', location: 'https://m.example/0', contentType: 'application/pdf' },
          { kind: 'image', location: 'https://m.example/1', contentType: 'image/jpeg' },
          { kind: 'voice', location: 'https://m.example/2', contentType: 'audio/ogg' },
          { kind: 'video', location: 'https://m.example/3', contentType: 'video/mp4' },
          { kind: 'document', location: 'https://m.example/4', contentType: 'application/octet-stream' },
        ],
      },
    ],
    ['more files than there are', { ...inbound, NumMedia: '99999999999' }, { ...sms, text: '1' }],
  ])('%s', (_what, form, wanted) => {
    expect(read(form)).toEqual({ kind: 'events', events: [wanted] })
  })

  it('are known by the user id where the number is hidden', () => {
    const hidden = { ...byWhatsapp, From: 'whatsapp:', WaId: '', ExternalUserId: 'whatsapp:AE.123456' }
    expect(read(hidden)).toMatchObject({ events: [{ from: 'AE.123456', userId: 'AE.123456' }] })
  })

  it.each<[string, Form]>([
    ['a form without an id', { ...inbound, MessageSid: '' }],
    ['a message from nobody', { ...inbound, From: 'Ada' }],
    ['a message to nobody', { ...inbound, To: '' }],
  ])('%s is malformed, for a reason that repeats nothing', (_what, form) => {
    expect(read(form)).toEqual({ kind: 'malformed', because: expect.stringMatching(/^(a|the) /) })
    expect(JSON.stringify(read(form))).not.toMatch(/Ada|9715/)
  })

  it.each<[string, Form | string]>([
    ['a channel that is not ours', { ...inbound, From: 'messenger:1234567' }],
    ['a form about something else', { MessageSid: sid, Weather: 'fine' }],
    ['no form', '{"specversion":"1.0"}'],
  ])('%s is ignored', (_what, form) => {
    expect(twilio.parse(webhook(form), receivedAt, credentials)).toMatchObject({
      events: [{ kind: 'ignored' }],
    })
  })

  it('that are not UTF-8 are malformed, never a text with holes', () => {
    const body = Buffer.concat([Buffer.from('MessageSid=SM1&Body='), Buffer.of(0xff)])
    expect(twilio.parse({ ...webhook(''), body }, receivedAt, credentials)).toMatchObject({
      kind: 'malformed',
    })
  })

  it('never throw, and say the same twice, whatever the bytes', () => {
    const names = [...Object.keys({ ...status, ...byWhatsapp }), 'MediaUrl0', 'Latitude', 'ErrorCode']
    const anyForm = fc
      .dictionary(fc.constantFrom(...names), fc.oneof(fc.string(), fc.constantFrom(sid, '1', 'whatsapp:+1')))
      .map((form) => webhook(form).body)
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), anyForm), (body) => {
        const given = { ...webhook(''), body }
        expect(twilio.parse(given, receivedAt, credentials)).toEqual(
          twilio.parse(given, receivedAt, credentials),
        )
      }),
    )
  })
})

describe('reply', () => {
  it('says nothing to the patient', () => {
    expect(twilio.reply).toEqual({ status: 200, contentType: 'text/xml', body: '<Response/>' })
  })
})

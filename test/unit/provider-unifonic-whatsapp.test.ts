/** The pure halves of Unifonic's WhatsApp, and what an account without it answers. */
import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/domain/address.ts'
import type { Outcome } from '../../src/domain/outcome.ts'
import type { OutgoingContent, OutgoingFile } from '../../src/domain/outgoing.ts'
import { instant } from '../../src/domain/time.ts'
import type { OutgoingMessage } from '../../src/providers/provider.ts'
import { fromConversation, toConversation } from '../../src/providers/unifonic/conversation-api.ts'
import { unifonic } from '../../src/providers/unifonic/unifonic.ts'

const account = { url: 'https://apis.unifonic.com', publicId: 'public-id', secret: 'the-secret' }
const given = unifonic.credentials.parse({ appSid: 'app-sid', webhookToken: 'w'.repeat(24) })
const message: OutgoingMessage = {
  ...{ attemptId: 'r1_1', channel: 'whatsapp', from: '+15550100002' as Address },
  ...{ to: '+971501234567' as Address, callbackUrl: 'https://qasid.example/w' },
  content: { kind: 'text', text: 'غدًا 👍' },
}
const file: OutgoingFile = {
  ...{ kind: 'document', contentType: 'application/pdf', name: 'report.pdf' },
  ...{ url: 'https://qasid.example/media/t', read: async () => new Uint8Array() },
}
const receivedAt = instant(Date.UTC(2026, 10, 20, 5))

describe('toConversation', () => {
  it.each<[OutgoingContent, object]>([
    [
      { kind: 'text', text: 'غدًا 👍' },
      { type: 'text', text: 'غدًا 👍' },
    ],
    [
      {
        kind: 'template',
        template: { id: 't1', name: 'visit_reminder', language: 'ar', values: ['سارة', '10:30'] },
      },
      {
        ...{ type: 'template', name: 'visit_reminder', language: { code: 'ar' } },
        components: [
          {
            type: 'body',
            parameters: [
              { type: 'text', text: 'سارة' },
              { type: 'text', text: '10:30' },
            ],
          },
        ],
      },
    ],
    [
      { kind: 'template', template: { id: 't1', name: 'come_back', language: 'en', values: [] } },
      { type: 'template', name: 'come_back', language: { code: 'en' } },
    ],
    [
      { kind: 'file', file, caption: 'Your results' },
      { type: 'document', url: file.url, caption: 'Your results' },
    ],
    [
      { kind: 'file', file: { ...file, kind: 'image' } },
      { type: 'image', url: file.url },
    ],
  ])('%j', (content, said) => {
    const request = toConversation({ ...message, content }, account)
    expect(request).toMatchObject({
      ...{ method: 'POST', url: 'https://apis.unifonic.com/v1/messages' },
      headers: { publicid: 'public-id', secret: 'the-secret', 'content-type': 'application/json' },
    })
    expect(JSON.parse(String(request?.body))).toEqual({
      recipient: { contact: '+971501234567', channel: 'whatsapp' },
      content: said,
    })
  })

  it.each<OutgoingContent>([
    { kind: 'file', file: { ...file, kind: 'voice' } },
    { kind: 'file', file: { ...file, kind: 'video' } },
    { kind: 'reaction', emoji: '👍', toMessage: 'm1' },
  ])('is nothing for what it does not carry', (content) => {
    expect(toConversation({ ...message, content }, account)).toBeUndefined()
  })
})

describe('fromConversation', () => {
  it.each<[number, unknown, Outcome]>([
    [200, { messageId: 'b322a549' }, { kind: 'accepted', providerId: 'b322a549' }],
    [202, { messageId: '' }, { kind: 'unknown', because: 'status 202 without a message id' }],
    [200, '<html>', { kind: 'unknown', because: 'status 200 without a message id' }],
    [400, { error: 'to +971501234567' }, { kind: 'rejected', reason: 'rejected', code: 'http-400' }],
    [401, {}, { kind: 'misconfigured', code: 'http-401' }],
    [402, {}, { kind: 'misconfigured', code: 'http-402' }],
    [403, {}, { kind: 'misconfigured', code: 'http-403' }],
    [404, '<html>', { kind: 'misconfigured', code: 'http-404' }],
    [422, {}, { kind: 'rejected', reason: 'rejected', code: 'http-422' }],
    [429, {}, { kind: 'throttled', waitFor: 1_000 }],
    [500, {}, { kind: 'unknown', because: 'http-500' }],
    [503, { messageId: 'b322a549' }, { kind: 'unknown', because: 'http-503' }],
  ])('%i %j', (status, body, outcome) => {
    expect(fromConversation({ status, headers: {}, body })).toEqual(outcome)
  })
})

describe('parse', () => {
  const url = 'https://qasid.example/webhooks/a/whatsapp?key=k&number=15550100002'
  const read = (event: object, address = url) => {
    const ids = { messageId: 'm1', eventId: 'e1', applicationId: 'a1', conversationId: 'c1' }
    const body = Buffer.from(JSON.stringify({ ...ids, timestamp: '2026-11-20T04:59:58.000Z', ...event }))
    return unifonic.parse({ method: 'POST', url: address, headers: {}, body }, receivedAt, given)
  }
  const at = instant(Date.UTC(2026, 10, 20, 4, 59, 58))
  const failed = { state: 'failed', reason: 'undelivered' }

  it.each<[string, object]>([
    ['message.sent_successfully_to_provider', { state: 'queued' }],
    ['message.sent', { state: 'sent' }],
    ['message.delivered', { state: 'delivered' }],
    ['message.read', { state: 'read' }],
    ['message.failed', { ...failed, code: 'message.failed' }],
    ['message.daily_limit_hit', { ...failed, code: 'message.daily_limit_hit' }],
  ])('%s', async (eventType, told) => {
    const event = { kind: 'delivery', providerId: 'm1', at, ...told }
    expect(await read({ eventType })).toEqual({ kind: 'events', events: [event] })
    const later = { ...event, at: receivedAt }
    expect(await read({ eventType, timestamp: 'soon' })).toEqual({ kind: 'events', events: [later] })
  })

  it.each([
    'message.pondered',
    'phone_number.quality_changed',
    'constructor',
  ])('ignores %s', async (eventType) => {
    const ignored = { kind: 'ignored', because: 'unknown event type' }
    expect(await read({ eventType })).toEqual({ kind: 'events', events: [ignored] })
  })

  const sender = { channel: 'whatsapp', contact: '+971501234567', name: 'Sara' }
  const inbound = {
    ...{ kind: 'inbound', channel: 'whatsapp', providerId: 'm1', at },
    ...{ from: '+971501234567', to: '+15550100002' },
  }
  it.each<[object, object]>([
    [{ content: { type: 'text', text: 'نعم' } }, { text: 'نعم' }],
    [
      { content: { type: 'option', text: 'Attending', attachments: [] }, parentMessageId: 'm0' },
      { text: 'Attending', inReplyTo: 'm0' },
    ],
    [{ content: { type: 'image', url: 'https://files.example/1' } }, { text: '[unsupported message]' }],
    [{}, { text: '[unsupported message]' }],
    [
      { content: { type: 'text', text: 'Hi' }, recipient: { contact: '+15550100003' } },
      { text: 'Hi', to: '+15550100003' },
    ],
  ])('a patient writes %j', async (said, event) => {
    const parsed = await read({ eventType: 'message.received', sender, ...said })
    expect(parsed).toEqual({ kind: 'events', events: [{ ...inbound, ...event }] })
  })

  it('calls malformed what has no id, no writer, or no number of ours', async () => {
    const received = { eventType: 'message.received', content: { text: 'Hi' } }
    expect(await read({ eventType: 'message.sent', messageId: undefined })).toMatchObject({
      kind: 'malformed',
    })
    expect(await read(received)).toMatchObject({ kind: 'malformed' })
    expect(await read({ ...received, sender: { contact: 'Sara' } })).toMatchObject({ kind: 'malformed' })
    const plain = 'https://qasid.example/webhooks/a/whatsapp?key=k'
    expect(await read({ ...received, sender }, plain)).toMatchObject({ kind: 'malformed' })
  })
})

describe('an account without WhatsApp', () => {
  it('says so before any call', async () => {
    const misconfigured = { kind: 'misconfigured', code: 'credentials' }
    expect(await unifonic.send(message, given)).toEqual(misconfigured)
    expect(await unifonic.checkHealth({ channel: 'whatsapp', address: message.from }, given)).toEqual(
      misconfigured,
    )
    expect(await unifonic.templates?.list(given)).toEqual({ kind: 'unreachable', code: 'credentials' })
  })

  it('cannot be asked what became of a message', async () => {
    const wanted = { ...message, text: '', claimedAt: receivedAt, askedAt: receivedAt }
    expect(await unifonic.lookUp?.(wanted, given)).toMatchObject({ kind: 'cannot-say' })
  })
})

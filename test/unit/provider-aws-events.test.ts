/** What AWS tells: events of messages, and what patients write. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instant } from '../../src/domain/time.ts'
import { aws } from '../../src/providers/aws/aws.ts'
import { parseNotification } from '../../src/providers/aws/text-events.ts'

const credentials = aws.credentials.parse({ region: 'eu-central-1', configurationSet: 'c', topicArn: 'arn' })
const told = instant(Date.UTC(2026, 10, 20, 5))
const at = instant(1_795_150_800_000)
const event = {
  ...{ eventType: 'TEXT_DELIVERED', eventVersion: '1.0', eventTimestamp: at, isFinal: true, messageId: 'm1' },
  ...{ destinationPhoneNumber: '+971501234567', context: { attemptId: 'r1_1' } },
  ...{ totalMessageParts: 2, totalMessagePrice: 0.09582, totalCarrierFee: 0.00418 },
}
const delivery = {
  ...{ kind: 'delivery', attemptId: 'r1_1', providerId: 'm1', at, segments: 2 },
  cost: { amount: '0.1', currency: 'USD' },
}
const events = (...all: object[]) => ({ kind: 'events', events: all })

describe('an event', () => {
  it.each<[string, object]>([
    ['QUEUED', { state: 'queued' }],
    ['PENDING', { state: 'queued' }],
    ['SENT', { state: 'sent' }],
    ['DELIVERED', { state: 'delivered' }],
    ['INVALID', { state: 'failed', reason: 'invalid-recipient' }],
    ['INVALID_MESSAGE', { state: 'failed', reason: 'content-refused' }],
    ['UNREACHABLE', { state: 'undelivered', reason: 'recipient-unreachable' }],
    ['CARRIER_UNREACHABLE', { state: 'undelivered', reason: 'recipient-unreachable' }],
    ['BLOCKED', { state: 'undelivered', reason: 'policy-refused' }],
    ['CARRIER_BLOCKED', { state: 'undelivered', reason: 'policy-refused' }],
    ['SPAM', { state: 'undelivered', reason: 'policy-refused' }],
    ['PROTECT_BLOCKED', { state: 'undelivered', reason: 'policy-refused' }],
    ['TTL_EXPIRED', { state: 'undelivered', reason: 'undelivered' }],
    ['UNKNOWN', { state: 'undelivered', reason: 'no-receipt' }],
  ])('%s', (word, wanted) => {
    for (const prefix of ['TEXT', 'MEDIA', 'RCS']) {
      const eventType = `${prefix}_${word}`
      const code = 'reason' in wanted ? { code: eventType } : {}
      expect(parseNotification({ ...event, eventType }, told)).toEqual(
        events({ ...delivery, ...wanted, ...code }),
      )
    }
  })

  it('"successful" is the last word only where it says so', () => {
    const successful = { ...event, eventType: 'TEXT_SUCCESSFUL' }
    const read = (isFinal: unknown) => parseNotification({ ...successful, isFinal }, told)
    expect(read(true)).toMatchObject(events({ state: 'delivered' }))
    for (const isFinal of [false, undefined, 'true'])
      expect(read(isFinal)).toMatchObject(events({ state: 'sent' }))
  })

  it.each([
    'TEXT_PONDERED',
    'VOICE_DELIVERED',
    'TEXT_',
    'DELIVERED',
    'TEXT_constructor',
    '',
  ])('ignores %s', (eventType) => {
    const ignored = { kind: 'ignored', because: 'unknown event type' }
    expect(parseNotification({ ...event, eventType }, told)).toEqual(events(ignored))
  })

  it('is no worse for odd figures', () => {
    const odd = {
      ...event,
      ...{ eventTimestamp: 1e300, totalMessageParts: 0, totalMessagePrice: 'free', context: 'none' },
    }
    expect(parseNotification(odd, told)).toEqual(
      events({ kind: 'delivery', providerId: 'm1', state: 'delivered', at: told }),
    )
  })

  it('is malformed without an id', () => {
    expect(parseNotification({ ...event, messageId: '' }, told)).toMatchObject({ kind: 'malformed' })
  })
})

describe('what a patient writes', () => {
  const message = {
    ...{ originationNumber: '+971501234567', destinationNumber: '+15550100001', messageKeyword: 'KEYWORD_1' },
    ...{ messageBody: 'نعم 👍', inboundMessageId: 'i1', previousPublishedMessageId: 'm1' },
  }
  const inbound = {
    ...{ kind: 'inbound', channel: 'sms', providerId: 'i1', from: '+971501234567', to: '+15550100001' },
    ...{ text: 'نعم 👍', at: told },
  }

  it('comes with the message that it follows', () => {
    expect(parseNotification(message, told)).toEqual(events({ ...inbound, inReplyTo: 'm1' }))
    const first = { ...message, previousPublishedMessageId: null }
    expect(parseNotification(first, told)).toEqual(events(inbound))
  })

  it('is malformed without a number or a text', () => {
    for (const odd of [{ originationNumber: 'Sara' }, { destinationNumber: '' }, { messageBody: undefined }])
      expect(parseNotification({ ...message, ...odd }, told)).toMatchObject({ kind: 'malformed' })
  })
})

describe('an envelope', () => {
  const envelope = {
    ...{ Type: 'Notification', MessageId: 'e1', TopicArn: 'arn', Timestamp: '2026-11-20T04:00:00.000Z' },
    ...{ SignatureVersion: '2', Signature: 's', SigningCertURL: 'u', Message: JSON.stringify(event) },
  }
  const read = (given: unknown) => {
    const body = Buffer.from(typeof given === 'string' ? given : JSON.stringify(given))
    return aws.parse({ method: 'POST', url: 'https://qasid.example/w', headers: {}, body }, told, credentials)
  }

  it('holds the event as a text', async () => {
    expect(await read(envelope)).toEqual(events({ ...delivery, state: 'delivered' }))
  })

  it('gives its own time to what has none', async () => {
    const untimed = { ...envelope, Message: JSON.stringify({ ...event, eventTimestamp: undefined }) }
    const time = instant(Date.UTC(2026, 10, 20, 4))
    expect(await read(untimed)).toMatchObject(events({ at: time }))
    expect(await read({ ...untimed, Timestamp: 'now' })).toMatchObject(events({ at: told }))
  })

  it.each(['SubscriptionConfirmation', 'UnsubscribeConfirmation'])('ignores %s', async (Type) => {
    expect(await read({ ...envelope, Type })).toMatchObject(events({ kind: 'ignored' }))
  })

  it.each(['Hello', '7', 'null', '{}', '[]'])('ignores a notification of %s', async (Message) => {
    expect(await read({ ...envelope, Message })).toMatchObject(events({ kind: 'ignored' }))
  })

  it.each([
    '',
    'Hello',
    'null',
    '{}',
    { ...envelope, Type: 'Rumour' },
    { ...envelope, Message: 7 },
  ])('is malformed: %j', async (given) => {
    expect(await read(given)).toMatchObject({ kind: 'malformed' })
  })

  it('never throws, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (Message) => {
        const { kind } = await read({ ...envelope, Message })
        expect(['events', 'malformed']).toContain(kind)
      }),
    )
  })
})

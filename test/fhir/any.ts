/** Anything that the engine may have to write, for properties: every state, reason and channel. */
import fc from 'fast-check'
import type { Attempt, AttemptState, FileSent } from '../../src/domain/attempt.ts'
import { channels } from '../../src/domain/channel.ts'
import type { ConsentRecord } from '../../src/domain/consent.ts'
import type { FileReceived, Inbound } from '../../src/domain/inbound.ts'
import { replyIntents } from '../../src/domain/keywords.ts'
import { languages } from '../../src/domain/language.ts'
import { type MessageRequest, messageCategories, purposes } from '../../src/domain/message-request.ts'
import { type Reason, reasons } from '../../src/domain/reason.ts'
import type { Template } from '../../src/domain/template.ts'
import { instant, toIso } from '../../src/domain/time.ts'
import { templateUrl } from '../../src/fhir/codes.ts'
import { address, attempt, consent, inbound, numbers, request } from '../people.ts'

export const attemptStates: AttemptState[] = [
  'claimed',
  'unknown',
  'not-sent',
  'queued',
  'sent',
  'relay-accepted',
  'delivered',
  'read',
  'undelivered',
  'failed',
]

export const anyInstant = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) }).map(instant)
export const anyReason = fc.constantFrom(...(Object.keys(reasons) as Reason[]))
const anyChannel = fc.constantFrom(...channels)
const anyPhone = fc.constantFrom(address(numbers.sara), address(numbers.omar))
const anyMailbox = fc.constantFrom(address('sara@mail.example'), address('o.b+c@mail.example'))
/** FHIR strings are not blank and hold no control characters but tab and line ends. */
const anyText = fc.oneof(
  fc.string({ minLength: 1 }).filter((text) => /\S/.test(text)),
  fc.constantFrom('نعم، سأحضر', 'जी हाँ, मैं आऊँगी', '🙂 two\nlines', ' edges '),
)
const anyReplyOptions = fc.subarray<'confirm' | 'cancel'>(['confirm', 'cancel'])
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const anyId = (type: string) => fc.stringMatching(/^[A-Za-z0-9-]{1,20}$/).map((id) => `${type}/${id}`)
const anyKey = fc.stringMatching(/^[A-Za-z0-9_-]{1,60}$/)

/** A name as files have it, which is text, but no part of an address. */
const anyFileName = fc.constantFrom('letter.pdf', 'نتيجة التحليل.pdf', 'रिपोर्ट.jpg')
const anyEmoji = fc.constantFrom('👍', '❤️', '🙏🏽', '✅', '')
const anyHex = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(toHex)

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const anyContent = fc.oneof(
  anyText.map((text) => ({ kind: 'text' as const, text })),
  anyEmoji.map((emoji) => ({ kind: 'reaction' as const, emoji })),
  fc
    .record({ file: fc.oneof(anyId('DocumentReference'), anyId('Binary')), text: maybe(anyText) })
    .map(({ file, text }) => ({ kind: 'file' as const, file, ...(text !== undefined && { text }) })),
  fc
    .record({
      name: fc.constantFrom('visit-reminder', 'reply-stop'),
      parameters: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string()),
    })
    .map(({ name, parameters: { start: _start, ...parameters } }) => ({
      ...{ kind: 'template' as const, template: `${templateUrl(name)}|1`, parameters },
    })),
)

export const anyRequest: fc.Arbitrary<MessageRequest> = fc
  .record({
    reference: maybe(anyId('CommunicationRequest')),
    key: anyKey,
    status: fc.constantFrom<MessageRequest['status']>(
      ...(['draft', 'active', 'on-hold', 'completed', 'revoked', 'entered-in-error'] as const),
    ),
    reason: maybe(anyReason),
    category: fc.constantFrom(...messageCategories),
    priority: fc.constantFrom<MessageRequest['priority']>('routine', 'urgent', 'asap', 'stat'),
    patient: anyId('Patient'),
    visit: maybe(anyId('Appointment')),
    answers: maybe(anyId('Communication')),
    plan: fc.uniqueArray(anyChannel, { minLength: 1 }),
    dueAt: anyInstant,
    window: fc.record({ from: anyInstant, until: anyInstant }),
    content: anyContent,
    replyOptions: anyReplyOptions,
    requester: maybe(anyId('Practitioner')),
  })
  .map((any) => ({
    ...request({ ...any, recipient: any.patient, ruleId: undefined, visitStart: undefined }),
    reason: any.status === 'revoked' ? (any.reason ?? 'withdrawn') : any.reason,
  }))

/** As the planner makes it: its rule and the visit's start are read from its key and its parameters. */
export const anyReminder: fc.Arbitrary<MessageRequest> = fc
  .record({ any: anyRequest, start: anyInstant, rule: fc.stringMatching(/^[A-Za-z0-9-]{1,32}$/) })
  .map(({ any, start, rule }) => ({
    ...any,
    category: 'reminder' as const,
    key: `v1_20261122T090000Z_${rule}_sara`,
    ruleId: rule,
    visitStart: start,
    content: {
      kind: 'template' as const,
      template: `${templateUrl('visit-reminder')}|1`,
      parameters: { start: toIso(start), zone: 'Asia/Dubai' },
    },
  }))

const anyCost = fc.record({
  amount: fc.integer({ min: 1, max: 99_999 }).map((tenThousandths) => String(tenThousandths / 10_000)),
  currency: fc.constantFrom('XTS', 'USD', 'AED'),
})

const anyFileSent: fc.Arbitrary<FileSent> = fc.record(
  {
    reference: anyId('DocumentReference'),
    contentType: fc.constant('application/pdf'),
    name: anyFileName,
  },
  { requiredKeys: ['reference'] },
)

export const anyAttempt: fc.Arbitrary<Attempt> = fc
  .record({
    reference: anyId('Communication'),
    attemptId: anyKey,
    patient: anyId('Patient'),
    thread: maybe(anyId('Communication')),
    answers: maybe(anyId('Communication')),
    visit: maybe(anyId('Appointment')),
    category: fc.constantFrom(...messageCategories),
    channel: anyChannel,
    said: fc.oneof(
      fc.record({ text: maybe(anyText), file: maybe(anyFileSent) }),
      fc.record({ reaction: anyEmoji }),
    ),
    language: maybe(fc.constantFrom('en', 'ar-AE', 'hi')),
    template: maybe(fc.constant(`${templateUrl('visit-reminder')}|1`)),
    replyOptions: anyReplyOptions,
    state: fc.constantFrom(...attemptStates),
    reason: anyReason,
    code: maybe(fc.constantFrom('30005', 'invalid-recipient')),
    at: anyInstant,
    sentAt: maybe(anyInstant),
    deliveredAt: maybe(anyInstant),
    readAt: maybe(anyInstant),
    calls: fc.integer({ min: 0, max: 8 }),
    nextAttemptAt: maybe(anyInstant),
    calledAt: maybe(anyInstant),
    refusals: maybe(fc.integer({ min: 1, max: 9 })),
    throttles: maybe(fc.integer({ min: 1, max: 9 })),
    claimedBy: maybe(fc.uuid()),
    segments: maybe(fc.integer({ min: 1, max: 9 })),
    cost: maybe(anyCost),
    phone: anyPhone,
    mailbox: anyMailbox,
  })
  .map(({ phone, mailbox, said, ...any }) =>
    attempt(inItsState({ text: undefined, ...any, ...said, to: any.channel === 'email' ? mailbox : phone })),
  )

/** What an attempt may hold depends on how far it came: no time of delivery before it is delivered. */
function inItsState(any: Partial<Attempt> & Pick<Attempt, 'state' | 'patient'>): Partial<Attempt> {
  const { state } = any
  const arrived = state === 'delivered' || state === 'read'
  const left = !['claimed', 'not-sent', 'unknown'].includes(state)
  const has = { failed: state === 'failed' || state === 'undelivered', no: state === 'not-sent' }
  return {
    ...any,
    recipient: any.patient,
    reason: has.failed || has.no || state === 'unknown' ? any.reason : undefined,
    sentAt: left ? (any.sentAt ?? any.at) : undefined,
    deliveredAt: arrived ? (any.deliveredAt ?? any.at) : undefined,
    readAt: state === 'read' ? (any.readAt ?? any.at) : undefined,
    nextAttemptAt: state === 'claimed' ? any.nextAttemptAt : undefined,
    ...(!left && { providerId: undefined, segments: undefined, cost: undefined }),
    ...(has.no && {
      from: undefined,
      to: undefined,
      sender: undefined,
      provider: undefined,
      text: undefined,
      file: undefined,
      reaction: undefined,
    }),
  }
}

/** Where it is depends on how far it came: at the company, in the store, or lost. */
const anyFileReceived: fc.Arbitrary<FileReceived> = fc
  .record({
    contentType: fc.constantFrom('image/jpeg', 'application/pdf', 'audio/ogg; codecs=opus'),
    name: maybe(anyFileName),
    size: maybe(fc.integer({ min: 0, max: 16_000_000 })),
    place: fc.oneof(
      fc.record({ location: fc.constantFrom('1000000000000001', 'https://carrier.example/F1') }),
      fc.record({ location: fc.constant('1000000000000001'), sha256: anyHex(32) }),
      fc.record({ location: anyId('Binary'), sha1: anyHex(20) }),
      fc.record({ lost: fc.constantFrom('gone' as const, 'too-large', 'altered', 'type-not-taken') }),
    ),
  })
  .map(({ place, ...file }) => ({ ...file, ...place }))

/** FHIR has no empty strings: a message without words has a file, or is an emoji. */
const anySaid = fc.oneof(
  fc.record({ text: anyText, files: maybe(fc.array(anyFileReceived, { minLength: 1, maxLength: 3 })) }),
  fc.record({ text: fc.constant(''), files: fc.array(anyFileReceived, { minLength: 1, maxLength: 3 }) }),
  anyEmoji.map((emoji) => ({ text: emoji, reaction: { emoji, toMessage: 'SB1' }, quotes: 'SB1' })),
)

export const anyInbound: fc.Arbitrary<Inbound> = fc
  .record({
    reference: anyId('Communication'),
    channel: anyChannel,
    phone: anyPhone,
    mailbox: anyMailbox,
    said: anySaid,
    userId: maybe(fc.constant('AE.1000000001')),
    unproven: maybe(fc.constant(true as const)),
    sentAt: anyInstant,
    receivedAt: anyInstant,
    quotes: maybe(fc.constantFrom('SB1', 'wamid.abc')),
    patient: maybe(anyId('Patient')),
    thread: maybe(anyId('Communication')),
    intent: maybe(fc.constantFrom(...replyIntents)),
    answers: maybe(anyId('Communication')),
    handled: fc.boolean(),
  })
  .map(({ phone, mailbox, said, ...any }) => {
    const [from, to] =
      any.channel === 'email' ? [mailbox, address('visits@clinic.example')] : [phone, address(numbers.clinic)]
    return inbound({ ...any, ...said, from, to })
  })

export type NewConsent = ConsentRecord & Required<Pick<ConsentRecord, 'channel' | 'address'>>

export const anyConsent: fc.Arbitrary<NewConsent> = fc
  .record({
    patient: anyId('Patient'),
    active: fc.boolean(),
    type: fc.constantFrom('permit' as const, 'deny' as const),
    channel: anyChannel,
    phone: anyPhone,
    mailbox: anyMailbox,
    purposes: fc.subarray([...purposes]),
    exceptions: fc.array(
      fc
        .record({ purposes: fc.subarray([...purposes]), categories: fc.subarray([...messageCategories]) })
        .filter((one) => one.purposes.length + one.categories.length > 0),
      { maxLength: 2 },
    ),
    from: anyInstant,
    until: maybe(anyInstant),
    decidedAt: anyInstant,
    byStop: fc.boolean(),
  })
  .map(({ phone, mailbox, from, until, ...any }) => {
    const to = any.channel === 'email' ? mailbox : phone
    const policy = `https://qasid.dev/fhir/policy/${any.byStop ? 'stop-reply' : 'messaging-opt-in'}`
    return { ...consent(any), channel: any.channel, address: to, period: { from, until }, policy }
  })

export const anyTemplate: fc.Arbitrary<Template> = fc
  .record({
    name: fc.stringMatching(/^[a-z][a-z-]{0,20}$/),
    version: fc.stringMatching(/^[1-9]\d{0,2}$/),
    title: anyText,
    replyOptions: anyReplyOptions,
    category: fc.constantFrom(...messageCategories),
    contents: fc.uniqueArray(
      fc
        .record({
          channel: anyChannel,
          language: fc.constantFrom(...languages),
          body: anyText,
          subject: maybe(anyText),
        })
        .map(({ subject, ...content }) => ({
          ...content,
          ...(content.channel === 'email' && subject && { subject }),
        })),
      { minLength: 1, maxLength: 4, selector: ({ channel, language }) => `${channel} ${language}` },
    ),
  })
  .map((any) => ({ ...any, url: templateUrl(any.name) }))

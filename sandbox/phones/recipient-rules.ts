/**
 * What the carrier refuses, and what becomes of what it accepts. The numbers +1 500 555 00xx and the mailboxes
 * `bounce@`, `later@` and `lost@` always end the same way, so that a test can choose its ending by the recipient.
 */
import { parsePhoneNumberWithError } from 'libphonenumber-js/max'
import type { PhoneChannel, SendRequest } from './send-request.ts'

export interface Sender {
  address: string
  /** The company that it belongs to. */
  wire: string
  channel: PhoneChannel
  /** Where the carrier posts what patients write to this sender. */
  inboundUrl: string
}

export interface Refusal {
  status: 400 | 403 | 429 | 500 | 503
  code: string
  message: string
  /** Seconds. */
  retryAfter?: number
}

export type CarrierStatus = 'queued' | 'sent' | 'delivered' | 'read' | 'undelivered' | 'failed'

/** How long a message stays queued, then sent, then delivered but unread; in milliseconds. */
export interface Pace {
  queuedFor: number
  sentFor: number
  readFor: number
}

export interface Step {
  status: CarrierStatus
  /** Milliseconds after the step before. */
  wait: number
  code?: string
}

const magicRefusals: Record<string, Refusal> = {
  '+15005550001': { status: 400, code: 'invalid-recipient', message: 'This number does not exist.' },
  '+15005550002': { status: 400, code: 'recipient-unreachable', message: 'This number cannot be reached.' },
  '+15005550003': { status: 403, code: 'country-not-allowed', message: 'This country is not switched on.' },
  '+15005550004': { status: 403, code: 'opted-out', message: 'The recipient asked for no more messages.' },
  '+15005550009': { status: 400, code: 'not-a-mobile', message: 'This number is not a mobile.' },
}

/** Refused twice, taken the third time, and again from the start. */
const magicDelays: Record<string, Refusal> = {
  '+15005550011': { status: 429, code: 'rate-limited', message: 'Too many messages.', retryAfter: 1 },
  '+15005550012': { status: 503, code: 'try-later', message: 'Not taken; try again.' },
}

const refusalsBeforeSuccess = 2

export interface RecipientRules {
  /** `undefined` means that the message is taken. */
  judge(request: SendRequest): Refusal | undefined
}

/** `mayWriteFreely` is asked for messages by WhatsApp that are no template. */
export function createRecipientRules(
  senders: readonly Sender[],
  mayWriteFreely: (request: SendRequest) => boolean = () => true,
): RecipientRules {
  const refusedSoFar = new Map<string, number>()
  return {
    judge: (request) =>
      unknownSender(request, senders) ??
      magicRefusals[request.to] ??
      judgeDelay(request.to, refusedSoFar) ??
      judgeWindow(request, mayWriteFreely) ??
      (request.channel === 'email' ? judgeMailbox(request) : judgeNumber(request)),
  }
}

/** The statuses an accepted message goes through, the first of them at once. */
export function statusSteps(request: Pick<SendRequest, 'channel' | 'to'>, pace: Pace): Step[] {
  const queued: Step = { status: 'queued', wait: 0 }
  const sent: Step = { status: 'sent', wait: pace.queuedFor }
  const delivered: Step = { status: 'delivered', wait: pace.sentFor }
  const read: Step[] = request.channel === 'whatsapp' ? [{ status: 'read', wait: pace.readFor }] : []
  switch (request.to.startsWith('lost@') ? '+15005550010' : request.to) {
    case '+15005550010':
      return [queued, sent, { status: 'undelivered', wait: pace.sentFor, code: 'unreachable-handset' }]
    case '+15005550014':
      return [queued, sent]
    case '+15005550015':
      return [
        { ...delivered, wait: pace.queuedFor },
        queued,
        queued,
        { ...sent, wait: 0 },
        { ...delivered, wait: 0 },
        ...read,
      ]
    default:
      return [queued, sent, delivered, ...read]
  }
}

function unknownSender({ from, channel }: SendRequest, senders: readonly Sender[]): Refusal | undefined {
  if (senders.some((sender) => sender.address === from && sender.channel === channel)) return undefined
  return { status: 403, code: 'unknown-sender', message: `This account has no such ${channel} sender.` }
}

function judgeDelay(to: string, refusedSoFar: Map<string, number>): Refusal | undefined {
  const refusal = magicDelays[to]
  if (!refusal) return undefined
  const count = refusedSoFar.get(to) ?? 0
  refusedSoFar.set(to, count < refusalsBeforeSuccess ? count + 1 : 0)
  return count < refusalsBeforeSuccess ? refusal : undefined
}

/** The other magic numbers end as they always do, whenever they last wrote. */
function judgeWindow(
  request: SendRequest,
  mayWriteFreely: (request: SendRequest) => boolean,
): Refusal | undefined {
  if (request.template || request.channel !== 'whatsapp') return undefined
  const isShut = request.to === '+15005550013' || (!isMagic(request.to) && !mayWriteFreely(request))
  if (!isShut) return undefined
  return {
    status: 400,
    code: 'outside-window',
    message: 'Free text is allowed within 24 hours of an answer only.',
  }
}

function judgeMailbox({ to }: SendRequest): Refusal | undefined {
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(to) || to.startsWith('bounce@')) {
    return { status: 400, code: 'invalid-recipient', message: 'There is no such mailbox.' }
  }
  if (to.startsWith('later@'))
    return { status: 503, code: 'try-later', message: 'The mailbox is busy; try later.' }
  return undefined
}

function judgeNumber({ to }: SendRequest): Refusal | undefined {
  if (isMagic(to)) return undefined
  const invalid: Refusal = {
    status: 400,
    code: 'invalid-recipient',
    message: 'This is not a number with a country code.',
  }
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return invalid
  try {
    const number = parsePhoneNumberWithError(to)
    if (number.getType() === 'FIXED_LINE') return magicRefusals['+15005550009']
    return number.isPossible() ? undefined : invalid
  } catch {
    return invalid
  }
}

function isMagic(to: string): boolean {
  return to.startsWith('+150055500')
}

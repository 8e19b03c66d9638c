/** Communication → a message in the conversation, as a screen shows it: attempts and what the patient wrote. */
import type { Communication } from 'fhir/r4'
import type { Address } from '../domain/address.ts'
import type { AttemptState } from '../domain/attempt.ts'
import type { Channel } from '../domain/channel.ts'
import { type FileReceived, isWaiting } from '../domain/inbound.ts'
import type { ReplyIntent } from '../domain/keywords.ts'
import type { MessageCategory, Reference } from '../domain/message-request.ts'
import type { Reason } from '../domain/reason.ts'
import { type Instant, parseInstant } from '../domain/time.ts'
import { fromAttempt } from './attempt.ts'
import { fromInbound, fromInboundShell } from './inbound.ts'
import { isRedacted } from './redaction.ts'
import { referenceTo } from './reference.ts'
import { isThread } from './thread.ts'

export interface ThreadMessage {
  reference: Reference
  direction: 'out' | 'in'
  category: MessageCategory
  channel?: Channel
  text?: string
  /** Language of the text, BCP 47. */
  language?: string
  /** Outbound: handed over, or else when it was decided. Inbound: when it reached us. */
  at: Instant
  state: AttemptState | 'received'
  sentAt?: Instant
  deliveredAt?: Instant
  readAt?: Instant
  reason?: Reason
  code?: string
  /** Another attempt of the same request may have left before. */
  possibleDuplicate?: true
  request?: Reference
  replyIntent?: ReplyIntent
  from?: Address
  to?: Address
  /** What it answers; an outbound one quotes it, where its channel can. */
  answers?: Reference
  /** The provider's own id: quotes and reactions name it. */
  providerId?: string
  /** The message of ours that a patient quotes, or reacts to, by the provider's id. */
  quotes?: string
  files?: ThreadFile[]
  /** An emoji to what it `answers` or `quotes`; an empty one takes the last back. `text` is absent. */
  reaction?: string
  /** What it said was removed. */
  redacted?: true
}

export interface ThreadFile {
  /** `DocumentReference/…` or `Binary/…`; absent while it is not in the store, or will never be. */
  reference?: Reference
  contentType?: string
  name?: string
  /** Bytes. */
  size?: number
  lost?: FileReceived['lost']
}

/** `undefined` for thread headers and for the EMR's own communications. */
export function fromCommunication(communication: Communication): ThreadMessage | undefined {
  if (isThread(communication)) return undefined
  return fromOutbound(communication) ?? fromPatientMessage(communication)
}

function fromOutbound(communication: Communication): ThreadMessage | undefined {
  const attempt = fromAttempt(communication)
  if (!attempt) return undefined
  const { category, channel, text, language, state, reason, code, request, from, to, answers } = attempt
  const { sentAt, deliveredAt, readAt, reaction, file, providerId, possibleDuplicate } = attempt
  const at =
    sentAt ?? (attempt.at > 0 ? attempt.at : (parseInstant(communication.meta?.lastUpdated) ?? attempt.at))
  return {
    reference: referenceTo(communication),
    direction: 'out',
    ...{ category, channel, text, language, at, state, sentAt, deliveredAt, readAt },
    ...{ reason, code, possibleDuplicate, request, from, to, answers },
    ...{ reaction, files: file && [file], providerId: providerId?.value },
    ...(attempt.redacted && { redacted: true }),
  }
}

function fromPatientMessage(communication: Communication): ThreadMessage | undefined {
  const inbound = fromInbound(communication)
  if (!inbound) return fromEmptied(communication)
  const { channel, text, intent, from, to, answers, quotes, reaction, files, providerId } = inbound
  return {
    reference: referenceTo(communication),
    direction: 'in',
    category: 'patient-message',
    ...{ channel, from, to, answers, quotes, at: inbound.receivedAt, state: 'received' },
    text: reaction ? undefined : text,
    reaction: reaction?.emoji,
    files: files?.map(toThreadFile),
    providerId: providerId.value,
    replyIntent: intent,
  }
}

function fromEmptied(communication: Communication): ThreadMessage | undefined {
  const shell = isRedacted(communication) ? fromInboundShell(communication) : undefined
  if (!shell) return undefined
  const { channel, intent, answers, quotes, providerId, receivedAt: at } = shell
  return {
    reference: referenceTo(communication),
    direction: 'in',
    category: 'patient-message',
    ...{ channel, answers, quotes, at, state: 'received', replyIntent: intent, redacted: true },
    providerId: providerId.value,
  }
}

/** Where the company keeps it is no address for a screen. */
function toThreadFile(file: FileReceived): ThreadFile {
  const { location, contentType, name, size, lost } = file
  return { ...(!isWaiting(file) && { reference: location }), contentType, name, size, lost }
}

/**
 * Everything the carrier has taken, in both directions, oldest first. Nothing is merged or forgotten: a message that
 * was sent twice stands here twice, which is what makes it a witness.
 */
import type { CarrierStatus } from './recipient-rules.ts'
import type { CarriedFile, PhoneChannel, Reaction, SendRequest } from './send-request.ts'

interface Carried {
  id: string
  /** The company that carried it. */
  wire: string
  channel: PhoneChannel
  from: string
  to: string
  text: string
  subject?: string
  file?: CarriedFile
  reaction?: Reaction
  /** ISO, when the carrier took it. */
  at: string
  /** The clinic had the company forget what it says; a phone forgets nothing. */
  redacted?: boolean
}

export interface ToPatient extends Carried {
  direction: 'to-patient'
  status: CarrierStatus
  template?: SendRequest['template']
  replyTo?: string
  /** Empty where the company keeps none. */
  correlation: string
  callbackUrl: string
}

/** `waiting`: the clinic refused or was away, and it will be tried again. `lost`: given up. */
export type ReplyStatus = 'sending' | 'received' | 'waiting' | 'lost'

export interface ToClinic extends Carried {
  direction: 'to-clinic'
  status: ReplyStatus
  inReplyTo?: string
}

export type PhoneMessage = ToPatient | ToClinic

export interface Ledger {
  add(message: PhoneMessage): void
  /** To say that a message has changed its status. */
  changed(message: PhoneMessage): void
  /** What this handset has got and written. */
  of(handset: string): PhoneMessage[]
  /** What the clinic has sent: all of it, or what it sent under this correlation. */
  outbox(correlation?: string): ToPatient[]
  /** By the company's own id. */
  find(id: string): PhoneMessage | undefined
  /** Addresses with messages, the latest first. */
  handsets(): string[]
  /** Calls back for every new or changed message; returns how to end it. */
  watch(listener: (message: PhoneMessage) => void): () => void
}

export function createLedger(): Ledger {
  // A campaign brings ten thousand messages, each looked up again: by its id, its phone, its correlation.
  const byId = new Map<string, PhoneMessage>()
  const byHandset = new Map<string, PhoneMessage[]>()
  const byCorrelation = new Map<string, ToPatient[]>()
  const listeners = new Set<(message: PhoneMessage) => void>()
  const changed = (message: PhoneMessage) => {
    for (const listener of listeners) listener(message)
  }
  return {
    changed,
    add: (message) => {
      const handset = handsetOf(message)
      const messages = [...(byHandset.get(handset) ?? []), message]
      byId.set(message.id, message)
      // Put in anew, so that the latest handset is the last key.
      byHandset.delete(handset)
      byHandset.set(handset, messages)
      if (message.direction === 'to-patient') {
        const alike = byCorrelation.get(message.correlation)
        if (alike) alike.push(message)
        else byCorrelation.set(message.correlation, [message])
      }
      changed(message)
    },
    find: (id) => byId.get(id),
    of: (handset) => byHandset.get(handset) ?? [],
    outbox: (correlation) =>
      correlation === undefined
        ? [...byCorrelation.values()].flat()
        : [...(byCorrelation.get(correlation) ?? [])],
    handsets: () => [...byHandset.keys()].reverse(),
    watch: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export function handsetOf(message: PhoneMessage): string {
  return message.direction === 'to-patient' ? message.to : message.from
}

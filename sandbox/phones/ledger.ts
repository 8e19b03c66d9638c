/**
 * Everything the carrier has taken, in both directions, oldest first. Nothing is merged or forgotten: a message that
 * was sent twice stands here twice, which is what makes it a witness.
 */
import type { CarrierStatus } from './recipient-rules.ts'
import type { PhoneChannel } from './send-request.ts'

interface Carried {
  id: string
  channel: PhoneChannel
  from: string
  to: string
  text: string
  subject?: string
  /** ISO, when the carrier took it. */
  at: string
}

export interface ToPatient extends Carried {
  direction: 'to-patient'
  status: CarrierStatus
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
  /** Addresses with messages, the latest first. */
  handsets(): string[]
  /** Calls back for every new or changed message; returns how to end it. */
  watch(listener: (message: PhoneMessage) => void): () => void
}

export function createLedger(): Ledger {
  // A campaign brings ten thousand messages, each looked up again: by its phone, by its correlation.
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
      // Put in anew, so that the latest handset is the last key.
      byHandset.delete(handset)
      byHandset.set(handset, messages)
      if (message.direction === 'to-patient') {
        byCorrelation.set(message.correlation, [...(byCorrelation.get(message.correlation) ?? []), message])
      }
      changed(message)
    },
    of: (handset) => byHandset.get(handset) ?? [],
    outbox: (correlation) =>
      correlation === undefined ? [...byCorrelation.values()].flat() : (byCorrelation.get(correlation) ?? []),
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

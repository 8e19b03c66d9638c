/** A carrier with a ledger of its own: what it was really given, whatever we wrote about it. */

import type { Address } from '../../src/domain/address.ts'
import type { Channel } from '../../src/domain/channel.ts'
import type { Outcome } from '../../src/domain/outcome.ts'
import { type Carries, fileKinds, type OutgoingContent } from '../../src/domain/outgoing.ts'
import type { Health, Redaction } from '../../src/domain/question.ts'
import { naming } from '../../src/fhir/codes.ts'
import type { Sender } from '../../src/flows/ports.ts'

export interface Carried {
  attemptId: string
  channel: Channel
  to: Address
  text: string
  subject?: string
  content: OutgoingContent
  replyTo?: string
  providerId: string
}

/** `dies` takes the message and never answers, as a worker that is killed sees it. */
export type Whim = Outcome | 'dies'

export interface FakeCarrier {
  ledger: Carried[]
  senders: Sender[]
  /** The next sends answer so, first come first served; then everything is accepted again. */
  next(...whims: Whim[]): void
  /** Another sender of the same carrier. */
  add(sender: { id: string; channel: Channel; address: string } & Partial<Omit<Sender, 'address'>>): Sender
  /** What the test of this sender's connection says from now on. */
  fares(sender: string, health: Health): void
  /** By the carrier's id: what it was asked to forget, and did. E-mail forgets nothing. */
  forgotten: Set<string>
  /** What it answers to that, until told otherwise. */
  forgets: Redaction
  /** Whether look-ups are answered, from the ledger. */
  tells: boolean
}

export class Died extends Error {}

export const everything: Carries = {
  longestText: 4_096,
  files: fileKinds,
  reactions: true,
  quotes: true,
  templates: 'none',
  receipts: true,
  answers: true,
}

function saidIn(content: OutgoingContent): Pick<Carried, 'text' | 'subject' | 'content'> {
  const text = content.kind === 'text' ? content.text : content.kind === 'file' ? (content.caption ?? '') : ''
  return { content, text, ...(content.kind === 'text' && content.subject && { subject: content.subject }) }
}

export function createFakeCarrier(): FakeCarrier {
  const ledger: Carried[] = []
  const whims: Whim[] = []

  const health = new Map<string, Health>()
  const carrier: Pick<FakeCarrier, 'tells' | 'forgets'> = { tells: true, forgets: { kind: 'redacted' } }
  const forgotten = new Set<string>()
  const redact: Sender['redact'] = async (providerId) => {
    if (carrier.forgets.kind === 'redacted') forgotten.add(providerId)
    return carrier.forgets
  }

  const lookUp: Sender['lookUp'] = async ({ attemptId, askedAt }) => {
    if (!carrier.tells) return { kind: 'cannot-say', because: 'it keeps silent' }
    const taken = ledger.find((one) => one.attemptId === attemptId)
    if (!taken) return { kind: 'never-taken' }
    const { providerId } = taken
    return { kind: 'found', event: { kind: 'delivery', attemptId, providerId, state: 'sent', at: askedAt } }
  }
  const sender = (id: string, channel: Channel, address: string): Sender => ({
    ...{
      id,
      channel,
      address: address as Address,
      provider: 'sandbox',
      messageIdSystem: naming.sandboxMessageId,
      carries: everything,
      weight: 1,
    },
    lookUp,
    ...(channel !== 'email' && { redact }),
    checkHealth: async () => health.get(id) ?? { kind: 'healthy' },
    async send({ attemptId, to, content, replyTo }) {
      const whim = whims.shift()
      const providerId = `SB${ledger.length + 1}`
      const takes =
        whim === undefined || whim === 'dies' || whim.kind === 'accepted' || whim.kind === 'unknown'
      if (takes)
        ledger.push({ attemptId, to, channel, ...saidIn(content), ...(replyTo && { replyTo }), providerId })
      if (whim === 'dies') throw new Died('the worker was killed')
      return whim ?? { kind: 'accepted', providerId, segments: 1 }
    },
  })

  const senders = [
    sender('whatsapp', 'whatsapp', '+15550100001'),
    sender('sms', 'sms', '+15550100002'),
    sender('email', 'email', 'hello@clinic.example'),
  ]
  return Object.assign(carrier, {
    ledger,
    senders,
    forgotten,
    next: (...more: Whim[]) => void whims.push(...more),
    add({ id, channel, address, ...more }: Parameters<FakeCarrier['add']>[0]) {
      const added = { ...sender(id, channel, address), ...more }
      senders.push(added)
      return added
    },
    fares: (id: string, how: Health) => void health.set(id, how),
  })
}

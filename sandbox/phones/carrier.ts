/** The carrier's work behind its API: take a message, tell what becomes of it, bring back what patients write. */
import { randomUUID } from 'node:crypto'
import type { Ledger, ToClinic, ToPatient } from './ledger.ts'
import { type Pace, type Sender, type Step, statusSteps } from './recipient-rules.ts'
import type { PhoneChannel, SendRequest } from './send-request.ts'
import { type Webhooks, waitUnlessStopped } from './webhooks.ts'

export interface Carrier {
  /** `report` plays the statuses, telling the clinic each; it resolves once the first two are told. */
  take(request: SendRequest): { message: ToPatient; report: () => Promise<void> }
  /** `undefined` when the clinic has no sender on this channel. */
  reply(handset: string, reply: PatientReply): ToClinic | undefined
}

export interface PatientReply {
  channel: PhoneChannel
  text: string
  /** The carrier's id of the message that this one quotes. */
  inReplyTo?: string
}

interface CarrierParts {
  ledger: Ledger
  webhooks: Webhooks
  senders: readonly Sender[]
  pace: Pace
  stopped: AbortSignal
}

export function createCarrier(parts: CarrierParts): Carrier {
  return {
    take: (request) => {
      const message: ToPatient = {
        direction: 'to-patient',
        id: newId(),
        at: now(),
        status: 'queued',
        ...request,
      }
      parts.ledger.add(message)
      return { message, report: () => report(message, parts) }
    },
    reply: (handset, { channel, text, inReplyTo }) => {
      const latest = parts.ledger
        .of(handset)
        .findLast((one) => one.direction === 'to-patient' && one.channel === channel)
      const sender = senderFor(parts.senders, channel, latest?.from)
      if (!sender) return undefined
      // Mail programs say what they answer; SMS and WhatsApp only when the person quotes.
      const quoted = inReplyTo ?? (channel === 'email' ? latest?.id : undefined)
      const route = { id: newId(), channel, from: handset, to: sender.address, text, at: now() }
      const message: ToClinic = { direction: 'to-clinic', ...route, status: 'sending', inReplyTo: quoted }
      parts.ledger.add(message)
      void bring(message, sender, parts)
      return message
    },
  }
}

async function report(message: ToPatient, parts: CarrierParts): Promise<void> {
  const steps = statusSteps(message, parts.pace)
  for (const step of steps.slice(0, 2)) await tell(message, step, parts)
  void (async () => {
    for (const step of steps.slice(2)) await tell(message, step, parts)
  })()
}

/** Statuses leave in order; one that is not taken is repeated beside the later ones, as companies do. */
async function tell(message: ToPatient, { status, wait, code }: Step, parts: CarrierParts): Promise<void> {
  if (!(await waitUnlessStopped(wait, parts.stopped))) return
  if (ranks[status] > ranks[message.status]) {
    message.status = status
    parts.ledger.changed(message)
  }
  const { id, correlation, callbackUrl } = message
  const event = { type: 'status', id, correlation, status, at: now(), ...(code && { code }) }
  if (!(await parts.webhooks.post(callbackUrl, event))) void parts.webhooks.repeat(callbackUrl, event)
}

/** What the ledger shows never goes back, however oddly the events are sent. */
const ranks = { queued: 0, sent: 1, delivered: 2, undelivered: 2, failed: 2, read: 3 }

async function bring(message: ToClinic, sender: Sender, { webhooks, ledger }: CarrierParts): Promise<void> {
  const { id, channel, from, to, text, at, inReplyTo } = message
  const event = { type: 'message', id, channel, from, to, text, at, ...(inReplyTo && { inReplyTo }) }
  const become = (status: ToClinic['status']) => {
    message.status = status
    ledger.changed(message)
  }
  if (await webhooks.post(sender.inboundUrl, event)) return become('received')
  become('waiting')
  become((await webhooks.repeat(sender.inboundUrl, event)) ? 'received' : 'lost')
}

/** A reply goes to the number that wrote last. */
function senderFor(
  senders: readonly Sender[],
  channel: PhoneChannel,
  wroteLast?: string,
): Sender | undefined {
  const possible = senders.filter((sender) => sender.channel === channel)
  return possible.find(({ address }) => address === wroteLast) ?? possible[0]
}

function newId(): string {
  return `SB${randomUUID().replaceAll('-', '')}`
}

function now(): string {
  return new Date().toISOString()
}

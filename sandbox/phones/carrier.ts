/**
 * The work behind every company's API: take a message, tell what becomes of it, bring back what patients write. In whose
 * words, the wire says.
 */
import { randomUUID } from 'node:crypto'
import type { Faults } from './faults.ts'
import type { Ledger, PhoneMessage, ToClinic, ToPatient } from './ledger.ts'
import { type CarrierStatus, type Pace, type Sender, type Step, statusSteps } from './recipient-rules.ts'
import type { CarriedFile, PhoneChannel, Reaction, SendRequest } from './send-request.ts'
import { type MakeCall, type Webhooks, waitUnlessStopped } from './webhooks.ts'
import type { Account, Wire } from './wire.ts'

/** A company and the clinic's account there. */
export interface WiredAccount {
  wire: Wire
  account: Account
}

export interface Carrier {
  /** `report` plays the statuses, telling the clinic each; it resolves once the first two are told. */
  take(company: WiredAccount, request: SendRequest): { message: ToPatient; report: () => Promise<void> }
  /** `undefined` when nobody at the clinic can be answered on this channel. */
  reply(handset: string, reply: PatientReply): ToClinic | undefined
}

export interface PatientReply {
  channel: PhoneChannel
  text: string
  file?: CarriedFile
  reaction?: Reaction
  /** The carrier's id of the message that this one quotes. */
  inReplyTo?: string
}

interface CarrierParts {
  ledger: Ledger
  webhooks: Webhooks
  faults: Faults
  companies: readonly WiredAccount[]
  senders: readonly Sender[]
  pace: Pace
  stopped: AbortSignal
}

export function createCarrier(parts: CarrierParts): Carrier {
  return {
    take: (company, request) => {
      const message: ToPatient = {
        ...request,
        direction: 'to-patient',
        id: request.id ?? newId(company.wire, request.to),
        wire: company.wire.id,
        at: now(),
        status: 'queued',
        correlation: request.correlation ?? '',
        callbackUrl: request.callbackUrl ?? senderOf(request, company.wire, parts.senders)?.inboundUrl ?? '',
      }
      parts.ledger.add(message)
      return { message, report: () => report(message, company, parts) }
    },
    reply: (handset, { inReplyTo, ...said }) => {
      const latest = parts.ledger
        .of(handset)
        .findLast((one) => one.direction === 'to-patient' && one.channel === said.channel)
      const quoted = inReplyTo ?? said.reaction?.toMessage
      const sender = answeredSender(parts, said.channel, latest, quoted)
      const company = parts.companies.find(({ wire }) => wire.id === sender?.wire)
      if (!sender || !company || !bringsAnswers(company.wire, said.channel)) return undefined
      const message: ToClinic = {
        ...{ direction: 'to-clinic', id: newId(company.wire, handset), wire: sender.wire, status: 'sending' },
        ...{ from: handset, to: sender.address, at: now(), ...said },
        // Mail programs say what they answer; SMS and WhatsApp only when the person quotes.
        inReplyTo: inReplyTo ?? (said.channel === 'email' ? latest?.id : undefined),
      }
      parts.ledger.add(message)
      void bring(message, sender, company, parts)
      return message
    },
  }
}

async function report(message: ToPatient, company: WiredAccount, parts: CarrierParts): Promise<void> {
  const usual = statusSteps(message, parts.pace)
  const steps = parts.faults.take(message.wire, 'reordered') ? reordered(usual) : usual
  for (const step of steps.slice(0, 2)) await tell(message, step, company, parts)
  void (async () => {
    for (const step of steps.slice(2)) await tell(message, step, company, parts)
  })()
}

/** What comes last is told first, at the pace of the first. */
function reordered(steps: Step[]): Step[] {
  return steps.toReversed().map((step, place) => ({ ...step, wait: steps[place]?.wait ?? 0 }))
}

/** Statuses leave in order; one that is not taken is repeated beside the later ones, as companies do. */
async function tell(
  message: ToPatient,
  { status, wait, code }: Step,
  { wire, account }: WiredAccount,
  { ledger, webhooks, faults, stopped }: CarrierParts,
): Promise<void> {
  if (!(await waitUnlessStopped(wait, stopped))) return
  if (ranks[status] > ranks[message.status]) {
    message.status = status
    ledger.changed(message)
  }
  const told = { status, at: now(), ...(code && { code }) }
  const call: MakeCall = (signing) => wire.statusCall(message, told, account, signing)
  const fault = faults.take(wire.id, 'missing', 'duplicated')
  if (fault?.kind === 'missing') return
  if (!(await webhooks.post(wire.id, call))) return void webhooks.repeat(wire.id, call)
  if (fault?.kind === 'duplicated') await webhooks.post(wire.id, call)
}

/** What the ledger shows never goes back, however oddly the events are sent. */
const ranks: Record<CarrierStatus, number> = {
  queued: 0,
  sent: 1,
  delivered: 2,
  undelivered: 2,
  failed: 2,
  read: 3,
}

async function bring(
  message: ToClinic,
  sender: Sender,
  { wire, account }: WiredAccount,
  { webhooks, ledger, faults }: CarrierParts,
): Promise<void> {
  const call: MakeCall = (signing) => wire.inboundCall(message, sender, account, signing)
  const become = (status: ToClinic['status']) => {
    message.status = status
    ledger.changed(message)
  }
  const isDoubled = faults.take(wire.id, 'duplicated')
  if (await webhooks.post(wire.id, call)) {
    become('received')
    if (isDoubled) await webhooks.post(wire.id, call)
    return
  }
  become('waiting')
  become((await webhooks.repeat(wire.id, call)) ? 'received' : 'lost')
}

function senderOf(
  { from, channel }: Pick<SendRequest, 'from' | 'channel'>,
  wire: Wire,
  senders: readonly Sender[],
): Sender | undefined {
  return senders.find((one) => one.wire === wire.id && one.address === from && one.channel === channel)
}

/** The number whose message is answered; where none is named, the one that wrote last. */
function answeredSender(
  { senders, ledger }: CarrierParts,
  channel: PhoneChannel,
  latest?: PhoneMessage,
  quotedId?: string,
): Sender | undefined {
  const possible = senders.filter((sender) => sender.channel === channel)
  const wrote = (message?: PhoneMessage) =>
    possible.find(({ address, wire }) => address === message?.from && wire === message.wire)
  const quoted = quotedId === undefined ? undefined : ledger.find(quotedId)
  return wrote(quoted) ?? wrote(latest) ?? possible[0]
}

function bringsAnswers({ bringsAnswersBy }: Wire, channel: PhoneChannel): boolean {
  return bringsAnswersBy === undefined || bringsAnswersBy.includes(channel)
}

function newId({ newId }: Wire, patient: string): string {
  return newId?.(patient) ?? `SB${randomUUID().replaceAll('-', '')}`
}

function now(): string {
  return new Date().toISOString()
}

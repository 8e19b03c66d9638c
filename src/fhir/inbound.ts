/** Communication ↔ Inbound: what a patient wrote. `in-progress` until its consequences are drawn, then `completed`. */
import type { Communication } from 'fhir/r4'
import { type Address, parseInboundAddress } from '../domain/address.ts'
import type { Inbound } from '../domain/inbound.ts'
import type { ReplyIntent } from '../domain/keywords.ts'
import { instant, parseInstant, toIso } from '../domain/time.ts'
import { extension, naming, profile, system } from './codes.ts'
import { toCategory } from './communication-request.ts'
import { codesIn, concept, extensionOf, hasCode, present, someOf } from './concept.ts'
import { fromMedium, toMedium } from './medium.ts'
import { filesReceivedIn, reactionIn, textIn, toFileReceived, toReaction, toText } from './payload.ts'
import { isRedacted } from './redaction.ts'
import { fromReference, idOf, referenceTo, toReference } from './reference.ts'

/** `undefined` also when its content was removed: nothing can be read from it or answered any more. */
export function fromInbound(communication: Communication): Inbound | undefined {
  const shell = isRedacted(communication) ? undefined : fromInboundShell(communication)
  const points = extensionOf(communication, extension.contactPoints)
  const address = (part: string): Address | undefined => {
    const value = extensionOf(points, part)?.valueContactPoint?.value
    return shell && value ? parseInboundAddress(shell.channel, value) : undefined
  }
  const [from, to] = [address('from'), address('to')]
  if (!shell || !from || !to) return undefined
  return {
    ...shell,
    from,
    to,
    text: textOf(communication),
    files: someOf(filesReceivedIn(communication.payload)),
    ...reactionOf(communication),
  }
}

type Shell = Omit<Inbound, 'from' | 'to' | 'text' | 'files' | 'reaction'>

/** What is left of a patient's message when its content is removed: who, when, how, and what it was understood to ask. */
export function fromInboundShell(communication: Communication): Shell | undefined {
  const channel = fromMedium(communication.medium?.[0])
  const identifier = communication.identifier?.find((one) => !ownNames.includes(one.system ?? ''))
  if (!hasCode(communication.category, system.messageCategory, 'patient-message')) return undefined
  if (!channel || !identifier?.system || !identifier.value) return undefined
  return {
    reference: referenceTo(communication),
    providerId: { system: identifier.system, value: identifier.value },
    channel,
    userId: communication.identifier?.find((one) => one.system === naming.whatsAppUserId)?.value,
    ...(isUnproven(communication) && { unproven: true }),
    sentAt: parseInstant(communication.sent) ?? instant(0),
    receivedAt: parseInstant(communication.received) ?? instant(0),
    quotes: quoteOf(communication),
    patient: fromReference(communication.subject),
    thread: fromReference(communication.partOf?.[0]),
    intent: codesIn(communication.category, system.replyIntent)[0] as ReplyIntent | undefined,
    answers: fromReference(communication.inResponseTo?.[0]),
    handled: communication.status !== 'in-progress',
  }
}

const ownNames: string[] = [naming.whatsAppUserId, naming.copyLeft, naming.writeBack]

/** A tag: it is about how the message came to us, and nothing that the patient said. */
const unproven = { system: system.mark, code: 'unproven' }

function isUnproven({ meta }: Communication): boolean {
  return meta?.tag?.some((one) => one.system === unproven.system && one.code === unproven.code) ?? false
}

/** The quoted message's id stays on the reference, also beside the Communication it was found to be: reading twice finds the same. */
function quoteOf(communication: Communication): string | undefined {
  return communication.inResponseTo?.find((one) => one.identifier)?.identifier?.value
}

export function toInbound(inbound: Inbound): Communication {
  const kind = inbound.channel === 'email' ? 'email' : inbound.channel === 'sms' ? 'sms' : 'phone'
  const point = (url: string, value: Address) => ({
    url,
    valueContactPoint: { system: kind, value } as const,
  })
  return {
    resourceType: 'Communication',
    ...(inbound.reference && { id: idOf(inbound.reference) }),
    meta: { profile: [profile.inbound], tag: inbound.unproven && [unproven] },
    extension: [
      { url: extension.contactPoints, extension: [point('to', inbound.to), point('from', inbound.from)] },
    ],
    identifier: present([
      inbound.providerId,
      inbound.userId !== undefined && { system: naming.whatsAppUserId, value: inbound.userId },
    ]),
    partOf: inbound.thread ? [toReference(inbound.thread)] : undefined,
    inResponseTo: toQuote(inbound),
    status: inbound.handled ? 'completed' : 'in-progress',
    category: present([
      ...(toCategory('patient-message') ?? []),
      inbound.intent && concept(system.replyIntent, inbound.intent),
    ]),
    medium: [toMedium(inbound.channel)],
    subject: inbound.patient ? toReference(inbound.patient) : undefined,
    sender: inbound.patient ? toReference(inbound.patient) : undefined,
    sent: toIso(inbound.sentAt),
    received: toIso(inbound.receivedAt),
    payload: toInboundPayload(inbound),
  }
}

/** FHIR has no empty strings, and a patient's message always has a payload. */
const wordless = '—'

function toInboundPayload({ text, files, reaction }: Inbound): Communication['payload'] {
  if (reaction) return toReaction(reaction.emoji)
  const said = [...(files ?? []).map(toFileReceived), ...toText(text)]
  return said.length > 0 ? said : toText(wordless)
}

function textOf({ payload }: Communication): string {
  const text = textIn(payload) ?? reactionIn(payload) ?? ''
  return text === wordless ? '' : text
}

/** It is to the message that it quotes. */
function reactionOf(communication: Communication): Pick<Inbound, 'reaction'> {
  const emoji = reactionIn(communication.payload)
  const toMessage = quoteOf(communication)
  return emoji !== undefined && toMessage ? { reaction: { emoji, toMessage } } : {}
}

function toQuote({ answers, quotes: quoted, reaction, providerId }: Inbound): Communication['inResponseTo'] {
  const quotes = reaction?.toMessage ?? quoted
  if (!answers && !quotes) return undefined
  return [
    {
      ...(answers && toReference(answers)),
      type: 'Communication',
      ...(quotes && { identifier: { system: providerId.system, value: quotes } }),
    },
  ]
}

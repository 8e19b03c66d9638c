/** CommunicationRequest ↔ MessageRequest: the intent. */
import type { CommunicationRequest, Extension } from 'fhir/r4'
import type { Channel } from '../domain/channel.ts'
import {
  type MessageCategory,
  type MessageRequest,
  messageCategories,
  type ReplyOption,
} from '../domain/message-request.ts'
import { isReason, reasons } from '../domain/reason.ts'
import { type Instant, parseInstant, toIso } from '../domain/time.ts'
import { extension, naming, profile, system } from './codes.ts'
import { codesIn, concept, extensionOf, extensionsOf, present, someOf } from './concept.ts'
import { changesFallback, type FallbackParts, fallbackIn, toFallback } from './fallback.ts'
import { fromMedium, toMedium } from './medium.ts'
import { fromParameters, fromPayload, toPayload } from './payload.ts'
import { isRedacted, withoutLabel } from './redaction.ts'
import { fromReference, idOf, referenceTo, toReference } from './reference.ts'

export type ReadRequest = { kind: 'request'; request: MessageRequest } | { kind: 'refused'; because: string }

/** Refused when it lacks what a send needs; `because` names the element, never its content. */
export function fromCommunicationRequest(resource: CommunicationRequest): ReadRequest {
  const dueAt = parseInstant(resource.occurrenceDateTime)
  const patient = fromReference(resource.subject)
  if (!patient?.startsWith('Patient/')) return { kind: 'refused', because: 'subject is not a Patient' }
  if (dueAt === undefined) return { kind: 'refused', because: 'occurrenceDateTime is not an instant' }
  if (!isFor(patient, resource)) return { kind: 'refused', because: 'recipient is not the patient' }
  const plan = present((resource.medium ?? []).map(fromMedium))
  if (resource.medium?.length && plan.length === 0)
    return { kind: 'refused', because: 'medium is none of ours' }
  return {
    kind: 'request',
    request: {
      reference: referenceTo(resource),
      key: resource.identifier?.find((one) => one.system === naming.requestKey)?.value ?? resource.id ?? '',
      status: resource.status as MessageRequest['status'],
      reason: codesIn(resource.statusReason, system.notSentReason).find(isReason),
      category: categoryOf(resource),
      priority: resource.priority ?? 'routine',
      patient,
      recipient: patient,
      ...aboutOf(resource),
      ruleId: ruleOf(resource),
      plan,
      dueAt,
      window: windowOf(resource, dueAt),
      content: fromPayload(resource, extensionOf(resource, extension.instantiatesCanonical)?.valueCanonical),
      replyOptions: fromReplyOptions(resource.extension),
      ...fallbackIn(resource),
      round: extensionOf(resource, extension.retryRound)?.valuePositiveInt,
      requester: fromReference(resource.requester),
      changedAt: parseInstant(resource.meta?.lastUpdated),
      forbidden: resource.doNotPerform === true,
      ...(isRedacted(resource) && { redacted: true }),
    },
  }
}

/** We know the addresses of patients only: what is meant for staff or family must not reach the patient instead. */
function isFor(patient: string, { recipient = [] }: CommunicationRequest): boolean {
  return recipient.length === 0 || recipient.some((one) => fromReference(one) === patient)
}

function categoryOf(resource: CommunicationRequest): MessageCategory {
  const codes = codesIn(resource.category, system.messageCategory)
  return messageCategories.find((category) => codes.includes(category)) ?? 'conversation'
}

function aboutOf(resource: CommunicationRequest): Pick<MessageRequest, 'visit' | 'answers' | 'visitStart'> {
  const about = present((resource.about ?? []).map(fromReference))
  const start = fromParameters(resource.payload)?.start
  return {
    visit: about.find((one) => one.startsWith('Appointment/')),
    answers: about.find((one) => one.startsWith('Communication/')),
    visitStart: parseInstant(start),
  }
}

/** The rule is the third part of a reminder's key: appointment, start, rule, patient. */
function ruleOf(resource: CommunicationRequest): string | undefined {
  if (categoryOf(resource) !== 'reminder') return undefined
  return resource.identifier?.find((one) => one.system === naming.requestKey)?.value?.split('_')[2]
}

function windowOf(resource: CommunicationRequest, dueAt: Instant): MessageRequest['window'] {
  const period = extensionOf(resource, extension.sendWindow)?.valuePeriod
  return {
    from: parseInstant(period?.start) ?? dueAt,
    // Without an end of its own a message is stale after two days.
    until: parseInstant(period?.end) ?? ((dueAt + 48 * 3_600_000) as Instant),
  }
}

export function fromReplyOptions(extensions: Extension[] | undefined): ReplyOption[] {
  const options = extensionsOf(extensionOf({ extension: extensions }, extension.replyOptions), 'option')
  return options.flatMap((one) =>
    one.valueCode === 'confirm' || one.valueCode === 'cancel' ? [one.valueCode] : [],
  )
}

export function toReplyOptions(options: ReplyOption[]): Extension | undefined {
  if (options.length === 0) return undefined
  return {
    url: extension.replyOptions,
    extension: options.map((valueCode) => ({ url: 'option', valueCode })),
  }
}

export function toCommunicationRequest(request: MessageRequest): CommunicationRequest {
  const about = present([request.visit, request.answers])
  return {
    resourceType: 'CommunicationRequest',
    ...(request.reference && { id: idOf(request.reference) }),
    meta: { profile: [profile.messageRequest] },
    extension: present([
      toInstantiates(request.content),
      toSendWindow(request.window),
      toReplyOptions(request.replyOptions),
      toFallback(request),
      toRound(request.round),
    ]),
    identifier: [{ system: naming.requestKey, value: request.key }],
    status: request.status,
    statusReason: request.reason && toReason(request.reason),
    category: toCategory(request.category),
    priority: request.priority,
    medium: someOf(request.plan.map((channel: Channel) => toMedium(channel))),
    subject: toReference(request.patient),
    recipient: [toReference(request.recipient)],
    about: someOf(about.map(toReference)),
    basedOn: request.visit ? [toReference(request.visit)] : undefined,
    payload: toPayload(request.content),
    occurrenceDateTime: toIso(request.dueAt),
    requester: request.requester ? toReference(request.requester) : undefined,
  }
}

/** The parts of a request that change after it was made. */
export type RequestChange = Partial<
  Pick<MessageRequest, 'status' | 'reason' | 'dueAt' | 'window' | 'content' | 'plan' | 'round'> &
    FallbackParts
>

/** Only what changes is written; everything else stays as its author wrote it, also what we do not know. */
export function withChange<R extends CommunicationRequest>(resource: R, change: RequestChange): R {
  return {
    ...resource,
    ...(change.status && { status: change.status }),
    ...('reason' in change && { statusReason: change.reason && toReason(change.reason) }),
    ...(change.dueAt !== undefined && { occurrenceDateTime: toIso(change.dueAt) }),
    ...(change.plan && { medium: someOf(change.plan.map((channel) => toMedium(channel))) }),
    ...((change.window || change.content || change.round !== undefined || changesFallback(change)) && {
      extension: someOf(changedExtensions(resource, change)),
    }),
    ...(change.content && { payload: toPayload(change.content), meta: withoutLabel(resource.meta) }),
  }
}

function changedExtensions(resource: CommunicationRequest, change: RequestChange): Extension[] {
  const { window, content, round } = change
  const fallback = changesFallback(change) && toFallback({ ...fallbackIn(resource), ...change })
  const replaced: string[] = present<string>([
    window && extension.sendWindow,
    content && extension.instantiatesCanonical,
    round !== undefined && extension.retryRound,
    changesFallback(change) && extension.fallbackAfter,
  ])
  return present([
    ...(resource.extension ?? []).filter(({ url }) => !replaced.includes(url)),
    content && toInstantiates(content),
    window && toSendWindow(window),
    round !== undefined && toRound(round),
    fallback,
  ])
}

function toInstantiates(content: MessageRequest['content']): Extension | undefined {
  if (content.kind !== 'template') return undefined
  return { url: extension.instantiatesCanonical, valueCanonical: content.template }
}

function toRound(round: number | undefined): Extension | undefined {
  return round ? { url: extension.retryRound, valuePositiveInt: round } : undefined
}

function toSendWindow(window: MessageRequest['window']): Extension {
  return {
    url: extension.sendWindow,
    valuePeriod: { start: toIso(window.from), end: toIso(window.until) },
  }
}

export function toReason(reason: keyof typeof reasons): NonNullable<CommunicationRequest['statusReason']> {
  return { ...concept(system.notSentReason, reason, reasons[reason]), text: reasons[reason] }
}

export function toCategory(category: MessageCategory): NonNullable<CommunicationRequest['category']> {
  return present([
    category === 'reminder' && concept(system.communicationCategory, 'reminder', 'Reminder'),
    concept(system.messageCategory, category),
  ])
}

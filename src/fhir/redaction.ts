/**
 * Redaction: what was said is taken out of a message or a request, its shell stays. FHIR's label for it is `REDACTED` in
 * `meta.security`; an element that must be there says `masked`. What the EMR or a colleague hung on it is not ours to take.
 */
import type {
  Coding,
  Communication,
  CommunicationPayload,
  CommunicationRequest,
  Extension,
  Identifier,
} from 'fhir/r4'
import { type Address, maskAddress } from '../domain/address.ts'
import { extension, naming, system } from './codes.ts'
import { hasCode, present, someOf } from './concept.ts'

/** What stands beside the labels is kept. */
interface Labels {
  security?: Coding[]
  tag?: Coding[]
  profile?: string[]
  versionId?: string
  lastUpdated?: string
}

const label = { system: system.observationValue, code: 'REDACTED', display: 'redacted' }

/** Finds what bears no label yet; servers that do not know the modifier are asked without. */
export const notRedacted = { '_security:not': `${label.system}|${label.code}` }

export function isRedacted({ meta }: { meta?: Labels }): boolean {
  return meta?.security?.some(isLabel) ?? false
}

function isLabel({ system, code }: { system?: string; code?: string }): boolean {
  return system === label.system && code === label.code
}

function labelled(meta: Labels | undefined): Labels {
  return isRedacted({ meta }) ? { ...meta } : { ...meta, security: [...(meta?.security ?? []), label] }
}

/** Of what is written anew. */
export function withoutLabel(meta: Labels | undefined): Labels | undefined {
  return meta && { ...meta, security: someOf((meta.security ?? []).filter((one) => !isLabel(one))) }
}

/** A payload must say something: this one says that it was there. As an attachment, because some servers refuse `_contentString`. */
export function maskedPayload(): CommunicationPayload[] {
  return [{ contentAttachment: { extension: [{ url: extension.dataAbsentReason, valueCode: 'masked' }] } }]
}

/**
 * An attempt, or what a patient wrote, without text, subject, files, reaction and the patient's address; `undefined` when
 * nothing of these is left in it.
 */
export function redactedMessage<R extends Communication>(message: R): R | undefined {
  const patients = isFromPatient(message) ? 'from' : 'to'
  return changed(message, {
    ...message,
    meta: labelled(message.meta),
    // A server may have written the words into a narrative of its own.
    text: undefined,
    topic: undefined,
    identifier: message.identifier?.filter((one) => one.system !== naming.whatsAppUserId),
    extension: message.extension?.map((one) => withMaskedPoint(one, patients)),
    payload: message.payload?.length ? maskedPayload() : undefined,
  })
}

/** A request without its words, values and files. The template that it pins stays. */
export function redactedRequest<R extends CommunicationRequest>(request: R): R | undefined {
  return changed(request, {
    ...request,
    meta: labelled(request.meta),
    text: undefined,
    payload: request.payload?.length ? maskedPayload() : undefined,
  })
}

function changed<R>(before: R, after: R): R | undefined {
  return JSON.stringify(after) === JSON.stringify(before) ? undefined : after
}

function isFromPatient({ category }: Communication): boolean {
  return hasCode(category, system.messageCategory, 'patient-message')
}

/** Enough is left to tell two numbers of a family apart, and not enough to write to. */
function withMaskedPoint(points: Extension, which: 'to' | 'from'): Extension {
  if (points.url !== extension.contactPoints) return points
  return {
    ...points,
    extension: points.extension?.map((one) => {
      const point = one.valueContactPoint
      if (one.url !== which || !point?.value || point.value.includes('•')) return one
      return { ...one, valueContactPoint: { ...point, value: maskAddress(point.value as Address) } }
    }),
  }
}

type Identified = Communication | CommunicationRequest

/** Whether a copy elsewhere is still to be removed. */
export function hasCopyLeft({ identifier }: Identified): boolean {
  return identifier?.some((one) => one.system === naming.copyLeft) ?? false
}

export function withCopyLeft<R extends Identified>(resource: R, isLeft: boolean): R {
  const others = (resource.identifier ?? []).filter((one) => one.system !== naming.copyLeft)
  const mark: Identifier = { system: naming.copyLeft, value: `${resource.resourceType}-${resource.id}` }
  return { ...resource, identifier: someOf(present([...others, isLeft && mark])) }
}

/** The part of a CommunicationRequest that says when the routing plan goes on although the message was handed over. */
import type { CommunicationRequest, Extension, Duration as FhirDuration } from 'fhir/r4'
import type { MessageRequest } from '../domain/message-request.ts'
import { type Duration, day, hour, minute, parseInstant, second, toIso } from '../domain/time.ts'
import { extension } from './codes.ts'
import { extensionOf, present } from './concept.ts'

export type FallbackParts = Pick<MessageRequest, 'fallbackAfter' | 'handedOverAt'>

const ucum = 'http://unitsofmeasure.org'
const units: Record<string, Duration> = { s: second, min: minute, h: hour, d: day }

export function fallbackIn(resource: CommunicationRequest): FallbackParts {
  const found = extensionOf(resource, extension.fallbackAfter)
  const unread = fromDuration(extensionOf(found, 'unread')?.valueDuration)
  const undelivered = fromDuration(extensionOf(found, 'undelivered')?.valueDuration)
  const handedOverAt = parseInstant(extensionOf(found, 'handedOverAt')?.valueDateTime)
  const fallbackAfter = {
    ...(unread !== undefined && { unread }),
    ...(undelivered !== undefined && { undelivered }),
  }
  return {
    ...(Object.keys(fallbackAfter).length > 0 && { fallbackAfter }),
    ...(handedOverAt !== undefined && { handedOverAt }),
  }
}

export function changesFallback(change: FallbackParts): boolean {
  return 'fallbackAfter' in change || 'handedOverAt' in change
}

export function toFallback({ fallbackAfter = {}, handedOverAt }: FallbackParts): Extension | undefined {
  const { unread, undelivered } = fallbackAfter
  const parts = present<Extension>([
    unread !== undefined && { url: 'unread', valueDuration: toDuration(unread) },
    undelivered !== undefined && { url: 'undelivered', valueDuration: toDuration(undelivered) },
    handedOverAt !== undefined && { url: 'handedOverAt', valueDateTime: toIso(handedOverAt) },
  ])
  return parts.length > 0 ? { url: extension.fallbackAfter, extension: parts } : undefined
}

/** Whoever wrote it may have used another unit; one that we do not know says nothing. */
function fromDuration({ value, code = '' }: FhirDuration = {}): Duration | undefined {
  const unit = units[code]
  return unit !== undefined && value !== undefined && value > 0 ? value * unit : undefined
}

function toDuration(wait: Duration): FhirDuration {
  return { value: wait / minute, unit: 'min', system: ucum, code: 'min' }
}

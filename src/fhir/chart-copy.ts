/**
 * The copy of a message for the EMR's own chart: a plain Communication, without a profile or an extension of ours. And the
 * mark on our own that says whether the EMR has it: an identifier, because servers do not let tags be taken away by an update.
 */
import type { Communication, CommunicationPayload } from 'fhir/r4'
import { hasFailed } from '../domain/delivery.ts'
import type { CopyFact, CopyMark } from '../domain/write-back.ts'
import { fromAttempt } from './attempt.ts'
import { naming, system } from './codes.ts'
import { fromCommunication, type ThreadFile } from './communication.ts'
import { concept, present, someOf } from './concept.ts'
import { fromInbound } from './inbound.ts'
import { toText } from './payload.ts'
import { isRedacted } from './redaction.ts'
import { fromReference, toReference } from './reference.ts'

/** Finds what the EMR is still to be told. */
export const untold = { identifier: `${naming.writeBack}|waiting,${naming.writeBack}|to-correct` }

export function copyMarkOf({ identifier }: Communication): CopyMark | undefined {
  return identifier?.find((one) => one.system === naming.writeBack)?.value as CopyMark | undefined
}

export function withCopyMark<R extends Communication>(message: R, mark: CopyMark | undefined): R {
  const others = (message.identifier ?? []).filter((one) => one.system !== naming.writeBack)
  const marked = mark !== undefined && { system: naming.writeBack, value: mark }
  return { ...message, identifier: someOf(present([...others, marked])) }
}

/** Of thread headers, of what nobody knows the patient of, and of the EMR's own: nothing. */
export function copyFactOf(message: Communication): CopyFact {
  if (!fromReference(message.subject)) return 'nothing'
  const attempt = fromAttempt(message)
  if (attempt && hasFailed(attempt.state)) return 'failed'
  if (isRedacted(message)) return 'removed'
  const isSaid = attempt ? attempt.sentAt !== undefined : fromInbound(message) !== undefined
  return isSaid ? 'said' : 'nothing'
}

/** Which message of ours it is a copy of. */
export function copyIdentifier({ id }: { id: string }): { system: string; value: string } {
  return { system: naming.chartCopy, value: id }
}

/** `undefined` of what is no message. What can be read from one whose content was removed is that it was there. */
export function toChartCopy(message: Communication & { id: string }): Communication | undefined {
  const shown = fromCommunication(message)
  const patient = fromReference(message.subject)
  if (!shown || !patient) return undefined
  const isUnproven = message.meta?.tag?.some(
    ({ system: of, code }) => of === system.mark && code === 'unproven',
  )
  return {
    resourceType: 'Communication',
    language: message.language,
    identifier: [copyIdentifier(message)],
    status: copyFactOf(message) === 'failed' ? 'stopped' : 'completed',
    category: [concept(system.communicationCategory, 'notification', 'Notification')],
    medium: message.medium,
    subject: toReference(patient),
    ...(shown.direction === 'in' ? { sender: toReference(patient) } : { recipient: [toReference(patient)] }),
    topic: message.topic,
    sent: message.sent,
    received: message.received,
    payload: someOf([...(shown.files ?? []).map(toFile), ...toText(shown.reaction ?? shown.text)]),
    ...(isUnproven && { note: [{ text: 'Nothing shows that it is from whom it says.' }] }),
  }
}

/** A document is the EMR's own. What the patient sent stands in our store, which the EMR does not know: its name only. */
function toFile({ reference, contentType, name }: ThreadFile): CommunicationPayload {
  if (reference?.startsWith('DocumentReference/')) return { contentReference: toReference(reference) }
  return { contentAttachment: { contentType, title: name } }
}

/** Changes to requests, attempts and patients' messages, in the domain's words. What we do not know of a resource stays in it. */
import type { Communication, CommunicationRequest } from 'fhir/r4'
import type { Attempt } from '../domain/attempt.ts'
import type { Inbound } from '../domain/inbound.ts'
import type { MessageRequest, Reference } from '../domain/message-request.ts'
import { fromAttempt, toAttempt } from '../fhir/attempt.ts'
import { extension as extensionUrls, qasid } from '../fhir/codes.ts'
import { fromCommunicationRequest, type RequestChange, withChange } from '../fhir/communication-request.ts'
import { fromInbound, toInbound } from '../fhir/inbound.ts'
import { isRedacted, withoutLabel } from '../fhir/redaction.ts'
import { amend } from './amend.ts'
import type { Emr, Stored } from './ports.ts'

export async function amendRequest(
  store: Emr,
  reference: Reference,
  change: (request: MessageRequest) => RequestChange | undefined,
): Promise<void> {
  await amend(store, 'CommunicationRequest', reference, (resource) => {
    const read = fromCommunicationRequest(resource)
    const changed = read.kind === 'request' && change(read.request)
    if (read.kind !== 'request' || !changed) return undefined
    return withChange(resource, changed)
  })
}

/** Ends a request whose own content cannot be read: only status and reason are touched. */
export async function amendRequestStatus(
  store: Emr,
  reference: Reference,
  change: Pick<CommunicationRequest, 'status' | 'statusReason'>,
): Promise<void> {
  await amend(store, 'CommunicationRequest', reference, (resource) =>
    resource.status === 'active' ? { ...resource, ...change } : undefined,
  )
}

export async function amendAttempt(
  store: Emr,
  reference: Reference,
  change: (attempt: Attempt) => Attempt | undefined,
): Promise<Attempt | undefined> {
  const saved = await amend(store, 'Communication', reference, (resource) => {
    const attempt = fromAttempt(resource)
    const changed = attempt && change(attempt)
    return changed && changed !== attempt ? merge(resource, toAttempt(changed)) : undefined
  })
  return fromAttempt(saved)
}

export async function amendInbound(
  store: Emr,
  reference: Reference,
  change: (inbound: Inbound) => Partial<Inbound>,
): Promise<Inbound | undefined> {
  const saved = await amend(store, 'Communication', reference, (resource) => {
    const inbound = fromInbound(resource)
    return inbound && merge(resource, toInbound({ ...inbound, ...change(inbound) }))
  })
  return fromInbound(saved)
}

/** Ours over theirs, element by element. Id, version, and what the EMR or a colleague hung on it stay. */
function merge(stored: Stored<Communication>, ours: Communication): Stored<Communication> {
  const known = new Set(ours.identifier?.map(({ system }) => system))
  const identifier = [
    ...(ours.identifier ?? []),
    ...(stored.identifier ?? []).filter(({ system }) => !known.has(system)),
  ]
  const foreign = (stored.extension ?? []).filter(({ url }) => !url.startsWith(qasid))
  const extension = [...(ours.extension ?? []), ...foreign]
  const merged = { ...stored, ...ours, identifier, extension, id: stored.id, meta: stored.meta }
  return isRedacted(stored) ? emptied(stored, merged) : merged
}

/** A late event finds the shell only, and leaves it one; what is said anew is no shell any more. */
function emptied(stored: Stored<Communication>, merged: Stored<Communication>): Stored<Communication> {
  if (merged.payload) return { ...merged, meta: withoutLabel(merged.meta) }
  const isPoint = ({ url }: { url: string }) => url === extensionUrls.contactPoints
  const points = (stored.extension ?? []).filter(isPoint)
  const others = (merged.extension ?? []).filter((one) => !isPoint(one))
  return { ...merged, payload: stored.payload, extension: [...others, ...points] }
}

/**
 * Takes out of one message or request what it says, wherever a copy is: its files, the record in the store, the company's
 * record, older versions. The record is emptied first, with a mark that copies are left, and the mark goes last: whoever
 * dies in between is followed by somebody who finds the mark.
 */
import type { Communication, CommunicationRequest } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'
import type { RequestChange } from '../fhir/communication-request.ts'
import { withChange } from '../fhir/communication-request.ts'
import { companyCopyOf } from '../fhir/company-copy.ts'
import { fromInbound } from '../fhir/inbound.ts'
import { redactedMessage, redactedRequest, withCopyLeft } from '../fhir/redaction.ts'
import { referenceTo } from '../fhir/reference.ts'
import { amend } from './amend.ts'
import { emptyFile } from './empty-file.ts'
import type { Sender, Stored, World } from './ports.ts'

/** What the company said: `none` where it never had it, `cannot` where it has no way to forget. */
export type AtCompany = 'none' | 'redacted' | 'later' | 'refused' | 'cannot'

export interface Removal {
  reference: Reference
  atCompany: AtCompany
  /** Of whom it went through, where it is known. */
  provider?: string
  /** Older versions stay: the store keeps them whatever we ask. */
  keepsVersions: boolean
}

export async function emptyMessage(world: World, message: Stored<Communication>): Promise<Removal> {
  const reference = referenceTo(message)
  for (const file of filesOf(message)) await emptyFile(world.store, file)
  const emptied = await amend(world.store, 'Communication', reference, (now) => {
    const redacted = redactedMessage(now)
    return redacted && withCopyLeft(redacted, true)
  })
  return finishMessage(world, emptied)
}

/** `change` goes with it in one write: what is withdrawn is never seen without its words while it still is to be sent. */
export async function emptyRequest(
  world: World,
  request: Stored<CommunicationRequest>,
  change: (now: CommunicationRequest) => RequestChange = () => ({}),
): Promise<Removal> {
  const emptied = await amend(world.store, 'CommunicationRequest', referenceTo(request), (now) => {
    const redacted = redactedRequest(withChange(now, change(now)))
    return redacted && withCopyLeft(redacted, true)
  })
  return finishRequest(world, emptied)
}

/** Of one that is emptied already: whatever copy is left elsewhere. */
export async function finishMessage(world: World, message: Stored<Communication>): Promise<Removal> {
  const reference = referenceTo(message)
  const company = await redactAtCompany(world, message)
  const forgets = await world.store.removeVersions(reference)
  if (company.atCompany !== 'later')
    await amend(world.store, 'Communication', reference, (now) => withoutMark(now))
  return { reference, ...company, keepsVersions: !forgets }
}

export async function finishRequest(world: World, request: Stored<CommunicationRequest>): Promise<Removal> {
  const reference = referenceTo(request)
  const forgets = await world.store.removeVersions(reference)
  await amend(world.store, 'CommunicationRequest', reference, (now) => withoutMark(now))
  return { reference, atCompany: 'none', keepsVersions: !forgets }
}

function withoutMark<R extends Communication | CommunicationRequest>(now: R): R | undefined {
  const unmarked = withCopyLeft(now, false)
  return unmarked.identifier?.length === now.identifier?.length ? undefined : unmarked
}

async function redactAtCompany(
  { senders }: World,
  message: Communication,
): Promise<Pick<Removal, 'atCompany' | 'provider'>> {
  const copy = companyCopyOf(message)
  if (!copy) return { atCompany: 'none' }
  const { providerId, address } = copy
  const possible = senders.filter((one) => one.messageIdSystem === providerId.system)
  const sender: Sender | undefined =
    possible.find(({ id }) => id === copy.sender) ??
    possible.find((one) => one.address === address) ??
    possible[0]
  if (!sender) return { atCompany: 'cannot' }
  const { provider } = sender
  if (!sender.redact) return { atCompany: 'cannot', provider }
  return { atCompany: (await sender.redact(providerId.value)).kind, provider }
}

/** Those that we put into the store for this message: a document of the chart is the EMR's. */
function filesOf(message: Communication): Reference[] {
  const files = fromInbound(message)?.files ?? []
  return files.flatMap(({ location }) => (location?.startsWith('Binary/') ? [location] : []))
}

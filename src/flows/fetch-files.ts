/**
 * fetch-files: the files of a patient's message are brought from the company into the store.
 * in: the stored message · decides: which types, sizes and bytes are taken · out: a Binary per file, its place in the message
 */
import { mayBeTaken } from '../domain/file-type.ts'
import { type FileReceived, type Inbound, isWaiting } from '../domain/inbound.ts'
import type { Reference } from '../domain/message-request.ts'
import { fileKindOf } from '../domain/outgoing.ts'
import type { FetchedFile } from '../domain/question.ts'
import { after, before, type Duration, day, hour, minute, toIso } from '../domain/time.ts'
import { system } from '../fhir/codes.ts'
import { fromInbound } from '../fhir/inbound.ts'
import { idOf } from '../fhir/reference.ts'
import { type Found, keepFile, largestReceived } from './keep-file.ts'
import { EmrError, type Sender, type World } from './ports.ts'

/** Companies keep what people send a week or longer; what was not to be had in that time never will be. */
const companiesKeepFor = 7 * day

/** Fetched again by nobody: what is there is left alone. Throws while a company cannot be reached, so that the queue tries later. */
export async function fetchFiles(world: World, message: Reference): Promise<void> {
  const stored = await world.store.read('Communication', idOf(message))
  const inbound = stored && fromInbound(stored)
  let waits: string | undefined
  let patient = inbound?.patient
  for (const [index, file] of (inbound?.files ?? []).entries()) {
    if (!inbound || !isWaiting(file)) continue
    const found = await fetchFile(world, inbound, file)
    if (found.kind === 'unreachable') waits = found.code
    else patient = (await keepFile(world.store, message, { ...file, index }, found))?.patient
  }
  if (patient) await world.live.publish({ patient, reference: message })
  if (waits) throw new EmrError(`A file of ${message} is not to be had yet (${waits})`)
}

async function fetchFile(
  world: World,
  inbound: Inbound,
  file: FileReceived,
): Promise<Found | Extract<FetchedFile, { kind: 'unreachable' }>> {
  const { contentType, location, name, sha256 } = file
  // Not even asked for; the type alone says that it is not kept.
  if (!mayBeTaken(contentType)) return { kind: 'refused', because: 'type-not-taken' }
  const wanted = { kind: fileKindOf(contentType), contentType, name, sha256 }
  const fetch = senderOf(world, inbound)?.fetchFile
  const found: FetchedFile =
    fetch && location
      ? await fetch({ ...wanted, location }, largestReceived)
      : { kind: 'unreachable', code: 'no-sender' }
  const isLate = world.now() >= after(inbound.receivedAt, companiesKeepFor)
  return found.kind === 'unreachable' && isLate ? { kind: 'refused', because: 'gone' } : found
}

/** Whom the patient wrote to; by now another sender of the same company may speak for it. */
function senderOf({ senders }: World, { channel, to, providerId }: Inbound): Sender | undefined {
  const able = senders.filter((one) => one.messageIdSystem === providerId.system && one.fetchFile)
  return able.find((one) => one.channel === channel && one.address === to) ?? able[0]
}

/** Once in a while: whatever companies may still keep; what they keep no longer is marked so. */
export async function refetchFiles(world: World): Promise<void> {
  for (const message of await findUnfetched(world, companiesKeepFor + day))
    await world.jobs.add({ kind: 'fetch', message })
}

/** Its own job tries in the meantime, less and less often. */
const leftAloneFor = 15 * minute

/**
 * Messages whose fetch job may have been lost with Redis. `within` says how far back to look: an hour at each tick of the
 * reconciling, a week once in a while.
 */
export async function findUnfetched(world: World, within: Duration = hour): Promise<Reference[]> {
  const found = await world.store.search('Communication', {
    category: `${system.messageCategory}|patient-message`,
    received: [`ge${toIso(before(world.now(), within))}`, `lt${toIso(before(world.now(), leftAloneFor))}`],
  })
  return found.flatMap((resource) => {
    const inbound = fromInbound(resource)
    return inbound?.reference && inbound.files?.some(isWaiting) ? [inbound.reference] : []
  })
}

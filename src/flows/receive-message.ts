/**
 * receive-message: a patient wrote. Stored before the provider gets its 200; everything else follows in `answer-message`.
 * in: the inbound event · decides: nothing yet · out: one Communication per provider's message id, its files where they
 * came with it, an answer job, and a fetch job where files wait at the company
 */

import { type FileReceived, type Inbound, isWaiting } from '../domain/inbound.ts'
import type { Reference } from '../domain/message-request.ts'
import type { InboundFile, InboundMessage } from '../domain/outcome.ts'
import { fromInbound, toInbound } from '../fhir/inbound.ts'
import { referenceTo } from '../fhir/reference.ts'
import { type FoundFile, keepFiles } from './keep-file.ts'
import type { Job, Sender, World } from './ports.ts'

/** Throws `EmrError` while the store cannot take it: the provider must then be told to repeat it. */
export async function receiveMessage(
  world: World,
  sender: Sender,
  event: InboundMessage,
): Promise<Reference> {
  const inbound = inboundOf(world, sender, event)
  const { resource, created } = await world.store.create(toInbound(inbound), inbound.providerId)
  const reference = referenceTo(resource)
  // Repeated after a failure, it may be there without all of its files.
  const stored = await keepHandedOver(world, reference, event.files ?? [], fromInbound(resource))
  if (created) world.tally.count('received', event.channel)
  await addLater(world, reference, { kind: 'answer', message: reference })
  if (stored?.files?.some(isWaiting)) await addLater(world, reference, { kind: 'fetch', message: reference })
  return reference
}

function inboundOf(world: World, sender: Sender, event: InboundMessage): Inbound {
  const { channel, from, to, text, files, reaction, userId, unproven } = event
  return {
    providerId: { system: sender.messageIdSystem, value: event.providerId },
    ...{ channel, from, to, text, reaction, userId, unproven },
    files: files?.map(asAnnounced),
    sentAt: event.at,
    receivedAt: world.now(),
    quotes: event.inReplyTo,
    // The company blocks or unblocks the address by itself, whatever words its list holds.
    intent: event.optOut,
    handled: false,
  }
}

/** What comes with the message has no place at the company to be fetched from. */
function asAnnounced({ contentType, location, name, sha256, bytes }: InboundFile): FileReceived {
  return { contentType, ...(bytes ? { size: bytes.length } : { location }), name, sha256 }
}

/** Files that the company hands over only now, and would not give again. */
async function keepHandedOver(
  world: World,
  reference: Reference,
  files: InboundFile[],
  stored: Inbound | undefined,
): Promise<Inbound | undefined> {
  const handedOver = files.flatMap(({ bytes, contentType }, index): FoundFile[] => {
    const waits = stored?.files?.[index]
    if (!bytes || !waits || !isWaiting(waits)) return []
    return [{ index, sha256: waits.sha256, found: { kind: 'file', contentType, bytes } }]
  })
  return handedOver.length > 0 ? keepFiles(world.store, reference, handedOver) : stored
}

/** Redis may be away: the message is safe, and a tick finds what is still to be done. */
async function addLater(world: World, reference: Reference, job: Job): Promise<void> {
  await world.jobs.add(job).catch((cause: unknown) => {
    world.log.warn('an inbound message waits for the next tick', {
      reference,
      code: String((cause as Error).name),
    })
  })
}

/**
 * receive-message: a patient wrote. Stored before the provider gets its 200; everything else follows in `answer-message`.
 * in: the inbound event · decides: nothing yet · out: one Communication per provider's message id, and an answer job
 */

import type { Reference } from '../domain/message-request.ts'
import type { InboundMessage } from '../domain/outcome.ts'
import { toInbound } from '../fhir/inbound.ts'
import { referenceTo } from '../fhir/reference.ts'
import type { Sender, World } from './ports.ts'

/** Throws `EmrError` while the store cannot take it: the provider must then be told to repeat it. */
export async function receiveMessage(
  world: World,
  sender: Sender,
  event: InboundMessage,
): Promise<Reference> {
  const providerId = { system: sender.messageIdSystem, value: event.providerId }
  const inbound = toInbound({
    providerId,
    channel: event.channel,
    from: event.from,
    to: event.to,
    text: event.text,
    sentAt: event.at,
    receivedAt: world.now(),
    quotes: event.inReplyTo,
    handled: false,
  })
  const { resource, created } = await world.store.create(inbound, providerId)
  const reference = referenceTo(resource)
  if (created) world.tally.count('received', event.channel)
  // Redis may be away: the message is safe, and the reconciling tick finds it.
  await world.jobs.add({ kind: 'answer', message: reference }).catch((cause: unknown) => {
    world.log.warn('an inbound message waits for the next tick', {
      reference,
      code: String((cause as Error).name),
    })
  })
  return reference
}

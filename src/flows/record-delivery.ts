/**
 * record-delivery: a provider tells what became of a message.
 * in: the event · decides: `advanceDelivery` · out: the attempt; the next hop of the routing plan if it failed
 */
import type { Attempt } from '../domain/attempt.ts'
import { advanceDelivery } from '../domain/delivery.ts'
import type { DeliveryEvent } from '../domain/outcome.ts'
import { priceOf } from '../domain/rate-card.ts'
import { fromAttempt } from '../fhir/attempt.ts'
import { naming } from '../fhir/codes.ts'
import { amendAttempt } from './amend-message.ts'
import { EmrError, type Sender, type World } from './ports.ts'
import { resolved } from './resolve-attempt.ts'

/** Throws when the attempt cannot be found yet: an early callback is tried again rather than lost. */
export async function recordDelivery(world: World, senderId: string, event: DeliveryEvent): Promise<void> {
  const sender = world.senders.find((one) => one.id === senderId)
  if (!sender) return world.log.warn('an event names a sender that is gone', { code: senderId })
  const found = await findAttempt(world, sender, event)
  if (!found?.reference)
    throw new EmrError(`no attempt is on file yet for an event of sender ${senderId}`, { status: 404 })

  let before: Attempt | undefined
  const after = await amendAttempt(world.store, found.reference, (now) => {
    before = now
    const advanced = advanceDelivery(now, { ...event, cost: event.cost ?? chargeFor(world, now, event) })
    const providerId = now.providerId ?? { system: sender.messageIdSystem, value: event.providerId }
    return advanced === now && now.providerId ? undefined : { ...advanced, providerId }
  })
  if (!after) return
  // Also when nothing moved: the life before this one may have died before it drew the consequences.
  await resolved(world, { ...after, reference: found.reference })
  if (after.state === before?.state) return
  world.tally.count('delivery', event.state)
  await world.live.publish({ patient: after.patient, reference: found.reference })
}

/** What the company will charge, by the rate card, where it tells only for what. */
function chargeFor({ rateCards }: World, { provider, to }: Attempt, { pricing, at }: DeliveryEvent) {
  if (!pricing || !provider || !to) return undefined
  const price = priceOf(rateCards, { provider, to, category: pricing.category, at })
  return price && !pricing.billable ? { ...price, amount: '0' } : price
}

/** By our own id where the callback carries it, and only if the provider's id does not speak against it. */
export async function findAttempt(
  world: World,
  sender: Sender,
  event: Pick<DeliveryEvent, 'attemptId' | 'providerId'>,
): Promise<Attempt | undefined> {
  const byProvider = `${sender.messageIdSystem}|${event.providerId}`
  const byUs = event.attemptId && `${naming.attemptId}|${event.attemptId}`
  const identifier = [byUs, byProvider].filter(Boolean).join(',')
  const found = await world.store.search('Communication', { identifier })
  return found
    .flatMap((resource) => fromAttempt(resource) ?? [])
    .find(
      (attempt) =>
        attempt.sender === sender.id && (attempt.providerId?.value ?? event.providerId) === event.providerId,
    )
}

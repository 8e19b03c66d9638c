/**
 * miss-receipts: an hourly look at messages that were taken and of which nothing was heard since.
 * in: attempts in progress for more than a day · decides: nothing · out: the attempt as `unknown`, because `no-receipt`; a late receipt still moves it on
 */
import { before, day, toIso } from '../domain/time.ts'
import { fromAttempt } from '../fhir/attempt.ts'
import { naming } from '../fhir/codes.ts'
import { amendAttempt } from './amend-message.ts'
import type { World } from './ports.ts'

/** A phone may be off for a night. */
const receiptsComeWithin = day

export async function missReceipts(world: World): Promise<void> {
  const silent = await world.store.search('Communication', {
    status: 'in-progress',
    identifier: `${naming.attemptId}|`,
    sent: `lt${toIso(before(world.now(), receiptsComeWithin))}`,
  })
  for (const resource of silent) {
    const attempt = fromAttempt(resource)
    if (!attempt?.reference) continue
    await amendAttempt(world.store, attempt.reference, (now) =>
      now.state === 'queued' || now.state === 'sent'
        ? { ...now, state: 'unknown', reason: 'no-receipt', at: world.now() }
        : undefined,
    )
    await world.live.publish({ patient: attempt.patient, reference: attempt.reference })
  }
}

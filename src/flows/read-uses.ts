/** What the senders have used of their companies' caps in the last 24 hours, as the store knows it. */
import type { Address } from '../domain/address.ts'
import { type Use, usedBy } from '../domain/sender-limits.ts'
import { before, day, type Instant, toIso } from '../domain/time.ts'
import { fromAttempt } from '../fhir/attempt.ts'
import { naming } from '../fhir/codes.ts'
import type { Emr } from './ports.ts'

export type UseRead = Omit<Use, 'person'> & { to: Address }

export async function readUses(store: Emr, now: Instant): Promise<UseRead[]> {
  const found = await store.search('Communication', {
    identifier: `${naming.attemptId}|`,
    // Whatever was called since was written since.
    _lastUpdated: `ge${toIso(before(now, day))}`,
  })
  return found.flatMap((resource) => {
    const attempt = fromAttempt(resource)
    const use = attempt && usedBy(attempt, now)
    return use && attempt.to ? [{ ...use, to: attempt.to }] : []
  })
}

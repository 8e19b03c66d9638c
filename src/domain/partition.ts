/** How a host lets its schedule be asked for: some answer only for one place, one practitioner or one patient at a time. */
import type { FeedOffers } from './change-feed.ts'

export const partitions = ['whole', 'location', 'practitioner', 'patient'] as const
export type Partition = (typeof partitions)[number]

/**
 * Those to try, the cheapest first: what a host demands stands in no CapabilityStatement, so its refusal leads to the next. `known`
 * is what it took the last time.
 */
export function partitionsToTry(
  offers: Pick<FeedOffers, 'searchParams'>,
  known: Partition | undefined,
): Partition[] {
  const can = partitions.filter((one) =>
    one === 'patient' ? says(offers, 'patient') : asksByDate(offers) && says(offers, one),
  )
  const from = known === undefined ? -1 : can.indexOf(known)
  // A host that offers nothing fitting is asked all the same: it may do more than it says.
  return can.length === 0 ? ['whole'] : can.slice(Math.max(from, 0))
}

/** Without it all visits of a patient are read, and those of other days left out here. */
export function asksByDate(offers: Pick<FeedOffers, 'searchParams'>): boolean {
  return says(offers, 'date')
}

function says({ searchParams }: Pick<FeedOffers, 'searchParams'>, name: string): boolean {
  return name === 'whole' || searchParams.length === 0 || searchParams.includes(name)
}

/**
 * The host's Subscriptions that call us: made once, found again, mended when the host has given up on them. One is
 * ours when its criteria and its endpoint are ours to the letter.
 */
import type { Subscription } from 'fhir/r4'
import { type SubscriptionWish, toSubscription } from '../fhir/subscription.ts'
import type { Emr, Stored } from '../flows/ports.ts'

/** Safe to call at every start. Servers disagree on how `criteria` and `url` are searched, so all are read. */
export async function ensureSubscription(
  store: Emr,
  wish: SubscriptionWish,
): Promise<{ status: Subscription['status']; reference: string }> {
  const existing = (await store.search('Subscription', {})).find(
    ({ criteria, channel }) => criteria === wish.criteria && channel.endpoint === wish.endpoint,
  )
  const kept = existing
    ? await mend(store, existing, wish)
    : (await store.create(toSubscription(wish))).resource
  return { status: kept.status, reference: `Subscription/${kept.id}` }
}

async function mend(
  store: Emr,
  existing: Stored<Subscription>,
  wish: SubscriptionWish,
): Promise<Stored<Subscription>> {
  const stopped = existing.status === 'error' || existing.status === 'off'
  if (!stopped && asWished(existing, wish)) return existing
  // `error` holds why the host gave up: it is the host's to write again.
  const { error: _past, ...rest } = existing
  return store.save({ ...rest, ...toSubscription(wish) })
}

function asWished({ channel }: Subscription, wish: SubscriptionWish): boolean {
  return (
    channel.type === 'rest-hook' &&
    channel.payload === wish.payload &&
    JSON.stringify(channel.header ?? []) === JSON.stringify(wish.headers)
  )
}

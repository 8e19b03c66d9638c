/**
 * The host's Subscriptions that call us: made once, found again, mended when the host has given up on them. One is
 * ours when its criteria and its endpoint are ours to the letter.
 */
import type { Subscription } from 'fhir/r4'
import { type SubscriptionWish, toSubscription } from '../fhir/subscription.ts'
import { type Emr, EmrError, type Stored, type World } from '../flows/ports.ts'

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

/** How many were deleted, and how many only put out because the host lets nobody delete. */
export interface Unsubscribed {
  removed: number
  off: number
}

/** Takes back exactly those that call one of these endpoints, to the letter. Safe to call again. */
export async function unsubscribe({ host }: Pick<World, 'host'>, endpoints: string[]): Promise<Unsubscribed> {
  const ended: Unsubscribed = { removed: 0, off: 0 }
  for (const one of await allSubscriptions(host)) {
    if (!endpoints.includes(one.channel?.endpoint ?? '')) continue
    if (await host.remove(`Subscription/${one.id}`)) ended.removed += 1
    else {
      if (one.status !== 'off') await host.save({ ...one, status: 'off' })
      ended.off += 1
    }
  }
  return ended
}

/** A host that knows no Subscription holds none of ours. */
const knowsNone = [404, 405, 501]

function allSubscriptions(host: Emr): Promise<Stored<Subscription>[]> {
  return host.search('Subscription', {}).catch((error: unknown) => {
    if (error instanceof EmrError && knowsNone.includes(error.status ?? 0)) return []
    throw error
  })
}

/**
 * The host's Subscriptions that call us: made once, found again, mended when the host has given up on them. One is
 * ours when its criteria and its endpoint are ours to the letter.
 */
import type { Subscription } from 'fhir/r4'
import { type SubscriptionWish, subjectOf, toSubscription } from '../fhir/subscription.ts'
import { type Emr, EmrError, type Stored, type World } from '../flows/ports.ts'

export interface Subscribed {
  status: Subscription['status']
  reference: string
  /** The host had given up on it, and was asked again. */
  wasMended: boolean
}

/**
 * Safe to call at every start. Servers disagree on how `criteria` and `url` are searched, so all are read. `anew` is for one
 * that says `active` and tells nothing: it is taken away first, or put out where nobody may delete.
 */
export async function ensureSubscription(
  host: Emr,
  wish: SubscriptionWish,
  { anew = false }: { anew?: boolean } = {},
): Promise<Subscribed> {
  const existing = (await host.search('Subscription', {})).find(
    ({ criteria, channel }) => criteria === subjectOf(wish) && channel?.endpoint === wish.endpoint,
  )
  if (!existing || (anew && (await host.remove(`Subscription/${existing.id}`))))
    return told((await host.create(toSubscription(wish))).resource, false)
  const stopped = existing.status === 'error' || existing.status === 'off'
  // Of a host that waits for us to say so.
  const isUnserved = existing.status === 'requested' && wish.startsAs === 'active'
  if (!anew && !stopped && !isUnserved && asWished(existing, wish)) return told(existing, false)
  return told(await mend(host, existing, wish), stopped)
}

function told({ status, id }: Stored<Subscription>, wasMended: boolean): Subscribed {
  return { status, reference: `Subscription/${id}`, wasMended }
}

async function mend(
  host: Emr,
  existing: Stored<Subscription>,
  wish: SubscriptionWish,
): Promise<Stored<Subscription>> {
  // `error` holds why the host gave up: it is the host's to write again.
  const { error: _past, ...rest } = existing
  return host.save({ ...rest, ...toSubscription(wish), meta: existing.meta })
}

function asWished({ channel }: Subscription, wish: SubscriptionWish): boolean {
  const { payload } = toSubscription(wish).channel
  return (
    channel.type === 'rest-hook' &&
    channel.payload === payload &&
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

/** How those that call one of these endpoints are now. */
export async function subscriptionStates(host: Emr, endpoints: string[]): Promise<Subscription['status'][]> {
  const all = await allSubscriptions(host)
  return all.filter(({ channel }) => endpoints.includes(channel?.endpoint ?? '')).map(({ status }) => status)
}

/** A host that knows no Subscription holds none of ours. */
const knowsNone = [404, 405, 501]

function allSubscriptions(host: Emr): Promise<Stored<Subscription>[]> {
  return host.search('Subscription', {}).catch((error: unknown) => {
    if (error instanceof EmrError && knowsNone.includes(error.status ?? 0)) return []
    throw error
  })
}

/**
 * The Subscription that we ask a host for: R4's own by criteria, or by a topic as the backport of R5 has it
 * (https://hl7.org/fhir/uv/subscriptions-backport/). What a host does not know of it, it leaves aside.
 */
import type { Extension, Subscription, SubscriptionChannel } from 'fhir/r4'

export interface SubscriptionWish {
  /** `Appointment?` or `Appointment?status=booked`. */
  criteria: string
  /** Canonical URL of a topic that the host lists; it stands in place of the criteria then. */
  topic?: string
  /** Where the host calls; the path holds install and key. */
  endpoint: string
  /** `Name: value` lines sent with each notification; one holds the secret. */
  headers: string[]
  /** For hosts that sign what they send, with this. */
  signingSecret?: string
  /** A MIME type asks for the resource in the notification; without it the notification is empty. */
  payload?: string
  /** Of topics, in seconds. */
  heartbeatSeconds?: number
  timeoutSeconds?: number
  reason: string
  /** `active` for hosts that never make one active by themselves. */
  startsAs?: 'requested' | 'active'
}

const backport = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition'
const signing = 'https://www.medplum.com/fhir/StructureDefinition/subscription-secret'
/** HAPI and Smile tell of deletions only where the channel says so. */
const tellsDeletions = {
  url: 'http://hapifhir.io/fhir/StructureDefinition/subscription-send-delete-messages',
  valueBoolean: true,
}

export function toSubscription(wish: SubscriptionWish): Subscription {
  const { topic, signingSecret, reason, startsAs = 'requested' } = wish
  return {
    resourceType: 'Subscription',
    ...(topic && { meta: { profile: [`${backport}/backport-subscription`] } }),
    ...(signingSecret && { extension: [{ url: signing, valueString: signingSecret }] }),
    status: startsAs,
    reason,
    criteria: subjectOf(wish),
    channel: topic ? topicChannel(wish) : channel(wish),
  }
}

/** What tells one Subscription from another of the same endpoint. */
export function subjectOf({ topic, criteria }: Pick<SubscriptionWish, 'topic' | 'criteria'>): string {
  return topic ?? criteria
}

function channel({ endpoint, payload, headers }: SubscriptionWish): SubscriptionChannel {
  return {
    type: 'rest-hook',
    endpoint,
    extension: [tellsDeletions],
    ...(payload && { payload }),
    ...(headers.length > 0 && { header: headers }),
  }
}

/** Only ids: the resource is read again in any case, and what does not travel cannot be lost. */
function topicChannel(wish: SubscriptionWish): SubscriptionChannel {
  const { heartbeatSeconds, timeoutSeconds } = wish
  const extension: Extension[] = [
    ...(heartbeatSeconds
      ? [{ url: `${backport}/backport-heartbeat-period`, valueUnsignedInt: heartbeatSeconds }]
      : []),
    ...(timeoutSeconds ? [{ url: `${backport}/backport-timeout`, valueUnsignedInt: timeoutSeconds }] : []),
  ]
  const { extension: always = [], ...plain } = channel({ ...wish, payload: 'application/fhir+json' })
  return {
    ...plain,
    extension: [...always, ...extension],
    _payload: { extension: [{ url: `${backport}/backport-payload-content`, valueCode: 'id-only' }] },
  }
}

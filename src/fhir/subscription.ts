/** The R4 criteria Subscription that we ask a host for. */
import type { Subscription } from 'fhir/r4'

export function toSubscription(wish: {
  criteria: string
  endpoint: string
  headers: string[]
  reason: string
}): Subscription {
  return {
    resourceType: 'Subscription',
    status: 'requested',
    reason: wish.reason,
    criteria: wish.criteria,
    channel: {
      type: 'rest-hook',
      endpoint: wish.endpoint,
      payload: 'application/fhir+json',
      header: wish.headers,
    },
  }
}

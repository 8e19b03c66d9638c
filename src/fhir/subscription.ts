/** The R4 criteria Subscription that we ask a host for. */
import type { Subscription } from 'fhir/r4'

export interface SubscriptionWish {
  /** `Appointment?` or `Appointment?status=booked`. */
  criteria: string
  /** Where the host calls; the path holds install and key. */
  endpoint: string
  /** `Name: value` lines sent with each notification; one holds the secret. */
  headers: string[]
  /** A MIME type asks for the resource in the notification; without it the notification is empty. */
  payload?: string
  reason: string
}

/** HAPI and Smile tell of deletions only where the channel says so. */
const tellsDeletions = {
  url: 'http://hapifhir.io/fhir/StructureDefinition/subscription-send-delete-messages',
  valueBoolean: true,
}

export function toSubscription({
  criteria,
  endpoint,
  headers,
  payload,
  reason,
}: SubscriptionWish): Subscription {
  return {
    resourceType: 'Subscription',
    status: 'requested',
    reason,
    criteria,
    channel: {
      type: 'rest-hook',
      endpoint,
      extension: [tellsDeletions],
      ...(payload && { payload }),
      ...(headers.length > 0 && { header: headers }),
    },
  }
}

/** The EMR's own "do not contact": an active CommunicationRequest with `doNotPerform`. */
import type { CommunicationRequest } from 'fhir/r4'
import { type Channel, channels } from '../domain/channel.ts'
import { fromMedium } from './medium.ts'

/** The channels that it closes. Without a medium it closes all, and a medium that we cannot read might be any of ours. */
export function optedOutChannels(active: CommunicationRequest[]): Channel[] {
  const closed = active.filter((one) => one.doNotPerform === true).flatMap(closedBy)
  return channels.filter((channel) => closed.includes(channel))
}

function closedBy(resource: CommunicationRequest): readonly Channel[] {
  const media = (resource.medium ?? []).map(fromMedium)
  const named = media.filter((channel) => channel !== undefined)
  return media.length > 0 && named.length === media.length ? named : channels
}
